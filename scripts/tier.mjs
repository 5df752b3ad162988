/** One tier of tests under Node's own runner, and the sum over all of them. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ROOT, step } from './step.mjs';
import { together } from './together.mjs';

/** What the tiers that have run add up to. */
export const total = { passed: 0, failed: 0, skipped: 0, reasons: [] };

/** Runs the test files of a tier and returns their tally (scripts/tally.mjs). Throws when a test fails or there is none. */
export async function runTests(tier, { coverage = false, inTens = false, env = {} } = {}) {
  const files = testFiles(tier);
  if (files.length === 0) throw new Error('there are no tests');
  const concurrency = availableParallelism() + (WAITING.includes(tier) ? 1 : 0);
  const options = { files: inTens ? together(files) : files, concurrency, timeout: TEN_MINUTES, coverage, tally: TALLY };
  rmSync(TALLY, { force: true });
  try {
    const output = await step(tier, 'node', ['scripts/run-tier.mjs', JSON.stringify(options)], {
      env: { NODE_COMPILE_CACHE: COMPILED, ...env },
    });
    console.log(output.match(/^ℹ \w+ [\d.]+$/gm).join('\n'));
  } finally {
    add(readTally());
  }
  return readTally();
}

/** Counts the files of a tier that can't run here as skipped. */
export function skipTests(tier, why) {
  console.log(`${tier} skipped`);
  add({ passed: 0, failed: 0, skipped: testFiles(tier).length, reasons: [`${tier}: ${why}`] });
}

/** Prints the percentage of lines that ran, of all that was loaded and of each folder that has a floor. Throws below the floor. */
export function checkCoverage(files) {
  const percent = (folder) => {
    const inside = files.filter(({ path }) => relative(ROOT, path).startsWith(`${folder}/`));
    const sum = (key) => inside.reduce((lines, file) => lines + file[key], 0);
    return inside.length > 0 ? (100 * sum('covered')) / sum('lines') : 0;
  };
  const folders = ['src', ...Object.keys(COVERED)];
  console.log(`coverage ${folders.map((folder) => `${folder} ${percent(folder).toFixed(1)} %`).join(', ')} of lines`);
  const low = Object.keys(COVERED).filter((folder) => percent(folder) < COVERED[folder]);
  if (low.length > 0) throw new Error(`too few lines covered: ${low.map((folder) => `${folder} needs ${COVERED[folder]} %`).join(', ')}`);
}

function testFiles(tier) {
  const files = readdirSync(join(ROOT, 'test'), { recursive: true })
    .filter((file) => file.endsWith('.test.ts'))
    .sort();
  const gone = SLOW.filter((file) => !files.includes(file));
  if (gone.length > 0) throw new Error(`no such test file: ${gone.join(', ')}`);
  const place = (file) => (SLOW.includes(file) ? SLOW.indexOf(file) : SLOW.length);
  const folder = (file) => APART.find((name) => file.startsWith(`${name}/`)) ?? 'unit';
  return files
    .filter((file) => folder(file) === tier)
    .sort((a, b) => place(a) - place(b))
    .map((file) => `test/${file}`);
}

function add(tally) {
  for (const key of ['passed', 'failed', 'skipped']) total[key] += tally[key];
  total.reasons.push(...tally.reasons);
}

/** Nothing where the runner itself fell over before the end. */
function readTally() {
  const written = existsSync(TALLY) ? readFileSync(TALLY, 'utf8') : '';
  return written === '' ? { passed: 0, failed: 0, skipped: 0, reasons: [], files: [] } : JSON.parse(written);
}

/** Slowest first: these begin before all others of their tier, so that none of them runs alone at its end. */
const SLOW = [
  ...['live/fault-matrix.test.ts', 'fuzz/fuzz.test.ts'],
  ...['questions/privileged-properties.test.ts', 'questions/privileged-mutations.test.ts', 'questions/properties.test.ts'],
  ...['runtime/escapes/mutations.test.ts', 'admission/reading/mutations.test.ts', 'questions/account-rights.test.ts'],
  ...['cluster/differential.test.ts', 'cluster/spawn-differential.test.ts', 'cluster/questions.test.ts', 'cluster/privileged.test.ts'],
  ...['cluster/pod-security-updates.test.ts', 'cluster/pod-security.test.ts', 'cluster/policies.test.ts', 'cluster/flags.test.ts'],
  ...['cli/kubeconfig.test.ts', 'cli/cluster.test.ts', 'cli/input-formats.test.ts', 'cli/same.test.ts', 'cli/answers.test.ts'],
];
/** Tiers whose tests wait for servers and for other programs: one file more at once keeps all processors busy. */
const WAITING = ['cluster', 'cli'];
/** Folders of test/ that are tiers of their own; all else is unit. */
const APART = ['cluster', 'cli', 'kernel'];
/** The least percentage of lines that the unit tests have to reach. */
const COVERED = { 'src/answer': 85, 'src/rbac': 85, 'src/world': 85 };
/** A test that hangs ends sometime; no test should come near. */
const TEN_MINUTES = 600_000;
/** What Node has compiled, so that each file does not begin with hundreds of modules. */
const COMPILED = join(ROOT, 'node_modules', '.cache', 'compiled');
const TALLY = join(tmpdir(), `whocan-escalate-tally-${process.pid}.json`);
process.once('exit', () => rmSync(TALLY, { force: true }));
