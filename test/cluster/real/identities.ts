import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import { json } from 'node:stream/consumers';
import { test } from 'node:test';
import { identityOf } from '../../../src/rbac/subjects.ts';
import type { Subject } from '../../../src/world/objects.ts';
import { account, user } from '../../helpers/cluster.ts';
import type { ControlPlane, TokenRow } from '../../helpers/control-plane.ts';
import { load } from '../../helpers/load.ts';
import { seen } from '../../helpers/staging.ts';

export const identityTokens: readonly TokenRow[] = [
  { token: 'jane', user: 'jane', groups: ['dev'] },
  { token: 'joe', user: 'joe', groups: ['dev', 'qa'] },
  { token: 'node', user: 'system:node:n1', groups: ['system:nodes'] },
  { token: 'nobody', user: 'nobody', groups: ['system:unauthenticated'] },
  { token: 'said', user: 'said', groups: ['system:authenticated', 'dev'] },
];

/** Declares tests of whom the server takes somebody for: user name and groups, as SelfSubjectReview shows them. */
export async function declareIdentities(plane: ControlPlane): Promise<void> {
  await load(plane, [MAY_ASK]);
  await seen(plane, 'identities', 'default');

  const rows: [subject: Subject, groups: readonly string[], whoami: () => Promise<unknown>, why: string][] = [
    ...identityTokens.map(({ token, user: name, groups = [] }): (typeof rows)[number] => [
      user(name),
      groups,
      () => byToken(plane, token),
      `a token for ${name}, groups ${groups.join(' ') || 'none'}`,
    ]),
    [account('shop', 'ci'), [], async () => byToken(plane, await accountToken(plane)), 'a token of a service account'],
    [user('system:anonymous'), [], () => byToken(plane, null), 'no token'],
    [user('kim'), ['dev', 'ops'], () => byCertificate(plane, 'kim', ['dev', 'ops']), 'a client certificate'],
  ];
  for (const [subject, groups, whoami, why] of rows) {
    test(`identity of ${why}`, async () => {
      const { status } = (await whoami()) as { status: { userInfo: { username: string; groups: string[] } } };
      const { user: name, groups: expected } = identityOf(subject, groups);
      assert.equal(status.userInfo.username, name);
      assert.deepEqual(status.userInfo.groups.toSorted(), expected.toSorted());
    });
  }
}

const byToken = async (plane: ControlPlane, token: string | null) =>
  (await plane.request('POST', PATH, REVIEW, { token })).body;

async function accountToken(plane: ControlPlane): Promise<string> {
  const { body } = await plane.request('POST', '/api/v1/namespaces/shop/serviceaccounts/ci/token', { spec: {} });
  return (body as { status: { token: string } }).status.token;
}

async function byCertificate(plane: ControlPlane, name: string, groups: readonly string[]): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const identity = plane.certificate({ user: name, groups });
  const request = httpsRequest(plane.url + PATH, {
    method: 'POST',
    headers,
    ca: plane.caData,
    ...identity,
    agent: false,
  });
  request.end(JSON.stringify(REVIEW));
  const [response] = await once(request, 'response');
  return json(response);
}

const PATH = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const REVIEW = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };

/** The anonymous may not even ask who they are, but for this. */
const MAY_ASK = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'who-am-i' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:basic-user' },
  subjects: [{ kind: 'Group', name: 'system:unauthenticated', apiGroup: 'rbac.authorization.k8s.io' }],
};
