import { DEEPEST, isRaw, type Raw } from '../raw.ts';

/** The words in a policy that may be names in its expressions. */
export function wordsIn(policy: unknown, depth = 0): string[] {
  if (typeof policy === 'string') return policy.match(/\w+/g) ?? [];
  if (typeof policy !== 'object' || policy === null || depth > TOO_DEEP) return [];
  return Object.values(policy).flatMap((each) => wordsIn(each, depth + 1));
}

/**
 * An object with the fields that `words` name and everything below them; where fields below are named too, with only
 * those. `instead` makes what stands for the other fields.
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

/** Deeper than any object that is read at all (`checkDepth`), so that an object that is too deep stays too deep. */
const TOO_DEEP = DEEPEST + 50;
