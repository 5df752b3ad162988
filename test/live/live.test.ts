import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { LiveSource } from '../../src/cluster/live/live.ts';
import { get, list, type Need } from '../../src/world/needs.ts';
import { World } from '../../src/world/world.ts';
import { answered, listOf } from '../helpers/api-lists.ts';
import { cluster } from '../helpers/cluster.ts';
import { failed, faultyServer, type Handler, send } from '../helpers/faulty-server.ts';

const emptyWorld = () => new World(cluster().world().facts);
const refuse: Handler = (_, response) => send(response, 403, failed(403, 'Forbidden', 'no'));
const inNamespaces = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => list('rolebindings', `n${from + index}`));
const outcomes = (world: World, needs: readonly Need[]) =>
  needs.map((need) => {
    const outcome = world.ownOutcome(need);
    return outcome?.read === false ? outcome.failure.kind : outcome;
  });

async function live(t: TestContext, handler: Handler) {
  const { client, received } = await faultyServer(t, handler);
  return { source: new LiveSource(client), world: emptyWorld(), received };
}

test('after a refused list at most 20 refusals of narrower ones are taken, over all rounds', async (t) => {
  const { source, world, received } = await live(t, refuse);
  await source.read([list('rolebindings')], world);
  const first = inNamespaces(15);
  await source.read(first, world);
  assert.equal(received.length, 1 + 15);
  const second = inNamespaces(30, 15);
  await source.read(second, world);
  assert.equal(received.length, 1 + 20);
  const kinds = Object.groupBy(outcomes(world, [...first, ...second]), (kind) => String(kind));
  assert.deepEqual([kinds.forbidden?.length, kinds.notTried?.length], [20, 25]);
  assert.equal(received.filter(({ path }) => path.includes('/namespaces/n19/')).length, 1, 'in the order of the needs');
  const last = world.ownOutcome(list('rolebindings', 'n44'));
  assert.deepEqual(last, {
    read: false,
    failure: { kind: 'notTried', status: null, message: 'not tried after 20 requests that failed' },
  });
});

test('narrower reads that are granted, or fail otherwise, cost nothing', async (t) => {
  const { source, world, received } = await live(t, (request, response, count) => {
    if (request.path.includes('/namespaces/n'))
      return count % 2 ? listOf('rolebindings', []) : send(response, 404, failed(404, 'NotFound', 'gone'));
    return refuse(request, response, count);
  });
  await source.read([list('rolebindings')], world);
  await source.read(inNamespaces(50), world);
  assert.equal(received.length, 51);
});

/** What counts as narrower, when the list of its kind (and of a role's namespace) has been refused. */
const narrower: [string, (index: number) => Need, boolean][] = [
  ['lists of one namespace', (index) => list('rolebindings', `n${index}`), true],
  ['roles by name', (index) => get('roles', 'shop', `r${index}`), true],
  ['cluster roles by name', (index) => get('clusterroles', null, `r${index}`), true],
  ['pods by name: the target itself', (index) => get('pods', 'shop', `p${index}`), false],
  ['lists of another kind, never refused for the whole cluster', (index) => list('services', `n${index}`), false],
];
for (const [name, need, isLimited] of narrower) {
  test(`${isLimited ? 'limited' : 'not limited'}: ${name}`, async (t) => {
    const { source, world, received } = await live(t, refuse);
    await source.read([list('rolebindings'), list('roles'), list('clusterroles'), list('pods')], world);
    await source.read(
      Array.from({ length: 30 }, (_, index) => need(index)),
      world,
    );
    assert.equal(received.length - 4, isLimited ? 20 : 30);
  });
}

test('narrower reads are asked eight at a time', async (t) => {
  const waiting: (() => void)[] = [];
  const sizes: number[] = [];
  const answerAll = () => {
    sizes.push(waiting.length);
    for (const answer of waiting.splice(0)) answer();
  };
  const { source, world } = await live(t, (request, response, count) => {
    if (request.path.includes('/namespaces/')) {
      waiting.push(() => refuse(request, response, count));
      if (waiting.length === (count > 17 ? 4 : 8)) setImmediate(answerAll);
      return undefined;
    }
    return refuse(request, response, count);
  });
  await source.read([list('rolebindings')], world);
  await source.read(inNamespaces(40), world);
  assert.deepEqual(sizes, [8, 8, 4]);
});

test('what fails becomes an outcome, what is malformed an unknown, and the rest is read', async (t) => {
  const bodies: Record<string, Handler> = {
    '/api/v1/pods': (_, response) => send(response, 200, '<html>'),
    '/api/v1/nodes': (_, response) => void response.destroy(),
    '/api/v1/services': (_, response) => send(response, 503, ''),
    '/api/v1/namespaces': () =>
      listOf('namespaces', [{ metadata: { name: 'shop' } }, { metadata: { name: 'odd', labels: [] } }]),
    '/api/v1/namespaces/shop/pods/web': (_, response) =>
      send(response, 404, failed(404, 'NotFound', 'pods "web" not found')),
  };
  const { source, world } = await live(t, (request, ...rest) => bodies[request.path]?.(request, ...rest));
  const needs = [list('pods'), list('nodes'), list('services'), list('namespaces'), get('pods', 'shop', 'web')];
  await source.read(needs, world);
  assert.deepEqual(outcomes(world, needs), ['malformed', 'unreachable', 'serverError', { read: true }, 'notFound']);
  assert.deepEqual([world.list('namespaces').length, world.malformed('namespaces')[0]?.what], [1, 'namespaces odd']);
});

