import { child, type Raw, text, textMap } from '../../../world/raw.ts';
import { contextOf, type Placed } from './containers.ts';
import { APP_ARMOR, SECCOMP_CONTAINER, SECCOMP_POD } from './metadata.ts';
import { forbidden, type Problem } from './problem.ts';

/**
 * Checks that a new pod which sets a profile in an annotation and in a field sets the same in both. The pod's AppArmor
 * profile also counts for its containers, and Windows pods are not checked. Mirrors kubernetes
 * pkg/apis/core/validation/validation.go.
 */
export function validateAnnotationsMatch(pod: Raw, spec: Raw, containers: readonly Placed[]): Problem[] {
  const annotations = textMap(child(pod, 'metadata'), 'annotations');
  if (Object.keys(annotations).length === 0) return [];
  const said = (key: string): string | undefined => (Object.hasOwn(annotations, key) ? annotations[key] : undefined);
  const context = child(spec, 'securityContext');
  const isWindows = text(child(spec, 'os'), 'name') === 'windows';
  const path = 'spec.securityContext.seccompProfile';
  return [
    ...(context.seccompProfile ? mismatch(SECCOMP, said(SECCOMP_POD), child(context, 'seccompProfile'), path) : []),
    ...containers.flatMap(({ raw, path, name }) => {
      const own = contextOf(raw) ?? {};
      const appArmor = isWindows
        ? null
        : own.appArmorProfile
          ? child(own, 'appArmorProfile')
          : child(context, 'appArmorProfile');
      return [
        ...(own.seccompProfile
          ? mismatch(
              SECCOMP,
              said(SECCOMP_CONTAINER + name),
              child(own, 'seccompProfile'),
              `${path}.securityContext.seccompProfile`,
            )
          : []),
        ...(appArmor
          ? mismatch(APPARMOR, said(APP_ARMOR + name), appArmor, `${path}.securityContext.appArmorProfile`)
          : []),
      ];
    }),
  ];
}

interface Words {
  /** The word for it in messages about the type; the next one is for messages about the profile. */
  type: string;
  profile: string;
  runtimeDefault: readonly string[];
}

const SECCOMP: Words = {
  type: 'seccomp type',
  profile: 'seccomp profile',
  runtimeDefault: ['runtime/default', 'docker/default'],
};
const APPARMOR: Words = { type: 'apparmor type', profile: 'apparmor profile', runtimeDefault: ['runtime/default'] };
const LOCALHOST = 'localhost/';

function mismatch(
  { type, profile, runtimeDefault }: Words,
  annotation: string | undefined,
  field: Raw,
  path: string,
): Problem[] {
  if (annotation === undefined) return [];
  const differs = [forbidden(`${path}.type`, `${type} in annotation and field must match`)];
  switch (text(field, 'type')) {
    case 'Unconfined':
      return annotation === 'unconfined' ? [] : differs;
    case 'RuntimeDefault':
      return runtimeDefault.includes(annotation) ? [] : differs;
    case 'Localhost':
      if (!annotation.startsWith(LOCALHOST)) return differs;
      if (annotation.slice(LOCALHOST.length) === text(field, 'localhostProfile')) return [];
      return [forbidden(`${path}.localhostProfile`, `${profile} in annotation and field must match`)];
    default:
      return [];
  }
}
