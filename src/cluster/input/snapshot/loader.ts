import { note, type Problem, putRaw } from '../../../apply/put.ts';
import { isStatic, type KindName, kindOf } from '../../../world/kinds.ts';
import { needKey } from '../../../world/needs.ts';
import { isRaw, Malformed, type Raw } from '../../../world/raw.ts';
import type { Version } from '../../../world/version.ts';
import { World } from '../../../world/world.ts';
import type { Loader } from '../loader.ts';
import { ParseError } from '../parse-error.ts';
import type { Piece } from '../piece.ts';
import { FORMAT_VERSION, isHeader, readFacts, readOutcome, readResources } from './format.ts';

/** The facts that the user gives instead of the snapshot's own; null where none is given. */
export interface SnapshotOptions {
  origin: 'snapshot' | 'demo';
  serverVersion: Version | null;
  namespace: string | null;
  whole: boolean;
}

/** Fills a world from the records after the header. Unknown records and kinds are ignored. */
export class SnapshotLoader implements Loader {
  readonly #world: World;
  readonly #whole: boolean;
  readonly #problems: { problem: Problem; line: number }[] = [];
  #line = 1;
  #ended = false;

  /** Throws ParseError for a format that this version cannot read. */
  constructor(header: Raw, { origin, serverVersion, namespace, whole }: SnapshotOptions) {
    this.#whole = whole;
    const { version } = header;
    if (typeof version !== 'number') throw new ParseError(1, 'the snapshot does not say its version');
    if (version > FORMAT_VERSION)
      throw new ParseError(
        1,
        `a snapshot of format ${version}, written by a newer version of this program, which reads up to ${FORMAT_VERSION}`,
      );
    const facts = readFacts(header);
    this.#world = new World({
      ...facts,
      version: serverVersion ?? facts.version,
      namespace: namespace ?? facts.namespace,
      origin,
      discovery: null,
    });
  }

  add({ type, value, line }: Piece): void {
    this.#line = line;
    // Values in the `items` of a record belong to no known kind.
    if (type === 'list' || type === 'item') return;
    if (type === 'broken') throw new ParseError(line, String(value));
    if (!isRaw(value)) throw new ParseError(line, 'no record of a snapshot');
    if (isHeader(value)) throw new ParseError(line, 'a snapshot has to be the only input');
    if (value.record === 'end') this.#ended = true;
    else if (value.record === 'discovery')
      this.#world.facts = { ...this.#world.facts, discovery: readResources(value) };
    else if (value.record === 'outcome') this.#addOutcome(value);
    else if (value.record === undefined) this.#addObject(value);
  }

  end(): World {
    if (!this.#ended) throw new ParseError(this.#line, 'the snapshot breaks off: it was not finished, or cut');
    // An object that was read by its name has an outcome of its own, and affects nothing else; a list may contain it
    // too.
    const told = new Set<string>();
    for (const { problem, line } of this.#problems) {
      const key = problem.need && this.#world.ownOutcome(problem.need) ? needKey(problem.need) : null;
      if (key === null || told.has(key)) note(this.#world, problem, `line ${line}`);
      else told.add(key);
    }
    return this.#world;
  }

  #addOutcome(record: Raw): void {
    const { need, outcome } = readOutcome(record);
    if (isKindName(need.kind)) this.#world.add({ ...need, kind: need.kind }, outcome);
  }

  #addObject(raw: Raw): void {
    const { apiVersion, kind } = raw;
    if (typeof apiVersion !== 'string' || typeof kind !== 'string')
      throw new Malformed('an object without apiVersion and kind');
    const known = kindOf(apiVersion, kind);
    const problem =
      known && putRaw(this.#world, known, raw, { namespace: this.#world.facts.namespace, whole: this.#whole });
    if (problem) this.#problems.push({ problem, line: this.#line });
  }
}

const isKindName = (name: string): name is KindName => isStatic(name) || name.includes('.');
