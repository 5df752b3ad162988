/** One tier of tests under Node's own runner, and the sum over all of them. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isCovered } from './covered.mjs';
import { ROOT, step } from './step.mjs';
import { together } from './together.mjs';

/** What the tiers that have run add up to. */
export const total = { passed: 0, failed: 0, skipped: 0, reasons: [] };

/**
 * Runs the test files of a tier and returns their tally (scripts/tally.mjs). Throws when a test fails or there is none.
 */
export async function runTests(tier, { coverage = false, inTens = false, env = {} } = {}) {
  const files = testFiles(tier);
  if (files.length === 0) throw new Error('there are no tests');
  const concurrency = availableParallelism() + (WAITING.includes(tier) ? 1 : 0);
  const options = {
    files: inTens ? together(files, isCovered) : files,
    concurrency,
    timeout: process.env.CI === 'true' ? HALF_AN_HOUR : TEN_MINUTES,
    execArgv: EXEC_ARGV,
    coverage,
    tally: TALLY,
  };
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

/**
 * Prints the percentage of lines that ran, of each folder that has a floor, and throws below the floor. The lines of a
 * file that was not loaded did not run, unless it holds nothing but types.
 */
export function checkCoverage(files) {
  const ran = new Map(files.map((file) => [relative(ROOT, file.path), file]));
  const percent = (folder) => {
    const paths = readdirSync(join(ROOT, folder), { recursive: true }).filter(
      (file) => file.endsWith('.ts') && hasCode(join(ROOT, folder, file)),
    );
    const inside = paths.map(
      (path) => ran.get(join(folder, path)) ?? { lines: linesOf(join(ROOT, folder, path)), covered: 0 },
    );
    const sum = (key) => inside.reduce((lines, file) => lines + file[key], 0);
    return (100 * sum('covered')) / sum('lines');
  };
  const reached = Object.entries(COVERED).map(([folder, floor]) => ({ folder, floor, lines: percent(folder) }));
  console.log(`coverage ${reached.map(({ folder, lines }) => `${folder} ${lines.toFixed(1)} %`).join(', ')} of lines`);
  const low = reached.filter(({ floor, lines }) => lines < floor);
  if (low.length > 0)
    throw new Error(
      `too few lines covered: ${low.map(({ folder, floor }) => `${folder} needs ${floor} %`).join(', ')}`,
    );
}

const hasCode = (path) => /^(?:export )?(?:async )?(?:const|function|class) /m.test(readFileSync(path, 'utf8'));
const linesOf = (path) => readFileSync(path, 'utf8').split('\n').length;

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
  ...[
    'questions/privileged-properties.test.ts',
    'questions/privileged-mutations.test.ts',
    'questions/properties.test.ts',
  ],
  ...[
    'runtime/escapes/mutations.test.ts',
    'admission/request/reading/mutations.test.ts',
    'questions/account-rights.test.ts',
  ],
  ...[
    'cluster/differential.test.ts',
    'cluster/spawn-differential.test.ts',
    'cluster/questions.test.ts',
    'cluster/privileged.test.ts',
  ],
  ...[
    'cluster/pod-security-updates.test.ts',
    'cluster/pod-security.test.ts',
    'cluster/policies.test.ts',
    'cluster/flags.test.ts',
  ],
  ...[
    'cli/kubeconfig.test.ts',
    'cli/cluster.test.ts',
    'cli/input-formats.test.ts',
    'cli/same.test.ts',
    'cli/answers.test.ts',
  ],
  ...['release/reproducible.test.ts', 'release/installed.test.ts'],
];
/** Tiers whose tests wait for servers and for other programs: one file more at once keeps all processors busy. */
const WAITING = ['cluster', 'cli', 'release'];
/** Folders of test/ that are tiers of their own; all else is unit. */
const APART = ['cluster', 'cli', 'kernel', 'release'];
/** The least percentage of lines that the unit tests have to reach. */
const COVERED = { 'src/answer': 85, 'src/rbac': 85, 'src/world': 85 };
/** A test that hangs ends sometime; no test should come near. */
const TEN_MINUTES = 600_000;
/** With CI=true more is tried, by one file after the other. */
const HALF_AN_HOUR = 1_800_000;
/** A larger nursery, so that less garbage is copied; and coverage only where it is asserted. */
const EXEC_ARGV = ['--max-semi-space-size=64', '--import', pathToFileURL(join(ROOT, 'scripts', 'uncovered.mjs')).href];
/** What Node has compiled, so that each file does not begin with hundreds of modules. */
const COMPILED = join(ROOT, 'node_modules', '.cache', 'compiled');
const TALLY = join(tmpdir(), `whocan-escalate-tally-${process.pid}.json`);
process.once('exit', () => rmSync(TALLY, { force: true }));
