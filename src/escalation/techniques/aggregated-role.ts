import type { LabelSelector, Labels, Role } from '../../world/objects.ts';
import { matchesSelector } from '../../world/selectors.ts';
import type { Actor } from '../actor.ts';
import type { Attacker } from '../attacker.ts';
import { draftsOf, type WrittenRole, writeRole } from './role-writing.ts';

/** Whether a controller copies the rules of other ClusterRoles into one, by their labels. */
export const isAggregated = ({ selectors }: Role): boolean => (selectors?.length ?? 0) > 0;

/** A ClusterRole that an author creates or changes, whose labels let the controller copy its rules into another. */
export function writeInto(target: Role, author: Actor, attacker: Attacker): WrittenRole | null {
  const selector = target.selectors?.find((each) => matchesSelector(each, labelsFor(each)));
  if (!selector) return null;
  const labels = labelsFor(selector);
  const purpose = ` whose labels aggregate it into ${target.name}`;
  let best: WrittenRole | null = null;
  for (const draft of draftsOf('ClusterRole', null, author, attacker)) {
    const written = writeRole({ ...draft, labels, purpose }, author, attacker);
    if (written?.isFree) return written;
    best ??= written;
  }
  return best;
}

/** Labels that a selector selects, where it does not contradict itself. */
function labelsFor({ matchLabels, matchExpressions }: LabelSelector): Labels {
  const wanted = matchExpressions.flatMap(({ key, operator, values }): [string, string][] =>
    operator === 'In' ? [[key, values[0] ?? '']] : operator === 'Exists' ? [[key, 'true']] : [],
  );
  return { ...Object.fromEntries(wanted), ...matchLabels };
}
