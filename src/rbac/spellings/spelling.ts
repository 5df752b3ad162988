import { trimMatching } from '../../answer/ends.ts';

/** One kind of misspelling, with the intended forms of a word. */
export interface Spelling<Asked> {
  /** The id of its findings is `near-miss-ID`. */
  id: string;
  /**
   * The intended forms of a word, which may themselves be misspelt in another way; empty where the word is not of this
   * kind. `asked` is what the request asks for.
   */
  forms: (word: string, asked: Asked) => readonly string[];
  /** The mistake in words, after the misspelt word: `is a short name of kubectl`. */
  says: string;
  /** Whether this kind takes precedence over those after it for the same word: `get,Post` is first of all two words. */
  first?: true;
  /**
   * What the word tells besides its own part: the API group of the resource, or the subresource of the resource that
   * the rule names. `parent` means that the word alone does not tell the resource of the subresource, so that the rule
   * has to name it too.
   */
  implies?: 'group' | 'subresource' | 'parent';
}

/** A word of a rule, and its certain meaning. */
export interface Reading {
  id: string;
  written: string;
  /** The word that RBAC would have matched. */
  meant: string;
  says: string;
  implies: ReadonlySet<NonNullable<Spelling<never>['implies']>>;
}

/**
 * Reads a word that matches nothing as its author intended it: through one kind of misspelling, or up to three at once
 * (`Pods/Logs`), the fewest first. Null where no spelling leads to what is asked for. `isMeant` tells whether a word
 * matches the request, and `isWord` whether a word already means something else, so that it is not misspelt.
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

/** No word of RBAC is longer; the limit keeps a hostile rule from slowing the answer down. */
const LONGEST = 300;
const MOST_AT_ONCE = 3;

/** The kinds of misspelling that occur in every part of a rule. */
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
 * Whether a text matches a pattern in which `*` stands for any text and `?` for one character. Takes time proportional
 * to the product of both lengths at most.
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

/** The version of an API: `v1`, `v1beta2`. */
export const VERSION = 'v\\d+(?:(?:alpha|beta)\\d+)?';
