import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Claim } from '../../src/cluster/connect/connection.ts';
import { LiveSource } from '../../src/cluster/live/live.ts';
import { ApiClient } from '../../src/cluster/transport/transport.ts';
import { list } from '../../src/world/needs.ts';
import { World } from '../../src/world/world.ts';
import { answered } from '../helpers/api-lists.ts';
import { failed, faultyServer, type Handler, send } from '../helpers/faulty-server.ts';

type Reply =
  | { name?: unknown; groups?: unknown; uid?: string; extra?: object }
  | { status: number; message?: string }
  | string;

const forbidden = (user: string) => ({
  status: 403,
  message: `selfsubjectreviews.authentication.k8s.io is forbidden: User "${user}" cannot create resource "selfsubjectreviews" in API group "authentication.k8s.io" at the cluster scope`,
});
const carol = { user: 'carol' };
const full = { user: 'carol', groups: ['a', 'b'], uid: '7', extra: { 'Example.com/Ключ': ['x', 'y'] } };
const dropsAll = (seen: string, asked: string) =>
  `error: the server took you for "${seen}" and not for "${asked}": something on the way drops the impersonation headers`;
const drops = (what: string) =>
  `error: the server took you for "carol" ${what}: something on the way drops impersonation headers`;
const ANONYMOUS =
  'error: the server took you for "system:anonymous": the credentials that were sent never reached it, or say nothing to it';
const NOT_FOUND = '404 Not Found: 404 page not found';
const seen = {
  name: 'carol',
  uid: '7',
  groups: ['b', 'a', 'system:authenticated'],
  extra: { 'example.com/Ключ': ['y', 'x', 'z'] },
};
const NOBODY: Claim = { impersonated: null, hasCredentials: false };
const as = (impersonated: Claim['impersonated']): Claim => ({ impersonated, hasCredentials: true });

/** What the server says of who we are; the error, or what is in doubt, or null. */
const cases: [what: string, claim: Claim, reply: Reply, outcome: { error: string } | { doubt: string } | null][] = [
  ['the one that was asked for', as(carol), { name: 'carol', groups: [] }, null],
  ['with all that was asked for, and more', as(full), seen, null],
  ['somebody else', as(carol), { name: 'admin', groups: ['carol'] }, { error: dropsAll('admin', 'carol') }],
  ['another spelling', as(carol), { name: 'Carol' }, { error: dropsAll('Carol', 'carol') }],
  ['no name at all', as(carol), { groups: [] }, { doubt: '200 OK: username is missing' }],
  ['a name that is no name', as(carol), { name: 7 }, { doubt: '200 OK: username is not a string' }],
  [
    'groups that are no list',
    as(full),
    { ...seen, groups: 'a,b' },
    { doubt: '200 OK: groups is not a list of strings' },
  ],
  ['a group less', as(full), { ...seen, groups: ['a'] }, { error: drops('without the group "b"') }],
  ['groups in one', as(full), { ...seen, groups: ['a,b'] }, { error: drops('without the group "a"') }],
  ['another UID', as(full), { ...seen, uid: '8' }, { error: drops('with the UID "8" in place of "7"') }],
  ['an extra less', as(full), { ...seen, extra: {} }, { error: drops('without the extra "Example.com/Ключ"') }],
  [
    'a value less',
    as(full),
    { ...seen, extra: { 'example.com/Ключ': ['x'] } },
    { error: drops('without the extra "Example.com/Ключ"') },
  ],
  ['anonymous, who was asked for', as({ user: 'system:anonymous' }), { name: 'system:anonymous' }, null],
  ['a refusal of the one that was asked for', as(carol), forbidden('carol'), null],
  [
    'a refusal of its name, of whom more was asked',
    as(full),
    forbidden('carol'),
    { doubt: `403 Forbidden: ${forbidden('carol').message}` },
  ],
  ['a refusal of somebody else', as(carol), forbidden('admin'), { error: dropsAll('admin', 'carol') }],
  [
    'a refusal of a name in Go’s quotes',
    as({ user: 'a"b' }),
    forbidden('a\\"b'),
    { doubt: `403 Forbidden: ${forbidden('a\\"b').message}` },
  ],
  [
    'a refusal in other words',
    as(carol),
    { status: 403, message: 'not you, User "admin"' },
    { doubt: '403 Forbidden: not you, User "admin"' },
  ],
  [
    'a refusal of the impersonation for this request',
    as(carol),
    {
      status: 403,
      message:
        'users "carol" is forbidden: User "jane" cannot impersonate resource "users" in API group "" at the cluster scope',
    },
    {
      doubt:
        '403 Forbidden: users "carol" is forbidden: User "jane" cannot impersonate resource "users" in API group "" at the cluster scope',
    },
  ],
  ['a failure', as(carol), { status: 400, message: 'no' }, { doubt: '400 Bad Request: no' }],
  [
    'no answer in its own words',
    as(carol),
    '<html>',
    { doubt: '200 OK: an HTML page instead of JSON (from a proxy or a login?)' },
  ],
  ['a server that does not know the question', as(carol), { status: 404 }, { doubt: NOT_FOUND }],

  ['credentials, and anybody', as(null), { name: 'jane' }, null],
  ['credentials, and nobody', as(null), { name: 'system:anonymous' }, { error: ANONYMOUS }],
  ['credentials, and a refusal of nobody', as(null), forbidden('system:anonymous'), { error: ANONYMOUS }],
  ['credentials, and a refusal of somebody', as(null), forbidden('jane'), null],
  ['credentials, and a failure', as(null), { status: 400, message: 'User "system:anonymous" cannot' }, null],
  ['no credentials, and nobody', NOBODY, { name: 'system:anonymous' }, null],
  ['no credentials, and a refusal', NOBODY, forbidden('system:anonymous'), null],
];

