/**
 * What the single executable costs beside kubectl, on a real API server with a cluster in it: wall time, CPU time and
 * peak memory, as medians of interleaved warm runs. There are three clusters, one after the other: a small one, that of a
 * big company, and one in which many hold the right.
 *
 *   npm run bench -- [TEXT…] [--quick] [--runs 10] [--strict] [--kubectl FILE] [--cluster NAME] [--hold] [--admit]
 *
 *   TEXT       runs only the cases whose command line contains one of these
 *   --quick    20 namespaces in place of 500, to try the script
 *   --strict   ends with 1 where a target is missed
 *   --cluster  only this one: small, company or crowd
 *   --admit    only how fast parsed pods are answered for, which needs no API server
 *   --hold     keeps the first cluster that is loaded until interrupted, for a look with other tools
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ControlPlane, startControlPlane } from '../test/helpers/control-plane.ts';
import { load } from '../test/helpers/load.ts';
import { benchAdmit } from './bench/admit.ts';
import { type Case, companyCases, crowdCases, RAW_SOCKETS, smallCases } from './bench/cases.ts';
import { crowdedCluster } from './bench/crowd.ts';
import { type Cost, type Measure, measureIn, medianOf } from './bench/measure.ts';
import { benchCluster } from './bench/objects.ts';
import { isReached, type Row, report } from './bench/report.ts';
import { kubectlBinary } from './controlplane.mjs';

const { values: flags, positionals: texts } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    runs: { type: 'string', default: '10' },
    strict: { type: 'boolean', default: false },
    kubectl: { type: 'string' },
    cluster: { type: 'string' },
    hold: { type: 'boolean', default: false },
    admit: { type: 'boolean', default: false },
  },
});
const ROOT = join(import.meta.dirname, '..');
const EXECUTABLE = join(ROOT, 'dist', 'kubectl-whocan_escalate');
/** A shell's `$0` is kubectl here; fails where one of them does. */
const ALL_AT_ONCE =
  'for path; do "$0" get --raw "$path" & all="$all $!"; done; for one in $all; do wait $one || exit 1; done';

const CLUSTERS = [
  { name: 'small', title: 'A small cluster', make: () => benchCluster(5), casesFor: smallCases },
  { name: 'company', title: 'The cluster of a big company', make: benchCluster, casesFor: companyCases },
  { name: 'crowd', title: 'A cluster in which many hold the right', make: crowdedCluster, casesFor: crowdCases },
];
const isAsked = ({ ours }: Case) => texts.length === 0 || texts.some((text) => ours.join(' ').includes(text));

if (flags.cluster !== undefined && !CLUSTERS.some(({ name }) => name === flags.cluster)) {
  throw new Error(`no cluster is called ${flags.cluster}, only ${CLUSTERS.map(({ name }) => name).join(' and ')}`);
}
if (flags.admit || texts.length === 0) {
  const parsed = benchAdmit(Number(flags.runs));
  console.log(parsed.line);
  if (flags.strict && !parsed.reached) process.exitCode = 1;
  if (flags.admit) process.exit();
}

execFileSync(process.execPath, [join(import.meta.dirname, 'build.ts')], { stdio: 'inherit' });
const found = flags.kubectl ?? (await kubectlBinary());
if (typeof found !== 'string') throw new Error(found.missing);
const theirs = found;
console.log(execFileSync(theirs, ['version', '--client'], { encoding: 'utf8' }).split('\n')[0]);

const chosen = CLUSTERS.map(({ make, casesFor, ...each }) => {
  const { objects, asked, more } = make(flags.quick ? 20 : 500);
  return { ...each, objects, cases: casesFor(asked).filter(isAsked), more };
}).filter(({ name, cases }) => (flags.cluster ?? name) === name && cases.length > 0);
if (chosen.length === 0) throw new Error(`no case contains ${texts.join(' or ')}`);
for (const each of flags.hold ? chosen.slice(0, 1) : chosen) await bench(each);

/**
 * Loads it into an API server of its own and prints what its cases cost; then the same with five times as many pods, to
 * see how the cost grows.
 */
async function bench({ title, objects, cases, more }: (typeof chosen)[number]): Promise<void> {
  const plane = await startControlPlane({ controllers: ['clusterrole-aggregation-controller'] });
  try {
    const started = performance.now();
    await load(plane, objects);
    console.log(
      `\n${title}: ${objects.length} objects loaded in ${Math.round((performance.now() - started) / 1000)} s`,
    );
    if (flags.hold) console.log(`KUBECONFIG=${plane.kubeconfigFile}`);
    const programs = programsFor(plane);
    const rows = await compare(programs, cases);
    console.log(report(rows));
    if (flags.strict && !rows.every(isReached)) process.exitCode = 1;
    if (more && !flags.hold && isAsked(RAW_SOCKETS)) {
      await load(plane, more());
      const { ours, kubectl } = RAW_SOCKETS;
      console.log(
        `\nWith five times as many pods:\n${report(await compare(programs, [{ ours, kubectl, target: null }]))}`,
      );
    }
    if (flags.hold) await interrupted();
  } finally {
    await plane.stop();
  }
}

type Programs = { measure: Measure; ours: string };

function programsFor({ dir, kubeconfigFile }: ControlPlane): Programs {
  // A home of its own, where kubectl may keep what it has discovered.
  const home = join(dir, 'home');
  mkdirSync(home);
  // As installed: what the build has written in one piece may be mapped in huge pages, which count for 40 MB that
  // nobody uses.
  const ours = join(dir, basename(EXECUTABLE));
  copyFileSync(EXECUTABLE, ours);
  return { measure: measureIn(dir, { PATH: process.env.PATH, HOME: home, KUBECONFIG: kubeconfigFile }), ours };
}

/** Each round runs all of them, so that a busy moment of the machine hits no one alone. The first warms up. */
async function compare({ measure, ours }: Programs, cases: readonly Case[]): Promise<Row[]> {
  const pairs = cases.map((each) => ({ ...each, ourCosts: [] as Cost[], kubectlCosts: [] as Cost[] }));
  for (let round = 0; round <= Number(flags.runs); round += 1) {
    for (const pair of pairs) {
      const ourCost = await measure(ours, pair.ours);
      const kubectlCost = await (pair.lists
        ? measure('sh', ['-c', ALL_AT_ONCE, theirs, ...pair.lists])
        : measure(theirs, pair.kubectl));
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
