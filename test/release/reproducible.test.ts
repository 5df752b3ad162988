import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { hostPlatform, nameOf } from '../../scripts/build/platforms.ts';
import { RELEASED, sha256, temporary } from '../helpers/released.ts';

/*
 * The release once more, from a copy of the repository in another folder, with another home, umask, locale and time
 * zone. It takes as long as the first, so that everywhere but in CI it is made for this machine alone.
 */

const ROOT = join(import.meta.dirname, '../..');
const isWhole = process.env.CI === 'true';

describe('the same commit makes the same bytes', () => {
  const copy = join(temporary, 'elsewhere', 'a copy');
  const out = join(temporary, 'again');

  test(isWhole ? 'for all platforms' : `for ${nameOf(hostPlatform())}`, async (context) => {
    if (!isWhole)
      context.diagnostic('the other platforms, the npm package and the manifests are compared with CI=true');
    copyRepository(copy);
    const only = isWhole ? [] : ['--platform', nameOf(hostPlatform())];
    // Runtimes are fetched, if at all, to where they are for the first; all that is made of them is made anew.
    const env = { ...process.env, LANG: 'C', TZ: 'Asia/Kathmandu' };
    const node = join(copy, 'node_modules', '.bin', 'node');
    await promisify(execFile)(
      'sh',
      ['-c', 'umask 077; exec "$@"', 'sh', node, 'scripts/release.ts', '--out', out, ...only],
      { cwd: copy, env },
    );
    const made = readdirSync(out).filter((name) => isWhole || name.endsWith('.tar.gz') || name.endsWith('.tgz'));
    assert.equal(made.length, isWhole ? 8 : 2, made.join(', '));
    for (const name of made)
      assert.equal(sha256(readFileSync(join(out, name))), sha256(readFileSync(join(RELEASED, name))), name);
  });
});

/** With what is not committed yet, and links to the packages that are installed. */
function copyRepository(to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  const git = (...args: string[]) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' });
  git('clone', '--quiet', '--no-hardlinks', ROOT, to);
  const changed = git('ls-files', '-z', '--modified', '--others', '--exclude-standard').split('\0').filter(Boolean);
  for (const name of changed) {
    if (!existsSync(join(ROOT, name))) rmSync(join(to, name), { force: true });
    else {
      mkdirSync(join(to, dirname(name)), { recursive: true });
      copyFileSync(join(ROOT, name), join(to, name));
    }
  }
  cpSync(join(ROOT, 'node_modules'), join(to, 'node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.startsWith(join(ROOT, 'node_modules', '.cache')),
  });
  mkdirSync(join(to, 'node_modules', '.cache'));
}
