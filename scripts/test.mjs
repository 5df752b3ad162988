/**
 * `npm test`: installs what is missing, then every check and every tier that can run here, up to the first step that
 * fails.
 *
 *   node scripts/test.mjs [STEP…]    only these: lint types imports exports unit kernel build cluster cli release
 *
 * With CI=true the tiers against the real kernel and a real API server have to run.
 */
import { delimiter, dirname, join } from 'node:path';
import { controlPlaneBinaries, kubectlBinary } from './controlplane.mjs';
import { install } from './install.mjs';
import { kernelTools } from './kernel.mjs';
import { PATH, ROOT, StepFailed, step } from './step.mjs';
import { checkCoverage, runTests, skipTests, total } from './tier.mjs';

/** In order; the steps of one row run at once. */
const STEPS = [
  {
    lint: () => step('lint', 'biome', ['check', '--error-on-warnings', '.']),
    types: () => step('types', 'tsc', ['--noEmit']),
    imports: () =>
      step('imports', 'depcruise', ['src', '--output-type', 'err', '--cache', CRUISED, '--cache-strategy', 'content']),
    exports: () => step('exports', 'knip', ['--no-progress']),
  },
  { unit },
  { kernel: () => runWith(kernelTools, 'kernel') },
  { build: () => step('build', 'node', ['scripts/build.ts']) },
  { cluster: () => runWith(controlPlaneBinaries, 'cluster') },
  { cli },
  { release },
];

/** What dependency-cruiser knows of files that have not changed. */
const CRUISED = join(ROOT, 'node_modules', '.cache', 'depcruise');
const asked = process.argv.slice(2);
const rows = STEPS.map((row) => Object.entries(row).filter(([name]) => asked.length === 0 || asked.includes(name)));
const unknown = asked.filter((name) => !STEPS.some((row) => name in row));
const failed = [];

if (unknown.length > 0) throw new Error(`no such step: ${unknown.join(', ')}`);
await attempt(['install', install]);
while (rows.length > 0 && failed.length === 0) await Promise.all(rows.shift().map(attempt));
summarize();

async function unit() {
  const { files } = await runTests('unit', { coverage: true, inTens: true });
  checkCoverage(files);
}

/** Runs a tier where what it needs is to be had. */
async function runWith(find, tier) {
  const { missing } = await find();
  if (missing) return skipTests(tier, missing);
  const { skipped } = await runTests(tier);
  if (skipped > 0 && process.env.CI === 'true') throw new Error('with CI=true none of these may be skipped');
}

/** The built executable on PATH, where a real kubectl finds it. */
async function cli() {
  const kubectl = await kubectlBinary();
  if (kubectl.missing) return skipTests('cli', kubectl.missing);
  await runTests('cli', { env: { PATH: [join(ROOT, 'dist'), PATH, dirname(kubectl)].join(delimiter) } });
}

/** The release, made once for these tests, as krew installs it: see test/helpers/released.ts. */
async function release() {
  const kubectl = await kubectlBinary();
  if (kubectl.missing) return skipTests('release', kubectl.missing);
  const released = join(ROOT, 'dist', 'tested');
  const output = await step('archives', 'node', ['scripts/release.ts', '--out', released]);
  console.log(output.match(/^\S+\/\S+ +archive .*$/gm).join('\n'));
  const env = { RELEASED: released, PATH: [PATH, dirname(kubectl)].join(delimiter) };
  const { skipped } = await runTests('release', { env });
  if (skipped > 0 && process.env.CI === 'true') throw new Error('with CI=true none of these may be skipped');
}

async function attempt([name, run]) {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof StepFailed)) console.log(`${name}: ${error.message}`);
    failed.push(name);
  }
}

function summarize() {
  process.exitCode = failed.length > 0 ? 1 : 0;
  const notRun = rows.flat().map(([name]) => name);
  const { passed, skipped, reasons } = total;
  for (const reason of new Set(reasons)) console.log(`skipped: ${reason}`);
  if (failed.length > 0)
    console.log(`failed: ${failed.join(', ')}${notRun.length > 0 ? `; not run: ${notRun.join(', ')}` : ''}`);
  // A check that fails is no test, but must not end in "0 failed".
  console.log(`${passed} passed, ${Math.max(total.failed, failed.length)} failed, ${skipped} skipped`);
}
