/**
 * What the single executable costs beside kubectl, on a real API server with a big cluster in it: wall time, CPU time and peak memory, as
 * medians of interleaved warm runs.
 *
 *   npm run bench -- [--quick] [--runs 10] [--strict] [--kubectl FILE] [--hold] [--admit]
 *
 *   --quick    20 namespaces in place of 500, to try the script
 *   --strict   ends with 1 where a target is missed
 *   --admit    only how fast parsed pods are answered for, which needs no API server
 *   --hold     keeps the cluster until interrupted, for a look with other tools
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ControlPlane, startControlPlane } from '../test/helpers/control-plane.ts';
import { load } from '../test/helpers/load.ts';
import { benchAdmit } from './bench/admit.ts';
import { type Case, casesFor, RAW_SOCKETS } from './bench/cases.ts';
import { type Cost, type Measure, measureIn, medianOf } from './bench/measure.ts';
import { benchCluster } from './bench/objects.ts';
import { isReached, type Row, report } from './bench/report.ts';
import { kubectlBinary } from './controlplane.mjs';

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    runs: { type: 'string', default: '10' },
    strict: { type: 'boolean', default: false },
    kubectl: { type: 'string' },
    hold: { type: 'boolean', default: false },
    admit: { type: 'boolean', default: false },
  },
});
const ROOT = join(import.meta.dirname, '..');
const EXECUTABLE = join(ROOT, 'dist', 'kubectl-whocan_escalate');
/** A shell's `$0` is kubectl here; fails where one of them does. */
const ALL_AT_ONCE = 'for path; do "$0" get --raw "$path" & all="$all $!"; done; for one in $all; do wait $one || exit 1; done';

const parsed = benchAdmit(Number(flags.runs));
console.log(parsed.line);
if (flags.strict && !parsed.reached) process.exitCode = 1;
if (flags.admit) process.exit();

execFileSync(process.execPath, [join(import.meta.dirname, 'build.ts')], { stdio: 'inherit' });
const kubectl = flags.kubectl ?? (await kubectlBinary());
if (typeof kubectl !== 'string') throw new Error(kubectl.missing);
const plane = await startControlPlane({ controllers: ['clusterrole-aggregation-controller'] });
try {
  const { rows, more } = await bench(plane, kubectl);
  console.log(report(rows));
  if (flags.strict && !rows.every(isReached)) process.exitCode = 1;
  if (!flags.hold) console.log(`\nWith five times as many pods:\n${report(await more())}`);
  if (flags.hold) await interrupted();
} finally {
  await plane.stop();
}

/** `more`: the same with five times as many pods, to see how the cost grows. */
async function bench({ dir, kubeconfigFile }: ControlPlane, kubectl: string): Promise<{ rows: Row[]; more: () => Promise<Row[]> }> {
  const { objects, asked, more } = benchCluster(flags.quick ? 20 : 500);
  const started = performance.now();
  await load(plane, objects);
  console.log(`${objects.length} objects loaded in ${Math.round((performance.now() - started) / 1000)} s`);
  console.log(execFileSync(kubectl, ['version', '--client'], { encoding: 'utf8' }).split('\n')[0]);
  if (flags.hold) console.log(`KUBECONFIG=${kubeconfigFile}`);

  // A home of its own, where kubectl may keep what it has discovered.
  const home = join(dir, 'home');
  mkdirSync(home);
  // As installed: what the build has written in one piece may be mapped in huge pages, which count for 40 MB that nobody uses.
  const ours = join(dir, basename(EXECUTABLE));
  copyFileSync(EXECUTABLE, ours);
  const measure = measureIn(dir, { PATH: process.env.PATH, HOME: home, KUBECONFIG: kubeconfigFile });
  const rows = await compare(measure, { ours, kubectl }, casesFor(asked));
  return {
    rows,
    more: async () => {
      await load(plane, more());
      return compare(measure, { ours, kubectl }, [{ ours: RAW_SOCKETS.ours, kubectl: RAW_SOCKETS.kubectl, target: null }]);
    },
  };
}

/** Each round runs all of them, so that a busy moment of the machine hits no one alone. The first warms up. */
async function compare(measure: Measure, programs: { ours: string; kubectl: string }, cases: readonly Case[]): Promise<Row[]> {
  const pairs = cases.map((each) => ({ ...each, ourCosts: [] as Cost[], kubectlCosts: [] as Cost[] }));
  for (let round = 0; round <= Number(flags.runs); round += 1) {
    for (const pair of pairs) {
      const ourCost = await measure(programs.ours, pair.ours);
      const kubectlCost = await (pair.lists
        ? measure('sh', ['-c', ALL_AT_ONCE, programs.kubectl, ...pair.lists])
        : measure(programs.kubectl, pair.kubectl));
      if (round === 0) continue;
      pair.ourCosts.push(ourCost);
      pair.kubectlCosts.push(kubectlCost);
    }
  }
  return pairs.map(({ ourCosts, kubectlCosts, ...each }) => ({
    ...each,
    ourCost: medianOf(ourCosts),
    kubectlCost: medianOf(kubectlCosts),
  }));
}

function interrupted(): Promise<void> {
  const forever = setInterval(() => {}, 2 ** 30);
  return new Promise((resolve) => process.once('SIGINT', () => resolve(clearInterval(forever))));
}