const answering =
  (reply: Reply, knows = 'v1'): Handler =>
  (asked, response) => {
    const { path } = asked;
    if (path === '/version') return { major: '1', minor: '37' };
    if (!path.endsWith('/selfsubjectreviews'))
      return answered(asked, { resourceRules: [], nonResourceRules: [], incomplete: false });
    if (!path.includes(`/${knows}/`)) return send(response, 404, '404 page not found');
    if (typeof reply === 'string') return send(response, 200, reply);
    if ('status' in reply && reply.status === 404) return send(response, 404, '404 page not found');
    if ('status' in reply) return send(response, reply.status, failed(reply.status, '', reply.message ?? ''));
    const { name, ...rest } = reply;
    return answered(asked, { userInfo: { username: name, ...rest } });
  };

for (const [what, claim, reply, outcome] of cases)
  test(`${claim.impersonated ? `as ${claim.impersonated.user}: ` : ''}${what}`, async (t) => {
    const { client } = await faultyServer(t, answering(reply));
    const source = new LiveSource(new ApiClient({ ...client.connection, claim }, { clock: client.clock }));
    const facts = source.facts(false);
    if (outcome && 'error' in outcome) await assert.rejects(facts, { name: 'UserError', message: outcome.error });
    else assert.equal((await facts).selfDoubt, outcome?.doubt);
  });

for (const [knows, isFound] of [
  ['v1', true],
  ['v1beta1', true],
  ['v1alpha1', true],
  ['v2', false],
] as const)
  test(`a server that knows ${knows} is asked ${isFound ? 'until it answers' : 'in vain'}; without impersonation once`, async (t) => {
    const { client, received } = await faultyServer(t, answering({ name: 'admin' }, knows));
    const asked = () =>
      received.filter(({ path }) => path.endsWith('selfsubjectreviews')).map(({ path }) => path.split('/')[3]);
    const facts = (claim: Claim) =>
      new LiveSource(new ApiClient({ ...client.connection, claim }, { clock: client.clock })).facts(false);
    if (isFound) await assert.rejects(facts(as(carol)), { message: dropsAll('admin', 'carol') });
    else assert.equal((await facts(as(carol))).selfDoubt, NOT_FOUND);
    const versions = ['v1', 'v1beta1', 'v1alpha1'];
    const tried = isFound ? versions.slice(0, versions.indexOf(knows) + 1) : versions;
    assert.deepEqual(asked(), tried);
    await facts(as(null));
    assert.deepEqual(asked(), [...tried, 'v1']);
  });

test('who may not impersonate at all gets no answer, who may for some requests gets what these say', async (t) => {
  const words =
    'pods is forbidden: User "jane" cannot impersonate-on:user-info:list resource "pods" in API group "" at the cluster scope';
  let refused = 1;
  const { client } = await faultyServer(t, ({ path }, response) =>
    path.endsWith('pods') || refused === 2
      ? send(response, 403, failed(403, 'Forbidden', words))
      : { metadata: {}, items: [] },
  );
  const source = new LiveSource(client);
  const world = () =>
    new World({
      ...{ context: null, namespace: 'shop', gitVersion: null, version: null, readAt: '', origin: 'live' },
      ...{ self: null, selfFailure: null, discovery: null, flags: null },
    });
  await source.read([list('pods'), list('nodes')], world());
  refused = 2;
  await assert.rejects(source.read([list('pods'), list('nodes')], world()), {
    name: 'UserError',
    message: `Error from server (Forbidden): ${words}`,
  });
  await source.read([], world());
});
