import { isLeftOut, WHY_LEFT_OUT } from '../world/kept/left-out.ts';
import { isRaw, type Raw } from '../world/raw.ts';
import { CelUnknown, ListLike, MapLike, type Value } from './values.ts';

/**
 * An object of the API as an expression sees it, converted as it is read. `read` gets the path of each leaf that is
 * read, or asked for and missing: `spec.containers[*].image`. A map with free keys (labels, limits) is one leaf. A
 * value that a snapshot left out is present and unknown. `filled` has the values at paths that are still missing and
 * that the server fills in.
 */
export function viewOf(
  raw: Raw,
  read: (path: string) => void,
  filled: (path: string) => Value | undefined = nothing,
): MapLike {
  return new MapView(raw, '', { read, filled });
}

interface Root {
  read: (path: string) => void;
  filled: (path: string) => Value | undefined;
}

class MapView extends MapLike {
  readonly #raw: Raw;
  readonly #path: string;
  readonly #root: Root;
  #keys: readonly string[] | null = null;

  constructor(raw: Raw, path: string, root: Root) {
    super();
    this.#raw = raw;
    this.#path = path;
    this.#root = root;
  }

  get(key: Value): Value | undefined {
    if (typeof key !== 'string') return undefined;
    const path = this.#path === '' ? key : isFree(this.#path) ? this.#path : `${this.#path}.${key}`;
    if (Object.hasOwn(this.#raw, key)) return convert(this.#raw[key], path, this.#root);
    this.#root.read(path);
    return this.#root.filled(path);
  }

  keys(): readonly string[] {
    this.#root.read(this.#path);
    this.#keys ??= Object.keys(this.#raw).filter((key) => this.#raw[key] !== undefined);
    return this.#keys;
  }
}

class ListView extends ListLike {
  readonly #raw: readonly unknown[];
  readonly #path: string;
  readonly #root: Root;
  #items: readonly Value[] | null = null;

  constructor(raw: readonly unknown[], path: string, root: Root) {
    super();
    this.#raw = raw;
    this.#path = path;
    this.#root = root;
  }

  items(): readonly Value[] {
    const path = `${this.#path}[*]`;
    if (this.#raw.length === 0 || !this.#raw.some(isObject))
      this.#root.read(this.#raw.length === 0 ? this.#path : path);
    this.#items ??= this.#raw.map((each) => convert(each, path, this.#root) ?? null);
    return this.#items;
  }
}

function convert(raw: unknown, path: string, root: Root): Value | undefined {
  if (isLeftOut(raw)) {
    root.read(path);
    return new CelUnknown(
      [{ kind: 'invisible', what: path, why: WHY_LEFT_OUT, affects: 'what the policy decides' }],
      true,
    );
  }
  if (Array.isArray(raw)) return new ListView(raw, path, root);
  if (isRaw(raw)) return new MapView(raw, path, root);
  root.read(path);
  if (raw === null || typeof raw === 'string' || typeof raw === 'boolean') return raw;
  if (typeof raw === 'number') return Number.isSafeInteger(raw) ? BigInt(raw) : raw;
  return undefined;
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** Whether the keys under this path are free. */
const isFree = (path: string): boolean => FREE.has(path.slice(path.lastIndexOf('.') + 1));

const FREE = new Set([
  'labels',
  'annotations',
  'nodeSelector',
  'limits',
  'requests',
  'matchLabels',
  'data',
  'selector',
  'overhead',
]);
const nothing = (): undefined => undefined;
