import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pushAll } from '../../answer/many.ts';
import { UserError } from '../../answer/user-error.ts';
import { classify, makesPods } from '../../questions/admit/kinds.ts';
import type { PodFiles } from '../../questions/admit/target.ts';
import type { KindName, Kinds } from '../../world/kinds.ts';
import { isRaw, type Raw } from '../../world/raw.ts';
import { reduce } from '../../world/reduce/index.ts';
import { understoodOr } from '../../world/understood.ts';
import { CHUNK } from './bytes.ts';
import { inputError } from './input-error.ts';
import { type Found, ObjectReader } from './objects.ts';
import { ParseError } from './parse-error.ts';
import { filesOf } from './paths.ts';
import { Empty, readPieces } from './pieces.ts';
import { isHeader } from './snapshot/format.ts';
import { type Unread, unreadOf, unreadParts } from './unread.ts';

interface Collected {
  objects: PodFiles['objects'][number][];
  namespaces: PodFiles['namespaces'][number][];
  accounts: PodFiles['accounts'][number][];
  errors: UserError[];
}

/**
 * The pods, and the workloads that create pods, in the files that `-f` names: files, directories, `-`. Other built-in
 * kinds are ignored; a kind that is not built in gets a warning, and so does what cannot be read in a directory.
 * Rejects with a UserError where a named file cannot be read as a whole, or where there are no pods at all.
 */
export async function readPodFiles(paths: readonly string[], stdin: Readable): Promise<PodFiles> {
  const collected: Collected = { objects: [], namespaces: [], accounts: [], errors: [] };
  const customs = new Map<string, string>();
  const unread: Unread[] = [];
  const places = await Promise.all(paths.map((path) => (path === '-' ? STDIN : filesOf(path))));
  const number = places.reduce((sum, { files }) => sum + files.length, 0);
  for (const { files, isDirectory, closed } of places) {
    pushAll(
      unread,
      closed.map(({ path, error }) => unreadOf(path, error)),
    );
    for (const file of files) {
      const leaveOut = isDirectory ? (error: unknown) => void unread.push(unreadOf(file, error)) : null;
      const found = objectsIn(file, stdin, number > 1, leaveOut);
      for await (const each of found) collect(each, file === '-' ? 'STDIN' : file, collected, customs);
    }
  }
  if (collected.objects.length === 0 && collected.errors.length === 0)
    collected.errors.push(
      new UserError(
        `error: no pods, and nothing that makes pods, in ${paths.map((path) => (path === '-' ? 'STDIN' : path)).join(', ')}`,
      ),
    );
  const { warnings, unknowns } = unreadParts(unread.filter(mayHoldPods), 'whether all pods are admitted');
  const others = unreadParts(
    unread.filter((each) => !mayHoldPods(each)),
    'what it holds, which makes no pods',
  );
  return {
    ...collected,
    warnings: [...warnings, ...others.warnings, ...customs.values()],
    ...(unread.length > 0 ? { unread: { unknowns, remarks: others.unknowns } } : {}),
  };
}

const STDIN = { files: ['-'], isDirectory: false, closed: [] };

const mayHoldPods = ({ hidden }: Unread): boolean =>
  hidden === 'anything' || (hidden !== 'nothing' && makesPods(hidden.kind));

/**
 * An empty file among others is ignored, since charts render such files. `leaveOut` handles what cannot be read; null
 * where that is an error.
 */
async function* objectsIn(
  file: string,
  stdin: Readable,
  isOneOfSeveral: boolean,
  leaveOut: ((error: unknown) => void) | null,
): AsyncGenerator<Found> {
  const stream = file === '-' ? stdin : createReadStream(file, { highWaterMark: CHUNK });
  const reader = new ObjectReader();
  const failed = (error: unknown): void => {
    if (leaveOut === null) throw inputError(file === '-' ? 'STDIN' : file, error);
    leaveOut(error);
  };
  try {
    for await (const piece of readPieces(stream, file.endsWith('.gz'))) {
      if (isHeader(piece.value)) throw new ParseError(piece.line, 'a snapshot: --input reads those');
      try {
        yield* reader.add(piece);
      } catch (error) {
        failed(error);
      }
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (!(error instanceof Empty && isOneOfSeveral)) failed(error);
  }
}

function collect(
  { apiVersion, kind, raw, line }: Found,
  file: string,
  into: Collected,
  customs: Map<string, string>,
): void {
  const found = classify(apiVersion, kind);
  if (found.is === 'pods')
    into.objects.push({ kind: found.kind, raw: { ...raw, apiVersion, kind }, from: `${file}:${line}` });
  else if (found.is === 'unserved') into.errors.push(notServed(apiVersion, kind, raw, file));
  else if (found.is === 'custom') customs.set(`${apiVersion} ${kind}`, customWarning(apiVersion, kind));
  else if (apiVersion === 'v1' && kind === 'Namespace') pushAll(into.namespaces, reduced('namespaces', raw));
  else if (apiVersion === 'v1' && kind === 'ServiceAccount') pushAll(into.accounts, reduced('serviceaccounts', raw));
}

/** The reduced object; none for an object that is malformed. */
function reduced<K extends KindName>(kind: K, raw: Raw): Kinds[K][] {
  return understoodOr(
    () => [reduce({ kind }, raw)],
    () => [],
  );
}

const customWarning = (apiVersion: string, kind: string): string =>
  `${kind} of ${apiVersion} is no kind of Kubernetes' own: whether its controller makes pods, and which, is not known here`;

/** The error for a kind that the server does not have. Mirrors cli-runtime pkg/resource/mapper.go. */
function notServed(apiVersion: string, kind: string, { metadata }: Raw, file: string): UserError {
  const { name, namespace } = isRaw(metadata) ? metadata : {};
  const word = (value: unknown): string => JSON.stringify(typeof value === 'string' ? value : '');
  return new UserError(
    `error: resource mapping not found for name: ${word(name)} namespace: ${word(namespace)} from ${word(file)}: no matches for kind ${word(kind)} in version ${word(apiVersion)}`,
  );
}
