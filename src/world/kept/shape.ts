import { DEEPEST, isRaw, type Raw } from '../raw.ts';
import { LEFT_OUT } from './left-out.ts';

/** Makes of a value what is kept of it; undefined for nothing at all. Never throws, and leaves the value alone. */
export type Shape = (value: unknown) => unknown;

/**
 * A list of what a shape makes of its elements. Lists in lists are nothing that the API has, however deep they are:
 * they stay lists, and are empty.
 */
const listed = (values: readonly unknown[], shape: Shape): unknown[] =>
  values.map((each) => (Array.isArray(each) ? [] : shape(each)));

/**
 * What is no object and no list, and a list of such. Where the API has an object and we expect none, an empty one
 * stays, which is as wrong.
 */
export const keep: Shape = (value) => (Array.isArray(value) ? value.map(scalar) : scalar(value));

const scalar = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? (Array.isArray(value) ? [] : {}) : value;

/**
 * That there is a value, and not which; of a list how long it is, of a map its keys. Nothing at all, `''` and truths
 * tell no secret.
 */
export const out: Shape = (value) => {
  if (Array.isArray(value)) return value.map(outAsWhole);
  return isRaw(value) ? entriesOf(value, outAsWhole) : outAsWhole(value);
};

/** Like `out`, without keys and length. */
export const outAsWhole: Shape = (value) => (tellsNothing(value) ? value : LEFT_OUT);

const tellsNothing = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  typeof value === 'boolean' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/** That there is an object, a list of so many, or something else, and nothing of what it contains. */
export const presence: Shape = (value) =>
  Array.isArray(value) ? listed(value, presence) : isRaw(value) ? {} : outAsWhole(value);

/**
 * An object with these fields, or a list of such. `rest`: what becomes of fields that are not listed, of which later
 * versions of the API may have some; nothing is kept of them where it is absent. Text in place of an object stays text,
 * of which nothing is told.
 */
export function fields(named: Readonly<Record<string, Shape>>, rest?: Shape): Shape {
  const shapes = new Map(Object.entries(named));
  const shape: Shape = (value) => {
    if (Array.isArray(value)) return listed(value, shape);
    if (!isRaw(value)) return typeof value === 'string' ? LEFT_OUT : value;
    return entriesOf(value, (each, key) => (shapes.get(key) ?? rest)?.(each));
  };
  return shape;
}

/** A map whose keys anybody may choose: all of them stay. */
export const map = (shape: (key: string) => Shape): Shape => {
  const made: Shape = (value) => {
    if (Array.isArray(value)) return listed(value, made);
    return isRaw(value) ? entriesOf(value, (each, key) => shape(key)(each)) : scalarOrOut(value);
  };
  return made;
};

const scalarOrOut = (value: unknown): unknown => (typeof value === 'string' ? LEFT_OUT : value);

/**
 * Everything, however deep, but for what `cut` says of fields by their name: the text of policies, whose fields are
 * those of what they are about.
 */
export const tree = (cut: (key: string) => Shape | undefined): Shape => {
  const walk = (value: unknown, depth: number): unknown => {
    if (depth > TOO_DEEP) return null;
    if (Array.isArray(value)) return value.map((each) => walk(each, depth + 1));
    if (!isRaw(value)) return value;
    return entriesOf(value, (each, key) => {
      const shape = cut(key);
      return shape ? shape(each) : walk(each, depth + 1);
    });
  };
  return (value) => walk(value, 0);
};

/** Deeper than what is read at all (`checkDepth`), so that what is too deep stays so. */
const TOO_DEEP = DEEPEST + 50;

/** fromEntries, since an attacker may call a field `__proto__`. */
function entriesOf(raw: Raw, change: (value: unknown, key: string) => unknown): Raw {
  return Object.fromEntries(
    Object.entries(raw).flatMap(([key, value]) => {
      const changed = change(value, key);
      return changed === undefined ? [] : [[key, changed]];
    }),
  );
}
