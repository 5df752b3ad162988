import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { aggregateRules } from '../../src/rbac/aggregation.ts';
import { bootstrapDigest, bootstrapKey } from '../../src/rbac/bootstrap-digest.ts';
import type { Binding, Role } from '../../src/world/objects.ts';
import type { Raw } from '../../src/world/raw.ts';
import { reduceBinding, reduceRole } from '../../src/world/reduce/rbac.ts';
import { NEWEST, OLDEST } from '../../src/world/version.ts';
import { bootstrapObjects } from '../../test/helpers/bootstrap-objects.ts';
import type { ControlPlane } from '../../test/helpers/control-plane.ts';

type Objects = ReadonlyMap<string, Role | Binding>;

/** One of upstream's objects as it is from one minor version on to another, both included. */
export interface BootstrapObject {
  since: number;
  until: number;
  object: Raw;
}

/**
 * The objects themselves, as the newest patch of each minor version makes them with its features at their defaults.
 * Roles that are aggregated have no rules of their own here. Sorted by key and version.
 */
export function bootstrapByVersion(): BootstrapObject[] {
  const known = new Map<string, BootstrapObject[]>();
  for (let minor = OLDEST.minor; minor <= NEWEST.minor; minor += 1) {
    const release = releasesBetween(minor, minor).at(-1);
    if (release === undefined) throw new Error(`no release of 1.${minor}`);
    for (const raw of filesOf(release).ungated) {
      const key = bootstrapKey(reduceOne(raw));
      const object = withoutFormalities(raw);
      const states = known.get(key) ?? [];
      known.set(key, states);
      const last = states.at(-1);
      if (last?.until === minor - 1 && JSON.stringify(last.object) === JSON.stringify(object)) last.until = minor;
      else states.push({ since: minor, until: minor, object });
    }
  }
  return [...known].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, states]) => states);
}

/**
 * Digests by object, sorted: as each release makes it, with all features on, as the given servers have it, and as an
 * upgrade through several releases leaves it, since the API server adds what an older object lacks and takes nothing
 * away.
 */
export async function bootstrapDigests(planes: readonly ControlPlane[]): Promise<[string, string[]][]> {
  const releases = releasesBetween(OLDEST.minor, NEWEST.minor).map(upstream);
  const live = await Promise.all(planes.map(async (plane) => byKey(await bootstrapObjects(plane))));
  const states = [
    ...releases.flatMap((_, first) => upgrades(releases.slice(first).map(({ defaults }) => defaults))),
    ...live,
  ];
  states.push(...releases.map(({ allFeatures }) => allFeatures));
  const digests = new Map<string, Set<string>>();
  for (const [key, object] of states.flatMap((state) => [...state])) {
    const digest = bootstrapDigest(object);
    if (digest === null) throw new Error(`${key} has too many rights for a digest`);
    digests.set(key, (digests.get(key) ?? new Set()).add(digest));
  }
  return [...digests]
    .map(([key, values]): [string, string[]] => [key, [...values].sort()])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The states of a cluster that begins as the first of `releases` and is upgraded through the others. */
function upgrades(releases: readonly Objects[]): Objects[] {
  const states: Objects[] = [];
  for (const release of releases) states.push(upgraded(states.at(-1) ?? new Map(), release));
  return states;
}

function upgraded(before: Objects, after: Objects): Objects {
  const merged = new Map(before);
  for (const [key, object] of after) merged.set(key, merge(before.get(key), object));
  return merged;
}

function merge(before: Role | Binding | undefined, after: Role | Binding): Role | Binding {
  if (before && 'rules' in before && 'rules' in after)
    return { ...after, rules: distinct([...before.rules, ...after.rules]) };
  if (before && 'subjects' in before && 'subjects' in after && before.roleRef.name === after.roleRef.name) {
    return { ...after, subjects: [...before.subjects, ...after.subjects] };
  }
  return after;
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** The first and the newest patch of each minor version that the module proxy has: patches add rights too. */
function releasesBetween(oldest: number, newest: number): string[] {
  const versions = go('list', '-m', '-versions', 'k8s.io/kubernetes').trim().split(/\s+/);
  const minors = Array.from({ length: newest - oldest + 1 }, (_, index) => oldest + index);
  return minors.flatMap((minor) => {
    const patches = versions.filter((version) => new RegExp(`^v1\\.${minor}\\.\\d+$`).test(version));
    return distinct([patches.at(0), patches.at(-1)]).filter((version) => version !== undefined);
  });
}

/** The objects of a release, from the files that upstream's tests compare them with. */
function upstream(release: string): { defaults: Objects; allFeatures: Objects } {
  const { ungated, gated } = filesOf(release);
  return { defaults: byKey(aggregated(ungated.map(reduceOne))), allFeatures: byKey(aggregated(gated.map(reduceOne))) };
}

/** What upstream's test files list: with features at their defaults, and with all of them on. */
function filesOf(release: string): { ungated: Raw[]; gated: Raw[] } {
  const { Dir } = JSON.parse(go('mod', 'download', '-json', `k8s.io/kubernetes@${release}`)) as { Dir: string };
  const folder = join(Dir, 'plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata');
  const files = readdirSync(folder);
  const gated = files.filter((name) => name.includes('-featuregates'));
  const ungated = files.filter((name) => !gated.includes(name));
  const others = ungated.filter((name) => !gated.includes(name.replace('.yaml', '-featuregates.yaml')));
  const read = (names: readonly string[]) =>
    names.flatMap((name) => (load(readFileSync(join(folder, name), 'utf8')) as { items: Raw[] }).items);
  return { ungated: read(ungated), gated: read([...others, ...gated]) };
}

function reduceOne(raw: Raw): Role | Binding {
  const { kind } = raw;
  if (kind === 'Role' || kind === 'ClusterRole') return reduceRole(raw, kind);
  if (kind === 'RoleBinding' || kind === 'ClusterRoleBinding') return reduceBinding(raw, kind);
  throw new Error(`unexpected ${kind}`);
}

/**
 * Without what no decision reads: the version of the API, null, and annotations, which only say that the API server
 * keeps the object up to date.
 */
function withoutFormalities({ apiVersion: _, ...raw }: Raw): Raw {
  return JSON.parse(
    JSON.stringify(raw, (key, value) =>
      value === null || key === 'annotations' || key === 'apiGroup' ? undefined : value,
    ),
  );
}

/** As the controller fills roles that select others. */
function aggregated(objects: readonly (Role | Binding)[]): (Role | Binding)[] {
  const clusterRoles = objects.filter((object): object is Role => object.kind === 'ClusterRole');
  return objects.map((object) =>
    object.kind === 'ClusterRole' ? { ...object, rules: aggregateRules(object, clusterRoles) } : object,
  );
}

function byKey(objects: readonly (Role | Binding)[]): Objects {
  return new Map(objects.map((object) => [bootstrapKey(object), object]));
}

/** Outside of any module, so that no go.mod changes. */
function go(...args: string[]): string {
  return execFileSync('go', args, { cwd: tmpdir(), encoding: 'utf8' });
}
