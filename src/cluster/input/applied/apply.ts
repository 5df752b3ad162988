import { bootstrapKey } from '../../../rbac/bootstrap-digest.ts';
import type { Applied, MadePod } from '../../../world/applied.ts';
import { builtInKind, isStatic, type KindName, type StaticKind } from '../../../world/kinds.ts';
import { get } from '../../../world/needs.ts';
import type { Workload } from '../../../world/objects.ts';
import { child, isRaw, type Malformed, type Raw } from '../../../world/raw.ts';
import { understoodOr } from '../../../world/understood.ts';
import { formatVersion, NEWEST, type Version } from '../../../world/version.ts';
import type { World } from '../../../world/world.ts';
import type { Coverage } from '../coverage.ts';
import { note, putRaw, readableLabels } from '../put.ts';
import { type PodSetting, withDefaults } from './defaults.ts';
import { addDefaultAccounts, addNamespaces, addUpstream, aggregate } from './every-cluster.ts';
import { homeOf } from './home.ts';
import { type Made, madeBy } from './made-pods.ts';
import { hasPods } from './owned-pods.ts';

/** A manifest that had to wait until all were read, and the list or file that it stands in. */
export interface Waiting {
  kind: KindName;
  raw: Raw;
  group: object | string;
  /** `FILE:12`. */
  at: string;
}

/** What was seen in passing of all objects. */
export interface Seen {
  waiting: readonly Waiting[];
  /** Namespaces that manifests name. */
  named: ReadonlySet<string>;
  nodes: readonly Raw[];
  /**
   * ServiceAccounts that say that their token is not mounted; without a namespace those of manifests that do not say
   * theirs.
   */
  silent: readonly { namespace: string | null; name: string }[];
  storedRoles: ReadonlySet<string>;
}

export interface ApplyOptions {
  complete: boolean;
  serverVersion: Version | null;
  /** `-n`; null where nobody said it. */
  namespace: string | null;
  whole: boolean;
}

/**
 * Makes of a world of manifests what a cluster would have once they are applied: puts what waited, then the pods that
 * controllers would make of workloads that have none, then what every cluster has. Notes in `coverage` what it puts.
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
    // That it has none, as where it is scaled to zero, is known too.
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

/** Whether it could be understood: what could not is noted as such. */
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

/** The pods of a workload that could not be understood may be any. */
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
 * What controllers would make of a workload that is there and has no pods. Nothing of one that could not be understood:
 * it is noted already.
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

/** As it will be stored. */
function nameIn({ metadata }: Raw): string {
  const { name, generateName } = isRaw(metadata) ? metadata : {};
  if (typeof name === 'string' && name !== '') return name;
  return typeof generateName === 'string' && generateName !== '' ? `${generateName}xxxxx` : '';
}

export function namespaceIn({ metadata }: Raw): string | null {
  const namespace = isRaw(metadata) ? metadata.namespace : null;
  return typeof namespace === 'string' && namespace !== '' ? namespace : null;
}

/** What says its namespace; null for what is in none, whatever it says. */
const placeOf = ({ kind, raw }: Waiting): string | null =>
  builtInKind(kind)?.namespaced === false ? null : namespaceIn(raw);

/** Whether it is a kind whose controller makes pods. */
export const isWorkload = (kind: KindName): kind is StaticKind => isStatic(kind) && WORKLOADS.has(kind);

const WORKLOADS: ReadonlySet<StaticKind> = new Set([
  ...([
    'deployments',
    'replicasets',
    'statefulsets',
    'daemonsets',
    'jobs',
    'cronjobs',
    'replicationcontrollers',
  ] as const),
]);
