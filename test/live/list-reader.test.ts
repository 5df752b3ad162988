import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ListReader } from '../../src/cluster/lists/list-reader.ts';

const named = (name: string, more: object = {}) => ({ metadata: { name }, ...more });
const claims = named('db', { claims: [named('a'), named('b'), named('c')] });
const list = (...items: unknown[]) => ({ kind: 'List', apiVersion: 'v1', metadata: { continue: 'more' }, items });
const { items: _, ...HEAD } = list();
const nothing = { ...HEAD, items: [] };

const lists = [
  // items                                             as
  [[], 'an empty list'],
  [[named('a')], 'one item'],
  [[named('a'), named('b'), named('c')], 'several'],
  [[claims, named('x'), claims], 'objects in an object, which look like items'],
  [[named('a', { note: '},{"metadata":{' }), named('b')], 'a string that looks like a gap'],
  [[named('ü→🙂', { note: '"items":[' }), named('b')], 'a string that looks like the start'],
  [[{ spec: 1, metadata: {} }, 'text', null, 7, named('b')], 'items of any other shape'],
] as const;
for (const [items, what] of lists) {
  for (const size of [1, 7, 10_000]) {
    test(`${what}, in pieces of ${size}`, () =>
      assert.deepEqual(read(`${JSON.stringify(list(...items))}\n`, size), { value: nothing, items }));
  }
}

const MANY = 2000;
test('objects that hold more others than are worth a try', () => {
  const items = [
    named('a'),
    named('big', { parts: Array.from({ length: MANY }, (_each, index) => named(`p${index}`)) }),
    named('z'),
  ];
  assert.deepEqual(read(JSON.stringify(list(...items)), 1000), { value: nothing, items });
});

/** What is left to be read at once, or is none: nothing of it is handed on, but what came whole before it broke. */
const TYPE = { kind: 'List', apiVersion: 'v1' };
const whole = JSON.stringify(list(named('a'), named('b'), named('c')));
const texts: [string, string, number][] = [
  // text                                                            why                                            handed on
  [
    JSON.stringify({ ...TYPE, items: [named('a')], metadata: {} }),
    'items before the metadata may have something behind them',
    0,
  ],
  [JSON.stringify({ metadata: {}, items: [named('a')], ...TYPE }), 'what list it is stands behind the items', 0],
  [JSON.stringify({ ...TYPE, items: [named('a')] }), 'no metadata', 0],
  [JSON.stringify(list(named('a')), null, 2), 'pretty-printed', 0],
  [JSON.stringify({ kind: 'Status', code: 200 }), 'no list', 0],
  ['<html>', 'no JSON', 0],
  ['', 'nothing', 0],
  [whole.slice(0, -1), 'without its end', 2],
  [whole.slice(0, -9), 'cut short in an item', 2],
];
for (const [text, why, count] of texts) {
  test(`${why}: the text that is left`, () => {
    const { value, items } = read(text, 10);
    assert.equal(items.length, count);
    assert.ok(typeof value === 'string' && text.endsWith(value));
    if (count === 0) assert.equal(value, text);
  });
}

test('the head is told before the items', () => {
  const told: unknown[] = [];
  const reader = new ListReader(
    (head) => told.push(head),
    (item) => told.push(item),
  );
  reader.push('{"kind":"List","apiVersion":"v1","metadata":{"continue":"more"},"items":[{"metadata":{"name":"a"}');
  assert.deepEqual(told, [nothing]);
  reader.push('},{"metadata":{');
  assert.deepEqual(told.slice(1), [named('a')]);
});

/**
 * Bodies that cost a reader more than they are long, were it to look at all that has come with each piece: so many
 * steps, so little time.
 */
const heavy: [what: string, pieces: (count: number) => string[], end: 'text' | 'list' | 'too large'][] = [
  ['line ends', (count) => Array<string>(count).fill('\n'.repeat(2 ** 16)), 'too large'],
  [
    'a list of which the items never begin',
    (count) => ['{"kind":"List",', ...Array<string>(count).fill(' '.repeat(2 ** 16))],
    'too large',
  ],
  [
    'an item without end',
    (count) => [`${OPEN}{"metadata":{"name":"`, ...Array<string>(count).fill('x'.repeat(2 ** 16))],
    'too large',
  ],
  [
    'an item that is long',
    () => [`${OPEN}{"metadata":{"name":"`, ...Array<string>(500).fill('x'.repeat(2 ** 16)), '"}}]}'],
    'list',
  ],
  [
    'an item with gaps behind a long text',
    () => [
      `${OPEN}{"x":"${'x'.repeat(2 ** 24)}","y":[{"metadata":{`,
      ...Array<string>(500).fill('"name":"a"}},{"metadata":{'.repeat(99)),
    ],
    'text',
  ],
];
const OPEN = '{"kind":"List","apiVersion":"v1","metadata":{},"items":[';
for (const [what, pieces, end] of heavy)
  test(`${what}: read once, and no more than there may be`, () => {
    const reader = new ListReader(
      () => {},
      () => {},
    );
    const take = () => {
      for (const piece of pieces(8000)) reader.push(piece);
      return reader.end();
    };
    if (end === 'too large') assert.throws(take, { message: 'a body of more than 64 MiB that is no list of objects' });
    else assert.equal(typeof take(), end === 'text' ? 'string' : 'object');
  });

function read(text: string, size: number): { value: unknown; items: unknown[] } {
  const items: unknown[] = [];
  const reader = new ListReader(
    () => {},
    (item) => items.push(item),
  );
  for (let at = 0; at < text.length; at += size) reader.push(text.slice(at, at + size));
  return { value: reader.end(), items };
}
