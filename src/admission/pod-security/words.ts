/** How Kubernetes words what it refuses. Mirrors pod-security-admission policy/helpers.go. */

/** Quotes and joins the items, `"a", "b"`, without escaping anything. */
export const joinQuote = (items: readonly string[]): string => items.map((item) => `"${item}"`).join(', ');

export const pluralize = (singular: string, plural: string, count: number): string => (count === 1 ? singular : plural);

/** The words for one or several containers: `containers "a", "b"`. */
export const containersNamed = (names: readonly string[]): string =>
  `${pluralize('container', 'containers', names.length)} ${joinQuote(names)}`;

/** The words for who sets something, with the pod first: `pod and container "a"`. */
export const settersNamed = (pod: boolean, containers: readonly string[]): string =>
  [...(pod ? ['pod'] : []), ...(containers.length > 0 ? [containersNamed(containers)] : [])].join(' and ');

/** The items without repetitions, in the order of their code points, which is the order of their bytes in UTF-8. */
export const sorted = (items: Iterable<string>): string[] => [...new Set(items)].sort(byCodePoints);

function byCodePoints(a: string, b: string): number {
  if (a === b) return 0;
  const others = [...b];
  let index = 0;
  for (const character of a) {
    const other = others[index];
    if (other === undefined) return 1;
    if (character !== other) return (character.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
    index += 1;
  }
  return -1;
}
