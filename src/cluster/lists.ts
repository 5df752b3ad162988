import type { Kind, KindName, Kinds } from '../world/kinds.ts';
import { type Failure, kindOfNeed, type Need } from '../world/needs.ts';
import { reduce } from '../world/reduce/index.ts';
import { isRaw, Malformed, type Raw } from '../world/reduce/raw.ts';
import type { Result } from './interpret.ts';
import { ListBody } from './list-body.ts';
import { pathOf } from './need-path.ts';
import type { Schema } from './protobuf/schema.ts';
import { schemaOf } from './protobuf/schemas.ts';
import type { ApiClient } from './transport.ts';

/** Sees each raw object before it is reduced. Objects of a list lack `apiVersion` and `kind`; a list that starts anew shows its objects again. */
export type OnRaw = (kind: Kind, raw: Raw) => void;

export interface ReadOptions {
  onRaw?: OnRaw | undefined;
  /** Lists come as protobuf where both sides know how. To be faster than JSON.parse, our decoder needs some MB to warm up. */
  protobuf?: boolean;
}

/** `isNamed`: it tells which object it is, so that nothing else is missing. */
interface Misshapen {
  what: string;
  why: string;
  isNamed: boolean;
}

/** What a need yielded. With a failure, `objects` holds what came before it. */
export interface Reading<K extends KindName> {
  objects: Kinds[K][];
  /** Objects that have not the API's shape: which, and what is wrong. */
  malformed: Misshapen[];
  failure: Failure | null;
}

/** Reads a list page by page, or one object, and reduces it to its narrow type. A list whose pages have expired (410) starts anew, a few times. */
export async function readNeed<K extends KindName>(
  client: ApiClient,
  need: Need & { kind: K },
  options: ReadOptions = {},
): Promise<Reading<K>> {
  if (need.name !== null) return readObject(client, need, options);
  for (let restarts = 0; ; restarts += 1) {
    const reading = await readPages(client, need, options);
    if (reading.failure?.status !== 410 || restarts === MAX_RESTARTS) return withNameless(reading);
  }
}

/** What has no name may be any object that is not found: a list with such items is not read as a whole. */
function withNameless<K extends KindName>({ objects, malformed: all, failure }: Reading<K>): Reading<K> {
  const [first, ...others] = all.filter((each) => !each.isNamed);
  if (!first) return { objects, malformed: all, failure };
  const number = others.length === 0 ? '1 object' : `${others.length + 1} objects`;
  const why = `${number} could not be read${others.length === 0 ? '' : ', the first'}: ${first.why}`;
  return { objects, malformed: all.filter((each) => each.isNamed), failure: failure ?? malformed(why) };
}

/** While a page arrives, the server prepares the next one: what continues a list stands at the head of a page. */
async function readPages<K extends KindName>(client: ApiClient, need: Need & { kind: K }, options: ReadOptions): Promise<Reading<K>> {
  const reading: Reading<K> = { objects: [], malformed: [], failure: null };
  const start = (token: string) => startPage(client, need, token, options);
  for (let page: Page<K> | null = start(''); page; ) {
    const announced: string = await page.announced;
    const following: Page<K> | null = announced ? start(announced) : null;
    const { objects, malformed, failure, next }: PageReading<K> = await page.reading;
    if (failure) return { ...reading, failure };
    for (const each of objects) reading.objects.push(each);
    reading.malformed.push(...malformed);
    // Another one, where the page had to be read again.
    page = next === announced ? following : start(next);
  }
  return reading;
}

/** `next`: the token of the next page; empty where there is none. */
type PageReading<K extends KindName> = Reading<K> & { next: string };

interface Page<K extends KindName> {
  /** `next` as soon as it is known. */
  announced: Promise<string>;
  reading: Promise<PageReading<K>>;
}

