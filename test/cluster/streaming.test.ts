import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOORS, verbsAt } from '../../src/questions/access/doors.ts';
import { allow } from '../helpers/cluster.ts';
import { load } from '../helpers/load.ts';
import { withControlPlane } from '../helpers/real.ts';
import { declareRequests, type RealRequest, tokensFor } from '../helpers/real-requests.ts';
import { request } from '../helpers/request.ts';

/** Authorization of what is streamed or proxied. There is no pod and no node: who passes is told that (404). */
const SHOP = '/api/v1/namespaces/shop';
const WEBSOCKET = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
  'sec-websocket-protocol': 'v5.channel.k8s.io',
};
const SPDY = { connection: 'Upgrade', upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'v5.channel.k8s.io' };

const GRANTS = ['get', 'create', 'get create', 'update', '*'];
const has = (granted: string, verb: string): boolean => granted === '*' || granted.split(' ').includes(verb);

/** From 1.35 a WebSocket needs what SPDY needs, beside its own verb. */
const streams = (minor: number): RealRequest[] =>
  ['exec', 'attach', 'portforward'].flatMap((subresource) =>
    GRANTS.flatMap((granted) => {
      const common = {
        rules: [allow(granted, `pods/${subresource}`)],
        path: `${SHOP}/pods/web/${subresource}?command=id&stdout=1&ports=80`,
      };
      const needed = minor < 35 ? ['get'] : ['get', 'create'];
      const asked = (verb: string) => request(`${verb} pods/${subresource}`, { name: 'web' });
      const allowed = needed.every((verb) => has(granted, verb));
      return [
        { ...common, why: `WebSocket with ${granted}`, method: 'GET', headers: WEBSOCKET, needs: needed.map(asked), allowed },
        {
          ...common,
          why: `SPDY with ${granted}`,
          method: 'POST',
          headers: SPDY,
          needs: [asked('create')],
          allowed: has(granted, 'create'),
        },
      ];
    }),
  );

/** RBAC is asked about the name as it is spelled in the path. */
const SPELLINGS = ['n1', 'n1:10250', 'n1:', ':n1:', 'http:n1:', 'https:n1:10250', ':n1:10250'];
const proxied: [resource: string, path: string, namespace: string][] = [
  ['nodes', '/api/v1/nodes', ''],
  ['pods', `${SHOP}/pods`, 'shop'],
  ['services', `${SHOP}/services`, 'shop'],
];
const spellings = proxied.flatMap(([resource, path, namespace]) =>
  SPELLINGS.flatMap((spelling): RealRequest[] => {
    const asked = [request(`get ${resource}/proxy`, { namespace, name: spelling })];
    const get = { method: 'GET', path: `${path}/${spelling}/proxy/healthz`, needs: asked };
    const rules = (name: string) => [allow('get', `${resource}/proxy`, { names: [name] })];
    const another = SPELLINGS.find((each) => each !== spelling) ?? '';
    return [
      { why: 'in this spelling', rules: rules(spelling), ...get, allowed: true },
      { why: `which ${another} does not include`, rules: rules(another), ...get, allowed: false },
      { why: 'by any name', rules: [allow('get', `${resource}/proxy`)], ...get, allowed: true },
    ];
  }),
);

