import { type PodSetting, withDefaults } from '../../../apply/defaults.ts';
import { type Made, madeBy } from '../../../apply/made-pods.ts';
import { hasPods } from '../../../apply/owned-pods.ts';
import { note, putRaw, readableLabels } from '../../../apply/put.ts';
import { bootstrapKey } from '../../../rbac/bootstrap-digest.ts';
import type { Applied, MadePod } from '../../../world/applied.ts';
import { builtInKind, type KindName, type StaticKind, WORKLOADS } from '../../../world/kinds.ts';
import { get } from '../../../world/needs.ts';
import type { Workload } from '../../../world/objects.ts';
import { child, isRaw, type Malformed, type Raw } from '../../../world/raw.ts';
import { understoodOr } from '../../../world/understood.ts';
import { formatVersion, NEWEST, type Version } from '../../../world/version.ts';
import type { World } from '../../../world/world.ts';
import type { Coverage } from '../coverage.ts';
import { addDefaultAccounts, addNamespaces, addUpstream, aggregate } from './every-cluster.ts';
import { homeOf } from './home.ts';

/** A manifest that had to wait until all were read, with the list or file that it is in. */
export interface Waiting {
  kind: KindName;
  raw: Raw;
  group: object | string;
  /** The file and line: `FILE:12`. */
  at: string;
}

/** What was noted about all objects while they were read. */
export interface Seen {
  waiting: readonly Waiting[];
  /** The namespaces that manifests name. */
  named: ReadonlySet<string>;
  nodes: readonly Raw[];
  /** The ServiceAccounts whose token is not mounted. Those of manifests without a namespace have `namespace` null. */
  silent: readonly { namespace: string | null; name: string }[];
  storedRoles: ReadonlySet<string>;
}

export interface ApplyOptions {
  complete: boolean;
  serverVersion: Version | null;
  /** The namespace of `-n`; null where it was not given. */
  namespace: string | null;
  whole: boolean;
}

/**
 * Turns a world of manifests into the cluster after they are applied: adds the objects that waited, then the pods that
 * controllers would create for workloads without pods, then the objects that every cluster has. Notes in `coverage`
 * what it adds.
 */
export function apply(world: World, seen: Seen, coverage: Coverage, options: ApplyOptions): Applied {
  const home = homeOf(options.namespace, seen.named);
  const isHomeless = ({ kind, raw }: Waiting): boolean =>
    builtInKind(kind)?.namespaced === true && namespaceIn(raw) === null;
  const usesHome = seen.waiting.some(isHomeless);
  const setting = settingOf(seen, home.namespace, options.serverVersion);
  const made = new Map<string, MadePod>();
  const defaulted = new Set<string>();
  const put = ({ kind, raw, group, at }: Waiting, namespace: string | null): boolean => {
    coverage.note(group, kind, namespace, false);
    return putManifest(world, kind, raw, namespace, setting, options.whole, at);
  };
  const placed = seen.waiting.map((each) => ({ each, namespace: isHomeless(each) ? home.namespace : placeOf(each) }));
  for (const { each, namespace } of placed)
    if (put(each, namespace) && each.kind === 'pods') defaulted.add(`${namespace}/${nameIn(each.raw)}`);
  for (const { each, namespace } of placed) {
    // It is also known where a workload has no pods, for instance because it is scaled to zero.
    if (isWorkload(each.kind)) coverage.note(each.group, 'pods', namespace, false);
    for (const { kind, raw, count } of madeOf(each, namespace, seen.nodes, setting, world)) {
      if (!put({ kind, raw, group: each.group, at: each.at }, namespace) || kind !== 'pods') continue;
      made.set(`${namespace}/${nameIn(raw)}`, {
        workload: `${builtInKind(each.kind)?.kind.toLowerCase()} ${nameIn(each.raw)}`,
        count,
      });
    }
  }
  const named = usesHome ? new Set([...seen.named, home.namespace]) : seen.named;
  const namespaces = addNamespaces(world, named, coverage);
  addDefaultAccounts(world, coverage);
  const upstream = addUpstream(world, setting.version, coverage);
  return {
    version: { text: formatVersion(setting.version), isSaid: options.serverVersion !== null },
    upstream,
    aggregated: new Set(
      [...aggregate(world, (name) => seen.storedRoles.has(name))].map((name) => bootstrapKey(clusterRole(name))),
    ),
    namespaces,
    home: usesHome ? home : null,
    made,
    defaulted,
    isLaidOver: coverage.isMixed,
    open: options.complete || coverage.isMixed ? new Set() : coverage.kinds(),
  };
}

