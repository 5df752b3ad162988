import type { Answer, WhatIf } from '../../answer/answer.ts';
import { UserError } from '../../answer/user-error.ts';
import type { Change } from '../../apply/change.ts';
import { changeNeeds } from '../../apply/change-needs.ts';
import { changed } from '../../apply/changed.ts';
import { kindOfNeed, type Need } from '../../world/needs.ts';
import { Malformed } from '../../world/raw.ts';
import type { World } from '../../world/world.ts';
import type { Asked, Result } from '../question.ts';
import { checkChange, checkNeeds } from './check.ts';
import { difference } from './difference.ts';
import { factsThatDiffer } from './facts.ts';

/** A question that is asked of the world as it would be after a change. */
export class WhatIfAsked {
  readonly #change: Change;

  constructor(change: Change) {
    this.#change = change;
  }

  /** What to read: for the answer as it is, for that as it would be, and to know what the change leads to. */
  needs(before: World, ask: (world: World) => Need[]): Need[] {
    const own = [...changeNeeds(this.#change), ...checkNeeds(this.#change, before)];
    return [...own, ...ask(before), ...ask(this.#after(before).world)];
  }

  /** The answers as it would be, each with how it differs. Throws a UserError for a change that is not possible. */
  answer(before: World, ask: (world: World) => Result): Result {
    checkChange(this.#change, before);
    const { world, notes } = this.#after(before);
    const after = ask(world);
    const former = attempt(() => ask(before));
    return { ...after, asked: after.asked.map((each) => this.#withDifference(each, former, notes)) };
  }

  #withDifference(asked: Asked, former: Result | UserError, notes: readonly string[]): Asked {
    const { answer } = asked;
    const { removals, additions } = this.#change;
    const before =
      former instanceof UserError
        ? null
        : (former.asked.find((each) => isSameTarget(each.answer, answer))?.answer ?? null);
    const error = former instanceof UserError ? former : (former.errors[0] ?? null);
    const whatIf: WhatIf = {
      with: additions.map(objectText),
      without: removals.map(objectText),
      notes: [...notes],
      before: before && { verdict: before.verdict, leaning: before.leaning, summary: before.summary },
      noAnswerBefore: before === null ? (error?.message ?? 'the target does not exist yet') : null,
      ...difference(before, answer),
      facts: factsThatDiffer(before, answer),
    };
    return { ...asked, answer: { ...answer, whatIf } };
  }

  #after(before: World): ReturnType<typeof changed> {
    try {
      return changed(before, this.#change);
    } catch (error) {
      if (error instanceof Malformed) throw new UserError(`error: error validating ${error.message}`);
      throw error;
    }
  }
}

const isSameTarget = (one: Answer, other: Answer): boolean =>
  one.question === other.question &&
  JSON.stringify([one.target, one.scope, one.goal]) === JSON.stringify([other.target, other.scope, other.goal]);

const objectText = ({ kind, namespace, name }: Change['removals'][number]): string =>
  [kindOfNeed({ kind }).kind, ...(namespace === null ? [] : [namespace]), name].join('/');

function attempt<T>(run: () => T): T | UserError {
  try {
    return run();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}
