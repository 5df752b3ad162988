/**
 * The binaries that the tests against a real API server run, built once from the Go module in
 * test/cluster/controlplane.
 *
 *   node scripts/controlplane.mjs      builds what is missing and prints where it is
 *
 * They are kept in $XDG_CACHE_HOME/kubectl-whocan-escalate/controlplane/<hash of go.sum>, one rename a binary, so that
 * an interrupted build leaves nothing that looks whole. A directory named by KUBEBUILDER_ASSETS wins. Plain JavaScript
 * without dependencies: it also runs before `npm ci`, on Node 20.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, lock } from './lock.mjs';
import { cacheDirectory, isExecutable, onPath, orMissing } from './programs.mjs';

const MODULE = join(import.meta.dirname, '..', 'test', 'cluster', 'controlplane');
const PACKAGES = {
  etcd: './etcd',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
  kubectl: 'k8s.io/kubernetes/cmd/kubectl',
};
const HEARTBEAT = 15_000;

/**
 * Paths of etcd, kube-apiserver and kube-controller-manager; builds those that the cache lacks, telling stderr how it
 * goes. Where that is impossible: `missing` says why, and with CI=true it throws instead, because there the tests must
 * run.
 */
export function controlPlaneBinaries() {
  return orMissing(async () => {
    const names = ['etcd', 'kube-apiserver', 'kube-controller-manager'];
    const assets = process.env.KUBEBUILDER_ASSETS;
    const absent = assets ? names.filter((name) => !isExecutable(join(assets, name))) : [];
    if (absent.length > 0) throw new Error(`KUBEBUILDER_ASSETS (${assets}) has no ${absent.join(', ')}`);
    const directory = assets || (await built(names));
    const [etcd, apiserver, controllerManager] = names.map((name) => join(directory, name));
    return { etcd, apiserver, controllerManager };
  });
}

/** Path of a real kubectl: the one on PATH, else one built beside the control plane; `missing` and CI as above. */
export function kubectlBinary() {
  return orMissing(async () => onPath('kubectl') ?? join(await built(['kubectl']), 'kubectl'));
}

/** The cache directory, after building those of `names` that it lacks. */
async function built(names) {
  const hash = createHash('sha256')
    .update(readFileSync(join(MODULE, 'go.sum')))
    .digest('hex')
    .slice(0, 16);
  const directory = cacheDirectory('controlplane', hash);
  const lacking = () => names.filter((name) => !isExecutable(join(directory, name)));
  if (lacking().length === 0) return directory;
  if (!onPath('go')) throw new Error('Go not found on PATH, and the test control plane has not been built yet');
  mkdirSync(directory, { recursive: true });
  const unlock = await lock(join(directory, 'lock'), (pid) =>
    console.error(`control plane: waiting for process ${pid}, which builds it`),
  );
  try {
    sweep(directory);
    for (const name of lacking()) await build(name, directory);
  } finally {
    unlock();
  }
  return directory;
}

/** What interrupted builds left behind. */
function sweep(directory) {
  for (const name of readdirSync(directory)) {
    const owner = /\.partial-(\d+)/.exec(name)?.[1];
    if (owner && !isAlive(Number(owner))) rmSync(join(directory, name), { recursive: true, force: true });
  }
}

async function build(name, directory) {
  const partial = join(directory, `${name}.partial-${process.pid}`);
  const [version, major, minor] =
    /k8s\.io\/kubernetes v(\d+)\.(\d+)\.\d+/.exec(readFileSync(join(MODULE, 'go.mod'), 'utf8')) ?? [];
  const stamps = { gitVersion: version?.split(' ')[1], gitMajor: major, gitMinor: minor };
  const stamp = Object.entries(stamps).map(([key, value]) => `-X k8s.io/component-base/version.${key}=${value}`);
  const started = Date.now();
  const say = (what) =>
    console.error(`control plane: ${name} ${what} (${Math.round((Date.now() - started) / 1000)} s)`);
  say('is being built, once for this machine');
  const heartbeat = setInterval(say, HEARTBEAT, 'is still being built');
  try {
    await go(
      'build',
      ...moduleFlags(name, partial),
      '-trimpath',
      '-ldflags',
      `-s -w ${stamp.join(' ')}`,
      '-o',
      partial,
      PACKAGES[name],
    );
    renameSync(partial, join(directory, name));
    say('done');
  } finally {
    clearInterval(heartbeat);
    for (const suffix of ['', '.mod', '.sum']) rmSync(partial + suffix, { force: true });
  }
}

/**
 * The module doesn't list the checksums of what kubectl alone needs: a copy of it takes them from Go's checksum
 * database.
 */
function moduleFlags(name, partial) {
  if (name !== 'kubectl') return [];
  for (const suffix of ['.mod', '.sum']) copyFileSync(join(MODULE, `go${suffix}`), partial + suffix);
  return ['-mod=mod', `-modfile=${partial}.mod`];
}

/** Runs Go in the module; throws with what it complained of, in one line. */
async function go(...args) {
  const child = spawn('go', args, {
    cwd: MODULE,
    env: { ...process.env, CGO_ENABLED: '0' },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const stop = () => child.kill();
  process.once('exit', stop);
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  process.off('exit', stop);
  if (code === 0) return;
  const complaints = errors.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('go: downloading'));
  throw new Error(`go ${args[0]} failed: ${complaints.slice(0, 3).join('; ')}`);
}

if (process.argv[1] === import.meta.filename) {
  const found = [await controlPlaneBinaries(), await kubectlBinary()];
  for (const each of found)
    console.log(
      each.missing
        ? `not available: ${each.missing}`
        : Object.values(typeof each === 'string' ? [each] : each).join('\n'),
    );
}
