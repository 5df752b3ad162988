import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlPlane } from '../../helpers/control-plane.ts';
import { RBAC_VERSION } from './grants.ts';
import type { RoleManifest } from './world.ts';

/**
 * Waits until each aggregated ClusterRole holds exactly the rules of those that it selects by labels, all of them seen in
 * one list. Throws after 20 s.
 */
export async function aggregated(plane: ControlPlane): Promise<void> {
  for (const deadline = Date.now() + 20_000; ; await sleep(5)) {
    const { body } = await plane.request('GET', `/apis/${RBAC_VERSION}/clusterroles`);
    const late = differing((body as { items: AggregatedRole[] }).items);
    if (!late) return;
    if (Date.now() > deadline) throw new Error(`${late.metadata.name} still has ${JSON.stringify(late.rules)}`);
  }
}

type AggregatedRole = RoleManifest & {
  aggregationRule?: { clusterRoleSelectors?: { matchLabels?: Record<string, string> }[] };
};

/** An aggregated role that does not hold what it should. */
function differing(roles: readonly AggregatedRole[]): AggregatedRole | undefined {
  return roles.find(({ aggregationRule, rules, metadata }) => {
    const selectors = (aggregationRule?.clusterRoleSelectors ?? []).map(({ matchLabels = {} }) =>
      Object.entries(matchLabels),
    );
    const parts = roles.filter(
      (each) =>
        each.metadata.name !== metadata.name &&
        selectors.some((labels) => labels.every(([key, value]) => each.metadata.labels?.[key] === value)),
    );
    const wanted = new Set(parts.flatMap((part) => (part.rules ?? []).map((rule) => JSON.stringify(rule))));
    const has = new Set((rules ?? []).map((rule) => JSON.stringify(rule)));
    return aggregationRule !== undefined && wanted.symmetricDifference(has).size > 0;
  });
}
