import type { Derivation, Taken } from '../derivation.ts';
import { CERTAIN } from '../derivation.ts';
import type { Handed } from '../handed.ts';
import { keyOfPosition, type Position } from '../position.ts';

/** A derivation of rights that identities which are held get: what is handed out is kept with the position. */
export function handOut(
  technique: string,
  { id, ...handed }: Omit<Handed, 'key'> & { id: string },
  steps: readonly Taken[],
  from: readonly string[],
): Derivation {
  const to = rightsPosition(technique, id);
  HANDED.set(to, { key: keyOfPosition(to), ...handed });
  return { technique, to, steps, from: [...new Set(from)], ...CERTAIN };
}

/** The position of what a technique hands out. */
export const rightsPosition = (technique: string, id: string): Position => ({
  kind: 'rights',
  id: `${technique} ${id}`,
});

const HANDED = new WeakMap<Position, Handed>();

/** What a position hands out; undefined for one that hands out nothing. */
export const handedOf = (position: Position): Handed | undefined => HANDED.get(position);
