/**
 * Whether a text matches Kyverno's wildcards: `*` is any text, `?` is one character. The time is at most proportional
 * to the product of both lengths. Mirrors kyverno ext/wildcard.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  const [glob, letters] = [[...pattern], [...text]];
  let [at, from] = [0, 0];
  let star: { at: number; from: number } | null = null;
  while (from < letters.length) {
    if (glob[at] === '*') {
      star = { at, from };
      at += 1;
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === letters[from])) {
      at += 1;
      from += 1;
    } else if (star) {
      star.from += 1;
      at = star.at + 1;
      from = star.from;
    } else return false;
  }
  while (glob[at] === '*') at += 1;
  return at === glob.length;
}

export const hasWildcard = (text: string): boolean => text.includes('*') || text.includes('?');
