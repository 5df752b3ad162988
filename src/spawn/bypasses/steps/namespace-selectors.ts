import { isRaw, type Raw } from '../../../world/raw.ts';

/** Every namespaceSelector in an object, at any depth. */
export function* selectorsIn(value: unknown): Generator<Raw> {
  if (Array.isArray(value)) for (const each of value) yield* selectorsIn(each);
  if (!isRaw(value)) return;
  for (const [key, each] of Object.entries(value)) {
    if (key === 'namespaceSelector' && isRaw(each)) yield each;
    else yield* selectorsIn(each);
  }
}
