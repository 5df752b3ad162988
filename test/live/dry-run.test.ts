import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dryRunPod, tryPod } from '../../src/cluster/live/dry-run.ts';
import type { DryRun } from '../../src/questions/question.ts';
import { answered, typeOf } from '../helpers/api-lists.ts';
import { failed, faultyServer, send } from '../helpers/faulty-server.ts';

const POD = { metadata: { generateName: 'x-', labels: { app: 'x' } }, spec: { containers: [] } };
const BUILDER = {
  user: 'system:serviceaccount:ci:builder',
  groups: ['system:serviceaccounts', 'system:serviceaccounts:ci', 'system:authenticated'],
};
const run = (more: Partial<DryRun> = {}): DryRun => ({
  ...{ label: 'pod', namespace: 'shop', pod: POD, as: null, expected: 'yes', withRights: true },
  ...more,
});

test('one pod, as a dry run, into the namespace, as the subject with all its groups', async (t) => {
  const { client, received } = await faultyServer(t, (_, response) => send(response, 201, typeOf('pods')));
  assert.deepEqual(await dryRunPod(client, 'shop', POD, BUILDER), { outcome: 'admitted', message: '' });
  const [sent] = received;
  assert.deepEqual(
    [received.length, sent?.method, sent?.path, sent?.query.toString()],
    [1, 'POST', '/api/v1/namespaces/shop/pods', 'dryRun=All'],
  );
  assert.deepEqual(sent?.body, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...POD.metadata, namespace: 'shop' },
    spec: POD.spec,
  });
  assert.equal(sent?.headers['impersonate-user'], BUILDER.user);
  assert.equal(sent?.headers['impersonate-group'], BUILDER.groups.join(', '));
});

test('as nobody else the caller is the caller, and a member of a group has a name that nobody has', async (t) => {
  const { client, received } = await faultyServer(t, (_, response) => send(response, 201, typeOf('pods')));
  await tryPod(client, run());
  await tryPod(client, run({ as: { user: null, groups: ['ops'] } }));
  const pods = received.filter(({ path }) => path.endsWith('/pods'));
  assert.deepEqual(
    pods.map(({ headers }) => headers['impersonate-user']),
    [undefined, 'whocan-escalate:somebody'],
  );
});

test('what a pod of somebody else comes to where the server takes us for ourselves is no answer', async (t) => {
  const { client } = await faultyServer(t, (asked, response) =>
    asked.path.endsWith('selfsubjectreviews')
      ? answered(asked, { userInfo: { username: 'admin' } })
      : send(response, 201, typeOf('pods')),
  );
  const as = { user: 'jane', groups: [] };
  assert.deepEqual(await tryPod(client, run({ as })), {
    unanswered:
      'the server took you for "admin" and not for "jane": something on the way drops the impersonation headers',
  });
  assert.deepEqual(await tryPod(client, run()), { answer: 'yes', reason: '' });
});

/** What is in the path; null where nothing is sent. */
const places: [namespace: string, sent: string | null][] = [
  ['x?dryRun=None', '/api/v1/namespaces/x%3FdryRun%3DNone/pods'],
  ['../../x?dryRun=None', null],
  ['..', null],
  ['x/../y', null],
  ['x%2f..', null],
  ['', null],
];
for (const [namespace, path] of places)
  test(`a namespace that is called ${JSON.stringify(namespace)} is one part of the path, or none`, async (t) => {
    const { client, received } = await faultyServer(t, (_, response) => send(response, 201, typeOf('pods')));
    const { outcome } = await dryRunPod(client, namespace, POD, null);
    assert.deepEqual([received[0]?.path ?? null, outcome], [path, path === null ? 'inconclusive' : 'admitted']);
  });

test('what is no pod has not been admitted', async (t) => {
  for (const body of [{}, { status: 'ok' }, { kind: 'Pod' }, { kind: 'Status', apiVersion: 'v1', status: 'Success' }]) {
    const { client } = await faultyServer(t, (_, response) => send(response, 200, body));
    assert.equal((await dryRunPod(client, 'shop', POD, null)).outcome, 'inconclusive', JSON.stringify(body));
  }
});

const RBAC =
  'pods is forbidden: User "system:serviceaccount:ci:builder" cannot create resource "pods" in API group "" in the namespace "shop"';
