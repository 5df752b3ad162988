import { isLeftOut } from '../../../../world/kept/left-out.ts';
import { isRaw, type Raw } from '../../../../world/raw.ts';
import { namespaceReader } from '../../../request/reading/reader.ts';
import { leftOut, type Outcome, PASS } from '../outcome.ts';
import { type Anchor, parseAnchor } from './anchor.ts';
import { expandMetadata } from './metadata.ts';
import { matchesValue, Whatever } from './value.ts';

/**
 * Compares an object with a pattern: a tree of fields that have to be present with the given values, with anchors that
 * make parts of it conditions. `skip` means that a condition does not hold, so that the rule does not apply to the
 * object. Throws NotUnderstood where the pattern looks at something that a snapshot left out. Mirrors kyverno
 * pkg/engine/validate/validate.go MatchPattern.
 */
export function matchPattern(resource: unknown, pattern: unknown): Outcome {
  const walk = new Walk();
  const miss = walk.element(resource, pattern, '');
  if (!miss) return PASS;
  if (miss.isSkip) return { status: 'skip', message: miss.message, rests: [] };
  if (!miss.isForbidden && (walk.lacksAnchors() || miss.path === null))
    return { status: 'error', message: miss.message, rests: [] };
  return { status: 'fail', message: miss.message, rests: [fieldOf(miss.path ?? '')] };
}

/** Why a part of the object does not match. */
interface Miss {
  message: string;
  /** The path, such as `spec/containers/0/image`; null where Kyverno has none, which makes the rule an error. */
  path: string | null;
  /** Whether a condition does not hold. */
  isSkip: boolean;
  /** Whether a field is present that must be absent. */
  isForbidden: boolean;
  /** Whether several conditions of one element were combined. */
  isCombined: boolean;
}

const miss = (path: string | null, message: string): Miss => ({
  message,
  path,
  isSkip: false,
  isForbidden: false,
  isCombined: false,
});
const condition = (path: string, message: string): Miss => ({ ...miss(path, message), isSkip: true });
const combined = (path: string): Miss => ({ ...condition(path, `no condition holds at ${path}`), isCombined: true });

class Walk {
  /** Whether the key of each anchor was found in any element. */
  readonly #found = new Map<string, boolean>();

  lacksAnchors(): boolean {
    return [...this.#found].some(([key, found]) => !found && parseAnchor(key)?.modifier !== 'X');
  }

  element(resource: unknown, pattern: unknown, path: string): Miss | null {
    if (isLeftOut(resource)) throw leftOut(fieldOf(path));
    if (pattern instanceof Whatever) return pattern.matches ? null : miss(path, `${path} is not understood`);
    if (isRaw(pattern))
      return isRaw(resource) ? this.#map(resource, pattern, path) : miss(path, `${path} is no object`);
    if (Array.isArray(pattern))
      return Array.isArray(resource) ? this.#array(resource, pattern, path) : miss(path, `${path} is no list`);
    const values: unknown[] = Array.isArray(resource) ? resource : [resource];
    return values.every((value) => matchesValue(value, pattern))
      ? null
      : miss(path, `${path} is not ${JSON.stringify(pattern)}`);
  }

  #map(resource: Raw, written: Raw, path: string): Miss | null {
    this.#note(resource, written);
    const pattern = expandMetadata(written, resource);
    const keys = Object.keys(pattern).toSorted();
    const first = keys.filter((key) => CONDITIONS.has(parseAnchor(key)?.modifier ?? 'none'));
    const skipped: Miss[] = [];
    for (const key of first) {
      const result = this.#key(resource, key, pattern[key], path);
      if (result?.isSkip) skipped.push(result);
      else if (result && skipped.every((each) => each.isCombined)) return result;
      else if (!result) continue;
    }
    if (skipped.length > 0) {
      const applied = first.length - skipped.length;
      if (applied === 0 || skipped.some((each) => !each.isCombined)) return combined(path);
    }
    for (const key of inOrder(
      keys.filter((each) => !first.includes(each)),
      pattern,
    )) {
      const result = this.#key(resource, key, pattern[key], path);
      if (result) return result;
    }
    return null;
  }

