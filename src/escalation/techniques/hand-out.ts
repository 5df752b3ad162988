import type { Derivation, Taken } from '../derivation.ts';
import { CERTAIN } from '../derivation.ts';
import type { Handed } from '../handed.ts';
import { keyOfPosition, type Position } from '../position.ts';

/** A derivation of rights that identities which are held get: what is handed out is kept with the position. */
export function handOut(
  technique: string,
  { id, words, ...handed }: Omit<Handed, 'key'> & { id: string; words: string },
  steps: readonly Taken[],
  from: readonly string[],
): Derivation {
  const to: Position = { kind: 'rights', id: `${technique} ${id}`, words };
  HANDED.set(to, { key: keyOfPosition(to), ...handed });
  return { technique, to, steps, from, ...CERTAIN };
}

const HANDED = new WeakMap<Position, Handed>();

/** What a position hands out; undefined for one that hands out nothing. */
export const handedOf = (position: Position): Handed | undefined => HANDED.get(position);
