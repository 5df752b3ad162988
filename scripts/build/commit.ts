import { execFileSync } from 'node:child_process';

/** The commit that is built, with `-dirty` where files differ from it; `unknown` where there is no repository. */
export function currentCommit(root: string): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--exclude=*', '--abbrev=12'], {
      cwd: root,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  } catch {
    return 'unknown';
  }
}