  #key(resource: Raw, key: string, pattern: unknown, path: string): Miss | null {
    const anchor = parseAnchor(key);
    const modifier = anchor?.modifier ?? 'none';
    if (!anchor || modifier === '+') return this.#plain(resource, key, pattern, path);
    const place = join(path, anchor.key);
    const isThere = Object.hasOwn(resource, anchor.key);
    if (modifier === 'X') return isThere ? { ...miss(place, `${place} is not allowed`), isForbidden: true } : null;
    if (!isThere) return modifier === '' ? condition(place, `${place} is not there`) : null;
    if (modifier === '^') return this.#exists(resource[anchor.key], pattern, place);
    const result = this.#value(resource, anchor.key, pattern, place);
    return result && (modifier === '' || modifier === '<') ? condition(result.path ?? place, result.message) : result;
  }

  #plain(resource: Raw, key: string, pattern: unknown, path: string): Miss | null {
    if (pattern === '*') return isThere(resource, key) ? null : miss(path, `${join(path, key)} is not there`);
    return this.#value(resource, key, pattern, join(path, key));
  }

  /** Compares one field. A reader of the request's namespace only notes whether the namespace matches. */
  #value(resource: Raw, key: string, pattern: unknown, path: string): Miss | null {
    const reader = typeof pattern === 'string' ? namespaceReader(resource, key) : undefined;
    if (!reader) return this.element(Object.hasOwn(resource, key) ? resource[key] : undefined, pattern, path);
    const isMatched = reader.ask({
      ...{ key: `namespace matches pattern ${pattern}`, about: 'namespace' },
      ask: ({ namespace }) => matchesValue(namespace, pattern),
    });
    return isMatched ? null : miss(path, `${path} is not ${JSON.stringify(pattern)}`);
  }

  #exists(values: unknown, pattern: unknown, path: string): Miss | null {
    if (isLeftOut(values)) throw leftOut(fieldOf(path));
    if (!Array.isArray(values) || !Array.isArray(pattern)) return miss(path, `${path} is no list`);
    for (const wanted of pattern) {
      if (!isRaw(wanted)) return miss(path, `the pattern of ${path} is no list of objects`);
      if (!values.some((value, index) => this.element(value, wanted, join(path, `${index}`)) === null))
        return miss(path, `none of ${path} is as it has to be`);
    }
    return null;
  }

  #array(resource: unknown[], pattern: unknown[], path: string): Miss | null {
    const [first] = pattern;
    if (pattern.length === 0) return miss(path, `the pattern of ${path} is empty`);
    if (isRaw(first))
      return this.#each(
        resource.map((value) => [value, first]),
        path,
      );
    if (!Array.isArray(first)) return this.element(resource, first, path);
    if (resource.length < pattern.length) return miss(null, `${path} has less than ${pattern.length} elements`);
    return this.#each(
      pattern.map((wanted, index) => [resource[index], wanted]),
      path,
    );
  }

  /** Compares every element, except those whose conditions do not hold; a skip where that leaves none. */
  #each(pairs: readonly [value: unknown, wanted: unknown][], path: string): Miss | null {
    let skipped = 0;
    for (const [index, [value, wanted]] of pairs.entries()) {
      const result = this.element(value, wanted, join(path, `${index}`));
      if (result && !result.isSkip) return result;
      if (result) skipped += 1;
    }
    return skipped > 0 && skipped === pairs.length ? combined(path) : null;
  }

  #note(resource: Raw, pattern: Raw): void {
    for (const key of Object.keys(pattern)) {
      const anchor: Anchor | null = parseAnchor(key);
      if (!anchor || !['', '^', 'X'].includes(anchor.modifier)) continue;
      this.#found.set(key, this.#found.get(key) === true || Object.hasOwn(resource, anchor.key));
    }
  }
}

const isThere = (resource: Raw, key: string): boolean =>
  namespaceReader(resource, key) !== undefined ||
  (Object.hasOwn(resource, key) && resource[key] !== undefined && resource[key] !== null);

/**
 * The keys in the order of evaluation: global conditions and everything that contains anchors come before the rest, the
 * last one first.
 */
function inOrder(keys: readonly string[], pattern: Raw): string[] {
  const isEarly = (key: string): boolean => parseAnchor(key)?.modifier === '<' || hasAnchors(pattern[key]);
  return [...keys.filter(isEarly).toReversed(), ...keys.filter((key) => !isEarly(key))];
}

function hasAnchors(pattern: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.some(hasAnchors);
  if (!isRaw(pattern)) return false;
  return Object.entries(pattern).some(
    ([key, value]) => !['none', '+'].includes(parseAnchor(key)?.modifier ?? 'none') || hasAnchors(value),
  );
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}/${key}`);

/**
 * Turns `spec/containers/0/image` into `spec.containers[*].image`. Labels and annotations are named as a whole, since
 * their keys have slashes.
 */
function fieldOf(path: string): string {
  const map = ['metadata/labels', 'metadata/annotations'].find((each) => path.startsWith(each)) ?? path;
  return map
    .split('/')
    .reduce((field, part) => (/^\d+$/.test(part) ? `${field}[*]` : field === '' ? part : `${field}.${part}`), '');
}

const CONDITIONS: ReadonlySet<string> = new Set(['', '^', '=', 'X']);
