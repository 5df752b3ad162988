import { replaceBrackets } from '../../answer/ends.ts';
import { oncePerText } from '../../world/once.ts';

/**
 * Whether what is at one path may be another thing once something at the other is changed: one leads to the other. `*`
 * stands for any element.
 */
export function touches(left: string, right: string): boolean {
  const [shorter, longer] = [partsOf(left), partsOf(right)].sort((a, b) => a.length - b.length);
  return (shorter ?? []).every((part, index) => isSame(part, longer?.[index] ?? ''));
}

const isSame = (left: string, right: string): boolean => left === right || left === '*' || right === '*';

/**
 * `spec.containers[*].image`, `spec.containers[0].image` and `object.spec.containers`: their fields, an element as `*`.
 */
const partsOf = oncePerText((path): readonly string[] =>
  replaceBrackets(path.replace(/^(object|oldObject)\./, ''), '.*')
    .split('.')
    .filter((part) => part !== ''),
);

/** The path of fields that a JSON Pointer is: `/spec/containers/0/image` is `spec.containers[*].image`. */
export function pathOfPointer(pointer: string): string {
  const parts = pointer.split('/').slice(1);
  // The keys of labels and the like are anybody's choice, and may have dots: the map stands for them.
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