const node = (verb: string, name = 'n1') => [request(`${verb} nodes/proxy`, { namespace: '', name })];
const methods: [method: string, verb: string][] = [
  ['GET', 'get'],
  ['HEAD', 'get'],
  ['POST', 'create'],
  ['PUT', 'update'],
  ['PATCH', 'patch'],
  ['DELETE', 'delete'],
];
const proxies: RealRequest[] = [
  ...methods.flatMap(([method, verb]): RealRequest[] => [
    {
      why: `${verb} nodes/proxy`,
      rules: [allow(verb, 'nodes/proxy')],
      method,
      path: '/api/v1/nodes/n1/proxy/run/shop/web/app',
      needs: node(verb),
      allowed: true,
    },
    {
      why: 'the right on nodes is another',
      rules: [allow('*', 'nodes')],
      method,
      path: '/api/v1/nodes/n1/proxy/run/shop/web/app',
      needs: node(verb),
      allowed: false,
    },
  ]),
  {
    why: 'an upgrade is get, and nothing more at any version',
    rules: [allow('get', 'nodes/proxy')],
    method: 'GET',
    path: '/api/v1/nodes/n1/proxy/exec/shop/web/app',
    headers: WEBSOCKET,
    needs: node('get'),
    allowed: true,
  },
  {
    why: 'a colon may be escaped',
    rules: [allow('get', 'nodes/proxy', { names: ['n1:10250'] })],
    method: 'GET',
    path: '/api/v1/nodes/n1%3A10250/proxy/',
    needs: node('get', 'n1:10250'),
    allowed: true,
  },
  {
    why: 'a RoleBinding grants no node',
    rules: [allow('*', 'nodes/proxy')],
    bound: 'shop',
    method: 'GET',
    path: '/api/v1/nodes/n1/proxy/',
    needs: node('get'),
    allowed: false,
  },
  {
    why: 'a RoleBinding grants pods',
    rules: [allow('get', 'pods/proxy')],
    bound: 'shop',
    method: 'GET',
    path: `${SHOP}/pods/web/proxy/`,
    needs: [request('get pods/proxy', { name: 'web' })],
    allowed: true,
  },
  {
    why: 'the old path has a verb of its own',
    rules: [allow('proxy', 'nodes')],
    method: 'GET',
    path: '/api/v1/proxy/nodes/n1',
    needs: [request('proxy nodes', { namespace: '', name: 'n1' })],
    allowed: true,
  },
  {
    why: 'which nodes/proxy does not include',
    rules: [allow('*', 'nodes/proxy')],
    method: 'GET',
    path: '/api/v1/proxy/nodes/n1',
    needs: [request('proxy nodes', { namespace: '', name: 'n1' })],
    allowed: false,
  },
];

for (const [minor, options] of [
  [37, {}],
  [34, { emulatedVersion: '1.34' }],
] as const) {
  const requests = [...streams(minor), ...spellings, ...proxies, ...impersonations(minor)];
  await withControlPlane({ ...options, controllers: [], tokens: tokensFor(requests) }, async (plane) => {
    await load(plane, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }]);
    await declareRequests(plane, requests);
  });

  for (const door of DOORS.filter(({ subresource }) => ['exec', 'attach', 'portforward'].includes(subresource))) {
    test(`${door.question} at 1.${minor} opens to the verbs that our table says`, () => {
      for (const granted of GRANTS) {
        const tried = streams(minor).filter(
          ({ path, rules }) => path.includes(`/${door.subresource}?`) && rules[0]?.verbs.join(' ') === granted,
        );
        const opens = verbsAt(door, { major: 1, minor }).sure.some((verb) => has(granted, verb));
        assert.equal(
          opens,
          tried.some(({ allowed }) => allowed),
          granted,
        );
      }
    });
  }
}

