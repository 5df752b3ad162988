import { replaceBrackets } from '../../answer/ends.ts';
import { oncePerText } from '../../world/once.ts';

/**
 * Whether a change at one path may change the value at the other: one path leads to the other. `*` stands for any
 * element.
 */
export function touches(left: string, right: string): boolean {
  const [shorter, longer] = [partsOf(left), partsOf(right)].sort((a, b) => a.length - b.length);
  return (shorter ?? []).every((part, index) => isSame(part, longer?.[index] ?? ''));
}

const isSame = (left: string, right: string): boolean => left === right || left === '*' || right === '*';

/**
 * The fields of `spec.containers[*].image`, `spec.containers[0].image` or `object.spec.containers`, with `*` for an
 * element.
 */
const partsOf = oncePerText((path): readonly string[] =>
  replaceBrackets(path.replace(/^(object|oldObject)\./, ''), '.*')
    .split('.')
    .filter((part) => part !== ''),
);

/** The path of fields for a JSON Pointer: `/spec/containers/0/image` is `spec.containers[*].image`. */
export function pathOfPointer(pointer: string): string {
  const parts = pointer.split('/').slice(1);
  // The keys of labels and similar maps are freely chosen and may contain dots, so that the whole map stands for them.
  const at = parts.findIndex((part) => FREE.has(part));
  return (at < 0 ? parts : parts.slice(0, at + 1))
    .map((part) => (/^(-|[+-]?\d+)$/.test(part) ? '[*]' : `.${part}`))
    .join('')
    .slice(1);
}

const FREE: ReadonlySet<string> = new Set([
  'labels',
  'annotations',
  'nodeSelector',
  'limits',
  'requests',
  'matchLabels',
  'overhead',
]);
