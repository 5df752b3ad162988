import { before, trimLetters } from '../../answer/ends.ts';
import { ANYWHERE, isLike, type Spelling } from './spelling.ts';

/**
 * The kinds of misspelt `nonResourceURLs` that match no path, with the intended path of each. `url` is the path that is
 * asked for.
 */
export const URL_SPELLINGS: readonly Spelling<{ url: string }>[] = [
  {
    id: 'url-without-slash',
    says: 'does not begin with a slash',
    forms: (word) => (/^[a-z]/.test(word) ? [`/${word}`] : []),
  },
  {
    id: 'url-with-slash',
    says: 'ends in a slash, which is another path',
    forms: (word) => [word.length > 1 ? trimLetters(word, '/') : word],
  },
  {
    id: 'url-below',
    says: 'is what lies below the path, without the path itself',
    forms: (word) => (word.endsWith('/*') ? [word.slice(0, -2)] : []),
  },
  {
    id: 'whole-url',
    says: 'is a URL, of which RBAC wants the path',
    forms: (word) => [before(word.replace(/^https?:\/\/[^/]*(?=\/)/, ''), /[?#]/)],
  },
  ...ANYWHERE,
  {
    id: 'star-in-word',
    says: 'has a * that is no wildcard',
    forms: (word, { url }) => (/\*./.test(word) && isLike(url, word) ? [url] : []),
  },
];
