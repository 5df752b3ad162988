import { NotUnderstood } from './outcome.ts';

/**
 * Whether any of several items holds, though some are not understood: one that holds is enough. Throws the first
 * NotUnderstood where the others do not decide, and everything else that `holds` throws.
 */
export const anyHolds = <T>(items: readonly T[], holds: (item: T) => boolean): boolean => decided(items, holds, true);

/**
 * Whether all of several items hold, though some are not understood: one that does not hold is enough. Throws like
 * `anyHolds`.
 */
export const allHold = <T>(items: readonly T[], holds: (item: T) => boolean): boolean => decided(items, holds, false);

function decided<T>(items: readonly T[], holds: (item: T) => boolean, decisive: boolean): boolean {
  let open: NotUnderstood | null = null;
  for (const item of items) {
    try {
      if (holds(item) === decisive) return decisive;
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error;
      open ??= error;
    }
  }
  if (open) throw open;
  return !decisive;
}

/** The result of `read`; a NotUnderstood is returned as a value. */
export function partly<T>(read: () => T): T | NotUnderstood {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotUnderstood) return error;
    throw error;
  }
}
