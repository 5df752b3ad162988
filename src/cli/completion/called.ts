import { basename } from 'node:path';

/**
 * The words to complete, the last of which may be empty, where the program was called to complete: by the name that
 * kubectl looks for, or by the command that cobra's programs have. Null where it was called for anything else. The
 * executable knows its name as `argv0`, the npm package as the script that runs.
 */
export function wordsToComplete(argv0: string, [, script = '', ...words]: readonly string[]): readonly string[] | null {
  if ([argv0, script].some((path) => basename(path).startsWith('kubectl_complete-'))) return words;
  return words[0] === '__complete' ? words.slice(1) : null;
}
