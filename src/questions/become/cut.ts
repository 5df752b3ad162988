import type { FixText } from '../../answer/command.ts';
import { grantsBehind } from '../../escalation/basis.ts';
import type { Closure } from '../../escalation/closure.ts';
import { handedBy } from '../../escalation/handed.ts';
import type { Gain } from '../../escalation/position.ts';
import { proofOf } from '../../escalation/proof.ts';
import type { World } from '../../world/world.ts';
import { contextOf, type QuestionContext } from '../context.ts';
import type { Change } from '../fixes/change.ts';
import { entryChange } from '../fixes/entry.ts';
import { changesBeyondGrants } from './beyond-grants.ts';
import { closureFor, reachedGoal } from './closure.ts';
import type { BecomeTarget } from './target.ts';

/** The smallest set of changes that ends every proof of a goal. */
interface Cut {
  changes: Change[];
  /** Whether no smaller set does. */
  isSmallest: boolean;
  /** Where one change is enough: others that are. */
  instead: Change[];
}

/** The commands that end a goal, and what they take away besides. */
export function fixesFor(
  goal: Gain,
  target: BecomeTarget,
  context: QuestionContext,
): { commands: FixText[]; notes: string[] } {
  const cut = smallestCut(goal, target, context);
  if (cut === null)
    return {
      commands: [],
      notes: ['no set of up to ten changes ends every way: something that no command takes away is part of it'],
    };
  const { changes, isSmallest, instead } = cut;
  return {
    commands: changes.flatMap((change) => change.texts(context.options.kubectl)),
    notes: [
      changes.length === 1
        ? 'tried: without it nothing leads there any more'
        : `tried: without these ${changes.length} nothing leads there any more${isSmallest ? ', and no fewer are enough' : '; fewer may be enough'}`,
      ...(instead.length > 0 ? [`as good: without ${instead.map(({ words }) => words).join(' or ')} instead`] : []),
      ...changes.map((change) => change.also(context.rbac)),
    ],
  };
}

/**
 * Each set that ends all proofs holds a change of each of them: so one proof is taken, each of its changes is made in
 * turn, and what remains is ended likewise. Exact up to three changes; beyond that the first change of each proof.
 */
function smallestCut(goal: Gain, target: BecomeTarget, context: QuestionContext): Cut | null {
  const search = new Search(goal, target, context);
  for (let most = 1; most <= EXACT; most += 1) {
    const changes = search.within(context.world, most);
    if (changes)
      return {
        changes,
        isSmallest: !search.isExhausted,
        instead: most === 1 ? search.others(context.world, changes) : [],
      };
    if (search.isExhausted) break;
  }
  const changes = search.greedily(context.world);
  return changes && { changes, isSmallest: false, instead: [] };
}

const EXACT = 3;
const MOST_CHANGES = 10;
/** Closures that are worked out for a search; each is a look at the whole cluster. */
const MOST_CLOSURES = 60;
/** Identities that are held; a closure of more takes seconds. */
const MANY = 150;

class Search {
  readonly #goal: Gain;
  readonly #target: BecomeTarget;
  readonly #context: QuestionContext;
  #left = MOST_CLOSURES;

  constructor(goal: Gain, target: BecomeTarget, context: QuestionContext) {
    this.#goal = goal;
    this.#target = { ...target, goals: [goal] };
    this.#context = context;
  }

  get isExhausted(): boolean {
    return this.#left <= 0;
  }

  within(world: World, most: number): Change[] | null {
    const proof = this.#proofIn(world);
    if (proof === null) return [];
    if (most === 0) return null;
    for (const change of proof) {
      if (this.isExhausted) return null;
      const rest = this.within(change.madeIn(world), most - 1);
      if (rest) return [change, ...rest];
    }
    return null;
  }

  /** The other changes of which each alone is enough; the first ones where many are looked at. */
  others(world: World, [first]: readonly Change[]): Change[] {
    const all = this.#proofIn(world) ?? [];
    const from = all.findIndex(({ key }) => key === first?.key) + 1;
    return all.slice(from).filter((change) => !this.isExhausted && this.#proofIn(change.madeIn(world)) === null);
  }

  greedily(start: World): Change[] | null {
    const changes: Change[] = [];
    for (let world = start; changes.length <= MOST_CHANGES; ) {
      const proof = this.#proofIn(world);
      if (proof === null) return changes;
      const [change] = proof;
      if (!change) return null;
      changes.push(change);
      world = change.madeIn(world);
    }
    return null;
  }

  /** The changes of which each ends one proof; null where nothing leads to the goal. */
  #proofIn(world: World): Change[] | null {
    const closure = closureFor(this.#target, contextOf(world, this.#context.options));
    // Each look costs as much as the first one did.
    this.#left -= closure.attacker.actors.length > MANY ? MOST_CLOSURES / 4 : 1;
    const best = reachedGoal(this.#goal, closure);
    if (!best) return null;
    return changesOfProof(best.key, closure);
  }
}

/**
 * The changes of which each ends the proof by which a position was reached: an entry of a binding that it uses, in the
 * order in which they are used; then what pods mount and are allowed, what a namespace lets through, and Secrets that
 * hold tokens.
 */
export function changesOfProof(key: string, closure: Closure): Change[] {
  const nodes = proofOf(key, closure);
  const grants = nodes
    .flatMap(({ steps }) => steps.flatMap(grantsBehind))
    .filter((grant) => handedBy(grant) === undefined)
    .flatMap((grant) => entryChange(grant) ?? []);
  const others = nodes.flatMap((node) => changesBeyondGrants(node, closure.attacker.world));
  return [...new Map([...grants, ...others].map((change) => [change.key, change])).values()];
}
