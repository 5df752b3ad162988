import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Broken } from '../../../src/cluster/lists/protobuf/broken.ts';
import { decodeMessage } from '../../../src/cluster/lists/protobuf/message.ts';
import {
  boolean,
  inline,
  integer,
  map,
  object,
  objects,
  optionalText,
  schema,
  text,
  texts,
  time,
} from '../../../src/cluster/lists/protobuf/schema.ts';
import { field, numberField, time as timeField, varint } from '../../helpers/protobuf.ts';

const INNER = schema({ 1: text('name'), 2: optionalText('namespace') });
const OUTER = schema({
  1: text('a'),
  2: optionalText('b'),
  3: texts('list'),
  4: integer('count'),
  5: time('when'),
  6: map('labels'),
  7: object('inner', INNER),
  8: objects('inners', INNER),
  11: boolean('is'),
  12: inline(schema({ 1: text('embedded'), 2: object('deep', INNER) })),
  40: text('far'),
});
const join = (...parts: Buffer[]): Buffer => Buffer.concat(parts);
const entry = (key: string, value: string): Buffer => field(6, field(1, key), field(2, value));

/** What JSON would say of the same. */
const messages: [Buffer, object, string][] = [
  // bytes                                                      as JSON                                     why
  [join(), {}, 'nothing is a message too'],
  [field(1, 'x'), { a: 'x' }, 'a text'],
  [join(field(1), field(2)), { a: '' }, 'an empty text stands, unless Go omits it'],
  [field(1, 'ключ→🙂'), { a: 'ключ→🙂' }, 'UTF-8'],
  [field(1, '\ufeffx\0'), { a: '\ufeffx\0' }, 'nothing is left out: a byte order mark, a null'],
  [
    join(field(1, Buffer.from([0xc3, 0xa9])), field(40, 'Ã©')),
    { a: 'é', far: 'Ã©' },
    'a text is not what its bytes spell in Latin 1',
  ],
  [join(field(40, 'Ã©'), field(1, Buffer.from([0xc3, 0xa9]))), { far: 'Ã©', a: 'é' }, 'nor the other way round'],
  [join(field(1, 'x'), field(1, 'y')), { a: 'y' }, 'the last one counts'],
  [
    join(field(3, 'x'), field(1, 'z'), field(3), field(3, 'y')),
    { list: ['x', '', 'y'], a: 'z' },
    'a list, with others in between',
  ],
  [numberField(4, 300), { count: 300 }, 'a number of two bytes'],
  [numberField(4, 2 ** 53 - 1), { count: 2 ** 53 - 1 }, 'the largest that is exact'],
  [Buffer.from([0x20, 0x81, 0x80, 0x00]), { count: 1 }, 'a number that takes more bytes than it needs'],
  [numberField(4, -1n), { count: -1 }, 'a number below nought, as its complement'],
  [numberField(4, -(2n ** 31n)), { count: -(2 ** 31) }, 'the least of 32 bits'],
  [join(numberField(11, 1), numberField(4, 0)), { is: true, count: 0 }, 'a truth'],
  [numberField(11, 0), { is: false }, 'an untruth, which JSON may leave out'],
  [
    field(12, field(1, 'x'), field(2, field(1, 'n'))),
    { embedded: 'x', deep: { name: 'n' } },
    'what is embedded stands among the others',
  ],
  [field(12), {}, 'an empty embedded one adds nothing'],
  [timeField(5, 1_796_082_460), { when: '2026-11-30T23:47:40Z' }, 'a time'],
  [timeField(5, 0), { when: '1970-01-01T00:00:00Z' }, 'the epoch'],
  [field(5), {}, 'no time at all, which JSON calls null'],
  [field(5, numberField(1, 1), numberField(2, 999)), { when: '1970-01-01T00:00:01Z' }, 'JSON has no parts of seconds'],
  [join(entry('b', '1'), entry('a', ''), entry('b', '2')), { labels: { b: '2', a: '' } }, 'a map; of one key the last'],
  [
    join(field(6, field(1, 'a')), field(6, field(2, 'x')), field(6)),
    { labels: { a: '', '': '' } },
    'entries without value, key, both',
  ],
  [field(7, field(1, 'n'), field(2, 's')), { inner: { name: 'n', namespace: 's' } }, 'a message in a message'],
  [field(7), { inner: {} }, 'an empty one'],
  [join(field(8, field(1, 'x')), field(8)), { inners: [{ name: 'x' }, {}] }, 'a list of messages'],
  [join(field(9, 'x'), numberField(10, -1), field(200, 'x')), {}, 'fields that nobody asks for'],
  [Buffer.from([0x49, 1, 2, 3, 4, 5, 6, 7, 8, 0x55, 1, 2, 3, 4]), {}, 'eight bytes and four that nobody asks for'],
];
for (const [bytes, expected, why] of messages)
  test(`reads ${why}`, () => assert.deepEqual(decodeMessage(OUTER, bytes), expected));

