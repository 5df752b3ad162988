import type { Unknown } from '../answer/unknown.ts';
import { type Need, needKey } from '../world/needs.ts';
import { type Facts, World } from '../world/world.ts';
import { manifestAssumptions } from './manifest-assumptions.ts';
import type { Asked, Options, Question, Result } from './question.ts';

/** The origin of the objects: a live cluster, a file, the demo. */
export interface Source {
  /**
   * What is known besides objects. `discovery`: also which resources there are. All else does not wait for it to be
   * known.
   */
  facts(discovery: boolean | Promise<boolean>): Promise<Facts>;
  /**
   * Reads needs into the world, in parallel. A refusal is an outcome in the world; it throws a UserError where there is
   * no server to ask.
   */
  read(needs: readonly Need[], world: World): Promise<void>;
  /** What of it could not be read, whatever is asked: said in warnings, and by every answer. */
  readonly unread?: { warnings: readonly string[]; unknowns: readonly Unknown[] };
}

/** A question as it is asked of another world than the one that is read. */
export interface Supposed {
  needs(world: World, ask: (world: World) => Need[]): Need[];
  answer(world: World, ask: (world: World) => Result): Result;
}

/**
 * Asks a source: reads what the question needs, round by round, then answers. The facts are asked for while a question
 * is still loaded. `supposed`: what would be if something were changed is asked, and not what is.
 */
export async function ask<T>(
  asked: Question<T> | Promise<Question<T>>,
  target: T,
  source: Source,
  options: Options,
  supposed: Supposed = AS_IT_IS,
): Promise<Result> {
  const world = new World(NOTHING_KNOWN);
  const needsOf = (question: Question<T>) =>
    untried(
      supposed.needs(world, (each) => question.needs(target, each, options)),
      world,
    );
  const loading = Promise.resolve(asked);
  // First, though they are small: to list the caller's rules takes the server as long as many a list.
  const facts = source.facts(loading.then((question) => question.discovery(target))).then((known) => {
    world.facts = known;
  });
  const lists = loading.then((question) => source.read(needsOf(question), world));
  await Promise.all([lists, facts]);
  const question = await loading;
  for (let round = 1; round < (supposed === AS_IT_IS ? MAX_ROUNDS : MAX_ROUNDS + 1); round += 1) {
    const needs = needsOf(question);
    if (needs.length === 0) break;
    await source.read(needs, world);
  }
  const result = supposed.answer(world, (each) => {
    const { asked: all, ...rest } = question.answer(target, each, options);
    return { ...rest, asked: all.map((one) => withAssumptions(one, each, question)) };
  });
  const { warnings, unknowns } = source.unread ?? { warnings: [], unknowns: [] };
  return {
    ...result,
    asked: result.asked.map((each) => withUnread(each, unknowns)),
    warnings: [...warnings, ...result.warnings],
  };
}

const withUnread = (asked: Asked, unknowns: readonly Unknown[]): Asked =>
  unknowns.length === 0
    ? asked
    : { ...asked, answer: { ...asked.answer, unknowns: [...asked.answer.unknowns, ...unknowns] } };

function withAssumptions<T>(asked: Asked, world: World, { everyNamespace = false }: Question<T>): Asked {
  const assumptions = manifestAssumptions(asked.answer, world, everyNamespace);
  return assumptions.length === 0
    ? asked
    : { ...asked, answer: { ...asked.answer, assumptions: [...assumptions, ...asked.answer.assumptions] } };
}

const AS_IT_IS: Supposed = { needs: (world, ask) => ask(world), answer: (world, ask) => ask(world) };

/** One more where something is to be changed: first it has to be known what the change touches. */
const MAX_ROUNDS = 5;

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
  const fresh = new Map(needs.filter((need) => world.isUntried(need)).map((need) => [needKey(need), need]));
  return [...fresh.values()];
}
