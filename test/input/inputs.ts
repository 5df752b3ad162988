import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { type InputOptions, openInput } from '../../src/cluster/input/open.ts';
import type { Source } from '../../src/questions/ask.ts';
import { bootstrapKey } from '../../src/rbac/bootstrap-digest.ts';
import { ALL_KINDS } from '../../src/world/kinds.ts';
import { list, type Need } from '../../src/world/needs.ts';
import type { Named, Role } from '../../src/world/objects.ts';
import { World } from '../../src/world/world.ts';

/** A directory for one test file, gone when the process ends. */
const directory = mkdtempSync(join(tmpdir(), 'whocan-escalate-input-'));
process.once('exit', () => rmSync(directory, { recursive: true, force: true }));

let count = 0;

/** Writes files under a new directory and returns its path. */
export function place(files: Record<string, string | Buffer>): string {
  count += 1;
  const root = join(directory, String(count));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

export const open = (path: string, options: Partial<InputOptions> = {}): Promise<Source> =>
  openInput(path, {
    whole: false,
    complete: false,
    serverVersion: null,
    namespace: null,
    stdin: Readable.from([]),
    ...options,
  });

/** What a source answers to needs; to the lists of all kinds unless some are given. */
export async function ask(source: Source, needs: readonly Need[] = EVERYTHING): Promise<World> {
  const world = new World(await source.facts(true));
  await source.read(needs, world);
  return world;
}

export const EVERYTHING = ALL_KINDS.map((kind) => list(kind));

/** The world in a file of this content. */
export const worldIn = async (
  content: string | Buffer,
  options: Partial<InputOptions> = {},
  name = 'input',
): Promise<World> => ask(await open(join(place({ [name]: content }), name), options));

/** `pods shop/web`, for all that a world holds, sorted; of manifests without what every cluster has besides. */
export const namesIn = (world: World): string[] =>
  ALL_KINDS.flatMap((kind) =>
    world
      .list(kind)
      .filter((object) => !isAdded(kind, object, world))
      .map(({ namespace, name }) => `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`),
  ).sort();

function isAdded(kind: string, object: Named, { facts: { applied } }: World): boolean {
  if (!applied) return false;
  if (kind === 'namespaces') return applied.namespaces.has(object.name);
  return kind === 'serviceaccounts' ? true : 'kind' in object && applied.upstream.has(bootstrapKey(object as Role));
}

type Fields = Record<string, unknown>;

export const pod = (namespace: string | null, name: string, more: Fields = {}): Fields => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...(namespace === null ? {} : { namespace }) },
  ...more,
});

export const binding = (namespace: string, name: string, more: Fields = {}): Fields => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name, namespace },
  roleRef: { kind: 'Role', name: 'r' },
  ...more,
});

export const clusterRole = (name: string, more: Fields = {}): Fields => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name },
  rules: [],
  ...more,
});

/** As a server has it. */
export const stored = (object: Fields): Fields => ({
  ...object,
  metadata: { ...(object.metadata as Fields), uid: 'u-1' },
});

/** As kubectl prints it: its keys sorted, so that the kind stands behind the items. */
export const listOf = (...items: unknown[]): Fields => ({
  apiVersion: 'v1',
  items,
  kind: 'List',
  metadata: { resourceVersion: '' },
});

export const json = (...documents: unknown[]): string =>
  documents.map((each) => JSON.stringify(each, null, 4)).join('\n');
