import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { isRaw, type Raw } from '../../../src/world/raw.ts';
import { failed, send } from '../faulty-server.ts';

/**
 * What a server does with a request in place of its answer, which is `null` where it has none; `times`: the so-manieth
 * request of this method and path.
 */
interface Situation {
  response: ServerResponse;
  healthy: object | null;
  method: string;
  path: string;
  query: URLSearchParams;
  times: number;
}

export interface Fault {
  name: string;
  /** False: to be answered as ever. */
  happen: (situation: Situation) => false | undefined | Promise<undefined>;
  /**
   * It is over before anybody notices, or another way to say the same: the answer is the one of a server that is well.
   */
  isHarmless?: true;
  /** It is many requests. */
  isEndless?: true;
  /** It takes the time of a request. */
  isHang?: true;
}

const AT_ONCE = { 'retry-after': '0' };
const JSON_TYPE = { 'content-type': 'application/json' };
const isList = (body: object | null): body is Raw & { items: unknown[] } => isRaw(body) && Array.isArray(body.items);

function write(
  response: ServerResponse,
  body: string | Buffer,
  headers: Record<string, string> = {},
  status = 200,
): undefined {
  response.writeHead(status, { ...JSON_TYPE, ...headers }).end(body);
}

/** The answer changed, where there is one. */
const changed =
  (change: (body: Raw) => unknown): Fault['happen'] =>
  ({ response, healthy }) =>
    healthy === null ? false : write(response, JSON.stringify(change(healthy as Raw)));

/** The same of lists; single objects come as ever. */
const changedList =
  (change: (list: Raw & { items: unknown[] }) => unknown): Fault['happen'] =>
  ({ response, healthy }) =>
    isList(healthy) ? write(response, JSON.stringify(change(healthy))) : false;

const withItem = (item: unknown) => changedList((list) => ({ ...list, items: [...list.items, item] }));
const instead =
  (body: unknown): Fault['happen'] =>
  ({ response }) =>
    write(response, typeof body === 'string' ? body : JSON.stringify(body));
const text = ({ healthy }: Situation): string => JSON.stringify(healthy ?? {});

/** Statuses with the words that API servers have for them, and with those that proxies have, or none. */
const STATUSES = [
  400, 401, 402, 403, 405, 406, 408, 409, 410, 413, 415, 422, 429, 431, 451, 500, 501, 502, 503, 504, 507, 511, 599,
];
const statuses = STATUSES.flatMap((code): Fault[] => [
  { name: `${code} of an API`, happen: ({ response }) => send(response, code, failed(code, 'Reason', 'no'), AT_ONCE) },
  { name: `${code} of a proxy`, happen: ({ response }) => send(response, code, '<html>no', AT_ONCE) },
]);
const others = [101, 203, 204, 205, 206, 226, 299, 300, 301, 302, 303, 304, 307, 308, 399, 404, 418, 499, 999].map(
  (code): Fault => ({
    name: `${code} and nothing`,
    happen: ({ response }) => write(response, '', { location: '/elsewhere', ...AT_ONCE }, code),
  }),
);

const once = (name: string, happen: (situation: Situation) => undefined): Fault => ({
  name,
  isHarmless: true,
  happen: (situation) => (situation.times > 1 ? false : happen(situation)),
});

const BOMB = gzipSync(Buffer.alloc(2 ** 26 + 1, '\n'), { level: 1 });

