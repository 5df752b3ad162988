import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { CHECKS } from '../../src/admission/pod-security/checks/index.ts';
import { importMutant } from '../helpers/mutate.ts';
import { type Amounts, generateCases, UPSTREAM } from '../helpers/pod-security/cases.ts';
import { compare, type Recorded } from '../helpers/pod-security/compare.ts';
import { MUTATIONS } from '../helpers/pod-security/mutations.ts';
import { makeNamespaces } from '../helpers/pod-security/stage.ts';
import type { Engine, Word } from '../helpers/pod-security/verdict.ts';
import { withControlPlane } from '../helpers/real.ts';

const ENGINE_FOLDER = join(import.meta.dirname, '../../src/admission/pod-security');
const NEWEST = { major: 1, minor: 37 };
const OLDER = { major: 1, minor: 34 };
const records: Recorded[] = [];

await withControlPlane({}, (plane) =>
  agree('1.37', () => played(plane, 1, NEWEST, { alone: 60, good: 1300, mixed: 600, invalid: 5 })),
);
await withControlPlane({ emulatedVersion: '1.34' }, (plane) => {
  agree('a server that behaves as 1.34', () =>
    played(plane, 2, OLDER, { alone: 35, good: 800, mixed: 400, invalid: 4 }),
  );

  test('a third is admitted, and each check refuses pods alone', (t) => {
    const admitted = records.filter(({ word }) => 'admitted' in word).length;
    const invalid = records.filter(({ word }) => 'invalid' in word).length;
    t.diagnostic(
      `${records.length} pods compared, ${admitted} admitted, ${invalid} invalid, ${records.length - admitted - invalid} refused`,
    );
    assert.ok(records.length >= 5_000 && admitted / records.length >= 0.3);
    for (const { id } of CHECKS) {
      const count = records.filter((record) => isDecidedBy(id, record)).length;
      t.diagnostic(`${String(count).padStart(6)} pods refused by ${id} alone`);
      assert.ok(count >= 50, `${id} decides ${count} alone`);
    }
  });

  test('each deliberate mistake is noticed', async (t) => {
    const valid = records.filter(({ word }) => !('invalid' in word));
    const survivors: string[] = [];
    for (const mutation of MUTATIONS) {
      const mutant = await importMutant<Engine>(ENGINE_FOLDER, ['evaluate.ts', 'labels.ts', 'layer.ts'], mutation);
      if (!valid.some((record) => !isDeepStrictEqual(replayed(mutant, record), record.word)))
        survivors.push(mutation.name);
    }
    t.diagnostic(`killed ${MUTATIONS.length - survivors.length} of ${MUTATIONS.length} mutants of the checks`);
    assert.deepEqual(survivors, []);
  });
});

function agree(what: string, play: () => Promise<Recorded[]>): void {
  test(`generated pods: what ${what} admits, refuses and calls invalid, so do we, in the same words`, async () => {
    records.push(...(await play()));
  });
}

async function played(
  plane: Parameters<typeof compare>[0],
  seed: number,
  server: typeof NEWEST,
  amounts: Amounts,
): Promise<Recorded[]> {
  await makeNamespaces(plane);
  return compare(plane, server, generateCases(seed, server, amounts));
}

/** HostProcess is never alone: the API wants the node's network with it. */
function isDecidedBy(id: string, { word, ours }: Recorded): boolean {
  const others = ours.violated.filter((each) => each !== id);
  const isAlone = others.length === 0 || (id === 'windowsHostProcess' && others.join() === 'hostNamespaces');
  return 'refused' in word && ours.violated.includes(id) && isAlone;
}

function replayed(engine: Engine, { set, ours, server }: Recorded): Word {
  const { enforce } = engine.levelOf(set.labels, { default: UPSTREAM });
  const evaluation = engine.evaluatePod(ours.defaulted, enforce.level, enforce.version, server);
  return evaluation.allowed ? { admitted: true } : { refused: engine.violationMessage(enforce, evaluation) };
}
