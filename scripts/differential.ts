/**
 * Compares the RBAC engine with a real API server on random worlds: `npm run differential -- 1000000 [--seed 7]
 * [--emulated-version 1.34]`. Ends with 1 and a minimal world where they disagree. The same seed plays the same worlds.
 */
import { parseArgs } from 'node:util';
import { startControlPlane } from '../test/helpers/control-plane.ts';
import { comparisonsOf, contradictions, ENGINE, samples, wronglyListed } from '../test/helpers/differential.ts';
import { format, shrink } from '../test/helpers/shrink.ts';
import { stage } from '../test/helpers/staging.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, 'emulated-version': { type: 'string' } },
});
const wanted = Number(positionals[0] ?? 100_000);
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
const emulatedVersion = values['emulated-version'];
if (!Number.isSafeInteger(wanted) || !Number.isSafeInteger(seed))
  throw new Error('usage: npm run differential -- COMPARISONS [--seed N]');

const plane = await startControlPlane({ controllers: [], ...(emulatedVersion ? { emulatedVersion } : {}) });
try {
  process.exitCode = await run();
} finally {
  await plane.stop();
}

async function run(): Promise<number> {
  const server = await stage(plane);
  const started = performance.now();
  let done = 0;
  let allowed = 0;
  let reported = 0;
  console.log(`seed ${seed}`);
  for await (const sample of samples(server, seed, wanted)) {
    done += comparisonsOf(sample);
    allowed +=
      sample.truths.filter((truth) => truth.allowed).length +
      sample.lists.flatMap(({ holders }) => holders).filter((each) => each.allowed).length;
    const [found] = contradictions(ENGINE, sample);
    if (found) {
      console.log(
        `seed ${sample.generated.seed}:\n${format(await shrink(server, ENGINE, sample.generated, found.truth.tuple))}`,
      );
      return 1;
    }
    const wrong = wronglyListed(ENGINE, sample);
    if (wrong.length > 0) {
      console.log(`seed ${sample.generated.seed}: wrong in a list of holders:\n${wrong.join('\n')}`);
      return 1;
    }
    if (done < wanted && done - reported < 20_000) continue;
    reported = done;
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(`${done} comparisons, ${Math.round((100 * allowed) / done)} % yes, 0 disagreements, ${seconds} s`);
  }
  return 0;
}
