import { type FixText, fixes, fixTexts } from '../../answer/command.ts';
import { nameSubject } from '../../answer/words.ts';
import type { Closure, Reached } from '../../escalation/closure.ts';
import { handedBy } from '../../escalation/handed.ts';
import { keysOfGoal, type Position } from '../../escalation/position.ts';
import type { Grant } from '../../rbac/rbac.ts';
import { isUpstreamGrant } from '../../rbac/upstream-grants.ts';
import type { Binding } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';
import { contextOf, type QuestionContext } from '../context.ts';
import { describeRule } from '../holders/evidence.ts';
import { closureFor } from './closure.ts';
import type { BecomeTarget } from './target.ts';

/** The smallest set of changes that ends every proof of a goal. */
interface Cut {
  changes: Change[];
  /** Whether no smaller set does. */
  isSmallest: boolean;
}

/** An entry of a binding that goes; the binding goes with its only entry. */
interface Change {
  binding: Binding;
  /** The index of the entry among the subjects. */
  entry: number;
}

/** The commands that end a goal, and what they take away besides. */
export function fixesFor(
  goal: Position,
  target: BecomeTarget,
  context: QuestionContext,
): { commands: FixText[]; notes: string[] } {
  const cut = smallestCut(goal, target, context);
  if (cut === null)
    return {
      commands: [],
      notes: ['no set of up to ten bindings ends every way: a pod, a node or a built-in grant is part of it'],
    };
  const { kubectl } = context.options;
  return {
    commands: cut.changes.flatMap((change) => fixTexts(commandFor(change), kubectl)),
    notes: [
      cut.changes.length === 1
        ? 'tried: without it nothing leads there any more'
        : `tried: without these ${cut.changes.length} nothing leads there any more${cut.isSmallest ? ', and no fewer are enough' : '; fewer may be enough'}`,
      ...cut.changes.map((change) => alsoTaken(change, context)),
    ],
  };
}

/**
 * Each set that ends all proofs holds a grant of each of them: so one proof is taken, each of its grants is removed in
 * turn, and what remains is ended likewise. Exact up to three changes; beyond that the first grant of each proof.
 */
function smallestCut(goal: Position, target: BecomeTarget, context: QuestionContext): Cut | null {
  const search = new Search(goal, target, context);
  for (let most = 1; most <= EXACT; most += 1) {
    const found = search.within(context.world, most);
    if (found) return { changes: found, isSmallest: !search.isExhausted };
    if (search.isExhausted) break;
  }
  const found = search.greedily(context.world);
  return found && { changes: found, isSmallest: false };
}

const EXACT = 3;
const MOST_CHANGES = 10;
/** Closures that are worked out for a search; each is a look at the whole cluster. */
const MOST_CLOSURES = 60;
/** Identities that are held; a closure of more takes seconds. */
const MANY = 150;

class Search {
  readonly #goal: Position;
  readonly #target: BecomeTarget;
  readonly #context: QuestionContext;
  #left = MOST_CLOSURES;

  constructor(goal: Position, target: BecomeTarget, context: QuestionContext) {
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
    for (const change of changesIn(proof)) {
      if (this.isExhausted) return null;
      const rest = this.within(without(change, world), most - 1);
      if (rest) return [change, ...rest];
    }
    return null;
  }

  greedily(start: World): Change[] | null {
    const changes: Change[] = [];
    for (let world = start; changes.length <= MOST_CHANGES; ) {
      const proof = this.#proofIn(world);
      if (proof === null) return changes;
      const [change] = changesIn(proof);
      if (!change) return null;
      changes.push(change);
      world = without(change, world);
    }
    return null;
  }

  /** The grants of one proof; null where nothing leads to the goal. */
  #proofIn(world: World): Grant[] | null {
    const closure = closureFor(this.#target, contextOf(world, this.#context.options));
    // Each look costs as much as the first one did.
    this.#left -= closure.attacker.actors.length > MANY ? MOST_CLOSURES / 4 : 1;
    const key = keysOfGoal(this.#goal).find((each) => closure.reached.has(each));
    return key === undefined ? null : grantsOf(key, closure);
  }
}

/** The grants of the cluster that the proof of a position rests on, the last first: it is the nearest to the goal. */
function grantsOf(key: string, { reached }: Closure, seen = new Set<string>()): Grant[] {
  const found: Reached | undefined = reached.get(key);
  if (!found?.by || seen.has(key)) return [];
  seen.add(key);
  const own = found.by.steps.flatMap(({ rights }) => rights.flatMap(({ grants }) => grants.slice(0, 1)));
  return [
    ...own.filter((grant) => handedBy(grant) === undefined),
    ...found.by.from.flatMap((each) => grantsOf(each, { reached } as Closure, seen)),
  ];
}

/** Each entry once; what Kubernetes itself grants stays. */
function changesIn(grants: readonly Grant[]): Change[] {
  const found = new Map<string, Change>();
  for (const grant of grants) {
    if (isUpstreamGrant(grant)) continue;
    const { binding, subject } = grant;
    const entry = binding.subjects.indexOf(subject);
    if (entry >= 0) found.set(`${binding.kind} ${binding.namespace} ${binding.name} ${entry}`, { binding, entry });
  }
  return [...found.values()];
}

function without({ binding, entry }: Change, world: World): World {
  const kind = binding.namespace === null ? 'clusterrolebindings' : 'rolebindings';
  const now = world.find(kind, binding.namespace, binding.name) ?? binding;
  const gone = binding.subjects[entry];
  const subjects = now.subjects.filter((each) => each !== gone);
  return subjects.length === 0 ? world.fork(kind, { drop: [now] }) : world.fork(kind, { put: [{ ...now, subjects }] });
}

function commandFor({ binding, entry }: Change) {
  const { kind, namespace, name, subjects } = binding;
  const object = `${kind.toLowerCase()}/${name}`;
  if (subjects.length === 1) return fixes('delete', object, ...(namespace === null ? [] : ['-n', namespace]));
  const path = `/subjects/${entry}`;
  // The test makes the patch fail where somebody has changed the binding since.
  const patch = [
    { op: 'test', path: `${path}/name`, value: subjects[entry]?.name ?? '' },
    { op: 'remove', path },
  ];
  return fixes(
    'patch',
    object,
    ...(namespace === null ? [] : ['-n', namespace]),
    '--type=json',
    '-p',
    JSON.stringify(patch),
  );
}

/** What the entry is used for besides. */
function alsoTaken({ binding, entry }: Change, { rbac }: QuestionContext): string {
  const { kind, namespace, name } = binding;
  const role = rbac.roleOf(binding);
  const rules = typeof role === 'string' ? [] : rbac.rulesOf(role).map(describeRule);
  const shown =
    rules.length > MOST_RULES ? [...rules.slice(0, MOST_RULES), `${rules.length - MOST_RULES} more rules`] : rules;
  const subject = binding.subjects[entry];
  const who = subject
    ? nameSubject({
        ...subject,
        namespace: subject.kind === 'ServiceAccount' ? (subject.namespace ?? namespace) : null,
      })
    : '';
  return `${kind} ${namespace === null ? '' : `${namespace}/`}${name} also is how ${who} may ${shown.join('; ')}`;
}

const MOST_RULES = 4;
