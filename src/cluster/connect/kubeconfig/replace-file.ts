import { randomUUID } from 'node:crypto';
import {
  chownSync,
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Gives a regular file another content: at any moment the file has the old content or the new one, as a whole. Its mode
 * and its owner stay, and a symbolic link stays one. Where the folder lets nobody put another file in its place, as
 * with a file that is mounted into a container, it is written in place, as kubectl does. Throws Node's error where that
 * fails too.
 */
export function replaceFile(path: string, content: string): void {
  const file = realpathSync(path);
  try {
    replace(file, content);
  } catch (error) {
    if (!IN_PLACE.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    writeFileSync(file, content);
  }
}

function replace(file: string, content: string): void {
  const { mode, uid, gid } = statSync(file);
  const temporary = join(dirname(file), `.${basename(file)}.${randomUUID()}.tmp`);
  const descriptor = openSync(temporary, 'wx', 0o600);
  try {
    try {
      writeFileSync(descriptor, content);
      if (process.geteuid && (process.geteuid() !== uid || process.getegid?.() !== gid)) chownSync(temporary, uid, gid);
      fchmodSync(descriptor, mode & 0o7777);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Nothing may be created in the folder, or the owner cannot be kept, or the file is a mount point. */
const IN_PLACE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'EBUSY']);
