import { KINDS, type Kind, type KindName, type Kinds } from '../world/kinds.ts';
import type { Failure, Need } from '../world/needs.ts';
import { REDUCE } from '../world/reduce/index.ts';
import { isRaw, Malformed, type Raw } from '../world/reduce/raw.ts';
import type { Result } from './interpret.ts';
import type { ApiClient } from './transport.ts';

/** Sees each raw object before it is reduced. Objects of a list lack `apiVersion` and `kind`; a list that starts anew shows its objects again. */
export type OnRaw = (kind: Kind, raw: Raw) => void;

/** What a need yielded. With a failure, `objects` holds what came before it. */
export interface Reading<K extends KindName> {
  objects: Kinds[K][];
  /** Objects that have not the API's shape: which, and what is wrong. */
  malformed: { what: string; why: string }[];
  failure: Failure | null;
}

/** Reads a list page by page, or one object, and reduces it to its narrow type. A list whose pages have expired (410) starts anew, a few times. */
export async function readNeed<K extends KindName>(client: ApiClient, need: Need & { kind: K }, onRaw?: OnRaw): Promise<Reading<K>> {
  if (need.name !== null) return readObject(client, need, onRaw);
  for (let restarts = 0; ; restarts += 1) {
    const reading = await readPages(client, need, onRaw);
    if (reading.failure?.status !== 410 || restarts === MAX_RESTARTS) return reading;
  }
}

async function readPages<K extends KindName>(client: ApiClient, need: Need & { kind: K }, onRaw?: OnRaw): Promise<Reading<K>> {
  const reading: Reading<K> = { objects: [], malformed: [], failure: null };
  for (let token = ''; ; ) {
    const page = asPage(await client.get(pathOf(need, token)), token);
    if (!page.ok) return { ...reading, failure: page.failure };
    for (const item of page.value.items) reduceInto(reading, need, item, onRaw);
    token = page.value.next;
    if (token === '') return reading;
  }
}

async function readObject<K extends KindName>(client: ApiClient, need: Need & { kind: K }, onRaw?: OnRaw): Promise<Reading<K>> {
  const reading: Reading<K> = { objects: [], malformed: [], failure: null };
  const result = await client.get(pathOf(need));
  if (!result.ok) return { ...reading, failure: result.failure };
  reduceInto(reading, need, result.value, onRaw);
  const [problem] = reading.malformed;
  return problem ? { ...reading, malformed: [], failure: malformed(problem.why) } : reading;
}

/** A body without items is no empty list: something else answered. */
function asPage(result: Result<Raw>, token: string): Result<{ items: unknown[]; next: string }> {
  if (!result.ok) return result;
  const { items, metadata } = result.value;
  const next = isRaw(metadata) && typeof metadata.continue === 'string' ? metadata.continue : '';
  if (!Array.isArray(items) && items !== null) return { ok: false, failure: malformed('a list without items') };
  if (next !== '' && next === token) return { ok: false, failure: malformed('a page that continues with itself') };
  return { ok: true, value: { items: items ?? [], next } };
}

function reduceInto<K extends KindName>(reading: Reading<K>, { kind }: { kind: K }, item: unknown, onRaw?: OnRaw): void {
  try {
    if (!isRaw(item)) throw new Malformed('not an object');
    onRaw?.(KINDS[kind], item);
    reading.objects.push(REDUCE[kind](item));
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    reading.malformed.push({ what: `${kind} ${nameOf(item)}`, why: error.message });
  }
}

/** As far as the object says it. */
function nameOf(item: unknown): string {
  const metadata = isRaw(item) && isRaw(item.metadata) ? item.metadata : {};
  const parts = [metadata.namespace, metadata.name].filter((part) => typeof part === 'string' && part !== '');
  return parts.length === 0 ? 'without a name' : parts.join('/');
}

function pathOf({ kind, namespace, name, labelSelector }: Need, token = ''): string {
  const { group, version, resource, pageSize } = KINDS[kind];
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const collection = `${root}${namespace === null ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${resource}`;
  if (name !== null) return `${collection}/${encodeURIComponent(name)}`;
  const query = new URLSearchParams({ limit: String(pageSize) });
  if (labelSelector) query.set('labelSelector', labelSelector);
  if (token !== '') query.set('continue', token);
  return `${collection}?${query}`;
}

const malformed = (why: string): Failure => ({ kind: 'malformed', status: 200, message: `200 OK: ${why}` });

const MAX_RESTARTS = 3;
