import { trimMatching } from '../../answer/ends.ts';

/** One kind of misspelling: what a word of it stands for. */
export interface Spelling<Asked> {
  /** `near-miss-ID` is the id of its findings. */
  id: string;
  /**
   * What the author of a word may have meant by it, which may itself be misspelt in another way; nothing where the word
   * is not of this kind. `asked`: what the request asks for.
   */
  forms: (word: string, asked: Asked) => readonly string[];
  /** What is wrong with the word, after it: `is a short name of kubectl`. */
  says: string;
  /** Tells more than the kinds that follow it in the same word: `get,Post` is first of all two words. */
  first?: true;
  /**
   * What the word says besides its own part: the API group of the resource, or the subresource of the resource that the
   * rule names. `parent`: the word alone does not tell of which resource it is the subresource, so that the rule has to
   * name that too.
   */
  implies?: 'group' | 'subresource' | 'parent';
}

/** A word of a rule, and what it was surely meant to be. */
export interface Reading {
  id: string;
  written: string;
  /** What RBAC would have matched. */
  meant: string;
  says: string;
  implies: ReadonlySet<NonNullable<Spelling<never>['implies']>>;
}

/**
 * Reads a word that matches nothing as its author meant it: by one kind of misspelling, or by up to three at once
 * (`Pods/Logs`), the fewest first. Null where no spelling leads to what is asked for. `isMeant`: matches the request.
 * `isWord`: stands for something else as it is, so that it is no misspelling.
 */
export function readWord<Asked>(
  word: string,
  asked: Asked,
  table: readonly Spelling<Asked>[],
  { isMeant, isWord }: { isMeant: (form: string) => boolean; isWord: (form: string) => boolean },
): Reading | null {
  if (word.length > LONGEST) return null;
  const seen = new Set([word]);
  let paths: { form: string; path: readonly Spelling<Asked>[] }[] = [{ form: word, path: [] }];
  for (let step = 0; step < MOST_AT_ONCE; step += 1) {
    const next: typeof paths = [];
    for (const { form, path } of paths) {
      if (isWord(form)) continue;
      for (const spelling of table) {
        for (const other of spelling.forms(form, asked)) {
          if (seen.has(other)) continue;
          seen.add(other);
          if (isMeant(other)) return reading(word, other, [...path, spelling]);
          next.push({ form: other, path: [...path, spelling] });
        }
      }
    }
    paths = next;
  }
  return null;
}

function reading<Asked>(written: string, meant: string, path: readonly Spelling<Asked>[]): Reading | null {
  const telling = path.find(({ first }) => first) ?? path.at(-1);
  if (!telling) return null;
  const implies = new Set(path.flatMap((each) => each.implies ?? []));
  return { id: telling.id, written, meant, says: telling.says, implies };
}

/** No word of RBAC is longer, and whoever writes one may not slow the answer down. */
const LONGEST = 300;
const MOST_AT_ONCE = 3;

/** Misspellings of a word of any part. */
export const ANYWHERE: readonly Spelling<unknown>[] = [
  {
    id: 'list-in-one-word',
    says: 'is one word to RBAC and no list',
    first: true,
    forms: (word) => {
      const words = word.split(/[\s,;|]+/).filter((each) => each !== '');
      return words.length > 1 ? words : [];
    },
  },
  {
    id: 'stray-characters',
    says: 'has spaces, quotes or brackets around it',
    forms: (word) => [trimMatching(word.replace(STRAY_START, ''), STRAY)],
  },
  { id: 'capitals', says: 'has other capitals', forms: (word) => [word.toLowerCase()] },
];

const STRAY_START = /^[\s"'`[\](){}]+/;
const STRAY = /[\s"'`[\](){}]/;

/**
 * Whether a text is of a pattern in which `*` stands for any letters and `?` for one. Takes time by the product of both
 * lengths at most.
 */
export function isLike(text: string, pattern: string): boolean {
  let [at, from, star, resume] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pattern[from] === '*') [star, resume, from] = [from, at, from + 1];
    else if (from < pattern.length && (pattern[from] === '?' || pattern[from] === text[at]))
      [at, from] = [at + 1, from + 1];
    else if (star >= 0) {
      resume += 1;
      [at, from] = [resume, star + 1];
    } else return false;
  }
  while (pattern[from] === '*') from += 1;
  return from === pattern.length;
}

/** `v1`, `v1beta2`: a version of an API. */
export const VERSION = 'v\\d+(?:(?:alpha|beta)\\d+)?';
