import type { PodBecomes } from '../../../answer/facts/pod.ts';
import type { World } from '../../../world/world.ts';
import { closureFor } from '../../become/closure.ts';
import { reachedFindings } from '../../become/findings.ts';
import { gainsIn } from '../../become/summary.ts';
import { contextOf } from '../../context.ts';
import type { Options } from '../../question.ts';

/** What code in a pod can come to control, the worst first, besides the pod itself and the account that it runs as. */
export function becomesFrom(
  { namespace, name, account }: { namespace: string; name: string; account: string | null },
  world: World,
  options: Options,
): PodBecomes {
  const context = contextOf(world, options);
  const closure = closureFor({ starts: [{ kind: 'pod', namespace, name }], goals: [] }, context);
  const from = { kind: 'Pod', namespace, name, members: null };
  const isOwn = ({ kind, namespace: home, name: its }: { kind: string; namespace: string | null; name: string }) =>
    home === namespace && ((kind === 'ServiceAccount' && its === account) || (kind === 'Pod' && its === name));
  const findings = reachedFindings(closure, from, context).filter(({ object }) => !isOwn(object));
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
