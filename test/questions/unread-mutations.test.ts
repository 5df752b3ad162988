import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { importMutant, type Mutation } from '../helpers/mutate.ts';
import { MUTATIONS } from './unread-mutations.ts';
import { type Engine, ROWS, type Row } from './unread-scenes.ts';

const SRC = join(import.meta.dirname, '../../src');
const ENTRIES = [
  ...[
    'questions/index.ts',
    'questions/privileged/privileged.ts',
    'questions/holders/unread-rights.ts',
    'questions/ask.ts',
  ],
  ...['world/world.ts', 'cluster/input/file-source.ts', 'cluster/input/manifests.ts'],
];
const VERSION = "apiVersion: 'whocan-escalate/v1alpha1'";
const NOTHING: Mutation = { name: 'nothing', file: 'questions/build.ts', from: VERSION, to: VERSION };

test('without a mistake all is said as it should be', async (t) => {
  const engine = await importMutant<Engine>(SRC, ENTRIES, NOTHING);
  for (const { why, said, expected } of ROWS)
    await t.test(`${why}: ${expected}`, async () => assert.equal(await said(engine), expected));
});

test('each deliberate mistake is noticed by a scene', async (t) => {
  const survivors: string[] = [];
  for (const mutation of MUTATIONS)
    if (!(await isNoticed(await importMutant<Engine>(SRC, ENTRIES, mutation))))
      survivors.push(`${mutation.file}: ${mutation.name}`);
  t.diagnostic(`killed ${MUTATIONS.length - survivors.length} of ${MUTATIONS.length} mutants`);
  assert.deepEqual(survivors, []);
});

/** One row notices several mistakes, and they stand together: the last that did is tried first. */
const order: Row[] = [...ROWS];

async function isNoticed(engine: Engine): Promise<boolean> {
  for (const row of order) {
    if (await isRight(row, engine)) continue;
    order.splice(order.indexOf(row), 1);
    order.unshift(row);
    return true;
  }
  return false;
}

async function isRight({ said, expected }: Row, engine: Engine): Promise<boolean> {
  try {
    return (await said(engine)) === expected;
  } catch {
    return false;
  }
}
