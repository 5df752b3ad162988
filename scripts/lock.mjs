import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Takes the lock file `path`, which holds the pid of its owner, and returns the function that gives it back. While
 * another living process has it, waits, after saying so once: `waiting(pid)`. Two processes that find a dead owner at
 * once may both get it: it saves work, and is no guard.
 */
export async function lock(path, waiting) {
  const mine = `${path}-${process.pid}`;
  for (let told = false; ; ) {
    writeFileSync(mine, String(process.pid));
    try {
      linkSync(mine, path);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    } finally {
      rmSync(mine, { force: true });
    }
    const holder = holderOf(path);
    if (!isAlive(holder)) rmSync(path, { force: true });
    else if (!told) waiting(holder);
    told ||= isAlive(holder);
    await sleep(500);
  }
}

function holderOf(path) {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return Number.NaN;
  }
}

/** Whether there is a process of this pid. */
export function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
