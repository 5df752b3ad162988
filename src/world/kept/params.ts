import { DEEPEST, isRaw, type Raw } from '../raw.ts';

/** The words of a policy: whatever its expressions may name. */
export function wordsIn(policy: unknown, depth = 0): string[] {
  if (typeof policy === 'string') return policy.match(/\w+/g) ?? [];
  if (typeof policy !== 'object' || policy === null || depth > TOO_DEEP) return [];
  return Object.values(policy).flatMap((each) => wordsIn(each, depth + 1));
}

/**
 * An object of which those fields stay that are named by `words`, with all below them; where fields below are named
 * too, only those. Of the others it is told that they are there: `instead`.
 */
export const mentioned = (words: ReadonlySet<string>): ((raw: Raw, instead: unknown) => Raw) => {
  const within = (raw: Raw, instead: unknown, depth: number): Raw =>
    Object.fromEntries(
      Object.entries(raw).map(([key, value]) => [key, words.has(key) ? below(value, instead, depth + 1) : instead]),
    );
  const below = (value: unknown, instead: unknown, depth: number): unknown => {
    if (depth > TOO_DEEP) return instead;
    if (Array.isArray(value)) return value.map((each) => below(each, instead, depth + 1));
    if (!isRaw(value)) return value;
    if (Object.keys(value).some((key) => words.has(key))) return within(value, instead, depth);
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, below(each, instead, depth + 1)]));
  };
  return (raw, instead) => within(raw, instead, 0);
};

/** Deeper than what is read at all (`checkDepth`), so that what is too deep stays so. */
const TOO_DEEP = DEEPEST + 50;
