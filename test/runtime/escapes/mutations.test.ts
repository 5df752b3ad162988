import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { escapesOf } from '../../../src/runtime/escapes/escapes-of.ts';
import { importMutant, type Mutation } from '../../helpers/mutate.ts';
import { recentFirst } from '../../helpers/recent-first.ts';
import { MUTATIONS } from './mutations.ts';
import { place, told } from './pods.ts';
import { TRAPS } from './traps.ts';

const SRC = join(import.meta.dirname, '../../../src');
const ENTRY = 'runtime/escapes/escapes-of.ts';

interface Judge {
  escapesOf: typeof escapesOf;
}

const mutant = (mutation: Mutation): Promise<Judge> => importMutant<Judge>(SRC, [ENTRY], mutation);

const findTrap = recentFirst(Object.values(TRAPS).flat());

/** A trap in which the mutant says otherwise; null where it falls into none. */
function noticed({ escapesOf: find }: Judge): string | null {
  try {
    return findTrap(([, pod, id, expected, where]) => told(find(pod, place(where)), id) !== expected)?.[0] ?? null;
  } catch (error) {
    return String(error);
  }
}

test('without a mistake no trap is fallen into', async () => {
  const nothing: Mutation = {
    name: 'nothing',
    file: ENTRY,
    from: 'export function escapesOf',
    to: 'export function escapesOf',
  };
  assert.equal(noticed(await mutant(nothing)), null);
});

test('each deliberate mistake is noticed by a trap', async (t) => {
  const survivors: string[] = [];
  for (const mutation of MUTATIONS)
    if (noticed(await mutant(mutation)) === null) survivors.push(`${mutation.file}: ${mutation.name}`);
  t.diagnostic(`killed ${MUTATIONS.length - survivors.length} of ${MUTATIONS.length} mutants`);
  assert.deepEqual(survivors, []);
});
