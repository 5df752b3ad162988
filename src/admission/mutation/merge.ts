import { ownValue } from '../../answer/own-value.ts';
import { isRaw, type Raw } from '../../world/raw.ts';
import { resolve, type Shape, type Struct } from './types.ts';

/** Why an apply configuration cannot be merged. */
export class MergeError extends Error {}

/**
 * A copy of the object with an apply configuration merged into it. Throws MergeError for a configuration that does not
 * have the shape of the kind, or that sets a value which can only be replaced as a whole (tolerations, arguments,
 * capabilities), which mutations may not do. Mirrors structured-merge-diff typed/merge.go, typed/validate.go and
 * apiserver pkg/admission/plugin/policy/mutating/patch/smd.go.
 */
export function merged(object: Raw, configuration: Raw, shape: Shape): Raw {
  validate(configuration, shape, '');
  const atomic = atomics(configuration, shape, '');
  if (atomic.length > 0)
    throw new MergeError(
      `invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomic.join(', ')}`,
    );
  return merge(object, configuration, shape) as Raw;
}

function merge(left: unknown, right: unknown, shape: Shape): unknown {
  if (right === undefined) return left;
  if (left === undefined || left === null || right === null) return right;
  const type = resolve(shape);
  if (typeof type === 'string')
    return type === 'any' && isRaw(left) && isRaw(right) ? mergeFields(left, right, () => 'any') : right;
  if ('list' in type) return type.keys === undefined ? right : mergeList(list(left), list(right), type.list, type.keys);
  if (!isRaw(left) || !isRaw(right)) return right;
  return mergeFields(left, right, (field) => ('map' in type ? type.map : (ownValue(type.fields, field) ?? 'any')));
}

function mergeFields(left: Raw, right: Raw, shapeOf: (field: string) => Shape): Raw {
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return Object.fromEntries(
    names.map((name) => [name, merge(ownValue(left, name), ownValue(right, name), shapeOf(name))]),
  );
}

/**
 * Merges the elements of both lists by their keys. Elements that both have are in the order of the configuration, those
 * that only the object has come before the next common one, and new ones follow the element that they follow in the
 * configuration.
 */
function mergeList(
  left: readonly unknown[],
  right: readonly unknown[],
  element: Shape,
  keys: readonly string[],
): unknown[] {
  const [ours, theirs] = [
    left.map((each) => keyOf(each, element, keys)),
    right.map((each) => keyOf(each, element, keys)),
  ];
  const [leftByKey, rightByKey] = [indexed(left, ours), indexed(right, theirs)];
  const shared = theirs.filter((key) => leftByKey.has(key));
  let next = shared.shift();
  const result: unknown[] = [];
  const done = new Set<string>();
  const both = (key: string): void => {
    done.add(key);
    result.push(merge(leftByKey.get(key), rightByKey.get(key), element));
  };
  let at = 0;
  let from = 0;
  while (at < ours.length || from < theirs.length) {
    const key = ours[at];
    const wanted = theirs[from];
    if (key !== undefined && wanted !== undefined) {
      if (key === wanted) {
        both(key);
        at += 1;
        from += 1;
        next = shared.shift();
        continue;
      }
      if (rightByKey.has(key) && next !== undefined && next !== key) {
        at += 1;
        continue;
      }
    }
    if (key !== undefined) {
      if (!rightByKey.has(key)) {
        result.push(left[at]);
        at += 1;
        continue;
      }
      if (done.has(key)) at += 1;
    }
    if (wanted !== undefined) {
      both(wanted);
      from += 1;
      if (next === wanted) next = shared.shift();
    }
  }
  return result;
}

/** The elements by their keys. Elements that share a key are left out, so that they are not merged with anything. */
function indexed(items: readonly unknown[], keys: readonly string[]): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [index, key] of keys.entries()) found.set(key, found.has(key) ? undefined : items[index]);
  return found;
}

/** The key by which an element is found: for a set the element itself. */
function keyOf(item: unknown, element: Shape, keys: readonly string[]): string {
  if (keys.length === 0) return JSON.stringify(item);
  if (!isRaw(item)) throw new MergeError('associative list with keys may not have non-map elements');
  const type = resolve(element);
  const defaults = typeof type === 'object' && 'fields' in type ? (type.defaults ?? {}) : {};
  const values = keys.map((key) => ownValue(item, key) ?? defaults[key]);
  if (values.every((each) => each === undefined))
    throw new MergeError(`associative list with keys has an element that omits all key fields ${JSON.stringify(keys)}`);
  return JSON.stringify(values.map((each) => each ?? null));
}

/** Throws where the configuration does not have the shape. */
function validate(value: unknown, shape: Shape, path: string): void {
  if (value === undefined || value === null) return;
  const type = resolve(shape);
  if (type === 'any') return;
  if (typeof type === 'string') {
    scalar(value, type, path);
    return;
  }
  if ('list' in type) {
    if (!Array.isArray(value)) throw wrong(path, `expected list, got ${printed(value)}`);
    if (type.keys !== undefined)
      unique(
        value.map((each) => keyOf(each, type.list, type.keys ?? [])),
        path,
      );
    for (const [index, each] of value.entries()) validate(each, type.list, `${path}[${index}]`);
    return;
  }
  if (!isRaw(value)) throw wrong(path, `expected map, got ${printed(value)}`);
  for (const [field, each] of Object.entries(value)) validate(each, fieldOf(type, field, path), `${path}.${field}`);
}

function fieldOf(type: Struct | { map: Shape }, field: string, path: string): Shape {
  if ('map' in type) return type.map;
  const found = ownValue(type.fields, field);
  if (found === undefined) throw wrong(`${path}.${field}`, 'field not declared in schema');
  return found;
}

function unique(keys: readonly string[], path: string): void {
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw wrong(path, `duplicate entries for key ${twice}`);
}

function scalar(value: unknown, type: 'string' | 'numeric' | 'boolean' | 'untyped', path: string): void {
  const found = typeof value;
  const fits =
    type === 'untyped'
      ? ['string', 'number', 'boolean'].includes(found)
      : found === (type === 'numeric' ? 'number' : type);
  if (!fits) throw wrong(path, `expected ${type === 'untyped' ? 'any scalar' : type}, got ${printed(value)}`);
}

/** The paths of values in a configuration that can only be replaced as a whole. */
function atomics(value: unknown, shape: Shape, path: string): string[] {
  const type = resolve(shape);
  if (typeof type === 'string') return [];
  if ('list' in type) {
    if (!Array.isArray(value)) return [];
    return [
      ...(type.keys === undefined ? [path] : []),
      ...value.flatMap((each, index) => atomics(each, type.list, `${path}[${index}]`)),
    ];
  }
  if (!isRaw(value)) return [];
  const own = type.atomic ? [path] : [];
  if ('map' in type) return own;
  const inner = Object.entries(value).flatMap(([field, each]) => {
    const found = ownValue(type.fields, field);
    return found === undefined ? [] : atomics(each, found, `${path}.${field}`);
  });
  return [...own, ...inner];
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const wrong = (path: string, message: string): MergeError =>
  new MergeError(`failed to convert patch object to typed object: ${path}: ${message}`);
const printed = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
