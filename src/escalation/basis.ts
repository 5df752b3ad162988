import type { Grant } from '../rbac/rbac.ts';
import type { Right } from '../spawn/rights/holder.ts';
import type { Taken } from './derivation.ts';
import { handedBy } from './handed.ts';

/** The grants that a step rests on, those that the attacker made among them: one for each right. */
export const grantsBehind = ({ rights, besides }: Pick<Taken, 'rights' | 'besides'>): Grant[] => [
  ...rights.flatMap(grantsOfRight),
  ...(besides?.() ?? []),
];

/** The keys of the positions that rights rest on, if any: those that handed them out. */
export const keysBehind = (rights: readonly Right[]): string[] =>
  rights.flatMap(grantsOfRight).flatMap((grant) => handedBy(grant) ?? []);

/**
 * One grant is enough for a right, and one of the cluster as it was read needs nothing else. Where the server
 * authorizes a request twice it is two.
 */
function grantsOfRight({ grants }: Right): Grant[] {
  const all = grants.map(({ also, ...grant }) => [grant, ...(also ? [also.grant] : [])]);
  return all.find((both) => both.every((grant) => handedBy(grant) === undefined)) ?? all[0] ?? [];
}
