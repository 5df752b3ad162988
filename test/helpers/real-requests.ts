import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rbac } from '../../src/rbac/rbac.ts';
import { identityOf } from '../../src/rbac/subjects.ts';
import type { Rule } from '../../src/world/objects.ts';
import { user } from './cluster.ts';
import type { ControlPlane, TokenRow } from './control-plane.ts';
import { load } from './load.ts';
import { request } from './request.ts';
import { review, seen } from './staging.ts';
import { worldOf } from './world-of.ts';

/** A request as it is really made, by a user who holds these rights and nothing else. */
export interface RealRequest {
  why: string;
  rights: Rights;
  /** Method and path. */
  line: string;
  /** What the authorizer is asked about it, in the words of `request`: all of this has to be allowed. */
  needs: readonly string[];
  allowed: boolean;
  body?: unknown;
  headers?: Record<string, string>;
  /** What a SubjectAccessReview is asked and answers otherwise than the request. */
  misleading?: string;
}

export interface Rights {
  rules: readonly Rule[];
  /** The namespace of the RoleBinding that gives them; null: a ClusterRoleBinding does. */
  bound: string | null;
}

type More = Pick<RealRequest, 'body' | 'headers' | 'misleading'>;

export const everywhere = (...rules: Rule[]): Rights => ({ rules, bound: null });
export const inShop = (...rules: Rule[]): Rights => ({ rules, bound: 'shop' });

/** It gets past authorization, to whatever comes then. */
export const passes = (
  why: string,
  rights: Rights,
  line: string,
  needs: readonly string[],
  more: More = {},
): RealRequest => ({
  ...{ why, rights, line, needs, allowed: true },
  ...more,
});

/** It is refused with 403. */
export const refused = (
  why: string,
  rights: Rights,
  line: string,
  needs: readonly string[],
  more: More = {},
): RealRequest => ({
  ...passes(why, rights, line, needs, more),
  allowed: false,
});

export const SHOP = '/api/v1/namespaces/shop';
export const APPLY = { 'content-type': 'application/apply-patch+yaml' };
export const MERGE = { 'content-type': 'application/merge-patch+json' };

/** The users who make the requests, one each. */
export const tokensFor = (requests: readonly RealRequest[]): TokenRow[] =>
  requests.map((_, index) => ({ token: `token-${index}`, user: userOf(index) }));

/**
 * Loads the rights, and declares a test for each request: the server refuses it or lets it pass as the row says, and
 * the engine says the same of what it needs.
 */
export async function declareRequests(plane: ControlPlane, requests: readonly RealRequest[]): Promise<void> {
  const objects = requests.flatMap(({ rights }, index) => objectsFor(rights, userOf(index)));
  await load(plane, objects);
  await seen(plane, 'real-requests', 'default');
  const engine = new Rbac(worldOf(objects));

  for (const [index, { why, line, needs, allowed, body, headers = {}, misleading }] of requests.entries()) {
    test(`${line} ${allowed ? 'passes' : 'is refused'}: ${why}`, async () => {
      const identity = identityOf(user(userOf(index)));
      const [method = '', path = ''] = line.split(' ');
      const reply = await plane.request(method, path, body, { token: `token-${index}`, headers });
      assert.equal(reply.status !== 403, allowed, `${reply.status} ${JSON.stringify(reply.body).slice(0, 300)}`);
      assert.equal(
        needs.every((each) => engine.allows(identity, request(each))),
        allowed,
      );
      if (misleading) assert.equal((await review(plane, identity, request(misleading))).allowed, !allowed);
    });
  }
}

const userOf = (index: number): string => `user-${index}`;

function objectsFor({ rules, bound }: Rights, name: string): object[] {
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
