import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Connection, WireRequest } from '../../src/cluster/connect/connection.ts';
import { readNeed } from '../../src/cluster/lists/lists.ts';
import { discover } from '../../src/cluster/live/discovery/index.ts';
import { LiveSource } from '../../src/cluster/live/live.ts';
import { askServer } from '../../src/cluster/live/reviews.ts';
import { ApiClient } from '../../src/cluster/transport/transport.ts';
import { ask } from '../../src/questions/ask.ts';
import { who } from '../../src/questions/index.ts';
import { identityOf } from '../../src/rbac/subjects.ts';
import { ALL_KINDS, type Kind } from '../../src/world/kinds.ts';
import { get, list, listOf } from '../../src/world/needs.ts';
import { World } from '../../src/world/world.ts';
import { cluster, user } from '../helpers/cluster.ts';
import { type ControlPlane, startControlPlane, type TokenRow } from '../helpers/control-plane.ts';
import { httpConnection } from '../helpers/http-connection.ts';
import { load } from '../helpers/load.ts';
import { OPTIONS, right } from '../helpers/question.ts';
import { waitFor, withControlPlane } from '../helpers/real.ts';

const RBAC = 'rbac.authorization.k8s.io';
const tokens: TokenRow[] = [
  { token: 'token-keeper', user: 'keeper', groups: ['ops'] },
  { token: 'token-reader', user: 'reader' },
  { token: 'token-impersonator', user: 'impersonator' },
  { token: 'token-nobody', user: 'nobody' },
  { token: 'token-node', user: 'system:node:n1', groups: ['system:nodes'] },
];

/** All that a role may hold, and what is written in more than one way. */
const SELECTOR = {
  matchLabels: { a: 'b', 'example.com/c': '' },
  matchExpressions: [
    { key: 'k', operator: 'In', values: ['v', 'w'] },
    { key: 'l', operator: 'Exists', values: [] },
  ],
};
const ODD = {
  ...{
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'odd:ключ', labels: { unset: '', 'example.com/x': 'y' } },
  },
  aggregationRule: { clusterRoleSelectors: [SELECTOR] },
  rules: [
    { apiGroups: ['', '*'], resources: ['pods', 'pods/*'], resourceNames: ['', 'ü'], verbs: ['get', ''] },
    { nonResourceURLs: ['/x/*', '*'], verbs: ['*'] },
  ],
};
const asRule = (rule: object) => ({ apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [], ...rule });

const emptyWorld = () => new World(cluster().world().facts);
const connectionOf = (plane: ControlPlane, token: string) =>
  httpConnection(plane.url, { token, ca: plane.caData, namespace: 'shop' });
const clientOf = (plane: ControlPlane, token: string) => new ApiClient(connectionOf(plane, token));
/** The same way to the server, with each request changed before it is sent. */
const changing = (connection: Connection, change: (request: WireRequest) => Partial<WireRequest>) =>
  new ApiClient({ ...connection, send: (request) => connection.send({ ...request, ...change(request) }) });

