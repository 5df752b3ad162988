import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rbac } from '../../src/rbac/rbac.ts';
import type { Request } from '../../src/rbac/request.ts';
import { identityOf } from '../../src/rbac/subjects.ts';
import type { Rule } from '../../src/world/objects.ts';
import { user } from './cluster.ts';
import type { ControlPlane, TokenRow } from './control-plane.ts';
import { load } from './load.ts';
import { review, seen } from './staging.ts';
import { worldOf } from './world-of.ts';

/** A request as it is really made, by a user who holds `rules` and nothing else. */
export interface RealRequest {
  why: string;
  rules: readonly Rule[];
  /** The namespace of the RoleBinding that gives them; null: a ClusterRoleBinding does. */
  bound?: string | null;
  method: string;
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** What the authorizer is asked about it: all of this has to be allowed. */
  needs: readonly Request[];
  allowed: boolean;
  /** A question that a SubjectAccessReview answers otherwise than the request. */
  misleading?: Request;
}

/** The users who make the requests, one each. */
export const tokensFor = (requests: readonly RealRequest[]): TokenRow[] =>
  requests.map((_, index) => ({ token: `token-${index}`, user: userOf(index) }));

/**
 * Declares a test for each request: the server refuses it (403) or lets it pass to whatever comes after authorization, as the row says,
 * and the engine says the same of the attributes that it needs. Loads the rules first.
 */
export async function declareRequests(plane: ControlPlane, requests: readonly RealRequest[]): Promise<void> {
  const objects = requests.flatMap(rightsOf);
  await load(plane, objects);
  await seen(plane, 'real-requests', 'default');
  const engine = new Rbac(worldOf(objects));

  for (const [index, { why, method, path, body, headers, needs, allowed, misleading }] of requests.entries()) {
    test(`${method} ${path} ${allowed ? 'passes' : 'is refused'}: ${why}`, async () => {
      const identity = identityOf(user(userOf(index)));
      const reply = await plane.request(method, path, body, { token: `token-${index}`, ...(headers ? { headers } : {}) });
      assert.equal(reply.status !== 403, allowed, `${reply.status} ${JSON.stringify(reply.body).slice(0, 300)}`);
      assert.equal(
        needs.every((each) => engine.allows(identity, each)),
        allowed,
      );
      if (misleading) assert.equal((await review(plane, identity, misleading)).allowed, !allowed);
    });
  }
}

const userOf = (index: number): string => `user-${index}`;

function rightsOf({ rules, bound = null }: RealRequest, index: number): object[] {
  const name = userOf(index);
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  return [
    { apiVersion, kind: 'ClusterRole', metadata: { name }, rules },
    {
      apiVersion,
      kind: bound === null ? 'ClusterRoleBinding' : 'RoleBinding',
      metadata: bound === null ? { name } : { name, namespace: bound },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ kind: 'User', name, apiGroup: 'rbac.authorization.k8s.io' }],
    },
  ];
}
