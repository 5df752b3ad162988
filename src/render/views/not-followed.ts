import type { Answer, Unfollowed } from '../../answer/answer.ts';
import { type Printable, sentence } from '../terminal/printable.ts';

/**
 * `It can become others (impersonate users, create pods in namespace ci, and 2 more ways), which this answer does not
 * follow.`; nothing where it cannot.
 */
export function notFollowedLines({ notFollowed = [] }: Answer, width: number): Printable[] {
  if (notFollowed.length === 0) return [];
  const ways = [...Map.groupBy(notFollowed, ({ right }) => right)].map(([right, its]) => `${right}${placesOf(its)}`);
  const more = ways.length - SHOWN;
  const shown = [...ways.slice(0, SHOWN), ...(more > 0 ? [`${more} more ${more === 1 ? 'way' : 'ways'}`] : [])];
  return sentence`It can become others (${listed(shown)}), which this answer does not follow.`.wrapped(width, 2);
}

function placesOf(chains: readonly Unfollowed[]): string {
  const names = chains.flatMap(({ namespace }) => namespace ?? []);
  if (names.length < chains.length) return '';
  if (names.length > SHOWN) return ` in ${names.length} namespaces`;
  return ` in ${names.length === 1 ? 'namespace' : 'namespaces'} ${listed(names)}`;
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

const SHOWN = 3;
