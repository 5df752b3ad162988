import { parseQuantity } from '../../../../world/quantity.ts';
import { isRaw } from '../../../../world/raw.ts';
import { matchesWildcard } from '../wildcard.ts';
import { parseDuration } from './duration.ts';

/**
 * Whether a value matches a leaf of a pattern. Booleans and numbers have to be equal, and null matches a missing value.
 * A text lists alternatives (`|`) of conjunctions (`&`) of terms, which may be negated, comparisons, ranges or
 * wildcards. Mirrors kyverno pkg/engine/pattern/pattern.go.
 */
export function matchesValue(value: unknown, pattern: unknown): boolean {
  if (typeof pattern === 'boolean') return value === pattern;
  if (typeof pattern === 'number')
    return typeof value === 'string' ? isNumeral(value) && Number(value) === pattern : value === pattern;
  if (pattern === null) return value === undefined || value === null || value === 0 || value === '' || value === false;
  if (typeof pattern === 'string')
    return value === pattern || pattern.split('|').some((each) => matchesAll(value, each.trim()));
  return isRaw(pattern) && isRaw(value);
}

/** Stands for a leaf of a pattern that is not understood: it matches everything, or nothing. */
export class Whatever {
  readonly matches: boolean;

  constructor(matches: boolean) {
    this.matches = matches;
  }
}

const isNumeral = (text: string): boolean => /^[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text);

const matchesAll = (value: unknown, pattern: string): boolean =>
  pattern.split('&').every((each) => matchesTerm(value, each.trim()));

function matchesTerm(value: unknown, pattern: string): boolean {
  const operator = operatorOf(pattern);
  if (operator === '-' || operator === '!-') {
    const [, low = '', high = ''] = (operator === '-' ? RANGE : NOT_RANGE).exec(pattern) ?? [];
    return operator === '-'
      ? matchesTerm(value, `>= ${low}`) && matchesTerm(value, `<= ${high}`)
      : matchesTerm(value, `< ${low}`) || matchesTerm(value, `> ${high}`);
  }
  return compares(value, pattern.slice(operator.length).trim(), operator);
}

export type Operator = '' | '>=' | '<=' | '>' | '<' | '!' | '-' | '!-';

/** The operator of a term, from its first characters or its form. Mirrors kyverno pkg/engine/operator/operator.go. */
export function operatorOf(pattern: string): Operator {
  if (pattern.length < 2) return '';
  const prefix = (['>=', '<=', '>', '<', '!'] as const).find((each) => pattern.startsWith(each));
  if (prefix) return prefix;
  if (NOT_RANGE.test(pattern)) return '!-';
  return RANGE.test(pattern) ? '-' : '';
}

const RANGE = /^([-|+]?\d+(?:\.\d+)?[A-Za-z]*)-([-|+]?\d+(?:\.\d+)?[A-Za-z]*)$/;
const NOT_RANGE = /^([-|+]?\d+(?:\.\d+)?[A-Za-z]*)!-([-|+]?\d+(?:\.\d+)?[A-Za-z]*)$/;

/**
 * Compares as durations where both sides are durations, else as quantities where both are, else as text. A missing
 * value counts as 0.
 */
function compares(value: unknown, pattern: string, operator: Operator): boolean {
  const text = numeral(value);
  if (text !== null) {
    const [left, right] = [parseDuration(text), parseDuration(pattern)];
    if (left !== null && right !== null) return holds(left < right ? -1 : left > right ? 1 : 0, operator);
    const [mine, theirs] = [parseQuantity(text), parseQuantity(pattern)];
    if (mine !== null && theirs !== null) return holds(mine < theirs ? -1 : mine > theirs ? 1 : 0, operator);
  }
  return comparesText(value, pattern, operator);
}

function holds(order: number, operator: Operator): boolean {
  switch (operator) {
    case '!':
      return order !== 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    default:
      return order === 0;
  }
}

function comparesText(value: unknown, pattern: string, operator: Operator): boolean {
  if (operator !== '' && operator !== '!') return false;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return false;
  return matchesWildcard(pattern, String(value)) === (operator === '');
}

function numeral(value: unknown): string | null {
  if (value === undefined || value === null) return '0';
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
}
