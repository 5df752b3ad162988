import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { UserError } from '../../answer/user-error.ts';
import type { Source } from '../../questions/ask.ts';
import type { Version } from '../../world/version.ts';
import { isHeader } from '../snapshot/format.ts';
import { SnapshotLoader } from '../snapshot/loader.ts';
import { CHUNK } from './bytes.ts';
import { FileSource } from './file-source.ts';
import { inputError } from './input-error.ts';
import type { Loader } from './loader.ts';
import { ManifestLoader } from './manifests.ts';
import { filesOf } from './paths.ts';
import { readPieces } from './pieces.ts';

export interface InputOptions {
  /** Files of any origin are the whole cluster: a kind that does not occur has no objects. */
  complete: boolean;
  /** The server's version, where the file does not say or the reader knows better. */
  serverVersion: Version | null;
  /** `-n`; null: the namespace that a snapshot was taken in, else `default`. */
  namespace: string | null;
  /** Keep pods as they are, for questions that look at all of them. */
  whole: boolean;
  /** What `-` reads. */
  stdin: Readable;
}

/**
 * The source for `--input FILE|DIR|-`: a snapshot of ours, or JSON and YAML as kubectl prints it, packed or not. Everything is read and
 * checked here, in passing. Throws a UserError for anything that cannot be read as a whole: a gap that nobody sees would make a wrong no.
 */
export async function openInput(path: string, options: InputOptions): Promise<Source> {
  const files = path === '-' ? [path] : await filesOf(path);
  const readAt = (path === '-' ? new Date() : await oldest(files)).toISOString();
  let loader: Loader | null = null;
  for (const file of files) {
    const stream = file === '-' ? options.stdin : createReadStream(file, { highWaterMark: CHUNK });
    try {
      for await (const piece of readPieces(stream, file.endsWith('.gz'))) {
        if (loader !== null || files.length > 1 || !isHeader(piece.value)) {
          loader ??= new ManifestLoader({ ...options, readAt });
          loader.add(piece, file);
        } else loader = new SnapshotLoader(piece.value, { ...options, origin: 'snapshot' });
      }
      if (file === files.at(-1) && loader)
        return new FileSource(loader.end(), { complete: options.complete && loader instanceof ManifestLoader });
    } catch (error) {
      throw inputError(file === '-' ? 'STDIN' : file, error);
    }
  }
  throw new UserError(`error: ${path === '-' ? 'STDIN' : path} is empty`);
}

/** When the oldest of the files was written: no answer is younger. */
async function oldest(files: readonly string[]): Promise<Date> {
  const times = await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs));
  return new Date(Math.min(...times));
}
