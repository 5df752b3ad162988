import { ownValue } from '../../answer/own-value.ts';
import { isRaw } from '../../world/raw.ts';
import { resolve, type Shape } from './types.ts';

/**
 * The error of the API server where it decodes an object strictly, as it does after a JSON Patch: the first field that
 * the kind does not have, or whose value is of another type; null where there is no such field. Mirrors apimachinery
 * pkg/runtime/serializer/json, strict.
 */
export function undecodable(value: unknown, shape: Shape, path = ''): string | null {
  if (value === undefined || value === null) return null;
  const type = resolve(shape);
  if (type === 'any') return null;
  if (typeof type === 'string') return fits(value, type) ? null : cannot(value, type, path);
  if ('list' in type) {
    if (!Array.isArray(value)) return cannot(value, 'list', path);
    return first(value.entries(), ([index, each]) => undecodable(each, type.list, `${path}[${index}]`));
  }
  if (!isRaw(value)) return cannot(value, 'object', path);
  return first(Object.entries(value), ([field, each]) => {
    const at = path === '' ? field : `${path}.${field}`;
    if ('map' in type) return undecodable(each, type.map, at);
    const found = ownValue(type.fields, field);
    return found === undefined ? `strict decoding error: unknown field "${at}"` : undecodable(each, found, at);
  });
}

function first<T>(items: Iterable<T>, check: (item: T) => string | null): string | null {
  for (const item of items) {
    const found = check(item);
    if (found !== null) return found;
  }
  return null;
}

function fits(value: unknown, type: 'string' | 'numeric' | 'boolean' | 'untyped'): boolean {
  if (type === 'untyped') return typeof value !== 'object';
  // All numbers of these kinds are integers.
  return type === 'numeric' ? Number.isInteger(value) : typeof value === type;
}

const cannot = (value: unknown, type: string, path: string): string =>
  `json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go struct field ${path} of type ${type === 'numeric' ? 'number' : type}`;
