import { type Need, needKey } from '../world/needs.ts';
import { type Facts, World } from '../world/world.ts';
import type { Options, Question, Result } from './question.ts';

/** Where the objects come from: a live cluster, a file, the demo. */
export interface Source {
  /** What is known besides objects. `discovery`: also which resources there are. */
  facts(discovery: boolean): Promise<Facts>;
  /** Reads needs into the world, in parallel. A refusal is an outcome in the world; it throws a UserError where there is no server to ask. */
  read(needs: readonly Need[], world: World): Promise<void>;
}

/** Asks a source: reads what the question needs, round by round, then answers. */
export async function ask<T>(question: Question<T>, target: T, source: Source, options: Options): Promise<Result> {
  const world = new World(NOTHING_KNOWN);
  const first = untried(question.needs(target, world, options), world);
  // The lists first: facts are small, and soon there.
  const lists = source.read(first, world);
  const facts = source.facts(question.discovery(target)).then((known) => {
    world.facts = known;
  });
  await Promise.all([lists, facts]);
  for (let round = 1; round < MAX_ROUNDS; round += 1) {
    const needs = untried(question.needs(target, world, options), world);
    if (needs.length === 0) break;
    await source.read(needs, world);
  }
  return question.answer(target, world, options);
}

const MAX_ROUNDS = 4;

/** Until the server has said more. */
const NOTHING_KNOWN: Facts = {
  context: null,
  namespace: 'default',
  gitVersion: null,
  version: null,
  readAt: '',
  origin: 'live',
  self: null,
  selfFailure: null,
  flags: null,
  discovery: null,
};

function untried(needs: readonly Need[], world: World): Need[] {
  const fresh = new Map(needs.filter((need) => !world.outcome(need)?.read && !world.ownOutcome(need)).map((need) => [needKey(need), need]));
  return [...fresh.values()];
}
