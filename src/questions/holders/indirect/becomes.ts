import type { Finding } from '../../../answer/answer.ts';
import type { PodBecomes } from '../../../answer/facts/pod.ts';
import type { TargetRef } from '../../../answer/refs.ts';
import type { Closure } from '../../../escalation/closure.ts';
import type { World } from '../../../world/world.ts';
import { closureFor } from '../../become/closure.ts';
import { reachedFindings } from '../../become/findings.ts';
import { gainsIn } from '../../become/summary.ts';
import { contextOf, type QuestionContext } from '../../context.ts';
import type { Options } from '../../question.ts';

/** What code in a pod can come to control, the worst first, besides the pod itself and the account that it runs as. */
export function becomesFrom(pod: CodeIn, world: World, options: Options): PodBecomes {
  const findings = gainsOf(pod, closureOfPod(pod, contextOf(world, options)), contextOf(world, options));
  const of = (verdict: 'yes' | 'depends'): PodBecomes['sure'] => {
    const its = findings.filter((each) => each.verdict === verdict);
    const [worst] = its;
    if (!worst) return null;
    const { kind, namespace: home, name: worstName } = worst.object;
    return {
      count: its.length,
      words: gainsIn(its),
      worst: {
        ...{ kind, namespace: home, name: worstName },
        steps: worst.steps ?? 0,
        techniques: worst.evidence.map(({ technique }) => technique),
      },
    };
  };
  return { sure: of('yes'), maybe: of('depends') };
}

/** A pod in which code is held, and the account that it runs as. */
export interface CodeIn {
  namespace: string;
  name: string;
  account: string | null;
}

export const closureOfPod = ({ namespace, name }: CodeIn, context: QuestionContext): Closure =>
  closureFor({ starts: [{ kind: 'pod', namespace, name }], goals: [] }, context);

/** A finding for each position that code in a pod leads to, the worst first: the pod and its own account are none. */
export function gainsOf({ namespace, name, account }: CodeIn, closure: Closure, context: QuestionContext): Finding[] {
  const from = { kind: 'Pod', namespace, name, members: null };
  const isOwn = ({ kind, namespace: home, name: its }: TargetRef): boolean =>
    home === namespace && ((kind === 'ServiceAccount' && its === account) || (kind === 'Pod' && its === name));
  return reachedFindings(closure, from, context).filter(({ object }) => !isOwn(object));
}
