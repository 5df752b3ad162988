/**
 * The name that a mistyped one was most likely meant to be: it differs in case alone, by an edit or two, or is the
 * beginning of the other. Undefined where none is that near. Of several the nearest, then the first.
 */
export function nearest(typed: string, known: Iterable<string>): string | undefined {
  const isBeginning = (name: string): boolean => typed.length > 1 && name.toLowerCase().startsWith(typed.toLowerCase());
  return closest(typed, known, (name) => (isBeginning(name) ? 1 : 0));
}

/** The same for a word that may well be right, so that a longer name that begins with it is no sign of a mistake. */
export const misspelt = (typed: string, known: Iterable<string>): string | undefined =>
  typed.length < 4 ? undefined : closest(typed, known, () => 0);

/** `ranked`: how near a name is for another reason than its letters; 0 where it is not. */
function closest(typed: string, known: Iterable<string>, ranked: (name: string) => number): string | undefined {
  const most = typed.length < 3 ? 0 : typed.length < 6 ? 1 : 2;
  const near = [...known].flatMap((name) => {
    const far = ranked(name) || edits(typed.toLowerCase(), name.toLowerCase());
    return name !== typed && (far <= most || ranked(name) > 0) ? [{ name, far }] : [];
  });
  return near.toSorted((a, b) => a.far - b.far)[0]?.name;
}

/**
 * Edits between two words: letters that are added, left out, taken for another, or swapped with the next (optimal
 * string alignment).
 */
function edits(from: string, to: string): number {
  // No word of such a length is a misspelling of the other.
  if (Math.abs(from.length - to.length) > 2) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      const replaced = (row[j - 1] ?? 0) + Number(from[i - 1] !== to[j - 1]);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced, swapped));
    }
    [before, row] = [row, next];
  }
  return row[to.length] ?? 0;
}
