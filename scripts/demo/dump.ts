import type { SnapshotRecord } from '../../src/cluster/input/snapshot/format.ts';
import { ALL_KINDS } from '../../src/world/kinds.ts';
import { kindOfNeed, list } from '../../src/world/needs.ts';
import { child, children, isRaw, type Raw, text } from '../../src/world/raw.ts';
import type { ControlPlane } from '../../test/helpers/control-plane.ts';
import { suffix, uidOf } from './pods.ts';
import { prune } from './prune.ts';
import type { Entry, Story } from './story.ts';
import { strip } from './strip.ts';

/**
 * The records of a snapshot between header and end: all objects of every kind that is read, and some that are not read
 * yet.
 */
export async function readCluster(plane: ControlPlane, story: Story): Promise<(Raw | SnapshotRecord)[]> {
  const written = new Map(story.entries.map((entry) => [keyOf(entry.object), entry]));
  const uids = new Map<string, string>();
  const objects: Raw[] = [];
  for (const { group, version, resource, kind } of [
    ...ALL_KINDS.map((each) => kindOfNeed({ kind: each })),
    ...NOT_READ_YET,
  ]) {
    const apiVersion = group === '' ? version : `${group}/${version}`;
    const { body } = await plane.request('GET', `/${group === '' ? 'api' : 'apis'}/${apiVersion}/${resource}`);
    for (const item of children(body as Raw, 'items')) {
      const raw = { apiVersion, kind, ...item };
      const metadata = child(raw, 'metadata');
      uids.set(String(metadata.uid), uidOf(kind, text(metadata, 'namespace'), String(metadata.name)));
      objects.push(asToldBy(written, isStatic(raw) ? raw : strip(kind, raw)));
    }
  }
  const lists = ALL_KINDS.map(
    (kind): SnapshotRecord => ({ record: 'outcome', need: list(kind), outcome: { read: true } }),
  );
  return [...objects.map((object) => settle(object, uids, new URL(plane.url).port)), ...lists];
}

const NOT_READ_YET = [
  { group: 'networking.k8s.io', version: 'v1', resource: 'networkpolicies', kind: 'NetworkPolicy' },
] as const;

function keyOf(object: Raw): string {
  const metadata = child(object, 'metadata');
  return `${object.kind}/${text(metadata, 'namespace') ?? ''}/${text(metadata, 'name')}`;
}

/**
 * The object with the dates and the manager of the story; one that the story does not tell of is as old as its
 * namespace or the cluster.
 */
function asToldBy(written: ReadonlyMap<string, Entry>, raw: Raw): Raw {
  const metadata = child(raw, 'metadata');
  const told = written.get(keyOf(raw));
  const namespace = written.get(`Namespace//${text(metadata, 'namespace')}`);
  const created = (told ?? namespace)?.created ?? CLUSTER_CREATED;
  const managers = told
    ? [{ manager: told.manager, operation: 'Update', time: told.changed }]
    : children(metadata, 'managedFields').map((each) => ({ ...each, time: created }));
  const isGrant = text(raw, 'apiVersion')?.startsWith('rbac.') === true;
  return prune({
    ...raw,
    metadata: { ...metadata, creationTimestamp: created, managedFields: isGrant ? managers : null },
  });
}

const CLUSTER_CREATED = '2023-06-05T06:41:17Z';

/** With what the server made up replaced by what is the same at each run. */
function settle(object: Raw, uids: ReadonlyMap<string, string>, port: string): Raw {
  const json = JSON.stringify(object)
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (uid) => uids.get(uid) ?? uid)
    .replace(`"targetPort":${port}`, '"targetPort":6443')
    .replace(/"kube-api-access-\w{5}"/g, `"kube-api-access-${suffix(keyOf(object))}"`);
  return JSON.parse(json);
}

/** The control plane's own pods keep their flags, which tell how the cluster is set up. */
function isStatic(raw: Raw): boolean {
  const { annotations } = child(raw, 'metadata');
  return isRaw(annotations) && 'kubernetes.io/config.mirror' in annotations;
}