await withControlPlane({ tokens, controllers: [] }, async (plane) => {
  await load(plane, [
    ...['shop', 'depot', ...Array.from({ length: 15 }, (_, index) => `n${index}`)].map((name) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    })),
    role('ClusterRole', undefined, 'read-rbac', [{ apiGroups: [RBAC], resources: ['*'], verbs: ['get', 'list'] }]),
    role('ClusterRole', undefined, 'impersonate', [
      { apiGroups: [''], resources: ['users', 'groups'], verbs: ['impersonate'] },
    ]),
    role('Role', 'depot', 'hidden', [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]),
    binding('ClusterRoleBinding', undefined, 'readers', 'read-rbac', 'reader'),
    binding('ClusterRoleBinding', undefined, 'impersonators', 'impersonate', 'impersonator'),
    binding('RoleBinding', 'shop', 'keepers', 'read-rbac', 'keeper'),
    binding('RoleBinding', 'depot', 'viewers', 'view', 'keeper'),
    ODD,
    binding('ClusterRoleBinding', undefined, 'odd', 'odd:ключ', 'ключ→🙂 Ã©\u0000'),
    { ...binding('RoleBinding', 'depot', 'nobody', 'view', ''), subjects: [] },
  ]);

  test('who may read everything reads everything, in pages of two as in one', async () => {
    const needs = [list('clusterroles'), list('clusterrolebindings'), list('roles'), list('rolebindings')];
    const whole = emptyWorld();
    await new LiveSource(clientOf(plane, 'token-reader')).read(needs, whole);
    const paged = emptyWorld();
    const small = changing(connectionOf(plane, 'token-reader'), ({ path }) => ({
      path: path.replace(/limit=\d+/, 'limit=2'),
    }));
    await new LiveSource(small).read(needs, paged);
    for (const { kind } of needs) {
      const names = (world: World) => world.list(kind).map(({ namespace, name }) => `${namespace}/${name}`);
      assert.ok(whole.list(kind).length > 2);
      assert.deepEqual(names(paged), names(whole));
    }
    const keepers = whole.find('rolebindings', 'shop', 'keepers');
    assert.deepEqual(
      [keepers?.roleRef, keepers?.subjects],
      [{ kind: 'ClusterRole', name: 'read-rbac' }, [user('keeper')]],
    );
    assert.ok(needs.every((need) => paged.isRead(need)) && keepers?.created && keepers.changed && keepers.manager);
  });

  test('the same world from protobuf as from JSON, object by object', async () => {
    const needs = [list('clusterroles'), list('clusterrolebindings'), list('roles'), list('rolebindings')];
    const connection = connectionOf(plane, plane.adminToken);
    const types = new Set<string>();
    const watched: Connection = {
      ...connection,
      async send(request) {
        const response = await connection.send(request);
        types.add(response.headers['content-type'] ?? '');
        return response;
      },
    };
    const [json, protobuf] = [emptyWorld(), emptyWorld()];
    await new LiveSource(changing(connection, () => ({ headers: { accept: 'application/json' } }))).read(needs, json);
    await new LiveSource(new ApiClient(watched)).read(needs, protobuf);
    assert.deepEqual([...types], ['application/vnd.kubernetes.protobuf']);
    for (const { kind } of needs) assert.deepEqual(protobuf.list(kind), json.list(kind));
    const odd = protobuf.find('clusterroles', null, 'odd:ключ');
    assert.deepEqual([odd?.rules, odd?.selectors, odd?.labels.unset], [ODD.rules.map(asRule), [SELECTOR], '']);
    assert.deepEqual(protobuf.find('clusterrolebindings', null, 'odd')?.subjects[0]?.name, 'ключ→🙂 Ã©\u0000');
    const refused = await readNeed(clientOf(plane, 'token-nobody'), list('roles'), { protobuf: true });
    assert.match(refused.failure?.message ?? '', /^403 Forbidden: roles.* is forbidden: User "nobody" cannot list/);
  });

  test('no list of any kind is refused for how a server writes it, be it empty or in pages of one, as JSON or protobuf', async () => {
    const connection = connectionOf(plane, plane.adminToken);
    const single = changing(connection, ({ path }) => ({ path: path.replace(/limit=\d+/, 'limit=1') }));
    const read: string[] = [];
    for (const client of [new ApiClient(connection), single])
      for (const kind of ALL_KINDS)
        for (const options of [{}, { protobuf: true }]) {
          client.begin();
          const { failure, malformed } = await readNeed(client, list(kind), options);
          assert.deepEqual([failure, malformed], [null, []], kind);
          read.push(kind);
        }
    assert.equal(new Set(read).size, ALL_KINDS.length);
    for (const need of [
      get('namespaces', null, 'shop'),
      get('clusterroles', null, 'odd:ключ'),
      get('rolebindings', 'shop', 'keepers'),
    ]) {
      const { failure, objects } = await readNeed(new ApiClient(connection), need);
      assert.deepEqual([failure, objects.length], [null, 1], need.name);
    }
  });

  test('custom resources, whatever their lists are called', async () => {
    const kinds: [kind: string, listKind: string | undefined][] = [
      ['Widget', undefined],
      ['Gadget', 'GadgetList'],
      ['Trinket', 'Trinkets'],
    ];
    for (const [kind, listKind] of kinds) {
      const plural = `${kind.toLowerCase()}s`;
      const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
      const api: Kind = {
        group: 'lists.example.com',
        version: 'v1',
        resource: plural,
        kind,
        namespaced: true,
        pageSize: 500,
      };
      await load(plane, [
        {
          ...{
            apiVersion: 'apiextensions.k8s.io/v1',
            kind: 'CustomResourceDefinition',
            metadata: { name: `${plural}.${api.group}` },
          },
          spec: {
            ...{ group: api.group, scope: 'Namespaced', names: { kind, plural, ...(listKind && { listKind }) } },
            versions: [{ name: 'v1', served: true, storage: true, schema }],
          },
        },
      ]);
      const path = `/apis/${api.group}/v1/namespaces/shop/${plural}`;
      await waitFor(plane, path, (_, status) => status === 200);
      const clean = await readNeed(clientOf(plane, plane.adminToken), listOf(api));
      assert.deepEqual([clean.failure, clean.objects], [null, []], kind);
      for (const name of ['a', 'b', 'c']) {
        const { status } = await plane.request('POST', path, {
          apiVersion: `${api.group}/v1`,
          kind,
          metadata: { name },
        });
        assert.equal(status, 201);
      }
      const small = changing(connectionOf(plane, plane.adminToken), (request) => ({
        path: request.path.replace(/limit=\d+/, 'limit=1'),
      }));
      for (const need of [listOf(api), listOf(api, 'shop'), { ...listOf(api, 'shop'), name: 'b' }]) {
        const { failure, objects } = await readNeed(small, need);
        assert.deepEqual([failure, objects.length], [null, need.name === null ? 3 : 1], kind);
      }
    }
  });

  test('labels select on the server', async () => {
    const world = emptyWorld();
    await new LiveSource(clientOf(plane, plane.adminToken)).read(
      [list('namespaces', null, 'kubernetes.io/metadata.name in (shop,depot)')],
      world,
    );
    assert.deepEqual(
      world
        .list('namespaces')
        .map(({ name }) => name)
        .sort(),
      ['depot', 'shop'],
    );
  });

  test('who may read one namespace: the refusal of the rest in the server’s words, roles by name where the list is refused', async () => {
    const world = emptyWorld();
    const source = new LiveSource(clientOf(plane, 'token-keeper'));
    await source.read([list('rolebindings'), list('roles')], world);
    const narrow = [
      list('rolebindings', 'shop'),
      list('rolebindings', 'depot'),
      get('roles', 'shop', 'gone'),
      get('roles', 'depot', 'hidden'),
    ];
    await source.read(narrow, world);
    const outcomes = [list('rolebindings'), ...narrow].map((need) => world.ownOutcome(need));
    const failures = outcomes.map((outcome) =>
      outcome?.read === false ? `${outcome.failure.kind} ${outcome.failure.message}` : outcome,
    );
    const cannot = (what: string) => `forbidden 403 Forbidden: ${what}`;
    const where = `in API group "${RBAC}"`;
    assert.deepEqual(failures, [
      cannot(
        `rolebindings.${RBAC} is forbidden: User "keeper" cannot list resource "rolebindings" ${where} at the cluster scope`,
      ),
      { read: true },
      cannot(
        `rolebindings.${RBAC} is forbidden: User "keeper" cannot list resource "rolebindings" ${where} in the namespace "depot"`,
      ),
      `notFound 404 Not Found: roles.${RBAC} "gone" not found`,
      cannot(
        `roles.${RBAC} "hidden" is forbidden: User "keeper" cannot get resource "roles" ${where} in the namespace "depot"`,
      ),
    ]);
    assert.deepEqual(
      world.list('rolebindings').map(({ name }) => name),
      ['keepers'],
    );
  });

  test('facts: version, caller, own rules in the target’s namespace', async () => {
    const facts = await new LiveSource(clientOf(plane, 'token-keeper')).facts(false);
    assert.deepEqual([facts.gitVersion, facts.version, facts.selfFailure], ['v1.37.2', { major: 1, minor: 37 }, null]);
    assert.deepEqual(facts.self?.user, { name: 'keeper', groups: ['ops', 'system:authenticated'] });
    assert.deepEqual([facts.self?.namespace, facts.self?.incomplete], ['shop', null]);
    assert.ok(facts.self?.rules.some(({ apiGroups, verbs }) => apiGroups.includes(RBAC) && verbs.includes('list')));
    assert.ok(facts.self?.rules.some(({ nonResourceURLs }) => nonResourceURLs.includes('/version')));
  });

  test('a node is told that its rules are incomplete by the node authorizer alone', async () => {
    const facts = await new LiveSource(clientOf(plane, 'token-node')).facts(false);
    assert.deepEqual([facts.self?.user?.name, facts.self?.incomplete], ['system:node:n1', null]);
  });

  test('a token that the server does not know', async () => {
    const source = new LiveSource(clientOf(plane, 'token-unknown'));
    const error = { name: 'UserError', message: 'error: You must be logged in to the server (Unauthorized)' };
    await assert.rejects(source.facts(true), error);
    await assert.rejects(source.read([list('pods')], emptyWorld()), error);
  });

  test('discovery: aggregated and plain say the same', async () => {
    const connection = connectionOf(plane, 'token-nobody');
    const { resources: aggregated, open } = (await discover(new ApiClient(connection))) ?? {};
    const { resources: plain } =
      (await discover(changing(connection, () => ({ headers: { accept: 'application/json' } })))) ?? {};
    assert.deepEqual(open, []);
    const sorted = (resources: typeof plain) =>
      resources
        ?.map((each) => ({ ...each, subresources: Object.fromEntries(Object.entries(each.subresources).sort()) }))
        .sort((a, b) => (`${a.group}/${a.resource}` < `${b.group}/${b.resource}` ? -1 : 1));
    assert.ok(aggregated && aggregated.length > 50);
    assert.deepEqual(sorted(plain), sorted(aggregated));
    const pods = aggregated.find(({ group, resource }) => group === '' && resource === 'pods');
    assert.deepEqual(
      [pods?.shortNames, pods?.namespaced, pods?.subresources.portforward],
      [['po'], true, ['create', 'get']],
    );
  });

  test('discovery: a group whose server does not answer is told as open, aggregated or plain, and its resources are not denied', async () => {
    const spec = {
      group: 'down.example.com',
      version: 'v1',
      groupPriorityMinimum: 10,
      versionPriority: 10,
      insecureSkipTLSVerify: true,
    };
    const service = { ...spec, service: { namespace: 'shop', name: 'down' } };
    const api = {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1.down.example.com' },
      spec: service,
    };
    const path = '/apis/apiregistration.k8s.io/v1/apiservices';
    assert.equal((await plane.request('POST', path, api)).status, 201);
    try {
      const connection = connectionOf(plane, plane.adminToken);
      const plain = changing(connection, () => ({ headers: { accept: 'application/json' } }));
      for (const client of [new ApiClient(connection), plain]) {
        await waitFor(plane, '/apis', (body) => JSON.stringify(body).includes('down.example.com'));
        assert.deepEqual((await discover(client))?.open, ['down.example.com']);
        const given = await ask(who, right('patch things.down.example.com', 'shop'), new LiveSource(client), OPTIONS);
        assert.match(given.asked[0]?.answer.summary ?? '', /^nobody can patch things.down.example.com/);
        const denied = ask(who, right('patch things', 'shop'), new LiveSource(client), OPTIONS);
        await assert.rejects(denied, /discovery does not tell what down.example.com has/);
      }
    } finally {
      await plane.request('DELETE', `${path}/v1.down.example.com`);
    }
  });

  test('the server is asked directly, by impersonation, or not at all', async () => {
    const request = { verb: 'list', group: RBAC, resource: 'roles', subresource: '', namespace: 'shop', name: '' };
    const keeper = identityOf(user('keeper'));
    const answers = async (token: string) => {
      const client = clientOf(plane, token);
      const ask = (namespace: string) => askServer(client, keeper, { ...request, namespace });
      return Promise.all([ask('shop'), ask(''), askServer(client, keeper, { verb: 'get', url: '/version' })]);
    };
    const direct = await answers(plane.adminToken);
    // Which of several bindings a reason names is the server's choice.
    const words = (replies: typeof direct) => replies.map((each) => ('answer' in each ? each.answer : each.unanswered));
    assert.deepEqual(words(direct), ['yes', 'no', 'yes']);
    assert.match('reason' in direct[0] ? direct[0].reason : '', /^RBAC: allowed by RoleBinding "keepers\/shop"/);
    assert.deepEqual(words(await answers('token-impersonator')), words(direct));
    const [refused] = await answers('token-nobody');
    assert.match(
      'unanswered' in refused ? refused.unanswered : '',
      /^403 Forbidden: .* User "nobody" cannot impersonate/,
    );
  });

  test('a webhook authorizer shows in the review of oneself, though nobody answers there', async (t) => {
    const dir = mkdtempSync(join(tmpdir(), 'whocan-escalate-'));
    t.after(() => rmSync(dir, { recursive: true }));
    const config = join(dir, 'webhook.json');
    writeFileSync(config, JSON.stringify(await deadWebhook()));
    // The flag's values add up: Node, RBAC, Webhook.
    const extraApiserverArgs = ['--authorization-mode=Webhook', `--authorization-webhook-config-file=${config}`];
    const other = await startControlPlane({ tokens, controllers: [], extraApiserverArgs });
    t.after(() => other.stop());
    for (const token of ['token-nobody', 'token-node']) {
      const facts = await new LiveSource(clientOf(other, token)).facts(false);
      assert.equal(facts.self?.incomplete, 'webhook authorizer does not support user rule resolution');
    }
  });
});

function role(kind: string, namespace: string | undefined, name: string, rules: object[]) {
  return { apiVersion: `${RBAC}/v1`, kind, metadata: { name, namespace }, rules };
}

function binding(kind: string, namespace: string | undefined, name: string, clusterRole: string, to: string) {
  const subjects = [{ apiGroup: RBAC, kind: 'User', name: to }];
  return {
    apiVersion: `${RBAC}/v1`,
    kind,
    metadata: { name, namespace },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: clusterRole },
    subjects,
  };
}

/** The kubeconfig of a webhook at a port where nobody listens. */
async function deadWebhook(): Promise<object> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'webhook', users: [{ name: 'webhook', user: {} }] },
    clusters: [{ name: 'webhook', cluster: { server: `https://127.0.0.1:${port}` } }],
    contexts: [{ name: 'webhook', context: { cluster: 'webhook', user: 'webhook' } }],
  };
}
