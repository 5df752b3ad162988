import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askServer } from '../../src/cluster/live/reviews.ts';
import type { Request } from '../../src/rbac/request.ts';
import { answered } from '../helpers/api-lists.ts';
import { failed, faultyServer, type Handler, send } from '../helpers/faulty-server.ts';

const refuse: Handler = (_, response) => send(response, 403, failed(403, 'Forbidden', 'not you'));
const request = { verb: 'create', group: '', resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'web' };
const jane = { user: 'jane', groups: ['ops', 'system:authenticated'] };

const specs: [string, Request, object][] = [
  ['everything', request, { resourceAttributes: request }],
  [
    'no namespace for what is cluster-scoped',
    { verb: 'get', group: '', resource: 'nodes', subresource: '', namespace: '', name: '' },
    { resourceAttributes: { verb: 'get', group: '', resource: 'nodes' } },
  ],
  ['a URL', { verb: 'get', url: '/metrics' }, { nonResourceAttributes: { verb: 'get', path: '/metrics' } }],
];
for (const [name, asked, attributes] of specs) {
  test(`sends ${name}`, async (t) => {
    const { client, received } = await faultyServer(t, (asked) => answered(asked, { allowed: true }));
    await askServer(client, jane, asked);
    assert.equal(received[0]?.path, '/apis/authorization.k8s.io/v1/subjectaccessreviews');
    assert.deepEqual(received[0]?.body, {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { ...jane, ...attributes },
    });
  });
}

test('a member of a group has a name that nobody has', async (t) => {
  const { client, received } = await faultyServer(t, (asked) => answered(asked, { allowed: false }));
  await askServer(client, { user: null, groups: ['ops'] }, request);
  const spec = { user: 'whocan-escalate:somebody', groups: ['ops'], resourceAttributes: request };
  assert.deepEqual(received[0]?.body, { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec });
});

const statuses: [string, object, object][] = [
  [
    'allowed',
    { allowed: true, reason: 'RBAC: allowed by RoleBinding "x"' },
    { answer: 'yes', reason: 'RBAC: allowed by RoleBinding "x"' },
  ],
  ['no opinion', { allowed: false }, { answer: 'no', reason: '' }],
  ['denied', { allowed: false, denied: true, reason: 'by policy' }, { answer: 'no', reason: 'denied; by policy' }],
  [
    'an error on the way',
    { allowed: true, evaluationError: 'role "x" not found' },
    { answer: 'yes', reason: 'evaluation error: role "x" not found' },
  ],
  [
    'fields that we do not know',
    { allowed: false, conditions: [{}] },
    { answer: 'no', reason: 'the server adds conditions' },
  ],
];
for (const [name, status, expected] of statuses) {
  test(`the server says: ${name}`, async (t) => {
    const { client } = await faultyServer(t, (asked) => answered(asked, status));
    assert.deepEqual(await askServer(client, jane, request), expected);
  });
}

test('where SubjectAccessReview is refused it is asked once, then the identity asks about itself', async (t) => {
  const { client, received } = await faultyServer(t, (asked, response, count) =>
    asked.path.endsWith('selfsubjectaccessreviews')
      ? answered(asked, { allowed: true })
      : refuse(asked, response, count),
  );
  assert.deepEqual(await askServer(client, jane, request), { answer: 'yes', reason: '' });
  assert.deepEqual(await askServer(client, jane, request), { answer: 'yes', reason: '' });
  assert.deepEqual(
    received.map(({ path }) => path.split('/').at(-1)),
    ['subjectaccessreviews', 'selfsubjectaccessreviews', 'selfsubjectreviews', 'selfsubjectaccessreviews'],
  );
  const [, second] = received;
  assert.deepEqual(
    [second?.headers['impersonate-user'], second?.headers['impersonate-group']],
    ['jane', 'ops, system:authenticated'],
  );
  const kind = 'SelfSubjectAccessReview';
  assert.deepEqual(second?.body, {
    apiVersion: 'authorization.k8s.io/v1',
    kind,
    spec: { resourceAttributes: request },
  });
});

test('an identity that the server does not take us for says nothing; each is looked at by itself', async (t) => {
  const { client } = await faultyServer(t, (asked, response, count) => {
    if (asked.path.endsWith('selfsubjectaccessreviews')) return answered(asked, { allowed: true });
    return asked.path.endsWith('selfsubjectreviews')
      ? answered(asked, { userInfo: { username: 'jane' } })
      : refuse(asked, response, count);
  });
  const ask = (user: string, groups: string[]) => askServer(client, { user, groups }, request);
  const [own, group, other] = await Promise.all([ask('jane', []), ask('jane', ['ops']), ask('bob', [])]);
  assert.deepEqual(own, { answer: 'yes', reason: '' });
  assert.deepEqual(group, {
    unanswered:
      'the server took you for "jane" without the group "ops": something on the way drops impersonation headers',
  });
  assert.deepEqual(other, {
    unanswered:
      'the server took you for "jane" and not for "bob": something on the way drops the impersonation headers',
  });
});

test('unanswered: refused both ways, failed, without an answer', async (t) => {
  const cases: [Handler, string][] = [
    [refuse, '403 Forbidden: not you'],
    [(_, response) => send(response, 500, failed(500, 'InternalError', 'oops')), '500 Internal Server Error: oops'],
    [(asked) => answered(asked, {}), 'the review came back without an answer'],
    [(asked) => answered(asked, { allowed: 'yes' }), 'the review came back without an answer'],
    [({ body }) => body as object, 'the review came back without an answer'],
    [() => ({ status: { allowed: true } }), 'a body that does not say that it is a SubjectAccessReview'],
    [
      (asked) => ({ ...answered(asked, { allowed: true }), kind: 'TokenReview' }),
      'not a SubjectAccessReview but a TokenReview',
    ],
    [
      (asked) => ({ ...answered(asked, { allowed: true }), apiVersion: 'v1' }),
      'a SubjectAccessReview of v1 and not of authorization.k8s.io/v1',
    ],
  ];
  for (const [handler, unanswered] of cases) {
    const { client } = await faultyServer(t, handler);
    assert.deepEqual(await askServer(client, jane, request), { unanswered });
  }
});
