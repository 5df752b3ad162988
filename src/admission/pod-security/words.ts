/** How Kubernetes words what it refuses. Mirrors pod-security-admission policy/helpers.go. */

/** `"a", "b"`: nothing inside is escaped. */
export const joinQuote = (items: readonly string[]): string => items.map((item) => `"${item}"`).join(', ');

export const pluralize = (singular: string, plural: string, count: number): string => (count === 1 ? singular : plural);

/** `containers "a", "b"`. */
export const containersNamed = (names: readonly string[]): string =>
  `${pluralize('container', 'containers', names.length)} ${joinQuote(names)}`;

/** `pod and container "a"`: who sets something, the pod itself first. */
export const settersNamed = (pod: boolean, containers: readonly string[]): string =>
  [...(pod ? ['pod'] : []), ...(containers.length > 0 ? [containersNamed(containers)] : [])].join(' and ');

/** Without repetitions, in the order of their bytes in UTF-8, which is that of their code points. */
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
