import { child, children, isRaw, type Raw, textMap } from '../../../world/raw.ts';
import { labelSelector } from '../../../world/reduce/metadata.ts';
import { avoiding, type LabelChange, meeting } from '../../exempt-labels.ts';
import { type MatchSubject, matchBlock } from './match.ts';
import { hasWildcard } from './wildcard.ts';

/**
 * Labels with which a rule would not apply to the object: its only filter would no longer select it, or the one that
 * excludes would. Undefined where no such labels can be determined. Filters that select by several criteria, and
 * selectors with wildcards, are not changed.
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

/** The filters of a block, one of which is enough to match. */
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
