/** The one among `known` that `typed` most likely misspells: at most two edits away. Null where none is, or it is spelled right. */
export function similar(typed: string, known: readonly string[]): string | null {
  const ranked = known.map((each) => ({ each, edits: distance(typed, each) })).sort((a, b) => a.edits - b.edits);
  const [nearest] = ranked;
  return nearest && nearest.edits > 0 && nearest.edits <= 2 && typed.length > 3 ? nearest.each : null;
}

/** Levenshtein distance, a row at a time. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, char] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j += 1) {
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (char === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
