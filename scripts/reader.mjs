/**
 * The program that tells the tests what an executable is, built once from test/release/reader into the user's cache,
 * keyed by its sources. Plain JavaScript for Node 20.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory, isExecutable, onPath, orMissing } from './programs.mjs';

/** Its path; `missing` says why there is none, and with CI=true it throws instead. */
export function executableReader() {
  return orMissing(async () => {
    const hash = createHash('sha256').update(process.arch);
    for (const name of readdirSync(MODULE).sort()) hash.update(readFileSync(join(MODULE, name)));
    const path = join(cacheDirectory('reader', hash.digest('hex').slice(0, 16)), 'reader');
    if (!isExecutable(path)) await build(path);
    return { reader: path };
  });
}

/** By one rename, so that an interrupted build leaves nothing that looks whole. */
async function build(path) {
  if (!onPath('go')) throw new Error('Go not found on PATH, and the reader of executables has not been built yet');
  const partial = `${path}.partial-${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  try {
    const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOTOOLCHAIN: 'local' };
    await promisify(execFile)('go', ['build', '-trimpath', '-buildvcs=false', '-o', partial, '.'], {
      cwd: MODULE,
      env,
    });
    renameSync(partial, path);
  } finally {
    rmSync(partial, { force: true });
  }
}

const MODULE = join(import.meta.dirname, '..', 'test', 'release', 'reader');
