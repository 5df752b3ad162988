import { ALL_KINDS, builtInKind, kindOf } from '../../world/kinds.ts';
import { list } from '../../world/needs.ts';
import { isRaw } from '../../world/reduce/raw.ts';
import type { Version } from '../../world/version.ts';
import { World } from '../../world/world.ts';
import { isHeader } from '../snapshot/format.ts';
import { Coverage } from './coverage.ts';
import type { Loader } from './loader.ts';
import { type Found, ObjectReader } from './objects.ts';
import { ParseError } from './parse-error.ts';
import type { Piece } from './piece.ts';
import { note, putRaw } from './put.ts';

export interface ManifestOptions {
  /** The files are the whole cluster: a kind that does not occur has no objects. */
  complete: boolean;
  serverVersion: Version | null;
  /** Where an object of a namespaced kind is that does not say so. */
  namespace: string;
  whole: boolean;
  readAt: string;
}

/** Fills a world from objects of any origin: what kubectl printed, or what is meant for `kubectl apply`. */
export class ManifestLoader implements Loader {
  readonly #world: World;
  readonly #options: ManifestOptions;
  readonly #reader = new ObjectReader();
  readonly #coverage = new Coverage();

  constructor(options: ManifestOptions) {
    this.#options = options;
    const { namespace, serverVersion: version, readAt } = options;
    this.#world = new World({
      context: null,
      namespace,
      gitVersion: null,
      version,
      readAt,
      origin: 'file',
      self: null,
      selfFailure: null,
      flags: null,
      discovery: null,
    });
  }

  add(piece: Piece): void {
    if (isHeader(piece.value)) throw new ParseError(piece.line, 'a snapshot has to be the only input');
    for (const found of this.#reader.add(piece)) this.#put(found);
  }

  end(): World {
    const outcomes = this.#options.complete
      ? ALL_KINDS.map((kind) => ({ need: list(kind), outcome: { read: true } as const }))
      : this.#coverage.outcomes();
    for (const { need, outcome } of outcomes) this.#world.add(need, outcome);
    return this.#world;
  }

  #put({ apiVersion, kind, raw, list: output }: Found): void {
    const known = kindOf(apiVersion, kind);
    const written = isRaw(raw.metadata) ? raw.metadata.namespace : null;
    const own = typeof written === 'string' && written !== '' ? written : null;
    const isNamespaced = known && builtInKind(known)?.namespaced;
    const namespace = own ?? (isNamespaced ? this.#options.namespace : null);
    this.#coverage.note(output, known, isNamespaced === false ? null : namespace);
    const problem = known && putRaw(this.#world, known, raw, this.#options);
    if (problem) note(this.#world, problem);
  }
}