test('a label may be called as what every object has', () => {
  const { labels } = decodeMessage(OUTER, join(entry('__proto__', 'x'), entry('constructor', 'y')));
  assert.deepEqual(Object.entries(labels as object), [
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
});

test('a hundred thousand labels cost no more than as many objects', () => {
  const entries = Array.from({ length: 100_000 }, (_, index) => entry(`${index}`, ''));
  assert.equal(Object.keys(decodeMessage(OUTER, join(...entries)).labels as object).length, entries.length);
});

test('many texts, each as it is written', () => {
  const words = Array.from({ length: 20_000 }, (_, index) => `${index % 7}-${'x'.repeat(index % 50)}-${index % 3000}`);
  assert.deepEqual(decodeMessage(OUTER, join(...words.map((word) => field(3, word)))), { list: words });
});

const HUGE = varint(2n ** 62n);
const broken: [Buffer, string][] = [
  [Buffer.from([0x0a]), 'a field without its length'],
  [Buffer.from([0x0a, 2, 0x78]), 'a text that is cut short'],
  [Buffer.from([0x3a, 3, 0x0a, 2, 0x78]), 'a text that ends after its message'],
  [join(field(7, Buffer.from([0x0a, 9, 0x78])), field(1, 'x'.repeat(20))), 'one that would end in what follows'],
  [join(Buffer.from([0x0a]), HUGE, Buffer.from('x')), 'a length of exabytes'],
  [Buffer.from([0x0a, ...Array<number>(11).fill(0xff)]), 'a length without end'],
  [Buffer.from([0x20, ...Array<number>(20).fill(0x80)]), 'a number without end'],
  [Buffer.from([0x20, 0x80]), 'a number that is cut short'],
  [numberField(4, 2 ** 53), 'a number that would be rounded'],
  [Buffer.from([0x02, 1, 0x78]), 'field 0'],
  [Buffer.from([0x0b, 0x0c]), 'a group, which nobody writes any more'],
  [Buffer.from([0x0e, 1]), 'wire type 6'],
  [join(varint(2n ** 40n + 2n), varint(1), Buffer.from('x')), 'a field number out of reach'],
  [Buffer.from([0x49, 1, 2]), 'eight bytes that are two'],
  [numberField(1, 7), 'a number where a text should be'],
  [field(4, 'x'), 'a text where a number should be'],
  [Buffer.from([0x0d, 1, 2, 3, 4]), 'four bytes where a text should be'],
  [field(1, Buffer.from([0x78, 0xff])), 'a text that is no UTF-8'],
  [field(1, Buffer.from([0xed, 0xa0, 0x80])), 'half a surrogate pair'],
  [field(5, numberField(1, 253_402_300_800)), 'a time after the year 9999'],
  [field(5, numberField(1, -62_135_596_801n)), 'a time before the epoch'],
];
for (const [bytes, why] of broken)
  test(`refuses ${why}`, () => assert.throws(() => decodeMessage(OUTER, bytes), Broken));

test('bytes by chance are read or refused, and nothing else', () => {
  let seed = 1;
  const byte = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed >>> 24;
  };
  let read = 0;
  for (let round = 0; round < 20_000; round += 1) {
    const bytes = Buffer.from(Array.from({ length: byte() % 24 }, () => (byte() % 3 ? byte() % 70 : byte())));
    try {
      decodeMessage(OUTER, bytes);
      read += 1;
    } catch (error) {
      assert.ok(error instanceof Broken, String(error));
    }
  }
  assert.ok(read > 100);
});
