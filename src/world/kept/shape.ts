import { DEEPEST, isRaw, type Raw } from '../raw.ts';
import { LEFT_OUT } from './left-out.ts';

/** Makes the kept part of a value; undefined where nothing is kept. Never throws, and does not change the value. */
export type Shape = (value: unknown) => unknown;

/**
 * A list of what a shape makes of its elements. The API has no lists in lists: such a list becomes an empty one, at any
 * depth.
 */
const listed = (values: readonly unknown[], shape: Shape): unknown[] =>
  values.map((each) => (Array.isArray(each) ? [] : shape(each)));

/**
 * Keeps a scalar, or a list of scalars. Where an object is not expected an empty one is kept, which has the same wrong
 * type.
 */
export const keep: Shape = (value) => (Array.isArray(value) ? value.map(scalar) : scalar(value));

const scalar = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? (Array.isArray(value) ? [] : {}) : value;

/**
 * Keeps only that there is a value, the length of a list, and the keys of a map. Missing values, `''` and booleans are
 * kept, since they tell no secret.
 */
export const out: Shape = (value) => {
  if (Array.isArray(value)) return value.map(outAsWhole);
  return isRaw(value) ? entriesOf(value, outAsWhole) : outAsWhole(value);
};

/** The same as `out` without keys and length. */
export const outAsWhole: Shape = (value) => (tellsNothing(value) ? value : LEFT_OUT);

const tellsNothing = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  typeof value === 'boolean' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/** Keeps only whether there is an object, a list of a certain length, or another value, and none of their contents. */
export const presence: Shape = (value) =>
  Array.isArray(value) ? listed(value, presence) : isRaw(value) ? {} : outAsWhole(value);

/**
 * An object with these fields, or a list of such objects. `rest` is the shape of fields that are not listed, which
 * later versions of the API may have; without it they are dropped. A text in place of an object stays a text, whose
 * content is left out.
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

/** A map whose keys are free: all of them are kept. */
export const map = (shape: (key: string) => Shape): Shape => {
  const made: Shape = (value) => {
    if (Array.isArray(value)) return listed(value, made);
    return isRaw(value) ? entriesOf(value, (each, key) => shape(key)(each)) : scalarOrOut(value);
  };
  return made;
};

const scalarOrOut = (value: unknown): unknown => (typeof value === 'string' ? LEFT_OUT : value);

/**
 * Keeps everything at any depth, except that `cut` gives a shape for fields by their name. It is for the text of
 * policies, whose fields are those of the objects that they are about.
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

/** Deeper than any object that is read at all (`checkDepth`), so that an object that is too deep stays too deep. */
const TOO_DEEP = DEEPEST + 50;

/** Uses Object.fromEntries, since an attacker may call a field `__proto__`. */
function entriesOf(raw: Raw, change: (value: unknown, key: string) => unknown): Raw {
  return Object.fromEntries(
    Object.entries(raw).flatMap(([key, value]) => {
      const changed = change(value, key);
      return changed === undefined ? [] : [[key, changed]];
    }),
  );
}
