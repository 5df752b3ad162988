import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  comparisonsOf,
  contradictions,
  ENGINE,
  type Engine,
  flips,
  type Sample,
  samples,
  wronglyListed,
} from '../helpers/differential.ts';
import { importMutant, type Mutation } from '../helpers/mutate.ts';
import { MUTATIONS } from '../helpers/rbac-mutations.ts';
import { withControlPlane } from '../helpers/real.ts';
import { format, shrink } from '../helpers/shrink.ts';
import { type Stage, stage } from '../helpers/staging.ts';

const RBAC = join(import.meta.dirname, '../../src/rbac');
const mutant = (mutation: Mutation): Promise<Engine> => importMutant(RBAC, ['rbac.ts', 'subjects.ts'], mutation);

await withControlPlane({ controllers: [] }, async (plane) => {
  const played: Sample[] = [];
  const server = await stage(plane);

  test('random worlds: whom the API server allows, we allow, and nobody else', async (t) => {
    for await (const sample of samples(server, 1, 24_000)) {
      await agree(server, sample);
      played.push(sample);
    }
    const truths = played.flatMap((sample) => [...sample.truths, ...sample.lists.flatMap(({ holders }) => holders)]);
    const share = truths.filter(({ allowed }) => allowed).length / truths.length;
    const refused = played.reduce((sum, sample) => sum + sample.refused, 0);
    t.diagnostic(
      `${truths.length} comparisons, ${Math.round(share * 100)} % yes, ${played.length} worlds, ${refused} objects refused by the API`,
    );
    assert.ok(truths.length >= 20_000);
    assert.ok(share >= 0.3, `${share} of the truths are yes`);
  });

  test('each rule of the matcher decides alone, and each deliberate mistake is noticed', async (t) => {
    const survivors: string[] = [];
    for (const mutation of MUTATIONS) {
      const engine = await mutant(mutation);
      let decided = 0;
      const isEnough = (sample: Sample): boolean => {
        if (!mutation.rule) return isNoticed(engine, sample);
        decided += flips(engine, sample);
        return decided >= 50;
      };
      const worlds = played.findIndex(isEnough) + 1;
      if (mutation.rule)
        t.diagnostic(
          `${String(decided).padStart(6)} tuples of ${String(worlds || 'all').padStart(3)} worlds  ${mutation.name}`,
        );
      if (worlds === 0) survivors.push(`${mutation.name} (${decided})`);
    }
    t.diagnostic(`killed ${MUTATIONS.length - survivors.length} of ${MUTATIONS.length} mutants of the engine`);
    assert.deepEqual(survivors, []);
  });

  test('a contradiction is shrunk to the one role and binding that show it', async () => {
    const wrong = await mutant({
      ...{ name: 'pods/* as a wildcard', file: 'match.ts', from: 'resources.includes(`*/${subresource}`)' },
      to: 'resources.some((each) => each === `*/${subresource}` || each === `${resource}/*`)',
    });
    const sample = played.find((each) => contradictions(wrong, each).length > 0);
    const [found] = sample ? contradictions(wrong, sample) : [];
    assert.ok(sample && found);
    const { scene, contradiction } = await shrink(server, wrong, sample.generated, found.truth.tuple);
    assert.match(contradiction.why, /^the server says no .* we say yes$/);
    assert.equal(scene.bindings.length, 1);
    assert.deepEqual(
      scene.roles.map(({ rules }) => rules.map(({ resources }) => resources?.length)),
      [[1]],
    );
  });
});

await withControlPlane({ controllers: [], emulatedVersion: '1.34' }, (plane) => {
  test('random worlds on a server that behaves as 1.34', async (t) => {
    const server = await stage(plane);
    let comparisons = 0;
    for await (const sample of samples(server, 1001, 5_000)) {
      await agree(server, sample);
      comparisons += comparisonsOf(sample);
    }
    t.diagnostic(`${comparisons} comparisons`);
  });
});

async function agree(server: Stage, sample: Sample): Promise<void> {
  const [found] = contradictions(ENGINE, sample);
  if (found)
    assert.fail(
      `seed ${sample.generated.seed}:\n${format(await shrink(server, ENGINE, sample.generated, found.truth.tuple))}`,
    );
  assert.deepEqual(wronglyListed(ENGINE, sample), [], `seed ${sample.generated.seed}`);
}

const isNoticed = (engine: Engine, sample: Sample): boolean =>
  flips(engine, sample) > 0 || contradictions(engine, sample).length > 0 || wronglyListed(engine, sample).length > 0;
