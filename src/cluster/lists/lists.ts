import { builtInKind, type Kind, type KindName, type Kinds } from '../../world/kinds.ts';
import { type Failure, kindOfNeed, type Need } from '../../world/needs.ts';
import { isRaw, Malformed, type Raw } from '../../world/raw.ts';
import { reduce } from '../../world/reduce/index.ts';
import { understood } from '../../world/understood.ts';
import type { ApiClient } from '../transport/transport.ts';
import { listKindOf, notTheKind, notTheList, notTheObject } from './asked-for.ts';
import { ListBody } from './list-body.ts';
import { pathOf, pathTo } from './need-path.ts';
import { Pages } from './pages.ts';
import type { Schema } from './protobuf/schema.ts';
import { schemaOf } from './protobuf/schemas.ts';
import { isMetadataOnly, METADATA_TYPE, tokenSecret } from './token-secrets.ts';

/**
 * Receives each raw object before it is reduced. Objects in a list lack `apiVersion` and `kind`; a list that starts
 * again hands on its objects again.
 */
export type OnRaw = (kind: Kind, raw: Raw) => void;

export interface ReadOptions {
  onRaw?: OnRaw | undefined;
  /**
   * Whether lists are requested as protobuf where both sides support it. Our decoder needs some MB to become faster
   * than JSON.parse.
   */
  protobuf?: boolean;
}

/** An object of the wrong shape. `isNamed` says that its name is known, so that no other object is missing. */
interface Misshapen {
  what: string;
  why: string;
  isNamed: boolean;
}

/** The result of a need. With a failure, `objects` contains what came before it. */
export interface Reading<K extends KindName> {
  objects: Kinds[K][];
  /** The objects that do not have the API's shape, each with its problem. */
  malformed: Misshapen[];
  failure: Failure | null;
}

/**
 * Reads a list page by page, or one object, and reduces each object to its narrow type. A list whose pages have expired
 * (410) starts again, a few times. An answer other than the one asked for is malformed, and so is a list whose pages
 * never end.
 */
export async function readNeed<K extends KindName>(
  client: ApiClient,
  need: Need & { kind: K },
  options: ReadOptions = {},
): Promise<Reading<K>> {
  if (need.name !== null) return readObject(client, need, options);
  const { budget } = client;
  let listKind = listKindOf(need);
  for (let restarts = 0; ; ) {
    const reading = await readPages(client, need, { ...options, listKind });
    const { failure, calledSo } = reading;
    if (failure === null) budget.giveBack(restarts);
    if (calledSo !== undefined && calledSo !== listKind && calledSo === (await definedListKind(client, need))) {
      listKind = calledSo;
      continue;
    }
    if (failure?.status !== 410 || restarts === MAX_RESTARTS || !budget.takeExtra()) return withNameless(reading);
    restarts += 1;
  }
}

/**
 * An item without a name may be any object that is not found, so that a list with such items does not count as read
 * completely.
 */
function withNameless<K extends KindName>({ objects, malformed: all, failure }: Reading<K>): Reading<K> {
  const [first, ...others] = all.filter((each) => !each.isNamed);
  if (!first) return { objects, malformed: all, failure };
  const number = others.length === 0 ? '1 object' : `${others.length + 1} objects`;
  const why = `${number} could not be read${others.length === 0 ? '' : ', the first'}: ${first.why}`;
  return { objects, malformed: all.filter((each) => each.isNamed), failure: failure ?? malformedBody(why) };
}

/**
 * While a page arrives, the server prepares the next one, since the token that continues a list is at the head of a
 * page.
 */
async function readPages<K extends KindName>(
  client: ApiClient,
  need: Need & { kind: K },
  options: PageOptions,
): Promise<PageReading<K>> {
  const reading: PageReading<K> = { ...nothing(), next: '' };
  const pages = new Pages(client.budget);
  const start = (token: string) => startPage(client, need, token, options);
  for (let page: Page<K> | null = start(''); page; ) {
    const announced: string = await page.announced;
    const following: Page<K> | null = announced && pages.isNews(announced) ? start(announced) : null;
    const { objects, malformed, failure, next, calledSo }: PageReading<K> = await page.reading;
    if (failure) return { ...reading, failure, ...(calledSo === undefined ? {} : { calledSo }) };
    for (const each of objects) reading.objects.push(each);
    for (const each of malformed) reading.malformed.push(each);
    const problem = pages.add(next, objects);
    if (problem !== null) return { ...reading, failure: malformedBody(problem) };
    // The token is a different one where the page had to be read again.
    page = next === announced ? following : next === '' ? null : start(next);
  }
  return reading;
}

/**
 * `next` is the token of the next page; empty where there is none. `calledSo` is the kind that the list has, where it
 * is not the one that was asked for.
 */
type PageReading<K extends KindName> = Reading<K> & { next: string; calledSo?: string };

type PageOptions = ReadOptions & { listKind: string };

interface Page<K extends KindName> {
  /** Resolves to `next` as soon as it is known. */
  announced: Promise<string>;
  reading: Promise<PageReading<K>>;
}

