import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatQuantity, parseQuantity } from '../../src/world/quantity.ts';

/** Billionths, as apimachinery's resource.ParseQuantity reads them; null where it refuses. */
const CASES: [text: string, nanos: string | null][] = [
  ['0', '0'],
  ['1', '1000000000'],
  ['+1', '1000000000'],
  ['-1', '-1000000000'],
  ['1.5', '1500000000'],
  ['.5', '500000000'],
  ['5.', '5000000000'],
  ['100m', '100000000'],
  ['1.5Gi', '1610612736000000000'],
  ['1e3', '1000000000000'],
  ['1E3', '1000000000000'],
  ['1e-3', '1000000'],
  ['12E', '12000000000000000000000000000'],
  ['E', '0'],
  ['Ei', null],
  ['Ki', '0'],
  ['m', '0'],
  ['-', '0'],
  ['+', '0'],
  ['1.0000000001', '1000000001'],
  ['-1.0000000001', '-1000000001'],
  ['1n', '1'],
  ['0.1n', '1'],
  ['9223372036854775807', '9223372036854775807000000000'],
  ['9223372036854775808', '9223372036854775808000000000'],
  ['8Ei', '9223372036854775807000000000'],
  ['16Ei', '9223372036854775807000000000'],
  ['9Ei', '9223372036854775807000000000'],
  ['1e30', '1000000000000000000000000000000000000000'],
  ['1ki', null],
  ['1K', null],
  ['1gi', null],
  ['1G', '1000000000000000000'],
  ['0x1', null],
  ['1 ', null],
  ['007', '7000000000'],
  ['1e+3', '1000000000000'],
  ['1Eix', null],
  ['1.5m', '1500000'],
  ['123456789012345678901234567890', '123456789012345678901234567890000000000'],
  [
    '1e99',
    '1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',
  ],
];
for (const [text, nanos] of CASES)
  test(`${JSON.stringify(text)} is ${nanos ?? 'no quantity'}`, () =>
    assert.equal(parseQuantity(text)?.toString() ?? null, nanos));

const WRITTEN: [nanos: bigint, isBinary: boolean, text: string][] = [
  [0n, false, '0'],
  [100_000_000n, false, '100m'],
  [1_536n * 1024n ** 2n * 1_000_000_000n, true, '1536Mi'],
  [1n, false, '1n'],
];
for (const [nanos, isBinary, text] of WRITTEN)
  test(`${nanos} billionths are written ${text}`, () => assert.equal(formatQuantity(nanos, isBinary), text));
