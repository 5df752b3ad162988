import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { ParseError } from './parse-error.ts';

/**
 * The bytes of a stream as UTF-8 without a byte order mark: unpacked where they are gzip (by their first two bytes, or
 * because `gzipped` says so), and converted where a byte order mark says UTF-16. Rejects with what the stream or zlib
 * reports, and with ParseError for an archive that expands without reasonable bounds.
 */
export async function* readBytes(source: Readable, gzipped: boolean): AsyncGenerator<Buffer> {
  const { head, rest } = await peek(source, 2);
  if (!gzipped && !(head[0] === 0x1f && head[1] === 0x8b)) return yield* decoded(rest);
  const unpacked = createGunzip({ chunkSize: CHUNK });
  pipeline(rest, unpacked, () => undefined);
  yield* decoded(withinReason(unpacked));
}

/**
 * Objects of a cluster are packed to a tenth or a fiftieth of their size. An archive that expands by more, and to a
 * large size, is made to fill the memory or the time.
 */
async function* withinReason(unpacked: Gunzip): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const chunk of unpacked) {
    length += chunk.length;
    if (length > MUCH && length > MOST_GROWTH * unpacked.bytesWritten)
      throw new ParseError(1, `more than ${MOST_GROWTH} times as large unpacked as packed`);
    yield chunk;
  }
}

const MUCH = 64 * 1024 * 1024;
const MOST_GROWTH = 250;

export const CHUNK = 256 * 1024;

/** At least the first `size` bytes where the stream has as many, and the whole stream including them. */
export async function peek(
  source: AsyncIterable<Buffer>,
  size: number,
): Promise<{ head: Buffer; rest: AsyncGenerator<Buffer> }> {
  const iterator = source[Symbol.asyncIterator]();
  const chunks: Buffer[] = [];
  for (let length = 0; length < size; ) {
    const { done, value } = await iterator.next();
    if (done) break;
    chunks.push(value);
    length += value.length;
  }
  const head = Buffer.concat(chunks);
  const rest = async function* (): AsyncGenerator<Buffer> {
    try {
      yield head;
      for (;;) {
        const { done, value } = await iterator.next();
        if (done) return;
        yield value;
      }
    } finally {
      await iterator.return?.();
    }
  };
  return { head, rest: rest() };
}

async function* decoded(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { head, rest } = await peek(source, 3);
  const encoding =
    head[0] === 0xff && head[1] === 0xfe ? 'utf-16le' : head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : null;
  if (encoding !== null) {
    const decoder = new TextDecoder(encoding);
    for await (const chunk of rest) yield Buffer.from(decoder.decode(chunk, { stream: true }));
    return;
  }
  let skip = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  for await (const chunk of rest) {
    yield chunk.subarray(skip);
    skip = 0;
  }
}
