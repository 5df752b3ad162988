import { ownValue } from '../answer/own-value.ts';
import type { LabelSelector, Labels } from '../world/objects.ts';
import { matchesSelector } from '../world/selectors.ts';

/** Labels to set, or to remove where the value is null. */
export type LabelChange = Readonly<Record<string, string | null>>;

/**
 * The smallest change of labels after which a selector that matches no longer does; undefined for a selector that
 * matches everything. Only requirements that are met can be broken, and breaking one is enough.
 */
export function avoiding(selector: LabelSelector): LabelChange | undefined {
  const [key] = Object.keys(selector.matchLabels);
  if (key !== undefined) return { [key]: null };
  const [first] = selector.matchExpressions;
  if (!first) return undefined;
  const { operator, values } = first;
  if (operator === 'In' || operator === 'Exists') return { [first.key]: null };
  if (operator === 'NotIn' && values[0] !== undefined) return { [first.key]: values[0] };
  return operator === 'DoesNotExist' ? { [first.key]: 'x' } : undefined;
}

/** A change of labels after which a selector matches; undefined where none can be found. */
export function meeting(selector: LabelSelector, labels: Labels): LabelChange | undefined {
  const changes = new Map<string, string | null>(Object.entries(selector.matchLabels));
  for (const { key, operator, values } of selector.matchExpressions) {
    if (operator === 'In' && values[0] !== undefined) changes.set(key, changes.get(key) ?? values[0]);
    else if (operator === 'Exists') changes.set(key, changes.get(key) ?? ownValue(labels, key) ?? 'x');
    else changes.set(key, changes.get(key) ?? null);
  }
  const change = Object.fromEntries(changes);
  const changed = { ...labels, ...change };
  const kept = Object.fromEntries(
    Object.entries(changed).filter((entry): entry is [string, string] => entry[1] !== null),
  );
  return matchesSelector(selector, kept) ? change : undefined;
}
