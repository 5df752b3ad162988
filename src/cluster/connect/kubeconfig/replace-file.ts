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
 * Replaces the content of a regular file atomically: at any moment the file has the whole old content or the whole new
 * one. Its mode and owner are kept, and a symbolic link stays one. The file is written in place, as kubectl does, where
 * the folder does not allow another file to take its place, as with a file that is mounted into a container. Throws
 * Node's error where that fails too.
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

/**
 * The errors for a folder in which nothing may be created, an owner that cannot be kept, and a file that is a mount
 * point.
 */
const IN_PLACE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'EBUSY']);
