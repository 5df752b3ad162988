import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/**
 * The absolute path of the program that a bare name means along `PATH`; null where there is none, and where the first
 * one stands in a folder that is only named from the current directory (an empty element, `.`, `bin`): whoever can
 * write there would choose what we run. Mirrors Go's os/exec.LookPath, which refuses it with ErrDot.
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

/** What Windows puts behind the name of a program; nothing elsewhere. */
function extensionsOf({ PATHEXT }: NodeJS.ProcessEnv): readonly string[] {
  if (process.platform !== 'win32') return [''];
  return ['', ...(PATHEXT || '.COM;.EXE;.BAT;.CMD').split(';').filter((extension) => extension !== '')];
}
