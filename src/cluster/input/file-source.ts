import { isEngineKind } from '../../admission/engines/kinds.ts';
import type { Source } from '../../questions/ask.ts';
import { isStatic, type KindName, parseGroupKind } from '../../world/kinds.ts';
import { type Failure, kindOfNeed, list, type Need, type Outcome } from '../../world/needs.ts';
import { matchesSelector, parseSelector } from '../../world/selectors.ts';
import type { Facts, World } from '../../world/world.ts';
import type { UnreadParts } from './unread.ts';

/**
 * Answers needs from a world that was filled before, with its objects and the outcomes of the lists when they were
 * read.
 */
export class FileSource implements Source {
  readonly #held: World;
  readonly #absent: Outcome;
  readonly unread: UnreadParts;

  /** `complete` means that a kind without any object has none; otherwise it was not read. */
  constructor(held: World, { complete = false, unread = NOTHING }: { complete?: boolean; unread?: UnreadParts } = {}) {
    this.#held = held;
    this.unread = unread;
    this.#absent = complete ? { read: true } : NOT_IN_FILE;
  }

  async facts(): Promise<Facts> {
    return this.#held.facts;
  }

  /**
   * The kinds of policy engines that the file contains, or of which a snapshot says that there are none. Without
   * discovery nothing else shows that they have to be read.
   */
  #engines(world: World): Need[] {
    const told = [...this.#held.outcomes()].map(({ need }) => need.kind);
    const kinds = [...new Set([...this.#held.kinds(), ...told])].filter(
      (kind) => !isStatic(kind) && isEngineKind(parseGroupKind(kind)),
    );
    return kinds.map((kind) => list(kind)).filter((need) => world.outcome(need) === null);
  }

  async read(needs: readonly Need[], world: World): Promise<void> {
    for (const need of [...needs, ...this.#engines(world)]) {
      if (need.name === null) copyList(this.#held, need, world, this.#absent);
      else copyObject(this.#held, need, need.name, world, this.#absent);
      if (world.malformed(need.kind).length === 0)
        for (const { unknown, labels } of this.#held.oddObjects(need.kind))
          world.addMalformed(need.kind, unknown.what, unknown.why, labels);
    }
  }
}

function copyObject<K extends KindName>(
  held: World,
  need: Need & { kind: K },
  name: string,
  world: World,
  absent: Outcome,
): void {
  const object = held.find(need.kind, need.namespace, name);
  if (object) world.add(need, { read: true }, [object]);
  else world.add(need, absence(held, need, name, absent));
}

/**
 * An object that is not present is not found, in the API server's words, where all objects were read; otherwise the
 * outcome says why it may exist.
 */
function absence(held: World, need: Need, name: string, absent: Outcome): Outcome {
  const outcome = held.ownOutcome(asHeld(need)) ?? held.outcome(asHeld(need)) ?? absent;
  if (!outcome.read) return outcome;
  const found = whole(held, need, outcome);
  if (!found.read) return found;
  const { group, resource } = kindOfNeed(need);
  return failed('notFound', `${resource}${group && `.${group}`} "${name}" not found`, 404);
}

/** A list that failed is followed by the lists of single namespaces that were read instead. */
function copyList<K extends KindName>(held: World, need: Need & { kind: K }, world: World, absent: Outcome): void {
  const outcome = whole(held, need, held.outcome(asHeld(need)) ?? absent);
  const selector = need.labelSelector === null ? null : parseSelector(need.labelSelector);
  const all = held.list(need.kind, need.namespace);
  const onNode = need.node === undefined ? all : all.filter((each) => 'node' in each && each.node === need.node);
  const objects = need.named === undefined ? onNode : onNode.filter(({ name }) => name === need.named);
  world.add(
    need,
    outcome,
    selector ? objects.filter((each) => 'labels' in each && matchesSelector(selector, each.labels)) : objects,
  );
  if (outcome.read || need.namespace !== null || need.node !== undefined || need.named !== undefined) return;
  for (const each of held.outcomes())
    if (each.need.kind === need.kind && each.need.namespace !== null && each.need.name === null)
      world.add(
        { ...need, namespace: each.need.namespace, labelSelector: each.need.labelSelector },
        whole(held, each.need, each.outcome),
      );
}

/** A list that may lack an object whose name could not be read does not count as read completely. */
function whole(held: World, { kind, namespace }: Need, outcome: Outcome): Outcome {
  const [first, ...others] = held.nameless(kind, namespace);
  if (!outcome.read || !first) return outcome;
  const number = others.length === 0 ? '1 object' : `${others.length + 1} objects`;
  return failed('malformed', `${number} could not be read${others.length === 0 ? '' : ', the first'}: ${first.why}`);
}

/**
 * The need without the fields that say whether pods are whole, which was decided when the file was opened; its outcomes
 * lack them.
 */
const asHeld = ({ whole: _, node: __, named: ___, ...need }: Need): Need => need;

const failed = (kind: Failure['kind'], message: string, status: number | null = null): Outcome => ({
  read: false,
  failure: { kind, status, message },
});

const NOTHING: UnreadParts = { warnings: [], unknowns: [] };
const NOT_IN_FILE = failed('notInFile', 'not in the file');
