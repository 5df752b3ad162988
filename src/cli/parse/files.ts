import { type LevelVersion, levelFlag, levelVersionFlag } from '../../admission/pod-security/level.ts';
import { usageError } from '../../answer/user-error.ts';
import type { Values } from './parser.ts';
import { splitLists } from './split-lists.ts';

/** What `admit` is asked about: `-f a.yaml,b.yaml -f dir`, and at which level. Throws a usage error. */
export function parseFiles(words: readonly string[], values: Values): { paths: string[]; level: LevelVersion | null } {
  if (words.length > 0) throw usageError(`error: Unexpected args: [${words.join(' ')}]: files are named with -f`);
  const paths = splitLists(values.list('filename'));
  if (paths.length === 0) throw usageError('error: must specify -f FILE|DIR');
  const level = values.text('level');
  const version = values.text('level-version');
  if (level === undefined && version !== undefined)
    throw usageError('error: --level-version can only be used with --level');
  if (level === undefined) return { paths, level: null };
  return {
    paths,
    level: { level: levelFlag(level), version: version === undefined ? 'latest' : levelVersionFlag(version) },
  };
}