const outcomes: [status: number, message: string, outcome: string, why: string][] = [
  [
    403,
    'pods "x-1" is forbidden: violates PodSecurity "baseline:latest": privileged (container "a" must not)',
    'refused',
    'Pod Security',
  ],
  [403, 'pods "x-1" is forbidden: exceeded quota: q, requested: pods=1', 'refused', 'a quota'],
  [
    403,
    'pods "x-1" is forbidden: error looking up service account shop/a: serviceaccount "a" not found',
    'refused',
    'an account that is not there',
  ],
  [
    422,
    `pods "x-1" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no`,
    'refused',
    'a policy',
  ],
  [422, `ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no`, 'refused', 'a policy, in short'],
  [403, 'admission webhook "w" denied the request: no', 'refused', 'a webhook'],
  [400, 'admission webhook "w" denied the request: no', 'refused', 'a webhook that has its own status'],
  [503, 'admission webhook "w" denied the request', 'refused', 'and one that says it is unavailable'],
  [403, RBAC, 'unauthorized', 'RBAC'],
  [403, `${RBAC}: not you`, 'unauthorized', 'another authorizer, with a reason'],
  [422, 'Pod "x" is invalid: spec.containers[0].image: Required value', 'invalid', 'validation'],
  [400, 'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal', 'invalid', 'no pod at all'],
  [409, 'pods "x" already exists', 'admitted', 'the name is taken, which is seen last'],
  [409, 'Operation cannot be fulfilled on pods "x"', 'inconclusive', 'another conflict'],
  [400, 'admission webhook "w" does not support dry run', 'inconclusive', 'a webhook with side effects'],
  [
    500,
    'Internal error occurred: failed calling webhook "w": connection refused',
    'inconclusive',
    'a webhook that is down',
  ],
  [
    403,
    'users "system:serviceaccount:ci:builder" is forbidden: User "jane" cannot impersonate resource "users" in API group "" at the cluster scope',
    'inconclusive',
    'no right to impersonate',
  ],
  [
    403,
    'serviceaccounts "builder" is forbidden: User "jane" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "ci"',
    'inconclusive',
    'nor an account',
  ],
  [404, 'namespaces "shop" not found', 'inconclusive', 'nothing there to ask'],
  [504, 'Timeout: request did not complete within the requested timeout', 'inconclusive', 'no decision in time'],
  [
    403,
    'pods "x-1" is forbidden: User "violates PodSecurity" said: cannot create resource "pods" in API group',
    'refused',
    'words in another place mean nothing',
  ],
];
for (const [status, message, outcome, why] of outcomes)
  test(`${status} is ${outcome}: ${why}`, async (t) => {
    const { client, received } = await faultyServer(t, (_, response) =>
      send(response, status, failed(status, '', message)),
    );
    const found = await dryRunPod(client, 'shop', POD, BUILDER);
    assert.equal(found.outcome, outcome);
    if (outcome !== 'admitted') assert.ok(found.message.includes(message.slice(0, 60)), found.message);
    assert.equal(received.length, 1, 'never sent twice');
  });

test('only what the server has put off comes again', async (t) => {
  const later = failed(429, 'TooManyRequests', 'later');
  const { client, received, pauses } = await faultyServer(t, (_, response, count) =>
    count < 3 ? send(response, 429, later, { 'retry-after': '1' }) : send(response, 201, typeOf('pods')),
  );
  assert.equal((await dryRunPod(client, 'shop', POD, null)).outcome, 'admitted');
  assert.deepEqual([received.length, pauses], [3, [1000, 1000]]);
});

test('a connection that breaks says nothing, once', async (t) => {
  const { client, received } = await faultyServer(t, (_, response) => {
    response.destroy();
    return undefined;
  });
  assert.equal((await dryRunPod(client, 'shop', POD, null)).outcome, 'inconclusive');
  assert.equal(received.length, 1);
});

const answers: [message: string, status: number, withRights: boolean, answer: string, why: string][] = [
  [RBAC, 403, true, 'no', 'whether it may is the question'],
  [RBAC, 403, false, 'unanswered', 'admission is the question, and was not reached'],
  ['Pod "x" is invalid: spec: Required value', 422, false, 'no', 'what is invalid does not get in'],
  ['admission webhook "w" does not support dry run', 400, true, 'unanswered', 'nobody decided'],
];
for (const [message, status, withRights, expected, why] of answers)
  test(`the answer to ${JSON.stringify(message.slice(0, 40))} is ${expected}: ${why}`, async (t) => {
    const { client } = await faultyServer(t, (_, response) => send(response, status, failed(status, '', message)));
    const answer = await tryPod(client, run({ withRights }));
    assert.equal('unanswered' in answer ? 'unanswered' : answer.answer, expected);
  });
