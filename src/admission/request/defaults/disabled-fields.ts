import { child, children, type Raw } from '../../../world/raw.ts';
import type { Version } from '../../../world/version.ts';
import { CONTAINER_LISTS } from '../../pod-security/pod.ts';

/**
 * Removes the fields that a server of this version drops from a new pod, since the feature gate of each was off by
 * default until later. Changes the pod. Mirrors kubernetes pkg/api/pod/util.go DropDisabledPodFields and
 * pkg/features/kube_features.go.
 */
export function dropDisabledFields(pod: Raw, server: Version): void {
  const spec = child(pod, 'spec');
  for (const { since, drop } of FIELDS) if (server.major === 1 && server.minor < since) drop(spec);
}

const securityContexts = (spec: Raw): Raw[] =>
  [spec, ...CONTAINER_LISTS.flatMap((list) => children(spec, list))].map((each) => child(each, 'securityContext'));

/** The fields, each with the first minor version that keeps it. */
const FIELDS: readonly { since: number; drop: (spec: Raw) => void }[] = [
  {
    since: 30,
    drop: (spec) => {
      for (const context of securityContexts(spec)) delete context.appArmorProfile;
    },
  },
  {
    since: 33,
    drop: (spec) => {
      delete spec.hostUsers;
      for (const context of securityContexts(spec)) if (context.procMount !== undefined) context.procMount = 'Default';
    },
  },
  {
    since: 35,
    drop: (spec) => {
      const names = new Set(children(spec, 'volumes').flatMap(({ name, image }) => (image ? [name] : [])));
      const without = (holder: Raw, field: string): void => {
        const left = children(holder, field).filter(({ name }) => !names.has(name));
        if (left.length > 0) holder[field] = left;
        else delete holder[field];
      };
      if (names.size === 0) return;
      for (const container of CONTAINER_LISTS.flatMap((list) => children(spec, list)))
        without(container, 'volumeMounts');
      without(spec, 'volumes');
    },
  },
];
