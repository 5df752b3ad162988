import type { Readable } from 'node:stream';
import { peek, readBytes } from './bytes.ts';
import { ParseError } from './parse-error.ts';
import type { Piece } from './piece.ts';
import { JsonSplitter } from './split-json.ts';
import { YamlSplitter } from './split-yaml.ts';

/**
 * The values in a stream of JSON or YAML, compressed or not. Rejects with ParseError, Empty, or what the stream
 * reports.
 */
export async function* readPieces(source: Readable, gzipped: boolean): AsyncGenerator<Piece> {
  const { head, rest } = await begin(readBytes(source, gzipped));
  // A brace followed by a quote begins JSON; a brace followed by anything else is YAML's flow style or a template.
  const splitter = /^\s*\{\s*["}]/.test(head) ? new JsonSplitter() : new YamlSplitter();
  for await (const chunk of rest) yield* splitter.push(chunk);
  yield* splitter.end();
}

/** The most bytes of white space before the first value. */
const MOST_BLANK = 1024 * 1024;

/** Thrown for text that is only white space. */
export class Empty extends Error {}

/** Reads until there is enough to recognise the format. */
async function begin(source: AsyncIterable<Buffer>): Promise<{ head: string; rest: AsyncIterable<Buffer> }> {
  for (let size = 1024, stream = source; ; size *= 2) {
    const { head, rest } = await peek(stream, size);
    const text = head.toString('latin1');
    if (text.includes('\0')) throw new ParseError(1, 'binary data, neither JSON nor YAML');
    if (!/^\s*(\{\s*)?$/.test(text)) return { head: text, rest };
    if (head.length < size && text.trim() === '') throw new Empty();
    if (head.length < size) return { head: text, rest };
    if (size > MOST_BLANK) throw new ParseError(1, 'nothing but white space where the first object should begin');
    stream = rest;
  }
}
