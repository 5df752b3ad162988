import type { Connection, WireRequest } from '../../../src/cluster/connect/connection.ts';
import { FileSource } from '../../../src/cluster/input/file-source.ts';
import { ManifestLoader } from '../../../src/cluster/input/manifests.ts';
import { LiveSource } from '../../../src/cluster/live/live.ts';
import { ApiClient } from '../../../src/cluster/transport/transport.ts';
import type { Source } from '../../../src/questions/ask.ts';
import { ALL_KINDS, builtInKind, type KindName, kindOf } from '../../../src/world/kinds.ts';
import { BUILT_IN } from '../../../src/world/known-resources.ts';
import { kindOfNeed, list } from '../../../src/world/needs.ts';
import { isRaw, type Raw } from '../../../src/world/raw.ts';
import type { ApiResource } from '../../../src/world/resources.ts';
import type { Facts } from '../../../src/world/world.ts';
import { failed } from '../../helpers/faulty-server.ts';

/** What is wrong with the objects of a kind. `which` chooses one of them. */
export interface Fault {
  how: keyof typeof FAULTS;
  which: number;
}

/** By kind; a kind that is not there is served as it is. */
export type Faults = ReadonlyMap<KindName, Fault>;

interface Served {
  status: number;
  /** Of a list. */
  items: (items: readonly Raw[], which: number) => readonly unknown[];
  /** Of an object that is asked for by its name. */
  object: (raw: Raw, isChosen: boolean) => unknown;
  /**
   * What is served all the same where the rest is refused: in one namespace, null in none, of one name, null for a
   * list.
   */
  isServed?: (namespace: string | null, name: string | null) => boolean;
}

const chosen = (items: readonly Raw[], which: number): number => which % Math.max(items.length, 1);
const replaced =
  (by: (raw: Raw) => unknown): Served['items'] =>
  (items, which) =>
    items.map((raw, index) => (index === chosen(items, which) ? by(raw) : raw));
const odd = (by: (raw: Raw) => unknown, status = 200): Served => ({
  status,
  items: replaced(by),
  object: (raw, isChosen) => (isChosen ? by(raw) : raw),
});
const asIs: Served['object'] = (raw) => raw;
const withMetadata = (raw: Raw, change: Raw): Raw => ({
  ...raw,
  metadata: { ...(isRaw(raw.metadata) ? raw.metadata : {}), ...change },
});

/** What servers, and whatever stands before them, do to a kind. */
export const FAULTS = {
  refused: { status: 403, items: (items) => items, object: asIs },
  'refused cluster-wide': {
    status: 403,
    items: (items) => items,
    object: asIs,
    isServed: (namespace, name) => namespace !== null || name !== null,
  },
  'refused cluster-wide and in dev': {
    ...{ status: 403, items: (items) => items, object: asIs },
    isServed: (namespace) => namespace !== null && namespace !== 'dev',
  },
  'never listed': { status: 403, items: (items) => items, object: asIs, isServed: (_, name) => name !== null },
  failing: { status: 410, items: (items) => items, object: asIs },
  misshapen: odd((raw) => withMetadata(raw, { labels: 5 })),
  'a string in place of all else': odd(({ apiVersion, kind, metadata }) => ({
    apiVersion,
    kind,
    metadata,
    ...Object.fromEntries(BODY.map((field) => [field, 'x'])),
  })),
  'listed without a name': {
    status: 200,
    items: replaced((raw) => withMetadata(raw, { name: undefined })),
    object: asIs,
  },
  'named by a number': { status: 200, items: replaced((raw) => withMetadata(raw, { name: 7 })), object: asIs },
  'listed as a number': { status: 200, items: replaced(() => 7), object: asIs },
  'listed as null': { status: 200, items: replaced(() => null), object: asIs },
  'listed without metadata': { status: 200, items: replaced(({ metadata: _, ...rest }) => rest), object: asIs },
} as const satisfies Record<string, Served>;

const BODY = ['spec', 'rules', 'subjects', 'roleRef', 'webhooks', 'data'];

/** A live source on a server that holds these objects and does to each kind what `faults` says. */
export function partialSource(objects: readonly Raw[], faults: Faults, facts: Facts): Source {
  const byKind = Map.groupBy(objects, ({ apiVersion, kind }) => kindOf(String(apiVersion), String(kind)));
  const kinds = [...ALL_KINDS.map((name) => ({ name, ...kindOfNeed({ kind: name }) })), ...customKinds(facts)];
  const answers = new Map<string, object>();
  const answer = (path: string): object => {
    const known = answers.get(path) ?? find(path);
    answers.set(path, known);
    return known;
  };
  const find = (path: string): object => {
    for (const { name, group, version, resource, kind } of kinds) {
      const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
      const match = new RegExp(`^${root}(?:/namespaces/([^/]+))?/${resource}(?:/([^/]+))?$`).exec(path);
      if (!match) continue;
      const type = { apiVersion: group === '' ? version : `${group}/${version}`, kind: `${kind}List` };
      return (
        serve(byKind.get(name) ?? [], match[1] ?? null, match[2] ?? null, faults.get(name), type) ?? notFound(path)
      );
    }
    return notFound(path);
  };
  const send = async ({ path }: WireRequest) => {
    const body = answer(new URL(path, 'http://server').pathname);
    return { status: 'code' in body ? Number(body.code) : 200, headers: {}, body: Buffer.from(JSON.stringify(body)) };
  };
  const connection: Connection = {
    context: 'memory',
    namespace: 'default',
    server: 'http://server',
    send,
    close: () => undefined,
  };
  const live = new LiveSource(new ApiClient(connection));
  return { facts: async () => facts, read: (needs, world) => live.read(needs, world) };
}

