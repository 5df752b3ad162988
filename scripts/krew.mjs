/**
 * krew and the check that krew-index makes of manifests, built once from the Go module proxy, into the user's cache.
 *
 *   node scripts/krew.mjs      builds what is missing and prints where it is
 *
 * Plain JavaScript for Node 20.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { lock } from './lock.mjs';
import { cacheDirectory, isExecutable, onPath, orMissing } from './programs.mjs';

/** The version whose module the proxy has, by name. */
const VERSION = 'v0.4.3';

/** Paths of krew and validate-krew-manifest; `missing` says why there are none, and with CI=true it throws instead. */
export function krewTools() {
  return orMissing(async () => {
    const directory = cacheDirectory('krew', VERSION);
    const [krew, validator] = ['krew', 'validate-krew-manifest'].map((name) => join(directory, name));
    if (![krew, validator].every(isExecutable)) await build(directory);
    return { krew, validator };
  });
}

/** By a rename for each, so that an interrupted build leaves nothing that looks whole. */
async function build(directory) {
  if (!onPath('go')) throw new Error('Go not found on PATH, and krew has not been built yet');
  mkdirSync(directory, { recursive: true });
  const unlock = await lock(join(directory, 'lock'), (pid) => console.error(`krew: waiting for process ${pid}`));
  const partial = join(directory, `partial-${process.pid}`);
  try {
    for (const name of ['krew', 'validate-krew-manifest']) {
      if (isExecutable(join(directory, name))) continue;
      console.error(`krew: ${name} is being built, once for this machine`);
      // Neither another workspace nor another toolchain than the one that is there.
      const env = { ...process.env, GOBIN: partial, CGO_ENABLED: '0', GOWORK: 'off', GOTOOLCHAIN: 'local' };
      const args = ['install', '-trimpath', '-ldflags', '-s -w', `sigs.k8s.io/krew/cmd/${name}@${VERSION}`];
      await promisify(execFile)('go', args, { env, maxBuffer: 1e8 });
      renameSync(join(partial, name), join(directory, name));
    }
  } finally {
    rmSync(partial, { recursive: true, force: true });
    unlock();
  }
}

if (process.argv[1] === import.meta.filename) {
  const found = await krewTools();
  console.log(found.missing ? `not available: ${found.missing}` : Object.values(found).join('\n'));
}