test('a server that only fails is no server', async (t) => {
  const { source, world } = await live(t, (_, response) => send(response, 200, '<html>login'));
  await assert.rejects(source.read([list('pods')], world), { name: 'UserError' });
  await assert.rejects(source.facts(true), {
    name: 'UserError',
    message: /^Server returned an unexpected response: 200 OK: an HTML page/,
  });
});

test('401 once something has been answered is an outcome: a token may expire in between', async (t) => {
  const expired: Handler = (_, response) => send(response, 401, failed(401, 'Unauthorized', 'Unauthorized'));
  const { source, world } = await live(t, (request, ...rest) =>
    request.path === '/api/v1/pods' ? listOf('pods', []) : expired(request, ...rest),
  );
  await source.read([list('pods'), list('nodes')], world);
  assert.deepEqual(outcomes(world, [list('pods'), list('nodes')]), [{ read: true }, 'unauthorized']);
});

test('facts: version, self, and who is asked for what', async (t) => {
  const answers: Record<string, object> = {
    '/version': { gitVersion: 'v1.37.2', major: '1', minor: '37', emulationMajor: '1', emulationMinor: '34' },
    '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews': {
      status: {
        resourceRules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }],
        nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/version'] }],
        incomplete: false,
      },
    },
    '/apis/authentication.k8s.io/v1/selfsubjectreviews': {
      status: { userInfo: { username: 'jane', groups: ['ops'] } },
    },
  };
  const { client, received } = await faultyServer(t, ({ path, body }) => ({ ...(body as object), ...answers[path] }));
  const facts = await new LiveSource(client, { namespace: 'shop' }).facts(false);
  const none = { verbs: [], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [] };
  assert.deepEqual(facts, {
    ...{
      context: 'test',
      namespace: 'default',
      gitVersion: 'v1.37.2',
      version: { major: 1, minor: 34 },
      readAt: '2026-11-24T00:00:00.000Z',
    },
    ...{ origin: 'live', selfFailure: null, discovery: null, flags: null },
    self: {
      ...{ user: { name: 'jane', groups: ['ops'] }, namespace: 'shop', incomplete: null },
      rules: [
        { ...none, verbs: ['get'], apiGroups: [''], resources: ['pods'] },
        { ...none, verbs: ['get'], nonResourceURLs: ['/version'] },
      ],
    },
  });
  assert.deepEqual(received.find(({ path }) => path.includes('rules'))?.body, {
    ...{ apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace: 'shop' } },
  });
});

const NODE = 'node authorizer does not support user rule resolution';
const WEBHOOK = 'webhook authorizer does not support user rule resolution';
const MISSING = 'clusterroles.rbac.authorization.k8s.io "gone" not found';
const reviews: [string, object, string | null][] = [
  ['complete', { incomplete: false }, null],
  ['a missing role alone', { incomplete: false, evaluationError: MISSING }, null],
  ['a webhook', { incomplete: true, evaluationError: WEBHOOK }, WEBHOOK],
  ['a node, whom the node authorizer always tells so', { incomplete: true, evaluationError: NODE }, null],
  ['a node with a role that is missing', { incomplete: true, evaluationError: `[${NODE}, ${MISSING}]` }, null],
  ['a node and a webhook', { incomplete: true, evaluationError: `[${NODE}, ${WEBHOOK}]` }, WEBHOOK],
  ['two webhooks', { incomplete: true, evaluationError: `[${WEBHOOK}, ${WEBHOOK}]` }, `${WEBHOOK}, ${WEBHOOK}`],
  ['no reason given', { incomplete: true }, 'the server calls its own list of rules incomplete'],
];
for (const [name, status, incomplete] of reviews) {
  test(`self review, ${name}: ${incomplete ?? 'complete'}`, async (t) => {
    const { source } = await live(t, (asked, response) =>
      asked.path.endsWith('selfsubjectrulesreviews')
        ? answered(asked, { resourceRules: [], nonResourceRules: [], ...status })
        : send(response, 404, failed(404, 'NotFound', 'not here')),
    );
    const { self, selfFailure, version } = await source.facts(false);
    assert.deepEqual([self?.incomplete, self?.user, selfFailure, version], [incomplete, null, null, null]);
  });
}

const RULES = { resourceRules: [], nonResourceRules: [], incomplete: false };
test('a self review that fails, or comes back without a status', async (t) => {
  const answer: [Handler, string][] = [
    [refuse, '403 Forbidden: no'],
    [(asked) => (asked.body as object) ?? {}, '200 OK: status is missing'],
    [(asked) => answered(asked, {}), '200 OK: resourceRules is missing'],
    [(asked) => answered(asked, { ...RULES, incomplete: undefined }), '200 OK: incomplete is missing'],
    [(asked) => answered(asked, { ...RULES, incomplete: null }), '200 OK: incomplete is not a boolean'],
    [(asked) => answered(asked, { ...RULES, incomplete: 'no' }), '200 OK: incomplete is not a boolean'],
    [
      (asked) => answered(asked, { ...RULES, resourceRules: [{ verbs: 'all' }] }),
      '200 OK: verbs is not a list of strings',
    ],
    [() => ({ status: RULES }), '200 OK: a body that does not say that it is a SelfSubjectRulesReview'],
    [() => listOf('pods', []), '200 OK: not a SelfSubjectRulesReview but a PodList'],
  ];
  for (const [handler, message] of answer) {
    const { source } = await live(t, handler);
    const { self, selfFailure } = await source.facts(false);
    assert.deepEqual([self, selfFailure], [null, message]);
  }
});
