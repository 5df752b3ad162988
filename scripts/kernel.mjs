/**
 * What the tests against the real kernel run: runc, and the probe of test/kernel/probe.
 *
 *   node scripts/kernel.mjs      gets what is missing and prints where it is
 *
 * runc is the system's; with CI=true it is installed where apt is. The probe is built once, into the user's cache,
 * keyed by its sources. Plain JavaScript for Node 20.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory, isExecutable, onPath, orMissing } from './programs.mjs';
import { step } from './step.mjs';

/**
 * Paths of runc and the probe. Where there can be no containers: `missing` says why, and with CI=true it throws
 * instead.
 */
export function kernelTools() {
  return orMissing(async () => {
    if (process.platform !== 'linux') throw new Error('not Linux');
    if (process.getuid() !== 0) throw new Error('not root');
    const tools = { runc: runcOnPath() ?? (await installRunc()), probe: await probe() };
    await tryNamespaces();
    return tools;
  });
}

/** Where Debian puts it may not be on the PATH of a root that did not log in. */
function runcOnPath() {
  return onPath('runc', ['/usr/sbin', '/sbin']);
}

async function installRunc() {
  if (process.env.CI !== 'true' || !onPath('apt-get')) throw new Error('runc is not installed: apt install runc');
  await step('runc', 'sh', ['-c', INSTALL], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
  return runcOnPath();
}

async function probe() {
  const hash = createHash('sha256').update(process.arch);
  for (const name of readdirSync(MODULE).sort()) hash.update(readFileSync(join(MODULE, name)));
  const path = join(cacheDirectory('probe', hash.digest('hex').slice(0, 16)), 'probe');
  if (!isExecutable(path)) await build(path);
  return path;
}

/** By one rename, so that an interrupted build leaves nothing that looks whole. */
async function build(path) {
  if (!onPath('go')) throw new Error('Go not found on PATH, and the probe has not been built yet');
  const partial = `${path}.partial-${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  try {
    // Neither another workspace nor another toolchain than the one that is there.
    const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOTOOLCHAIN: 'local' };
    await run('go', ['build', '-trimpath', '-buildvcs=false', '-ldflags', '-s -w', '-o', partial, '.'], {
      cwd: MODULE,
      env,
    });
    renameSync(partial, path);
  } finally {
    rmSync(partial, { force: true });
  }
}

/** Being root is not enough in a container that may not make others. */
async function tryNamespaces() {
  try {
    await run('unshare', ['--mount', '--net', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']);
  } catch (error) {
    throw new Error(`no containers can be made here: ${error.stderr?.trim() || error.message}`);
  }
}

const run = promisify(execFile);
const MODULE = join(import.meta.dirname, '..', 'test', 'kernel', 'probe');
/** Mirrors are away for a moment, and another apt may hold its locks. */
const INSTALL = `
for attempt in 1 2 3; do
  apt-get -o Acquire::Retries=3 update
  apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends runc && exit 0
  sleep 5
done
exit 1
`;

if (process.argv[1] === import.meta.filename) {
  const found = await kernelTools();
  console.log(found.missing ? `not available: ${found.missing}` : Object.values(found).join('\n'));
}
