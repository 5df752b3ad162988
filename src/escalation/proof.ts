import type { Unknown } from '../answer/unknown.ts';
import type { Leaning } from '../answer/verdict.ts';
import type { Rule } from '../world/objects.ts';
import { grantsBehind } from './basis.ts';
import type { Closure } from './closure.ts';
import type { Taken } from './derivation.ts';
import { handedBy, type Way } from './handed.ts';
import type { Position } from './position.ts';
import { handedOf } from './techniques/hand-out.ts';

/** How one position of a proof is reached. */
export interface ProofNode {
  position: Position;
  technique: string;
  steps: readonly Taken[];
  /** The indices of the nodes that it uses, all of them before it. */
  uses: readonly number[];
  /** The keys of the positions that it rests on, what the attacker begins with among them. */
  from: readonly string[];
  /** What it depends on besides; nothing if it is certain. */
  unknowns: readonly Unknown[];
  leaning: Leaning;
}

/**
 * The proof of a position that was reached: its nodes in the order in which they are gone through. Of rights that were
 * handed out only what is used is in it, with the steps by which that came.
 */
export function proofOf(key: string, { reached }: Pick<Closure, 'reached'>): ProofNode[] {
  const nodes: ProofNode[] = [];
  const known = new Map<string, number>();
  visit(key, []);
  return nodes;

  /** The indices of the nodes of a position; `rules` are those that are used of it. */
  function visit(at: string, rules: readonly Rule[]): number[] {
    const found = reached.get(at);
    if (!found?.by) return [];
    const { by, position } = found;
    const handed = handedOf(position);
    if (handed && rules.length === 0) return [];
    const ways: readonly Way[] = handed?.waysTo?.(rules) ?? [{ id: '', steps: by.steps, from: by.from }];
    return ways.map((way) => {
      const id = `${at}\0${way.id}`;
      const before = known.get(id);
      if (before !== undefined) return before;
      const used = usedBy(way.steps);
      const uses = [...new Set(way.from.flatMap((each) => visit(each, used.get(each) ?? [])))];
      const { technique, unknowns, leaning } = by;
      nodes.push({ position, technique, steps: way.steps, uses, from: way.from, unknowns, leaning });
      known.set(id, nodes.length - 1);
      return nodes.length - 1;
    });
  }
}

/** The rules that steps use of what was handed out, by the key of that position. */
function usedBy(steps: readonly Taken[]): ReadonlyMap<string, Rule[]> {
  const used = new Map<string, Rule[]>();
  for (const grant of steps.flatMap(grantsBehind)) {
    const key = handedBy(grant);
    const rule = grant.role.rules[grant.rule];
    if (key === undefined || !rule) continue;
    const rules = used.get(key) ?? [];
    if (!rules.includes(rule)) used.set(key, [...rules, rule]);
  }
  return used;
}
