import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aggregateRules } from '../../../src/rbac/aggregation.ts';
import type { Role } from '../../../src/world/objects.ts';
import type { Raw } from '../../../src/world/raw.ts';
import { reduceRole } from '../../../src/world/reduce/rbac.ts';
import type { ControlPlane } from '../../helpers/control-plane.ts';
import { load } from '../../helpers/load.ts';
import { waitFor } from '../../helpers/real.ts';

const rule = (resource: string) => ({ verbs: ['get'], apiGroups: ['x'], resources: [resource] });
const clusterRole = (
  name: string,
  labels: Record<string, string>,
  selectors: object[] | null,
  resources: string[] = [],
) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name, labels },
  rules: resources.map(rule),
  ...(selectors ? { aggregationRule: { clusterRoleSelectors: selectors } } : {}),
});
const expression = (key: string, operator: string, ...values: string[]) => ({
  matchExpressions: [{ key, operator, ...(values.length > 0 ? { values } : {}) }],
});

const ROLES = [
  clusterRole('part-a', { part: 'a', stage: 'test' }, null, ['a', 'both']),
  clusterRole('part-b', { part: 'b' }, null, ['b', 'both']),
  clusterRole('part-none', { part: 'none' }, null),
  clusterRole('sum-labels', { sum: 'true' }, [{ matchLabels: { part: 'a' } }]),
  clusterRole('sum-either', {}, [{ matchLabels: { part: 'a' } }, { matchLabels: { part: 'b' } }]),
  clusterRole('sum-both', {}, [{ matchLabels: { part: 'a', stage: 'test' }, ...expression('part', 'Exists') }]),
  clusterRole('sum-in', {}, [expression('part', 'In', 'b', 'c')]),
  clusterRole('sum-not-in', {}, [{ ...expression('part', 'NotIn', 'b'), matchLabels: { stage: 'test' } }]),
  clusterRole('sum-without', {}, [
    {
      matchExpressions: [
        ...expression('part', 'Exists').matchExpressions,
        ...expression('stage', 'DoesNotExist').matchExpressions,
      ],
    },
  ]),
  clusterRole('sum-of-sums', { ring: '1' }, [{ matchLabels: { sum: 'true' } }, { matchLabels: { ring: '2' } }]),
  clusterRole('sum-in-a-ring', { ring: '2' }, [{ matchLabels: { ring: '1' } }, { matchLabels: { part: 'b' } }]),
  clusterRole('sum-of-nothing', {}, [{ matchLabels: { part: 'unheard-of' } }]),
  clusterRole('sum-with-old-rules', {}, [{ matchLabels: { part: 'b' } }], ['overwritten']),
  clusterRole('sum-of-all', {}, [{}]),
];

/**
 * Declares a test of what the controller fills into aggregated roles: the same as we do where no controller has been.
 */
export async function declareAggregation(plane: ControlPlane): Promise<void> {
  await load(plane, ROLES);
  const path = '/apis/rbac.authorization.k8s.io/v1/clusterroles';

  for (const name of [
    'admin',
    'edit',
    'view',
    ...ROLES.map(({ metadata }) => metadata.name).filter((each) => each.startsWith('sum')),
  ]) {
    test(`aggregated role ${name}: filled by the controller as by us`, async () => {
      let differences: { missing: unknown; tooMuch: unknown } | undefined;
      await waitFor(plane, path, (body) => {
        const live = (body as { items: Raw[] }).items.map((raw) => reduceRole(raw, 'ClusterRole'));
        const unfilled = live.map((role): Role => (role.selectors ? { ...role, rules: [] } : role));
        const theirs = rulesOf(live.find((role) => role.name === name)?.rules ?? []);
        const role = unfilled.find((each) => each.name === name);
        assert.ok(role);
        const ours = rulesOf(aggregateRules(role, unfilled));
        differences = { missing: [...theirs.difference(ours)], tooMuch: [...ours.difference(theirs)] };
        return theirs.symmetricDifference(ours).size === 0;
      }).catch((error) => assert.deepEqual(differences, {}, error));
    });
  }
}

const rulesOf = (rules: Role['rules']): Set<string> => new Set(rules.map((each) => JSON.stringify(each)));
