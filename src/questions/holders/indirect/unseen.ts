import type { Unknown } from '../../../answer/unknown.ts';
import { joinAnd } from '../../../answer/words.ts';
import { list, whole } from '../../../world/needs.ts';
import { unseen, type World } from '../../../world/world.ts';
import { unseenDefinitions } from '../../become/needs.ts';
import type { QuestionContext } from '../../context.ts';
import type { Indirect } from '../../question.ts';
import { chainsOf } from '../../rights/chains.ts';
import type { Way } from '../way.ts';

/**
 * What could not be seen of what somebody may become, each reason once, and whether their ways could be followed.
 * Nothing is said of it of manifests, which are asked about as if nothing else were there.
 */
export function unseenChains(ways: readonly Way[], context: QuestionContext): Omit<Indirect, 'findings'> {
  const { world, identity } = context;
  const grants = GRANTS.flatMap((need) => unseen(world, need, AFFECTS));
  // Somebody without any right by which one becomes others gains nothing by what is there.
  const isHarmless = identity !== null && chainsOf(identity, world).length === 0;
  const objects = isHarmless ? [] : [...OBJECTS.flatMap((need) => unseen(world, need, AFFECTS)), ...definitions(world)];
  const unknowns = [...grants, ...objects.filter(({ what }) => !isTarget(what, ways))];
  const isFollowed = unknowns.length === 0;
  return { unseen: world.facts.applied === undefined ? oncePerReason(unknowns) : [], isFollowed };
}

/** Whether the grants of the whole cluster could be read, without which nobody's ways can be followed. */
export const areGrantsRead = (world: World): boolean => world.isRead(list('clusterrolebindings'));

const GRANTS = [list('rolebindings'), list('clusterroles'), list('roles')];
const OBJECTS = [whole(list('pods')), list('serviceaccounts'), list('namespaces'), list('nodes')];

const definitions = (world: World): Unknown[] =>
  unseenDefinitions(world).map((each) => ({ ...each, affects: AFFECTS }));

/** The pod that is asked about is named by the answer itself where it could not be understood. */
const isTarget = (what: string, [way]: readonly Way[]): boolean =>
  way?.holding.object.kind === 'Pod' && what === `pods ${way.holding.object.namespace}/${way.holding.object.name}`;

/** One line for all lists that could not be read for the same reason. */
function oncePerReason(unknowns: readonly Unknown[]): Unknown[] {
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

const AFFECTS = 'who can become somebody that holds it';
