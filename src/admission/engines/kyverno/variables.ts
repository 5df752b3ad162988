import { holdsLeftOut } from '../../../world/kept/left-out.ts';
import { oncePerObject } from '../../../world/once.ts';
import { isRaw } from '../../../world/raw.ts';
import type { AdmissionRequest } from '../../request/request.ts';
import { evaluate } from './jmespath/evaluate.ts';
import { leftOut, NotUnderstood, RuleError } from './outcome.ts';
import { partly } from './partly.ts';

/** The values that variables refer to: `request`, the names that the rule defines, and `element` within a foreach. */
export interface Context {
  readonly [name: string]: unknown;
  /** The names that the rule defines; their value is undefined where it is not known. */
  readonly [DEFINED]?: ReadonlyMap<string, () => unknown>;
  readonly [MADE]?: Made;
}

/** How a context was made. */
export interface Made {
  request: AdmissionRequest;
  /** Makes the same context for another request, without the elements of the first request's object. */
  again: (request: AdmissionRequest) => Context;
  /** A text that differs where other names are defined. */
  scope: string;
}

export const DEFINED: unique symbol = Symbol('defined');
export const MADE: unique symbol = Symbol('made');

/**
 * The value of an expression. Throws NotUnderstood where it begins with something that only Kyverno can look up, such
 * as `images`, and RuleError where the name is not defined.
 */
export function query(expression: string, context: Context): unknown {
  const plain = expression.replaceAll(/'[^']*'|`[^`]*`|"[^"]*"/g, '');
  const unknown = UNKNOWN.map((each) => each.exec(plain)?.[1]).find((each) => each !== undefined);
  if (unknown !== undefined) throw new NotUnderstood(`variable ${unknown}`);
  const defined = context[DEFINED];
  if (defined)
    for (const [name] of plain.matchAll(FIRST_NAMES))
      if (defined.get(name)?.() === undefined && defined.has(name)) notKnown(name);
  const value = evaluate(expression, context);
  if (value === undefined) throw new RuleError(`${expression} is not there`);
  return value;
}

/** Throws NotUnderstood for a variable that a rule defines and whose value is not known. */
export function notKnown(name: string): never {
  throw new NotUnderstood(`variable ${name}, which the context of the rule defines`);
}

/** Names that are only defined by what a rule loads, and parts of the request that are not known here. */
const UNKNOWN = [
  /(?:^|[^\w.])(images|target|globalContext|globalReference|serviceAccountName|serviceAccountNamespace)\b(?!\s*\()/,
  /(?:^|[^\w.])(request\.(?!(?:operation|kind|resource|subResource|namespace|name|userInfo|object|oldObject)\b)\w+)/,
  /(?:^|[^\w.])(request\.userInfo\.(?!(?:username|groups)\b)\w+)/,
];

/** Names that do not follow a dot, among them the one that an expression begins with. */
const FIRST_NAMES = /(?<![\w.])[A-Za-z_]\w*/g;

/**
 * A document in whose texts and keys `{{ }}` is replaced. A text that is one variable becomes its value. Throws like
 * `query`, and NotUnderstood for references `$( )`, the current path `@`, and text that creates new variables; where
 * `instead` is given, such a text becomes `instead`. Mirrors kyverno pkg/engine/variables/vars.go.
 */
export function substitute(document: unknown, context: Context, instead?: unknown): unknown {
  return typeof document === 'object' && document !== null && !hasVariables(document)
    ? document
    : replaced(document, context, instead);
}

/** Whether anything in a document has to be replaced, computed once for each document. */
const hasVariables = oncePerObject((document: object): boolean => /\{\{|\$\(/.test(JSON.stringify(document)));

function replaced(document: unknown, context: Context, instead: unknown): unknown {
  if (typeof document === 'string') {
    if (instead === undefined) return substituteText(document, context);
    const value = partly(() => substituteText(document, context));
    return value instanceof NotUnderstood ? instead : value;
  }
  if (Array.isArray(document)) return document.map((each) => replaced(each, context, instead));
  if (!isRaw(document)) return document;
  return Object.fromEntries(
    Object.entries(document).map(([key, value]) => [replacedKey(key, context), replaced(value, context, instead)]),
  );
}

/**
 * The text of a key after replacement. A key that is one variable whose value is no text, number or boolean names no
 * field.
 */
function replacedKey(key: string, context: Context): string {
  const value = substituteText(key, context);
  if (typeof value === 'object') throw new NotUnderstood(`variable in the key ${key}`);
  return String(value);
}

function substituteText(text: string, context: Context): unknown {
  if (!text.includes('{{') && !text.includes('$(')) return text;
  if (REFERENCE.test(text)) throw new NotUnderstood(`reference in ${JSON.stringify(text)}`);
  const whole = WHOLE.exec(text)?.[1];
  if (whole !== undefined) return resolved(whole, context);
  const result = text.replaceAll(VARIABLE, (_, expression: string) => {
    const value = resolved(expression, context);
    if (holdsLeftOut(value)) throw leftOut(expression);
    const written = typeof value === 'string' ? value : JSON.stringify(value);
    if (written.includes('{{')) throw new NotUnderstood(`variable in the value of ${expression}`);
    return written;
  });
  if (result.includes('{{')) throw new NotUnderstood(`variable ${JSON.stringify(text)}`);
  return result;
}

function resolved(expression: string, context: Context): unknown {
  const trimmed = expression.trim();
  if (trimmed.startsWith('-') || trimmed.endsWith('-') || trimmed === '@')
    throw new NotUnderstood(`variable {{${expression}}}`);
  return query(trimmed, context);
}

/**
 * A text that is one variable. The expression may have one level of braces of its own: `{{ regex_match('^a{2}$',
 * request.name) }}`.
 */
const WHOLE = /^\{\{((?:\{[^{}]*\}|[^{}])*)\}\}$/;
const VARIABLE = /\{\{((?:\{[^{}]*\}|[^{}])*)\}\}/g;
const REFERENCE = /\$\([./]/;