function startPage<K extends KindName>(
  client: ApiClient,
  need: Need & { kind: K },
  token: string,
  options: PageOptions,
): Page<K> {
  const { promise: announced, resolve: announce } = Promise.withResolvers<string>();
  const reading = readPage(client, need, token, announce, options);
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
  options: PageOptions,
): Promise<PageReading<K>> {
  const path = pathOf(need, token);
  if (path === null) return { ...nothing(), failure: malformedBody('no list can be at such a path'), next: '' };
  let reading = nothing<K>();
  let problem: string | null = null;
  const ask = (accept: string, schema?: Schema) =>
    client.list(path, accept, () => {
      reading = nothing();
      problem = null;
      const onHead = (head: Raw) => {
        problem = notTheList(need, head, options.listKind);
        if (problem === null) announce(nextOf(head));
      };
      // Items of a different list do not count.
      const onItem = (item: unknown) => problem === null && reduceInto(reading, need, item, options);
      return new ListBody({ onHead, onItem }, schema);
    });
  // Protobuf only decodes the fields that a schema has, and raw objects need all of theirs.
  const schema = options.protobuf && !options.onRaw ? schemaOf(need) : undefined;
  const json = isMetadataOnly(need) ? METADATA_TYPE : JSON_TYPE;
  let result = schema ? await ask(`${PROTOBUF}, ${JSON_TYPE}`, schema) : await ask(json);
  // A body that is broken as protobuf may be readable as JSON, or gives a better error.
  if (schema && !result.ok && result.failure.kind === 'malformed' && client.budget.takeExtra()) {
    result = await ask(JSON_TYPE);
    if (result.ok) client.budget.giveBack(1);
  }
  if (!result.ok) return { ...nothing(), failure: result.failure, next: '' };
  const { items, kind } = result.value;
  problem =
    notTheList(need, result.value, options.listKind) ??
    (Array.isArray(items) || items === null ? null : 'a list without items');
  if (problem !== null)
    return {
      ...nothing(),
      failure: malformedBody(problem),
      next: '',
      ...(typeof kind === 'string' ? { calledSo: kind } : {}),
    };
  for (const item of (items as unknown[] | null) ?? []) reduceInto(reading, need, item, options);
  return { ...reading, next: nextOf(result.value) };
}

/**
 * The kind of lists of a custom kind, as its CustomResourceDefinition sets it. Few set another one than the usual, so
 * that this is only asked for the others. Null where it cannot be read.
 */
async function definedListKind(client: ApiClient, need: Need): Promise<string | null> {
  const { resource, group } = kindOfNeed(need);
  const path = builtInKind(need.kind)
    ? null
    : pathTo('apis', 'apiextensions.k8s.io', 'v1', 'customresourcedefinitions', `${resource}.${group}`);
  const definition = path === null ? null : await client.get(path);
  const { spec } = definition?.ok ? definition.value : {};
  const { names } = isRaw(spec) ? spec : {};
  return isRaw(names) && typeof names.listKind === 'string' ? names.listKind : null;
}

async function readObject<K extends KindName>(
  client: ApiClient,
  need: Need & { kind: K },
  options: ReadOptions,
): Promise<Reading<K>> {
  const reading = nothing<K>();
  const path = pathOf(need);
  if (path === null) return { ...reading, failure: NO_NAME };
  const result = await client.get(path);
  if (!result.ok) return { ...reading, failure: result.failure };
  reduceInto(reading, need, result.value, options);
  const [problem] = reading.malformed;
  return problem ? { ...reading, malformed: [], failure: malformedBody(problem.why) } : reading;
}

const nothing = <K extends KindName>(): Reading<K> => ({ objects: [], malformed: [], failure: null });

const nextOf = ({ metadata }: Raw): string =>
  isRaw(metadata) && typeof metadata.continue === 'string' ? metadata.continue : '';

function reduceInto<K extends KindName>(
  reading: Reading<K>,
  need: Need & { kind: K },
  item: unknown,
  { onRaw }: ReadOptions,
): void {
  const { resource } = kindOfNeed(need);
  const other = isRaw(item) ? notTheKind(need, item) : 'not an object';
  if (!isRaw(item) || other !== null) {
    reading.malformed.push({ what: `${resource} ${nameOf(item)}`, why: other ?? '', isNamed: false });
    return;
  }
  const raw = isMetadataOnly(need) ? tokenSecret(item) : item;
  const object = understood(() => reduce(need, raw));
  if (object instanceof Malformed) {
    reading.malformed.push({ what: `${resource} ${nameOf(item)}`, why: object.message, isNamed: isNamed(item) });
    onRaw?.(kindOfNeed(need), raw);
    return;
  }
  const elsewhere = notTheObject(need, object, raw);
  if (elsewhere === null) reading.objects.push(object);
  else reading.malformed.push({ what: resource, why: elsewhere, isNamed: false });
  if (elsewhere === null) onRaw?.(kindOfNeed(need), raw);
}

/** The name of an object, as far as it is readable. */
function nameOf(item: unknown): string {
  const metadata = isRaw(item) && isRaw(item.metadata) ? item.metadata : {};
  const parts = [metadata.namespace, metadata.name].filter((part) => typeof part === 'string' && part !== '');
  return parts.length === 0 ? 'without a name' : parts.join('/');
}

function isNamed(item: unknown): boolean {
  const { name, namespace } = isRaw(item) && isRaw(item.metadata) ? item.metadata : {};
  return (
    typeof name === 'string' &&
    name !== '' &&
    (namespace === undefined || namespace === null || typeof namespace === 'string')
  );
}

const malformedBody = (why: string): Failure => ({ kind: 'malformed', status: 200, message: `200 OK: ${why}` });

const JSON_TYPE = 'application/json';
const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const MAX_RESTARTS = 3;
/** The failure that a server would return for such a name, without asking it. */
const NO_NAME: Failure = { kind: 'notFound', status: null, message: 'no object can be called so' };
