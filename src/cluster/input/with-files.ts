import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { UserError } from '../../answer/user-error.ts';
import { builtInKind, type KindName, kindOf } from '../../world/kinds.ts';
import { isRaw, type Raw } from '../../world/raw.ts';
import { CHUNK } from './bytes.ts';
import { inputError } from './input-error.ts';
import { type Found, ObjectReader } from './objects.ts';
import { ParseError } from './parse-error.ts';
import { readPieces } from './pieces.ts';
import { isHeader } from './snapshot/format.ts';

/** The objects of files that would be applied. */
export interface Manifests {
  objects: readonly Written[];
  /** Objects of kinds that no question reads: `Ingress web`. */
  ignored: readonly string[];
}

interface Written {
  kind: KindName;
  raw: Raw;
  /** As written; null where it gives none. */
  namespace: string | null;
  /** Null where that is not known of a custom kind. */
  isNamespaced: boolean | null;
  name: string;
  /** The file and line: `FILE:12`. */
  at: string;
}

/** Reads files of manifests, one of which may be standard input. Rejects with a UserError for anything else. */
export async function readManifests(paths: readonly string[], stdin: Readable): Promise<Manifests> {
  const objects: Written[] = [];
  const ignored: string[] = [];
  for (const path of paths) {
    if (path !== '-' && (await isFolder(path)))
      throw new UserError(`error: --with ${path}: it is a directory, and files have to be named one by one`);
    for (const found of await objectsIn(path, stdin)) {
      const written = writtenIn(found, path === '-' ? 'STDIN' : path);
      if (typeof written === 'string') ignored.push(written);
      else objects.push(written);
    }
  }
  return { objects, ignored };
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

async function objectsIn(path: string, stdin: Readable): Promise<Found[]> {
  const stream = path === '-' ? stdin : createReadStream(path, { highWaterMark: CHUNK });
  const reader = new ObjectReader();
  const objects: Found[] = [];
  try {
    for await (const piece of readPieces(stream, path.endsWith('.gz'))) {
      if (isHeader(piece.value)) throw new ParseError(piece.line, 'a snapshot: --input reads those');
      for (const found of reader.add(piece)) objects.push(found);
    }
  } catch (error) {
    throw inputError(path === '-' ? 'STDIN' : path, error);
  }
  return objects;
}

/** The object; or what it is called, where no question reads its kind. Throws a UserError. */
function writtenIn({ apiVersion, kind: word, raw, line }: Found, file: string): Written | string {
  const at = `${file}:${line}`;
  const metadata = isRaw(raw.metadata) ? raw.metadata : {};
  const name = textIn(metadata, 'name', at) ?? generated(textIn(metadata, 'generateName', at));
  if (name === null) throw new UserError(`error: error validating ${at}: ${word}: resource name may not be empty`);
  const namespace = textIn(metadata, 'namespace', at);
  const kind = kindOf(apiVersion, word);
  if (kind === null) return `${word} ${name}`;
  const isNamespaced = builtInKind(kind)?.namespaced ?? (namespace === null ? null : true);
  return { kind, raw: { ...raw, apiVersion, kind: word }, namespace, isNamespaced, name, at };
}

const generated = (prefix: string | null): string | null => (prefix === null ? null : `${prefix}xxxxx`);

function textIn(metadata: Raw, field: string, at: string): string | null {
  const value = metadata[field];
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string')
    throw new UserError(`error: error validating ${at}: metadata.${field} is not a string`);
  return value;
}
