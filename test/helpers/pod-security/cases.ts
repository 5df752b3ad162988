import { checkIds, policyMinor } from '../../../src/admission/pod-security/evaluate.ts';
import { levelOf, uniform } from '../../../src/admission/pod-security/labels.ts';
import type { Raw } from '../../../src/world/raw.ts';
import type { Version } from '../../../src/world/version.ts';
import { random } from '../random.ts';
import { FAULTS } from './faults.ts';
import { goodPod } from './good-pod.ts';
import { BREAKS } from './invalid.ts';
import { LABEL_SETS, type LabelSet } from './label-sets.ts';

/** A pod to be created in a namespace. */
export interface Case {
  set: LabelSet;
  pod: Raw;
  /** What it was made for: `privileged alone`, `good`. */
  plan: string;
}

/** How many of each sort. */
export interface Amounts {
  /** For each check, in namespaces where it is in force. */
  alone: number;
  good: number;
  /** Several faults at once, or one in a namespace that may not mind. */
  mixed: number;
  /** For each way of being invalid. */
  invalid: number;
}

/** What upstream takes for granted where labels say nothing. */
export const UPSTREAM = uniform({ level: 'privileged', version: 'latest' });

/** Cases that a seed determines, for a server of this version. */
export function generateCases(seed: number, server: Version, amounts: Amounts): Case[] {
  const choice = random(seed);
  const times = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index));
  const good = (set: LabelSet) => {
    const { level, minor } = inForce(set, server);
    return goodPod(choice, level, minor);
  };
  return [
    ...FAULTS.flatMap(({ check, apply }) => {
      const sets = LABEL_SETS.filter((set) => isInForce(check, set, server));
      return times(sets.length > 0 ? amounts.alone : 0, () => {
        const set = choice.pick(sets);
        const draft = good(set);
        apply(draft, choice, inForce(set, server).minor);
        return caseOf(set, draft, `${check} alone`);
      });
    }),
    ...times(amounts.good, () => {
      const set = choice.pick(LABEL_SETS);
      return caseOf(set, good(set), 'good');
    }),
    ...times(amounts.mixed, () => {
      const set = choice.pick(LABEL_SETS);
      const draft = good(set);
      const faults = choice.some(FAULTS, 1, 3);
      for (const { apply } of faults) apply(draft, choice, inForce(set, server).minor);
      return caseOf(set, draft, `mixed: ${faults.map(({ check }) => check).join(', ')}`);
    }),
    ...BREAKS.flatMap(([name, apply]) =>
      times(amounts.invalid, () => {
        const set = choice.pick(LABEL_SETS);
        const draft = good(set);
        apply(draft, choice);
        return caseOf(set, draft, name);
      }),
    ),
  ];
}

function caseOf(set: LabelSet, draft: object, plan: string): Case {
  // As it goes over the wire, and apart from all others.
  return { set, pod: JSON.parse(JSON.stringify({ apiVersion: 'v1', kind: 'Pod', ...draft })), plan };
}

/** The level and the minor of the checks that such a namespace enforces. */
function inForce({ labels }: LabelSet, server: Version): { level: string; minor: number } {
  const { enforce } = levelOf(labels, { default: UPSTREAM });
  return { level: enforce.level, minor: policyMinor(enforce.version, server) };
}

/** Where a check decides alone: what restricted asks for besides would join the baseline checks that it sharpens. */
function isInForce(check: string, set: LabelSet, server: Version): boolean {
  const { enforce } = levelOf(set.labels, { default: UPSTREAM });
  const minor = policyMinor(enforce.version, server);
  const isRuledOut = check === 'privileged' && enforce.level === 'restricted' && minor >= 8;
  return checkIds(enforce.level, minor).includes(check) && !isRuledOut;
}