/** Acting as somebody: what everybody may do once they are taken for that one. */
function impersonations(minor: number): RealRequest[] {
  const ask = {
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
  };
  const authentication = { groups: ['authentication.k8s.io'] };
  const cluster = { namespace: '' };
  const jane = { 'impersonate-user': 'jane' };
  const account = { 'impersonate-user': 'system:serviceaccount:shop:ci' };
  const asUser = (verb: string) => request(`${verb} users.authentication.k8s.io`, { ...cluster, name: 'jane' });
  const on = (mode: string) => `impersonate-on:${mode}:create`;
  const review = (mode: string) => request(`${on(mode)} selfsubjectreviews.authentication.k8s.io`, cluster);
  const mayReview = (mode: string) => allow(on(mode), 'selfsubjectreviews', authentication);
  const constrained = minor >= 36;
  const legacy = (name: string) => [request('impersonate users', { ...cluster, name })];
  return [
    {
      why: 'impersonate users',
      rules: [allow('impersonate', 'users', { names: ['jane'] })],
      ...ask,
      headers: jane,
      needs: legacy('jane'),
      allowed: true,
    },
    {
      why: 'another user',
      rules: [allow('impersonate', 'users', { names: ['joe'] })],
      ...ask,
      headers: jane,
      needs: legacy('jane'),
      allowed: false,
    },
    {
      why: 'users of another group',
      rules: [allow('impersonate', 'users', authentication)],
      ...ask,
      headers: jane,
      needs: legacy('jane'),
      allowed: false,
    },
    {
      why: 'each group is asked for',
      rules: [allow('impersonate', 'users groups')],
      ...ask,
      headers: { ...jane, 'impersonate-group': 'dev' },
      needs: [...legacy('jane'), request('impersonate groups', { ...cluster, name: 'dev' })],
      allowed: true,
    },
    {
      why: 'users alone bring no group along',
      rules: [allow('impersonate', 'users')],
      ...ask,
      headers: { ...jane, 'impersonate-group': 'dev' },
      needs: [request('impersonate groups', { ...cluster, name: 'dev' })],
      allowed: false,
    },
    {
      why: 'a uid',
      rules: [allow('impersonate', 'users uids', { groups: ['', 'authentication.k8s.io'] })],
      ...ask,
      headers: { ...jane, 'impersonate-uid': 'u' },
      needs: [...legacy('jane'), request('impersonate uids.authentication.k8s.io', { ...cluster, name: 'u' })],
      allowed: true,
    },
    {
      why: 'an extra is a subresource',
      rules: [allow('impersonate', 'users userextras/scopes', { groups: ['', 'authentication.k8s.io'] })],
      ...ask,
      headers: { ...jane, 'impersonate-extra-scopes': 'view' },
      needs: [...legacy('jane'), request('impersonate userextras.authentication.k8s.io/scopes', { ...cluster, name: 'view' })],
      allowed: true,
    },
    {
      why: 'of its key',
      rules: [allow('impersonate', 'users userextras/scopes', { groups: ['', 'authentication.k8s.io'] })],
      ...ask,
      headers: { ...jane, 'impersonate-extra-other': 'view' },
      needs: [request('impersonate userextras.authentication.k8s.io/other', { ...cluster, name: 'view' })],
      allowed: false,
    },
    {
      why: 'an account by a RoleBinding of its namespace',
      rules: [allow('impersonate', 'serviceaccounts', { names: ['ci'] })],
      bound: 'shop',
      ...ask,
      headers: account,
      needs: [request('impersonate serviceaccounts', { name: 'ci' })],
      allowed: true,
    },
    {
      why: 'an account is no user',
      rules: [allow('impersonate', 'users')],
      ...ask,
      headers: account,
      needs: [request('impersonate serviceaccounts', { name: 'ci' })],
      allowed: false,
    },
    {
      why: 'constrained: who, and on what',
      rules: [allow('impersonate:user-info', 'users', authentication), mayReview('user-info')],
      ...ask,
      headers: jane,
      needs: constrained ? [asUser('impersonate:user-info'), review('user-info')] : legacy('jane'),
      allowed: constrained,
    },
    {
      why: 'constrained: who is not enough',
      rules: [allow('impersonate:user-info', 'users', authentication)],
      ...ask,
      headers: jane,
      needs: [asUser('impersonate:user-info'), review('user-info')],
      allowed: false,
    },
    {
      why: 'constrained: nor on what',
      rules: [mayReview('user-info')],
      ...ask,
      headers: jane,
      needs: [asUser('impersonate:user-info'), review('user-info')],
      allowed: false,
    },
    {
      why: 'constrained: users of the core group are others',
      rules: [allow('impersonate:user-info', 'users'), mayReview('user-info')],
      ...ask,
      headers: jane,
      needs: [asUser('impersonate:user-info'), review('user-info')],
      allowed: false,
    },
    {
      why: 'constrained: an account in its namespace',
      rules: [allow('impersonate:serviceaccount', 'serviceaccounts', { ...authentication, names: ['ci'] }), mayReview('serviceaccount')],
      ...ask,
      headers: account,
      needs: constrained
        ? [request('impersonate:serviceaccount serviceaccounts.authentication.k8s.io', { name: 'ci' }), review('serviceaccount')]
        : [request('impersonate serviceaccounts', { name: 'ci' })],
      allowed: constrained,
    },
    {
      why: 'constrained: a node',
      rules: [allow('impersonate:arbitrary-node', 'nodes', { ...authentication, names: ['n1'] }), mayReview('arbitrary-node')],
      ...ask,
      headers: { 'impersonate-user': 'system:node:n1' },
      needs: constrained
        ? [request('impersonate:arbitrary-node nodes.authentication.k8s.io', { ...cluster, name: 'n1' }), review('arbitrary-node')]
        : legacy('system:node:n1'),
      allowed: constrained,
    },
    {
      why: 'a star is every verb',
      rules: [allow('*', '*', { groups: ['*'] })],
      ...ask,
      headers: jane,
      needs: legacy('jane'),
      allowed: true,
    },
  ];
}