const breaks: Fault[] = [
  { name: 'a reset', happen: ({ response }) => void response.destroy() },
  {
    name: 'half of an answer, and a reset',
    happen: (s) =>
      void s.response
        .writeHead(200, { ...JSON_TYPE, 'content-length': '99999' })
        .write(text(s).slice(0, text(s).length / 2), () => s.response.destroy()),
  },
  {
    name: 'half of a head',
    happen: ({ response }) => void response.socket?.end('HTTP/1.1 200 OK\r\ncontent-type: ap'),
  },
  { name: 'another protocol', happen: ({ response }) => void response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n') },
  { name: 'half of the text', happen: (s) => write(s.response, text(s).slice(0, text(s).length / 2)) },
  { name: 'all but its end', happen: (s) => write(s.response, text(s).slice(0, -1)) },
  {
    name: 'chunks without end',
    happen: (s) => void s.response.writeHead(200, JSON_TYPE).write(text(s), () => s.response.destroy()),
  },
  {
    name: 'half of gzip',
    happen: (s) => write(s.response, gzipSync(text(s)).subarray(0, -12), { 'content-encoding': 'gzip' }),
  },
  { name: 'gzip that is none', happen: (s) => write(s.response, text(s), { 'content-encoding': 'gzip' }) },
  { name: 'gzip that nobody says to be', happen: (s) => write(s.response, gzipSync(text(s))) },
  { name: 'a bomb', happen: ({ response }) => write(response, BOMB, { 'content-encoding': 'gzip' }) },
  {
    name: 'a bomb behind a 500',
    happen: ({ response }) => write(response, BOMB, { 'content-encoding': 'gzip', ...AT_ONCE }, 500),
  },
  { name: 'text twice', happen: (s) => write(s.response, text(s) + text(s)) },
  {
    name: 'letters that are none',
    happen: (s) => write(s.response, Buffer.from(text(s).replace(/"name":"./, '"name":"\u00ff'), 'latin1')),
  },
  {
    name: 'protobuf that is none',
    happen: ({ response }) =>
      write(response, 'k8s\0\n\x12nonsense', { 'content-type': 'application/vnd.kubernetes.protobuf' }),
  },
];

const hanging: Fault[] = [
  { name: 'no answer', happen: () => undefined },
  { name: 'a head, and no body', happen: ({ response }) => void response.writeHead(200, JSON_TYPE).flushHeaders() },
  {
    name: 'half of a body, and no more',
    happen: (s) => void s.response.writeHead(200, JSON_TYPE).write(text(s).slice(0, text(s).length / 2)),
  },
  { name: 'an endless answer', happen: ({ response }) => trickle(response) },
];

const hangs = hanging.map((each): Fault => ({ ...each, isHang: true }));

function trickle(response: ServerResponse): undefined {
  response.writeHead(200, JSON_TYPE);
  const timer = setInterval(() => response.write(' '), 20);
  response.once('close', () => clearInterval(timer));
}

const wrongs: Fault[] = [
  ...[
    '',
    '   ',
    'null',
    '[]',
    '{}',
    'true',
    '7',
    '"text"',
    '<html>',
    '{"error":"upstream","items":[]}',
    '{"items":null}',
  ].map((body): Fault => ({ name: `the body ${JSON.stringify(body)}`, happen: instead(body) })),
  {
    name: 'a list of leases',
    happen: instead({ kind: 'LeaseList', apiVersion: 'coordination.k8s.io/v1', metadata: {}, items: [] }),
  },
  { name: 'a failure with 200', happen: instead(failed(403, 'Forbidden', 'no')) },
  {
    name: 'a success that says nothing',
    happen: instead({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', items: [] }),
  },
  { name: 'a watch', happen: changedList(({ items }) => ({ type: 'ADDED', object: items[0] ?? {} })) },
  {
    name: 'a table',
    happen: changedList((list) => ({ ...list, kind: 'Table', apiVersion: 'meta.k8s.io/v1', rows: [] })),
  },
  { name: 'another version', happen: changed((body) => ({ ...body, apiVersion: 'v9' })) },
  { name: 'no version', happen: changedList((list) => ({ ...list, apiVersion: undefined })) },
  { name: 'no kind', happen: changedList((list) => ({ ...list, kind: undefined })) },
  { name: 'another kind', happen: changed((body) => ('kind' in body ? { ...body, kind: 'Lease' } : {})) },
  { name: 'no items', happen: changedList((list) => ({ ...list, items: undefined })) },
  { name: 'items that are an object', happen: changedList((list) => ({ ...list, items: { ...list.items } })) },
  { name: 'metadata null', happen: changedList((list) => ({ ...list, metadata: null })) },
  { name: 'no metadata', happen: changedList((list) => ({ ...list, metadata: undefined })) },
  {
    name: 'a token that is a number',
    happen: changedList((list) => ({ ...list, metadata: { continue: 7 }, items: [] })),
  },
  {
    name: 'others that are left nowhere',
    happen: changedList((list) => ({ ...list, metadata: { remainingItemCount: 7 }, items: [] })),
  },
  { name: 'leases for items', happen: changedList((list) => ({ ...list, items: list.items.map(() => LEASE) })) },
  {
    name: 'items of another namespace',
    happen: (s) =>
      s.path.includes('/namespaces/') ? changedList((list) => ({ ...list, items: list.items.map(moved) }))(s) : false,
  },
  {
    name: 'items without names',
    happen: changedList((list) => ({ ...list, items: list.items.map((each) => ({ ...(each as Raw), metadata: {} })) })),
  },
  ...(
    [
      null,
      7,
      'text',
      [],
      {},
      { metadata: 7 },
      { metadata: { name: 7 } },
      { metadata: { name: '..', namespace: '..' } },
      deep(),
    ] as unknown[]
  ).map((item, index): Fault => ({ name: `an item that is odd (${index})`, happen: withItem(item) })),
  { name: 'objects that are odd inside', happen: changed((body) => odd(body)) },
  { name: 'metadata that is nested for ever', happen: (s) => buried(s, '"metadata":{') },
  { name: 'a spec that is nested for ever', happen: (s) => buried(s, '"spec":{') },
  { name: 'lists that are nested for ever', happen: (s) => buried(s, '"metadata":{', '[', ']') },
  {
    name: 'nested for ever',
    happen: ({ response }) => write(response, `${'{"a":'.repeat(12_000)}1${'}'.repeat(12_000)}`),
  },
  {
    name: 'a list that is nested for ever',
    happen: changedList((list) => ({ ...list, metadata: { ...(list.metadata as Raw), deep: deep().spec } })),
  },
];

function deep(): Raw {
  let spec: unknown = 'deep';
  for (let depth = 0; depth < 2000; depth += 1) spec = depth % 2 ? { a: spec } : [spec];
  return { metadata: { name: 'deep', namespace: 'shop' }, rules: [], roleRef: { kind: 'Role', name: 'r' }, spec };
}

/** With so many levels in each of such fields that no call stack reaches their end. */
function buried(situation: Situation, field: string, open = '{"a":', close = '}'): false | undefined {
  const before = text(situation);
  if (!before.includes(field)) return false;
  return write(
    situation.response,
    before.replaceAll(field, `${field}"deep":${open.repeat(12_000)}1${close.repeat(12_000)},`).replaceAll(',}', '}'),
  );
}

const LEASE = {
  kind: 'Lease',
  apiVersion: 'coordination.k8s.io/v1',
  metadata: { name: 'x', namespace: 'kube-system' },
  spec: {},
};

const moved = (item: unknown): unknown => {
  const { metadata, ...rest } = item as Raw & { metadata: Raw };
  return {
    ...rest,
    metadata: { ...metadata, namespace: metadata.namespace === undefined ? 'kube-system' : 'elsewhere' },
  };
};

/** Each field of what an object holds as something that it is not. */
function odd(body: Raw): Raw {
  const wrong = (item: unknown): unknown => {
    if (!isRaw(item)) return item;
    return Object.fromEntries(
      Object.entries(item).map(([key, value]) => [
        key,
        key === 'metadata' ? value : Array.isArray(value) ? 'no list' : 7,
      ]),
    );
  };
  if (Array.isArray(body.items)) return { ...body, items: body.items.map(wrong) };
  return { ...(wrong(body) as Raw), kind: body.kind, apiVersion: body.apiVersion };
}

/** Pages that lead on: what the page is that a token leads to, by how many there have been. */
const paged = (
  name: string,
  page: (list: Raw & { items: unknown[] }, times: number, token: string) => Raw | number,
): Fault => ({
  name,
  isEndless: true,
  happen: ({ response, healthy, query, times }) => {
    if (!isList(healthy)) return false;
    const answer = page(healthy, times, query.get('continue') ?? '');
    if (typeof answer === 'number') return send(response, answer, failed(answer, 'Reason', 'no'), AT_ONCE);
    return write(response, JSON.stringify({ ...healthy, ...answer }));
  },
});
const on = (next: string, items: unknown[]): Raw => ({ metadata: { continue: next }, items });
const pages: Fault[] = [
  paged('pages that lead to ever new ones', ({ items }, times) => on(`t${times}`, items)),
  paged('pages with nothing that lead to ever new ones', (_, times) => on(`t${times}`, [])),
  paged('pages that lead to each other', (_, times) => on(times % 2 ? 'odd' : 'even', [])),
  paged('a page that leads to itself', ({ items }) => on('same', items)),
  paged('a second page that expires', ({ items }, _, token) => (token === '' ? on('next', items.slice(0, 1)) : 410)),
  paged('a second page that is refused', ({ items }, _, token) => (token === '' ? on('next', items.slice(0, 1)) : 403)),
  paged('a second page that fails', ({ items }, _, token) => (token === '' ? on('next', items.slice(0, 1)) : 500)),
  paged('a second page of something else', ({ items }, _, token) =>
    token === '' ? on('next', items.slice(0, 1)) : { kind: 'LeaseList', items: [] },
  ),
  {
    ...paged('two pages', ({ items }, _, token) =>
      token === '' ? on('next', items.slice(0, 1)) : { metadata: {}, items: items.slice(1) },
    ),
    isHarmless: true,
  },
  {
    ...paged('three pages, one of them empty', ({ items }, _, token) =>
      token === '' ? on('next', []) : token === 'next' ? on('last', items) : { items: [] },
    ),
    isHarmless: true,
  },
  {
    ...paged('a second page that expires once', ({ items }, times, token) =>
      token === ''
        ? on(`next${times}`, items.slice(0, 1))
        : times === 2
          ? 410
          : { metadata: {}, items: items.slice(1) },
    ),
    isHarmless: true,
  },
];

const harmless: Fault[] = [
  once('429, once', ({ response }) => send(response, 429, failed(429, 'TooManyRequests', 'later'), AT_ONCE)),
  once('503, once', ({ response }) => send(response, 503, 'busy', AT_ONCE)),
  once('500, once', ({ response }) => send(response, 500, failed(500, 'InternalError', 'oops'), AT_ONCE)),
  {
    ...once('a reset, once', ({ response }) => void response.destroy()),
    happen: (s) => (s.times > 1 || s.method !== 'GET' ? false : void s.response.destroy()),
  },
  {
    name: 'gzip',
    isHarmless: true,
    happen: (s) => (s.healthy === null ? false : write(s.response, gzipSync(text(s)), { 'content-encoding': 'gzip' })),
  },
  { name: 'in pieces', isHarmless: true, happen: (s) => (s.healthy === null ? false : inPieces(s.response, text(s))) },
  {
    name: 'written for people',
    isHarmless: true,
    happen: ({ response, healthy }) => (healthy === null ? false : write(response, JSON.stringify(healthy, null, 2))),
  },
  { name: 'items first', isHarmless: true, happen: changedList(({ items, ...rest }) => ({ items, ...rest })) },
  { name: 'fields that nobody knows', isHarmless: true, happen: changedList((list) => ({ ...list, more: [] })) },
  {
    name: 'no items, as Go writes it',
    isHarmless: true,
    happen: changedList((list) => ({ ...list, items: list.items.length > 0 ? list.items : null })),
  },
];

async function inPieces(response: ServerResponse, body: string): Promise<undefined> {
  response.writeHead(200, JSON_TYPE);
  const bytes = Buffer.from(body);
  const size = Math.ceil(bytes.length / 7);
  for (let at = 0; at < bytes.length; at += size) {
    response.write(bytes.subarray(at, at + size));
    await new Promise(setImmediate);
  }
  response.end();
}

export const FAULTS: readonly Fault[] = [...statuses, ...others, ...breaks, ...hangs, ...wrongs, ...pages, ...harmless];
