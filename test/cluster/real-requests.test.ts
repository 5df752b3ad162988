import { load } from '../helpers/load.ts';
import { waitForServiceAccount, withControlPlane } from '../helpers/real.ts';
import { declareRequests, tokensFor } from '../helpers/real-requests.ts';
import { declareAggregation } from './real/aggregation.ts';
import { creations } from './real/creations.ts';
import { declareIdentities, identityTokens } from './real/identities.ts';
import { names } from './real/names.ts';
import { scopes } from './real/scopes.ts';
import { verbs } from './real/verbs.ts';

/** Where a SubjectAccessReview says what one writes into it, the real request is the truth: 403, or anything else. */
const requests = [...scopes, ...names, ...verbs, ...creations];

await withControlPlane({ tokens: [...tokensFor(requests), ...identityTokens] }, async (plane) => {
  await load(plane, [
    ...['shop', 'prod'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: 'shop', name: 'ci' } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'shop', name: 'there' } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { namespace: 'shop', name: 'empty' },
      rules: [],
    },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'empty' }, rules: [] },
  ]);
  await waitForServiceAccount(plane, 'shop');
  await declareRequests(plane, requests);
  await declareIdentities(plane);
  await declareAggregation(plane);
});
