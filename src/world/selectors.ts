import { ownValue } from '../answer/own-value.ts';
import { usageError } from '../answer/user-error.ts';
import type { LabelSelector, Labels } from './objects.ts';

/**
 * Whether labels satisfy a LabelSelector. An empty selector matches everything. Mirrors apimachinery
 * pkg/apis/meta/v1/helpers.go.
 */
export function matchesSelector(selector: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(selector.matchLabels).every(([key, value]) => ownValue(labels, key) === value) &&
    selector.matchExpressions.every(({ key, operator, values }) =>
      matchesExpression(operator, values, ownValue(labels, key)),
    )
  );
}

function matchesExpression(operator: string, values: readonly string[], value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

/**
 * Reads kubectl's `-l` syntax: `app=web,tier!=db,env in (a,b),env notin (c),x,!y`. Throws a usage error for anything
 * else. Mirrors apimachinery pkg/labels/selector.go.
 */
export function parseSelector(text: string): LabelSelector {
  const matchExpressions = splitTerms(text).map((term) => {
    const expression = parseTerm(term.trim());
    if (!expression)
      throw usageError(
        `error: unable to parse requirement: ${JSON.stringify(term.trim())} in selector ${JSON.stringify(text)}`,
      );
    return expression;
  });
  return { matchLabels: {}, matchExpressions };
}

/** The selector in `-l` syntax, to be sent to the server. */
export function formatSelector({ matchLabels, matchExpressions }: LabelSelector): string {
  const terms = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  for (const { key, operator, values } of matchExpressions) {
    if (operator === 'Exists') terms.push(key);
    else if (operator === 'DoesNotExist') terms.push(`!${key}`);
    else terms.push(`${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`);
  }
  return terms.join(',');
}

/** Splits at commas outside parentheses: commas that are not followed by a closing parenthesis before any other. */
function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let [end, isInside] = [text.length, false];
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const letter = text[at];
    if (letter === ')' || letter === '(') isInside = letter === ')';
    if (letter !== ',' || isInside) continue;
    terms.push(text.slice(at + 1, end));
    end = at;
  }
  return text.trim() === '' ? [] : [...terms, text.slice(0, end)].reverse();
}

const KEY = '([A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?)';
const VALUE = '((?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)?)';
const SET = new RegExp(`^${KEY}\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const EQUALS = new RegExp(`^${KEY}\\s*(==|=|!=)\\s*${VALUE}$`);
const EXISTS = new RegExp(`^(!?)\\s*${KEY}$`);

function parseTerm(term: string): LabelSelector['matchExpressions'][number] | null {
  const set = SET.exec(term);
  if (set)
    return {
      key: set[1] ?? '',
      operator: set[2] === 'in' ? 'In' : 'NotIn',
      values: (set[3] ?? '').split(',').map((each) => each.trim()),
    };
  const equals = EQUALS.exec(term);
  if (equals) return { key: equals[1] ?? '', operator: equals[2] === '!=' ? 'NotIn' : 'In', values: [equals[3] ?? ''] };
  const exists = EXISTS.exec(term);
  return exists ? { key: exists[2] ?? '', operator: exists[1] === '!' ? 'DoesNotExist' : 'Exists', values: [] } : null;
}
