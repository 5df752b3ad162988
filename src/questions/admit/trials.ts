import { nameObject } from '../../answer/words.ts';
import type { World } from '../../world/world.ts';
import type { DryRun } from '../question.ts';
import { isAccountToCome } from './accounts.ts';
import type { Judged } from './admitted.ts';
import { nameOf, namespaceOf } from './places.ts';
import type { AdmitTarget, PodObject } from './target.ts';

/**
 * The pods that `--verify` sends, a dry run each: those of the caller as the caller, those of workloads as the
 * controller's account. Not those that need something first that only the files have.
 */
export function trialsOf(
  judged: readonly { object: PodObject; judged: Judged }[],
  target: AdmitTarget,
  world: World,
): DryRun[] {
  const runs = judged.flatMap(({ object, judged: { sent } }): DryRun[] => {
    const namespace = namespaceOf(object, target);
    if (sent === null || sent.verdict === 'depends' || isAccountToCome(object, target, world)) return [];
    if (target.namespaces.some(({ name }) => name === namespace) && !world.find('namespaces', null, namespace))
      return [];
    const { user, pod, verdict } = sent;
    const isOwn = object.kind.resource === 'pods' || object.kind.resource === 'podtemplates';
    const name = nameObject({ kind: object.kind.kind, namespace, name: nameOf(object) });
    return [
      {
        label: isOwn ? name : `a pod of ${name}`,
        namespace,
        pod,
        as: isOwn ? null : { user: user.name, groups: user.groups },
        expected: verdict,
        withRights: false,
      },
    ];
  });
  return runs.slice(0, MOST);
}

/** What an audit log can take at once. */
const MOST = 100;