function startPage<K extends KindName>(client: ApiClient, need: Need & { kind: K }, token: string, options: ReadOptions): Page<K> {
  const { promise: announced, resolve: announce } = Promise.withResolvers<string>();
  const reading = readPage(client, need, token, (next) => announce(next === token ? '' : next), options);
  reading.then(
    ({ next }) => announce(next),
    () => announce(''),
  );
  return { announced, reading };
}

async function readPage<K extends KindName>(
  client: ApiClient,
  need: Need & { kind: K },
  token: string,
  announce: (next: string) => void,
  options: ReadOptions,
): Promise<PageReading<K>> {
  const empty = (): Reading<K> => ({ objects: [], malformed: [], failure: null });
  let reading = empty();
  const ask = (accept: string, schema?: Schema) =>
    client.list(pathOf(need, token), accept, () => {
      reading = empty();
      const onItem = (item: unknown) => reduceInto(reading, need, item, options);
      return new ListBody({ onHead: (head) => announce(nextOf(head)), onItem }, schema);
    });
  // Whoever wants the raw objects wants all of their fields.
  const schema = options.protobuf && !options.onRaw ? schemaOf(need) : undefined;
  let result = schema ? await ask(`${PROTOBUF}, ${JSON_TYPE}`, schema) : await ask(JSON_TYPE);
  // What cannot be understood as protobuf may be as JSON, or says better what is wrong.
  if (schema && !result.ok && result.failure.kind === 'malformed') result = await ask(JSON_TYPE);
  const page = asPage(result, token);
  if (!page.ok) return { ...empty(), failure: page.failure, next: '' };
  for (const item of page.value.items) reduceInto(reading, need, item, options);
  return { ...reading, next: page.value.next };
}

async function readObject<K extends KindName>(client: ApiClient, need: Need & { kind: K }, options: ReadOptions): Promise<Reading<K>> {
  const reading: Reading<K> = { objects: [], malformed: [], failure: null };
  const result = await client.get(pathOf(need));
  if (!result.ok) return { ...reading, failure: result.failure };
  reduceInto(reading, need, result.value, options);
  const [problem] = reading.malformed;
  return problem ? { ...reading, malformed: [], failure: malformed(problem.why) } : reading;
}

/** A body without items is no empty list: something else answered. */
function asPage(result: Result<Raw>, token: string): Result<{ items: unknown[]; next: string }> {
  if (!result.ok) return result;
  const { items } = result.value;
  const next = nextOf(result.value);
  if (!Array.isArray(items) && items !== null) return { ok: false, failure: malformed('a list without items') };
  if (next !== '' && next === token) return { ok: false, failure: malformed('a page that continues with itself') };
  return { ok: true, value: { items: items ?? [], next } };
}

const nextOf = ({ metadata }: Raw): string => (isRaw(metadata) && typeof metadata.continue === 'string' ? metadata.continue : '');

function reduceInto<K extends KindName>(reading: Reading<K>, need: Need & { kind: K }, item: unknown, { onRaw }: ReadOptions): void {
  try {
    if (!isRaw(item)) throw new Malformed('not an object');
    onRaw?.(kindOfNeed(need), item);
    reading.objects.push(reduce(need, item));
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    reading.malformed.push({ what: `${kindOfNeed(need).resource} ${nameOf(item)}`, why: error.message, isNamed: isNamed(item) });
  }
}

/** As far as the object says it. */
function nameOf(item: unknown): string {
  const metadata = isRaw(item) && isRaw(item.metadata) ? item.metadata : {};
  const parts = [metadata.namespace, metadata.name].filter((part) => typeof part === 'string' && part !== '');
  return parts.length === 0 ? 'without a name' : parts.join('/');
}

function isNamed(item: unknown): boolean {
  const { name, namespace } = isRaw(item) && isRaw(item.metadata) ? item.metadata : {};
  return typeof name === 'string' && name !== '' && (namespace === undefined || namespace === null || typeof namespace === 'string');
}

const malformed = (why: string): Failure => ({ kind: 'malformed', status: 200, message: `200 OK: ${why}` });

const JSON_TYPE = 'application/json';
const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const MAX_RESTARTS = 3;
