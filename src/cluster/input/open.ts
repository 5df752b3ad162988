import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { minOf } from '../../answer/many.ts';
import { UserError } from '../../answer/user-error.ts';
import type { Source } from '../../questions/ask.ts';
import type { Version } from '../../world/version.ts';
import { CHUNK } from './bytes.ts';
import { FileSource } from './file-source.ts';
import { inputError } from './input-error.ts';
import type { Loader } from './loader.ts';
import { ManifestLoader } from './manifests.ts';
import { ParseError } from './parse-error.ts';
import { filesOf } from './paths.ts';
import type { Piece } from './piece.ts';
import { readPieces } from './pieces.ts';
import { isHeader } from './snapshot/format.ts';
import { SnapshotLoader } from './snapshot/loader.ts';
import { type Unread, unreadOf, unreadParts } from './unread.ts';

export interface InputOptions {
  /** Whether files of any origin are the whole cluster, so that a kind which does not occur has no objects. */
  complete: boolean;
  /** The server's version, where the file has none or the user gives another. */
  serverVersion: Version | null;
  /** The namespace of `-n`; null for that in which a snapshot was taken, or else `default`. */
  namespace: string | null;
  /** Whether to keep pods complete, for questions that look at all of their fields. */
  whole: boolean;
  /** The stream that `-` reads. */
  stdin: Readable;
}

/**
 * The source for `--input FILE|DIR|-`: a snapshot of ours, or JSON and YAML as kubectl prints it, compressed or not.
 * Everything is read and checked here, as a stream. Throws a UserError for a file that cannot be read as a whole. In a
 * directory, what cannot be read is left out and reported, and lists that may lack something because of it count as not
 * read: an unnoticed gap would make a wrong no.
 */
export async function openInput(path: string, options: InputOptions): Promise<Source> {
  const { files, isDirectory, closed } =
    path === '-' ? { files: [path], isDirectory: false, closed: [] } : await filesOf(path);
  const readAt = (path === '-' ? new Date() : await oldest(files)).toISOString();
  const input = new Input({ ...options, readAt });
  for (const { path: each, error } of closed) input.leaveOut(each, error);
  for (const file of files) {
    const stream = file === '-' ? options.stdin : createReadStream(file, { highWaterMark: CHUNK });
    try {
      for await (const piece of readPieces(stream, file.endsWith('.gz'))) {
        if (isHeader(piece.value) && files.length > 1)
          throw inputError(file, new ParseError(piece.line, 'a snapshot has to be the only input'));
        input.take(piece, file, isDirectory);
      }
      if (file === files.at(-1)) return input.end(path);
    } catch (error) {
      if (!isDirectory || error instanceof UserError) throw inputError(file === '-' ? 'STDIN' : file, error);
      input.leaveOut(file, error);
    }
  }
  return input.end(path);
}

/** Collects what is read, and what is left out. */
class Input {
  readonly #options: InputOptions & { readAt: string };
  readonly #unread: Unread[] = [];
  #loader: Loader | null = null;
  #first: { file: string; error: unknown } | null = null;
  #hasRead = false;

  constructor(options: InputOptions & { readAt: string }) {
    this.#options = options;
  }

  take(piece: Piece, file: string, isDirectory: boolean): void {
    if (this.#loader === null && isHeader(piece.value)) {
      this.#loader = new SnapshotLoader(piece.value, { ...this.#options, origin: 'snapshot' });
      this.#hasRead = true;
      return;
    }
    this.#loader ??= new ManifestLoader(this.#options);
    try {
      this.#loader.add(piece, file);
      this.#hasRead = true;
    } catch (error) {
      if (!isDirectory || this.#loader instanceof SnapshotLoader) throw error;
      this.leaveOut(file, error);
    }
  }

  leaveOut(file: string, error: unknown): void {
    this.#unread.push(unreadOf(file, error));
    this.#first ??= { file, error };
  }

  /** The source at the end. Throws where nothing at all could be read. */
  end(path: string): FileSource {
    const { complete } = this.#options;
    const loader = this.#loader;
    if (loader && (this.#hasRead || !this.#first)) {
      if (loader instanceof ManifestLoader) for (const each of this.#unread) loader.leaveOut(each);
      const unread = unreadParts(this.#unread, 'whatever it may hold');
      return new FileSource(loader.end(), { complete: complete && loader instanceof ManifestLoader, unread });
    }
    if (this.#first) throw inputError(this.#first.file, this.#first.error);
    throw new UserError(`error: ${path === '-' ? 'STDIN' : path} is empty`);
  }
}

/** When the oldest of the files was written, since no answer can be newer. A dangling link has no age. */
async function oldest(files: readonly string[]): Promise<Date> {
  const times = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ mtimeMs }) => [mtimeMs],
        () => [],
      ),
    ),
  );
  return new Date(minOf([...times.flat(), Date.now()]));
}
