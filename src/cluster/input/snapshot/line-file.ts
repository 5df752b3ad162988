import { randomUUID } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { UserError } from '../../../answer/user-error.ts';
import { fileError } from '../paths.ts';

/**
 * A file of lines of JSON, readable by its owner alone, gzip where its name says so. It stands under its name once it
 * is complete, and replaces what was there: until then it has another, and is gone where we are ended. Throws a
 * UserError where the file cannot be written.
 *
 * Writes are synchronous, so that a reader that is faster than the disk waits: nothing piles up in memory.
 */
export class LineFile {
  readonly #path: string;
  readonly #temporary: string;
  readonly #descriptor: number;
  #lines: string[] = [];
  #length = 0;
  /** Removes the incomplete file when a signal ends the process, and then ends it all the same. */
  readonly #onSignal = (signal: NodeJS.Signals): void => {
    this.discard();
    process.kill(process.pid, signal);
  };

  constructor(path: string) {
    refuseSpecial(path);
    this.#path = path;
    this.#temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
    this.#descriptor = attempt(path, () => openSync(this.#temporary, 'wx', 0o600));
    for (const signal of SIGNALS) process.once(signal, this.#onSignal);
  }

  write(record: object): void {
    const line = JSON.stringify(record);
    this.#lines.push(line, '\n');
    this.#length += line.length;
    if (this.#length > BLOCK) this.#flush();
  }

  /** Ends the file and gives it its name. */
  commit(): void {
    this.#flush();
    attempt(this.#path, () => renameSync(this.#temporary, this.#path));
    this.#close();
  }

  /** Ends the file and removes it. */
  discard(): void {
    this.#close();
    rmSync(this.#temporary, { force: true });
  }

  #close(): void {
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
    closeSync(this.#descriptor);
  }

  /** Several blocks of gzip in sequence are valid gzip. */
  #flush(): void {
    const text = Buffer.from(this.#lines.join(''));
    const block = this.#path.endsWith('.gz') ? gzipSync(text) : text;
    this.#lines = [];
    this.#length = 0;
    attempt(this.#path, () => {
      for (let written = 0; written < block.length; ) written += writeSync(this.#descriptor, block, written);
    });
  }
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw fileError(path, error);
  }
}

/** Refuses a device or a pipe, which would be replaced by a file. */
function refuseSpecial(path: string): void {
  const info = statSync(path, { throwIfNoEntry: false });
  if (info?.isDirectory()) throw new UserError(`error: open ${path}: is a directory`);
  if (info && !info.isFile()) throw new UserError(`error: open ${path}: not a regular file`);
}

/** The signals that end the process: by Ctrl-C, by kill, and by closing the terminal. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const BLOCK = 1024 * 1024;
