import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discover } from '../../src/cluster/live/discovery/index.ts';
import { failed, faultyServer, type Handler, send } from '../helpers/faulty-server.ts';

const deployments = {
  resource: 'deployments',
  responseKind: { kind: 'Deployment' },
  scope: 'Namespaced',
  singularResource: 'deployment',
};
const aggregated = (...items: object[]) => ({ kind: 'APIGroupDiscoveryList', items });

const AGGREGATED: Record<string, object> = {
  '/api': aggregated({
    metadata: {},
    versions: [
      {
        version: 'v1',
        resources: [
          {
            ...{
              resource: 'pods',
              responseKind: { kind: 'Pod' },
              scope: 'Namespaced',
              singularResource: 'pod',
              shortNames: ['po'],
              verbs: ['get'],
            },
            subresources: [{ subresource: 'log', verbs: ['get'] }],
          },
        ],
      },
    ],
  }),
  '/apis': aggregated(
    {
      metadata: { name: 'apps' },
      versions: [
        { version: 'v2', resources: [{ ...deployments, verbs: ['get', 'list'] }] },
        {
          version: 'v1',
          resources: [
            { ...deployments, verbs: ['get'], subresources: [{ subresource: 'scale', verbs: ['get'] }] },
            {
              resource: 'rolls',
              responseKind: { kind: 'Roll' },
              scope: 'Cluster',
              singularResource: '',
              verbs: ['list'],
            },
          ],
        },
      ],
    },
    { metadata: { name: 'stale.io' }, versions: [{ version: 'v1', freshness: 'Stale' }] },
    { metadata: { name: 'odd.io' }, versions: [{ version: 'v1', resources: 'none' }] },
  ),
};

const resource = (name: string, kind: string, verbs: string[]) => ({
  name,
  kind,
  verbs,
  namespaced: true,
  singularName: kind.toLowerCase(),
});
const PLAIN: Record<string, object> = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/api/v1': {
    kind: 'APIResourceList',
    resources: [
      { ...resource('pods', 'Pod', ['get']), shortNames: ['po'] },
      { ...resource('pods/log', 'Pod', ['get']) },
    ],
  },
  '/apis': {
    kind: 'APIGroupList',
    groups: [
      {
        name: 'apps',
        versions: [{ groupVersion: 'apps/v1' }, { groupVersion: 'apps/v2' }],
        preferredVersion: { groupVersion: 'apps/v2' },
      },
      { name: 'broken.io', versions: [{ groupVersion: 'broken.io/v1' }] },
    ],
  },
  '/apis/apps/v2': { kind: 'APIResourceList', resources: [resource('deployments', 'Deployment', ['get', 'list'])] },
  '/apis/apps/v1': {
    kind: 'APIResourceList',
    resources: [
      resource('deployments', 'Deployment', ['get']),
      { ...resource('deployments/scale', 'Scale', ['get']), group: 'autoscaling' },
      { ...resource('rolls', 'Roll', ['list']), namespaced: false, singularName: '' },
    ],
  },
};

const serve =
  (documents: Record<string, object>): Handler =>
  ({ path }, response) =>
    documents[path] ?? send(response, 503, 'no endpoints');

const OPEN_AGGREGATED = ['stale.io', 'odd.io'];

const expected = [
  {
    ...{
      group: '',
      version: 'v1',
      resource: 'pods',
      kind: 'Pod',
      singular: 'pod',
      shortNames: ['po'],
      namespaced: true,
    },
    verbs: ['get'],
    subresources: { log: ['get'] },
  },
  {
    ...{
      group: 'apps',
      version: 'v2',
      resource: 'deployments',
      kind: 'Deployment',
      singular: 'deployment',
      shortNames: [],
      namespaced: true,
    },
    ...{ verbs: ['get', 'list'], subresources: { scale: ['get'] } },
  },
  {
    ...{
      group: 'apps',
      version: 'v1',
      resource: 'rolls',
      kind: 'Roll',
      singular: 'roll',
      shortNames: [],
      namespaced: false,
    },
    verbs: ['list'],
    subresources: {},
  },
];

test('aggregated: two requests; stale and odd groups do not fail the rest', async (t) => {
  const { client, received } = await faultyServer(t, serve(AGGREGATED));
  assert.deepEqual(await discover(client), { resources: expected, open: OPEN_AGGREGATED });
  assert.deepEqual(received.map(({ path }) => path).sort(), ['/api', '/apis']);
  assert.match(
    received[0]?.headers.accept ?? '',
    /^application\/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,.*v2beta1.*,application\/json$/,
  );
});

