import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ListBody } from '../../../src/cluster/lists/list-body.ts';
import { schemaOf } from '../../../src/cluster/lists/protobuf/schemas.ts';
import { BadBody } from '../../../src/cluster/transport/bad-body.ts';
import { binding, envelope, field, listOf, status } from '../../helpers/protobuf.ts';

const [anna, bea] = [binding('shop', 'a', 'deploy', 'anna'), binding('shop', 'b', 'deploy', 'bea→🙂')];
const item = (name: string, user: string) => ({
  metadata: {
    name,
    namespace: 'shop',
    creationTimestamp: '2026-11-30T23:47:40Z',
    managedFields: [{ manager: 'helm', time: '2026-11-30T23:47:41Z' }],
  },
  subjects: [{ kind: 'User', name: user }],
  roleRef: { kind: 'Role', name: 'deploy' },
});
const TYPE = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBindingList' };
const two = listOf([anna, bea], 'more');
const BROKEN = 'k8s\0';

for (const size of [1, 2, 3, 7, 64, 10_000]) {
  test(`a list in pieces of ${size}: its head first, then each item`, () => {
    const { told, value } = read(two, size);
    assert.deepEqual(told, [
      { ...TYPE, metadata: { continue: 'more' }, items: [] },
      item('a', 'anna'),
      item('b', 'bea→🙂'),
    ]);
    assert.deepEqual(value, { ...TYPE, metadata: { continue: 'more' }, items: [] });
  });
}

test('an empty list', () =>
  assert.deepEqual(read(listOf([])), {
    told: [{ ...TYPE, metadata: {}, items: [] }],
    value: { ...TYPE, metadata: {}, items: [] },
  }));

test('an item is handed on before the next one is there', () => {
  const told: unknown[] = [];
  const body = bodyOf(told);
  body.push(two.subarray(0, two.indexOf('bea')));
  assert.equal(told.length, 2);
});

test('an item of megabytes, in small pieces', () => {
  const big = binding('shop', 'a', 'deploy', 'x'.repeat(5e6));
  const { told, value } = read(listOf([big, bea]), 1000);
  assert.deepEqual([told.length, typeof value], [3, 'object']);
});

test('wherever it is cut short, it is no list', () => {
  for (let length = 0; length < two.length; length += 1) {
    for (const size of [5, 10_000])
      assert.equal(typeof read(two.subarray(0, length), size).value, 'string', `after ${length} bytes`);
  }
});

test('whichever bit is wrong, it is a list or it is not, and no error', () => {
  let refused = 0;
  for (let bit = 0; bit < 8 * two.length; bit += 1) {
    const bytes = Buffer.from(two);
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    if (isRefused(bytes)) refused += 1;
  }
  assert.ok(refused > two.length);
});

const [head, tail] = [Buffer.from('k8s\0'), Buffer.concat([field(3), field(4)])];
const type = field(1, field(1, TYPE.apiVersion), field(2, TYPE.kind));
const message = [field(1, field(3, '')), field(2, anna)];
const strange: [Buffer, string][] = [
  [Buffer.concat([two, Buffer.from([0])]), 'a byte too many'],
  [Buffer.concat([two, two]), 'two lists'],
  [Buffer.concat([head, type, field(2, ...message), field(3, 'gzip'), field(4)]), 'encoded once more'],
  [
    Buffer.concat([head, type, field(2, ...message), field(3), field(4, 'application/json')]),
    'of another content type',
  ],
  [Buffer.concat([head, field(2, ...message), type, tail]), 'without a type at the start'],
  [Buffer.concat([head, type, tail, tail, tail]), 'without a message'],
  [envelope('RoleBinding', ...message), 'one object'],
  [envelope('RoleBindingList', field(2, anna)), 'items without metadata'],
  [envelope('RoleBindingList', ...message, field(3, 'x'.repeat(20))), 'a field that no list has'],
  [envelope('RoleBindingList', ...message, field(1, field(3, 'other'))), 'metadata behind the items'],
  [envelope('RoleBindingList', ...message, Buffer.from([0x12, 0x80])), 'a length that is cut short'],
  [
    envelope('RoleBindingList', ...message, Buffer.from([0x12, 0xff, 0xff, 0xff, 0xff, 0x0f])),
    'an item of four gigabytes',
  ],
  [envelope('RoleBindingList', ...message, field(2, Buffer.from([0x0a, 0x7f]))), 'an item that ends after itself'],
  [envelope('Status', Buffer.from([0x12, 0x7f])), 'a Status that ends after itself'],
];
for (const [bytes, what] of strange) {
  test(`${what}: broken`, () => {
    for (const size of [1, 10_000]) assert.equal(read(bytes, size).value, BROKEN);
  });
}

test('a Status in place of the list', () => {
  const { told, value } = read(status(410, 'Expired', 'too old', 7), 3);
  const expected = {
    apiVersion: 'v1',
    kind: 'Status',
    status: 'Failure',
    message: 'too old',
    details: { retryAfterSeconds: 7 },
    code: 410,
  };
  assert.deepEqual([told, value], [[], expected]);
});

/** What a body is, by its first bytes. */
const texts = ['', 'k', 'k8s', 'k8s is down', '<html>', '{"kind":"Status"}', '\0\0\0\0'];
for (const text of texts) {
  test(`${JSON.stringify(text)} is text`, () => {
    for (const size of [1, 100]) assert.equal(read(Buffer.from(text), size).value, text);
  });
}

test('JSON is read as JSON', () => {
  const json = Buffer.from('{"kind":"List","apiVersion":"v1","metadata":{},"items":[{"metadata":{"name":"ü"}}]}');
  const head = { kind: 'List', apiVersion: 'v1', metadata: {}, items: [] };
  assert.deepEqual(read(json, 1), { told: [head, { metadata: { name: 'ü' } }], value: head });
});

/** As protobuf, or as a text that is no UTF-8, where it does not begin as protobuf. */
function isRefused(bytes: Buffer): boolean {
  try {
    return typeof read(bytes).value === 'string';
  } catch (error) {
    return error instanceof BadBody;
  }
}

function bodyOf(told: unknown[]): ListBody {
  return new ListBody(
    { onHead: (each) => told.push(each), onItem: (each) => told.push(each) },
    schemaOf({ kind: 'rolebindings' }),
  );
}

function read(bytes: Buffer, size = 10_000): { told: unknown[]; value: unknown } {
  const told: unknown[] = [];
  const body = bodyOf(told);
  for (let at = 0; at < bytes.length; at += size) body.push(bytes.subarray(at, at + size));
  return { told, value: body.end() };
}
