import { CelUnknown, Undecided } from '../../cel/values.ts';
import { holdsLeftOut, LEFT_OUT, WHY_LEFT_OUT } from '../../world/kept/left-out.ts';
import { isRaw, type Raw } from '../../world/raw.ts';

/** One operation of a JSON Patch. `value` is absent where the patch gives none. */
export interface Operation {
  op: string;
  path: string;
  from: string;
  value?: unknown;
}

/**
 * Why a patch does not apply, in the words of the library that the API server uses. `isTest` means that a `test`
 * failed, so that nothing is changed.
 */
export class PatchError extends Error {
  readonly isTest: boolean;
  constructor(message: string, isTest = false) {
    super(message);
    this.isTest = isTest;
  }
}

/**
 * A copy of the document with the operations applied in order. Throws PatchError, and Undecided where an operation
 * looks at something that a snapshot left out. Mirrors evanphx json-patch v4: `replace` of a missing field adds it,
 * negative indices count from the end, and `null` is a value.
 */
export function patched(document: Raw, operations: readonly Operation[]): Raw {
  let root: unknown = structuredClone(document);
  for (const operation of operations) {
    const holder = { root };
    apply(holder, operation);
    root = holder.root;
  }
  if (!isRaw(root)) throw new PatchError('the result is no object');
  return root;
}

interface Holder {
  root: unknown;
}

function apply(holder: Holder, { op, path, from, value }: Operation): unknown {
  switch (op) {
    case 'add':
      return add(find(holder, path, 'add operation does not apply: doc is missing path'), path, value ?? null);
    case 'remove':
      return remove(find(holder, path, 'remove operation does not apply: doc is missing path'), path);
    case 'replace':
      return replace(holder, path, value ?? null);
    case 'move': {
      const source = find(holder, from, 'move operation does not apply: doc is missing from path');
      const moved = get(source, from);
      remove(source, from);
      return add(find(holder, path, 'move operation does not apply: doc is missing destination path'), path, moved);
    }
    case 'copy': {
      const copied = get(find(holder, from, 'copy operation does not apply: doc is missing from path'), from);
      return add(
        find(holder, path, 'copy operation does not apply: doc is missing destination path'),
        path,
        structuredClone(copied ?? null),
      );
    }
    case 'test':
      return test(holder, path, value);
    default:
      throw new PatchError(`Unexpected kind: ${op}`);
  }
}

function replace(holder: Holder, path: string, value: unknown): unknown {
  if (path === '') {
    if (typeof value !== 'object' || value === null)
      throw new PatchError('replace operation value must be object or array');
    holder.root = value;
    return value;
  }
  const container = find(holder, path, 'replace operation does not apply: doc is missing path');
  if (!Array.isArray(container)) return put(container, keyOf(path), value);
  try {
    container[indexIn(container, keyOf(path))] = value;
    return value;
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    throw new PatchError(`replace operation does not apply: doc is missing key: ${path}: missing value`);
  }
}

function test(holder: Holder, path: string, value: unknown): unknown {
  const found =
    path === '' ? holder.root : get(find(holder, path, 'test operation does not apply: is missing path'), path);
  if (holdsLeftOut(found)) throw undecided(path);
  // A missing value only equals that of an operation without a value.
  if (found === undefined ? value === undefined : isSame(found ?? null, value ?? null)) return true;
  throw new PatchError(`testing value ${path} failed`, true);
}

const undecided = (path: string): Undecided =>
  new Undecided(
    new CelUnknown([{ kind: 'invisible', what: path, why: WHY_LEFT_OUT, affects: 'what the policy changes' }]),
  );

type Container = unknown[] | Raw;

/** The container of the element that a path names. */
function find({ root }: Holder, path: string, missing: string): Container {
  const parts = path.split('/');
  let found: unknown = parts.length < 2 ? undefined : root;
  for (const part of parts.slice(1, -1)) {
    const key = decoded(part);
    if (Array.isArray(found)) found = isIndex(found, key) ? found[indexIn(found, key)] : undefined;
    else found = isRaw(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  if (found === LEFT_OUT) throw undecided(path);
  if (Array.isArray(found) || isRaw(found)) return found;
  throw new PatchError(`${missing}: ${path}: missing value`);
}

function add(container: Container, path: string, value: unknown): unknown {
  const key = keyOf(path);
  if (!Array.isArray(container)) return put(container, key, value);
  if (key === '-') return container.push(value);
  if (!/^[+-]?\d+$/.test(key)) throw new PatchError(`value was not a proper array index: '${key}'`);
  const index = Number(key);
  const at = index < 0 ? index + container.length + 1 : index;
  if (at < 0 || at > container.length)
    throw new PatchError(`Unable to access invalid index: ${index}: invalid index referenced`);
  return container.splice(at, 0, value);
}

function remove(container: Container, path: string): unknown {
  const key = keyOf(path);
  if (Array.isArray(container)) return container.splice(indexIn(container, key), 1);
  if (!Object.hasOwn(container, key)) throw new PatchError(`Unable to remove nonexistent key: ${key}: missing value`);
  return delete container[key];
}

function get(container: Container, path: string): unknown {
  const key = keyOf(path);
  if (Array.isArray(container)) return container[indexIn(container, key)];
  return Object.hasOwn(container, key) ? container[key] : undefined;
}

/** Sets an own field of the container, whatever the name of the field is. */
const put = (container: Raw, key: string, value: unknown): Raw =>
  Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });

function indexIn(container: readonly unknown[], key: string): number {
  if (!/^[+-]?\d+$/.test(key)) throw new PatchError(`strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`);
  const index = Number(key);
  const at = index < 0 ? index + container.length : index;
  if (at < 0 || at >= container.length)
    throw new PatchError(`Unable to access invalid index: ${index}: invalid index referenced`);
  return at;
}

const isIndex = (container: readonly unknown[], key: string): boolean => {
  const index = /^[+-]?\d+$/.test(key) ? Number(key) : Number.NaN;
  return index >= -container.length && index < container.length;
};

const keyOf = (path: string): string => decoded(path.slice(path.lastIndexOf('/') + 1));
const decoded = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');

function isSame(left: unknown, right: unknown): boolean {
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((each, index) => isSame(each ?? null, right[index] ?? null))
    );
  }
  if (!isRaw(left)) return left === right;
  if (!isRaw(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isSame(left[key] ?? null, right[key] ?? null))
  );
}
