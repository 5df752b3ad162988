import type { Unknown } from '../../../answer/unknown.ts';
import { joinAnd } from '../../../answer/words.ts';
import { list, whole } from '../../../world/needs.ts';
import { unseen, type World } from '../../../world/world.ts';
import { unseenDefinitions } from '../../become/needs.ts';

/** What could not be seen of what somebody may become, each reason once. */
export function unseenChains(world: World): Unknown[] {
  const definitions = unseenDefinitions(world).map((each) => ({ ...each, affects: AFFECTS }));
  const unknowns = [...NEEDS.flatMap((need) => unseen(world, need, AFFECTS)), ...definitions];
  const lists = unknowns.filter(({ kind }) => kind === 'unreadable');
  const byReason = [...Map.groupBy(lists, ({ why }) => why)].map(
    ([why, alike]): Unknown => ({
      kind: 'unreadable',
      what: joinAnd([...new Set(alike.map(({ what }) => what))]),
      why,
      affects: AFFECTS,
    }),
  );
  return [...byReason, ...unknowns.filter(({ kind }) => kind !== 'unreadable')];
}

const GRANTS = [list('clusterrolebindings'), list('rolebindings'), list('clusterroles'), list('roles')];

const NEEDS = [...GRANTS, whole(list('pods')), list('serviceaccounts'), list('namespaces'), list('nodes')];

const AFFECTS = 'who can become somebody that holds it';