test('plain: a request for each version; a broken API is asked once and left out', async (t) => {
  const { client, received } = await faultyServer(t, serve(PLAIN));
  assert.deepEqual(await discover(client), { resources: expected, open: ['broken.io'] });
  assert.equal(received.filter(({ path }) => path === '/apis/broken.io/v1').length, 1);
});

test('one root aggregated, the other plain', async (t) => {
  const { client } = await faultyServer(t, serve({ ...PLAIN, '/apis': AGGREGATED['/apis'] ?? {} }));
  assert.deepEqual(await discover(client), { resources: expected, open: OPEN_AGGREGATED });
});

/** Roots without which nothing is known. */
const roots: [string, Handler][] = [
  ['refused', (_, response) => send(response, 403, failed(403, 'Forbidden', 'no'))],
  ['malformed, aggregated', () => ({ kind: 'APIGroupDiscoveryList', items: 'none' })],
  ['malformed, plain', () => ({ kind: 'APIGroupList', groups: ['apps'] })],
  ['without groups', () => ({ kind: 'APIGroupList' })],
  ['without items', () => ({ kind: 'APIGroupDiscoveryList' })],
  ['of another kind', () => ({ kind: 'APIVersions', versions: [], groups: [] })],
  ['an error of a proxy', () => ({ error: 'upstream', groups: [] })],
];
for (const [name, root] of roots) {
  test(`a root that is ${name}: nothing is known`, async (t) => {
    const { client } = await faultyServer(t, (request, ...rest) =>
      (request.path === '/apis' ? root : serve(PLAIN))(request, ...rest),
    );
    assert.equal(await discover(client), null);
  });
}

const lists: object[] = [
  { kind: 'APIResourceList', resources: [{ name: 7 }] },
  { kind: 'APIResourceList', resources: [resource('..', 'Roll', [])] },
  { kind: 'APIResourceList', resources: [resource('', 'Roll', [])] },
  { kind: 'APIResourceList' },
  { resources: [resource('rolls', 'Roll', [])] },
  { kind: 'Status', resources: [] },
];
for (const odd of lists)
  test(`plain: a version whose list is malformed is left out: ${JSON.stringify(odd)}`, async (t) => {
    const { client } = await faultyServer(t, serve({ ...PLAIN, '/apis/apps/v1': odd }));
    const { resources = [], open } = (await discover(client)) ?? {};
    assert.deepEqual(
      resources.map(({ resource }) => resource),
      ['pods', 'deployments'],
    );
    assert.deepEqual(open, ['apps', 'broken.io'], 'its group may have more');
  });

/** Groups, versions and resources that lead elsewhere: their group may have more, and nothing is asked for there. */
const astray: [group: string, version: string, name: string][] = [
  ['apps', 'v1', '..'],
  ['apps', 'v1', '.'],
  ['apps', 'v1', 'a/b'],
  ['apps', 'v1', 'a%2fb'],
  ['apps', '..', 'rolls'],
  ['apps', '', 'rolls'],
  ['../api', 'v1', 'rolls'],
  ['..', 'v1', 'rolls'],
];
for (const [name, version, odd] of astray)
  test(`no path leads to ${name}, ${version}, ${odd}`, async (t) => {
    const group = {
      metadata: { name },
      versions: [{ version, resources: [{ ...deployments, resource: odd, verbs: ['list'] }] }],
    };
    const { client } = await faultyServer(t, serve({ ...PLAIN, '/apis': aggregated(group) }));
    const { resources, open } = (await discover(client)) ?? {};
    assert.deepEqual([resources?.map(({ resource }) => resource), open], [['pods'], [name]]);
  });

test('plain: no request leads out of the API', async (t) => {
  const groups = ['..', '../v1', 'apps/..', 'apps/../v1', 'a%2f/v1'].map((groupVersion) => ({
    name: 'x',
    versions: [{ groupVersion }],
  }));
  const { client, received } = await faultyServer(t, serve({ ...PLAIN, '/apis': { kind: 'APIGroupList', groups } }));
  assert.equal((await discover(client))?.open.length, 4);
  assert.deepEqual(received.map(({ path }) => path).sort(), ['/api', '/api/v1', '/apis']);
});
