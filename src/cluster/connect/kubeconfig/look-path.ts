import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * The absolute path of the program to which a bare name resolves along `PATH`; null where there is none, and where the
 * first match is in a folder that is relative to the current directory (an empty element, `.`, `bin`), since anybody
 * who can write there would choose what we run. Mirrors Go's os/exec.LookPath, which refuses it with ErrDot.
 */
export function lookPath(command: string, env: NodeJS.ProcessEnv, extensions = extensionsOf(env)): string | null {
  if (['', '.', '..'].includes(command)) return null;
  for (const folder of (env.PATH ?? env.Path ?? '').split(delimiter))
    for (const extension of extensions) {
      const path = join(folder || '.', `${command}${extension}`);
      if (isExecutable(path)) return isAbsolute(path) ? path : null;
    }
  return null;
}

function isExecutable(path: string): boolean {
  try {
    if (statSync(path).isDirectory()) return false;
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The extensions that Windows appends to the name of a program; none elsewhere. */
function extensionsOf({ PATHEXT }: NodeJS.ProcessEnv): readonly string[] {
  if (process.platform !== 'win32') return [''];
  return ['', ...(PATHEXT || '.COM;.EXE;.BAT;.CMD').split(';').filter((extension) => extension !== '')];
}
