/** The candidate that a mistyped word was most likely meant to be: it begins alike, and is its continuation or two letters away at most. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const alike = candidates.filter((candidate) => candidate[0] === word[0]);
  const ranked = alike.map((candidate) => ({ candidate, far: candidate.startsWith(word) ? 0 : distance(word, candidate) }));
  return ranked.filter(({ far }) => far <= 2).sort((a, b) => a.far - b.far)[0]?.candidate;
}

/** Levenshtein's. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries())
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    row = next;
  }
  return row.at(-1) ?? 0;
}