const clusterRole = (name: string) => ({ kind: 'ClusterRole' as const, namespace: null, name });

function settingOf({ silent }: Seen, home: string, version: Version | null): PodSetting {
  const keys = new Set(silent.map(({ namespace, name }) => `${namespace ?? home}/${name}`));
  return { version: version ?? NEWEST, isSilent: (namespace, account) => keys.has(`${namespace}/${account}`) };
}

/** Returns whether the manifest could be understood; one that could not is noted as such. */
function putManifest(
  world: World,
  kind: KindName,
  raw: Raw,
  namespace: string | null,
  setting: PodSetting,
  whole: boolean,
  at: string,
): boolean {
  return understoodOr(
    () => {
      const problem = putRaw(world, kind, withDefaults(kind, raw, namespace, setting), {
        namespace: namespace ?? '',
        whole,
      });
      if (problem) note(world, problem, at);
      if (problem && isWorkload(kind)) noteItsPods(world, namespace, problem.why, at);
      return problem === null;
    },
    (error) => {
      noteBroken(world, kind, raw, namespace, error, at);
      if (isWorkload(kind)) noteItsPods(world, namespace, error.message, at);
      return false;
    },
  );
}

/** The pods of a workload that could not be understood may be any pods. */
function noteItsPods(world: World, namespace: string | null, why: string, at: string): void {
  world.addNameless({ kind: 'pods', namespace, why: `those of a workload of which ${why} (${at})` });
}

function noteBroken(
  world: World,
  kind: KindName,
  raw: Raw,
  namespace: string | null,
  { message }: Malformed,
  at: string,
): void {
  const name = nameIn(raw);
  const key = [namespace, name].filter((part) => part !== null && part !== '').join('/');
  const need = name === '' ? null : get(kind, namespace, name);
  note(
    world,
    { need, kind, namespace, what: `${kind} ${key || 'without a name'}`, why: message, labels: readableLabels(raw) },
    at,
  );
}

/**
 * The objects that controllers would create for a workload that has no pods yet. Nothing for one that could not be
 * understood, which is already noted.
 */
function madeOf(
  { kind, raw, at }: Waiting,
  namespace: string | null,
  nodes: readonly Raw[],
  setting: PodSetting,
  world: World,
): Made[] {
  if (namespace === null || !isWorkload(kind)) return [];
  const workload = world.find(kind, namespace, nameIn(raw)) as Workload | undefined;
  if (!workload || hasPods(kind, workload, world)) return [];
  return understoodOr(
    () => {
      const filled = withDefaults(kind, raw, namespace, setting);
      return madeBy(kind, { ...filled, metadata: { ...child(filled, 'metadata'), namespace } }, nodes);
    },
    (error) => {
      noteBroken(world, 'pods', raw, namespace, error, at);
      return [];
    },
  );
}

/** The name under which the object will be stored. */
function nameIn({ metadata }: Raw): string {
  const { name, generateName } = isRaw(metadata) ? metadata : {};
  if (typeof name === 'string' && name !== '') return name;
  return typeof generateName === 'string' && generateName !== '' ? `${generateName}xxxxx` : '';
}

export function namespaceIn({ metadata }: Raw): string | null {
  const namespace = isRaw(metadata) ? metadata.namespace : null;
  return typeof namespace === 'string' && namespace !== '' ? namespace : null;
}

/** The namespace that a manifest gives; null for a cluster-scoped object, whatever it gives. */
const placeOf = ({ kind, raw }: Waiting): string | null =>
  builtInKind(kind)?.namespaced === false ? null : namespaceIn(raw);

/** Whether it is a kind whose controller creates pods. */
export const isWorkload = (kind: KindName): kind is StaticKind => WORKLOADS.some((each) => each === kind);
