/** How Kubernetes words what it refuses. Mirrors pod-security-admission policy/helpers.go and Go's `%q`. */

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

/** As Go's `%q` prints a string. */
export function goQuote(text: string): string {
  let quoted = '';
  for (const character of text.toWellFormed())
    quoted += SHORT.get(character) ?? (PRINTABLE.test(character) ? character : escaped(character));
  return `"${quoted}"`;
}

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

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = (digits: number): string => code.toString(16).padStart(digits, '0');
  return code < 0x80 ? `\\x${hex(2)}` : code < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const SHORT: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
]);
