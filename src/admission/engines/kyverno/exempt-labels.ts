import { child, children, isRaw, type Raw, textMap } from '../../../world/raw.ts';
import { labelSelector } from '../../../world/reduce/metadata.ts';
import { avoiding, type LabelChange, meeting } from '../../exempt-labels.ts';
import { type MatchSubject, matchBlock } from './match.ts';
import { hasWildcard } from './wildcard.ts';

/**
 * Labels with which a rule would not be about the object: such that its only filter does not select any more, or that
 * one which excludes does. Undefined where none can be told. Filters that select by several things are left alone, and
 * selectors with wildcards.
 */
export function exemptLabelsFor(rule: Raw, subject: MatchSubject): LabelChange | undefined {
  const filters = filtersOf(child(rule, 'match'));
  const only = filters.length === 1 ? selectorOf(filters[0] ?? {}) : undefined;
  const away = only && avoiding(only);
  if (away) return away;
  const labels = textMap(child(subject.object, 'metadata'), 'labels');
  for (const filter of filtersOf(child(rule, 'exclude'))) {
    const selector = selectorOf(filter);
    const { selector: _, ...resources } = child(filter, 'resources');
    const isRestMet =
      matchBlock({ ...filter, resources: { operations: [subject.request.operation], ...resources } }, subject) === true;
    const change = selector && isRestMet ? meeting(selector, labels) : undefined;
    if (change) return change;
  }
  return undefined;
}

/** The filters of a block of which one is enough. */
const filtersOf = (block: Raw): Raw[] =>
  children(block, 'all').length > 0 ? [] : children(block, 'any').length > 0 ? children(block, 'any') : [block];

function selectorOf(filter: Raw) {
  const { selector } = child(filter, 'resources');
  if (!isRaw(selector)) return undefined;
  const read = labelSelector(selector);
  return Object.entries(read.matchLabels).some(([key, value]) => hasWildcard(key) || hasWildcard(value))
    ? undefined
    : read;
}