const notFound = (path: string): object => failed(404, 'NotFound', `${path} not found`);

function serve(
  all: readonly Raw[],
  namespace: string | null,
  name: string | null,
  fault: Fault | undefined,
  type: Raw,
): object | null {
  const served: Served = fault ? FAULTS[fault.how] : WELL;
  if (served.status !== 200 && !served.isServed?.(namespace, name)) return failed(served.status, 'Forbidden', 'no');
  const odds = served.items(all, fault?.which ?? 0);
  const isThere = (raw: Raw): boolean => namespace === null || metadataOf(raw).namespace === namespace;
  if (name === null) {
    const items = all.flatMap((raw, index) => (isThere(raw) ? [listed(odds[index])] : []));
    return { ...type, metadata: { resourceVersion: '1' }, items };
  }
  const index = all.findIndex((raw) => isThere(raw) && metadataOf(raw).name === name);
  const raw = all[index];
  return raw === undefined ? null : (served.object(raw, index === chosen(all, fault?.which ?? 0)) as object);
}

const WELL: Served = { status: 200, items: (items) => items, object: asIs };
const metadataOf = ({ metadata }: Raw): Raw => (isRaw(metadata) ? metadata : {});

/** As the API lists it: without apiVersion and kind. */
function listed(item: unknown): unknown {
  if (!isRaw(item)) return item;
  const { apiVersion: _, kind: __, ...rest } = item;
  return rest;
}

const customKinds = ({ discovery }: Facts) =>
  (discovery ?? []).flatMap(({ group, version, resource, kind }) => {
    const name = kindOf(`${group}/${version}`, kind);
    return name && builtInKind(name) === undefined ? [{ name, group, version, resource, kind }] : [];
  });

export const FACTS: Facts = {
  context: 'memory',
  namespace: 'default',
  gitVersion: 'v1.37.2',
  version: { major: 1, minor: 37 },
  readAt: '2026-06-01T00:00:00Z',
  origin: 'live',
  self: { user: null, namespace: 'default', rules: [], incomplete: null },
  selfFailure: null,
  flags: ['--allow-privileged=true'],
  discovery: BUILT_IN,
};

/** Discovery that lists the kinds of an engine. */
export const discovering = (
  ...kinds: readonly [group: string, version: string, kind: string, resource: string, namespaced: boolean][]
): Facts => ({
  ...FACTS,
  discovery: [
    ...BUILT_IN,
    ...kinds.map(
      ([group, version, kind, resource, namespaced]): ApiResource => ({
        ...{ group, version, resource, kind, namespaced },
        ...{ singular: kind.toLowerCase(), shortNames: [], verbs: ['get', 'list'], subresources: {} },
      }),
    ),
  ],
});

/**
 * The same objects as kubectl has written them into a file, complete but for the kinds with a fault: those that are
 * refused are not in the file, and of the others one object is as the fault makes it. Null where such a file is no
 * input at all.
 */
export function partialFile(objects: readonly Raw[], faults: Faults): Source | null {
  const loader = new ManifestLoader({
    complete: false,
    serverVersion: FACTS.version,
    namespace: null,
    whole: true,
    readAt: FACTS.readAt,
  });
  const byKind = Map.groupBy(objects, ({ apiVersion, kind }) => kindOf(String(apiVersion), String(kind)));
  let line = 0;
  for (const [kind, all] of byKind) {
    const fault = kind === null ? undefined : faults.get(kind);
    const served: Served = fault ? FAULTS[fault.how] : WELL;
    if (served.status !== 200) continue;
    const value = { apiVersion: 'v1', kind: 'List', metadata: {}, items: served.items(all, fault?.which ?? 0) };
    // Without a uid it would be a manifest, which stands for more than itself.
    if (!value.items.every((item) => isRaw(item) && isRaw(item.metadata))) return null;
    line += 1;
    // Each list is the output of one command.
    loader.add({ type: 'object', value, line }, `${line}.yaml`);
  }
  const held = loader.end();
  for (const kind of ALL_KINDS)
    if (!byKind.has(kind))
      held.add(list(kind), faults.has(kind) ? { read: false, failure: NOT_IN_FILE } : { read: true });
  return new FileSource(held);
}

const NOT_IN_FILE = { kind: 'notInFile', status: null, message: 'not in the file' } as const;
