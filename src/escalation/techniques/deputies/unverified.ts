import type { Unknown } from '../../../answer/unknown.ts';
import { createdOutcomes } from '../../../spawn/outcomes/outcomes.ts';
import type { Scope } from '../../../spawn/scope.ts';
import { list, whole } from '../../../world/needs.ts';
import { oncePerObject } from '../../../world/once.ts';
import { unseen } from '../../../world/world.ts';
import { onePerAccount, podsWatching, type Running, type Search } from './controllers.ts';
import { nameOf } from './deputy.ts';
import { holderOfRunning } from './gains.ts';
import type { Unmodelled } from './served.ts';

/**
 * Who may be the controller of a resource that embeds a PodSpec and that no row is about: the account of a pod that may
 * watch it and make pods. Those whose role names its group come before those that may do everything. Whether it really
 * makes pods of it is not known, and where nobody could, nobody does.
 */
export const unverifiedIn = oncePerObject((scope: Scope) =>
  oncePerObject((resource: Unmodelled): Search => {
    const { world } = scope;
    const affects = `what writing ${nameOf(resource)} leads to`;
    const [unread] = unseen(world, whole(list('pods')), affects);
    const named = makersAmong(podsWatching(resource, world, true), scope);
    const running = named.length > 0 ? named : makersAmong(podsWatching(resource, world), scope);
    if (running.length === 0) return { running, missing: unread ? { unknown: unread, leaning: null } : null };
    return {
      running: running.slice(0, MOST).map((each) => ({
        ...each,
        unknowns: [unverified(resource, each, affects)],
        leaning: named.length > 0 ? 'yes' : null,
      })),
      missing: null,
    };
  }),
);

const MOST = 3;

const makersAmong = (pods: Parameters<typeof onePerAccount>[0], scope: Scope): Running[] =>
  onePerAccount(pods)
    .map(
      (pod): Running => ({
        account: { namespace: pod.namespace ?? '', name: pod.serviceAccount ?? 'default' },
        ...{ pod, release: null, unknowns: [], leaning: null },
      }),
    )
    .filter((each) => createdOutcomes(holderOfRunning(scope)(each), scope).length > 0);

const unverified = (resource: Unmodelled, { account, pod }: Running, affects: string): Unknown => ({
  kind: 'unmodelled',
  what: `whether ServiceAccount ${account?.namespace}/${account?.name} runs pods as ${nameOf(resource)} says`,
  why: `its schema embeds a PodSpec at ${resource.podSpec}, and pod ${pod?.namespace}/${pod?.name} of that account may watch it and make pods`,
  affects,
});
