import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { after, test } from 'node:test';
import { attach, exec, logs, portForward } from '../../src/questions/index.ts';
import type { Rule } from '../../src/world/objects.ts';
import { caller } from '../helpers/caller.ts';
import { certificateAuthority } from '../helpers/certificates.ts';
import { allow, user } from '../helpers/cluster.ts';
import type { ControlPlane } from '../helpers/control-plane.ts';
import { type FakeKubelet, fakeKubelet } from '../helpers/fake-kubelet.ts';
import { load } from '../helpers/load.ts';
import { inOwnNetwork, isInOwnNetwork, OWN_ADDRESS, whyNoOwnNetwork } from '../helpers/own-network.ts';
import { objects } from '../helpers/question.ts';
import { skipReason, withControlPlane } from '../helpers/real.ts';
import { seen } from '../helpers/staging.ts';
import { binding, role } from '../helpers/story.ts';
import { WEBSOCKET } from './real/streams.ts';

/**
 * A request of somebody who holds one right and no other, what of it arrives at the kubelet, and our answer about them.
 * PORT is the kubelet's.
 */
interface Case {
  why: string;
  right: Rule;
  line: string;
  headers?: Record<string, string>;
  body?: string;
  /** Null: nothing does. */
  arrives: string | null;
  says: [question: typeof exec, verdict: 'yes' | 'no' | 'depends'];
}

const SPDY = { connection: 'Upgrade', upgrade: 'SPDY/3.1' };
const FORM = { ...SPDY, 'content-type': 'application/x-www-form-urlencoded' };
const nodes = (verbs: string, ...names: string[]): Rule => allow(verbs, 'nodes/proxy', { names });
const NODE = '/api/v1/nodes/n1/proxy';
const POD = '/api/v1/namespaces/shop/pods/web-0';
const RUN = 'run/shop/web-0/app?cmd=id';

const throughTheNode: Case[] = [
  {
    why: 'create runs a command',
    right: nodes('create'),
    line: `POST ${NODE}/${RUN}`,
    arrives: `POST /${RUN}`,
    says: [exec, 'yes'],
  },
  { why: 'get does not', right: nodes('get'), line: `POST ${NODE}/${RUN}`, arrives: null, says: [exec, 'depends'] },
  {
    ...{ why: 'get upgrades, and the command is lost on the way', right: nodes('get'), headers: WEBSOCKET },
    ...{
      line: `GET ${NODE}/exec/shop/web-0/app?command=id&output=1`,
      arrives: 'GET /exec/shop/web-0/app',
      says: [exec, 'depends'],
    },
  },
  {
    ...{
      why: 'create attaches: what a query loses, a form keeps',
      right: nodes('create'),
      headers: FORM,
      body: 'input=1&output=1',
    },
    ...{
      line: `POST ${NODE}/attach/shop/web-0/app`,
      arrives: 'POST /attach/shop/web-0/app input=1&output=1',
      says: [attach, 'yes'],
    },
  },
  {
    ...{ why: 'a port-forward needs no query', right: nodes('get'), headers: SPDY },
    ...{
      line: `GET ${NODE}/portForward/shop/web-0`,
      arrives: 'GET /portForward/shop/web-0',
      says: [portForward, 'yes'],
    },
  },
  {
    ...{ why: 'nor by POST', right: nodes('create'), headers: SPDY },
    ...{
      line: `POST ${NODE}/portForward/shop/web-0`,
      arrives: 'POST /portForward/shop/web-0',
      says: [portForward, 'yes'],
    },
  },
  {
    ...{ why: 'get reads logs', right: nodes('get') },
    ...{
      line: `GET ${NODE}/containerLogs/shop/web-0/app`,
      arrives: 'GET /containerLogs/shop/web-0/app',
      says: [logs, 'yes'],
    },
  },
  {
    ...{ why: 'create does not', right: nodes('create') },
    ...{ line: `GET ${NODE}/containerLogs/shop/web-0/app`, arrives: null, says: [logs, 'no'] },
  },
  {
    ...{ why: 'a spelling with the port of the kubelet leads there', right: nodes('create', 'https:n1:PORT') },
    ...{ line: `POST /api/v1/nodes/https:n1:PORT/proxy/${RUN}`, arrives: `POST /${RUN}`, says: [exec, 'yes'] },
  },
  {
    ...{ why: 'and one with a scheme alone', right: nodes('create', 'http:n1:') },
    ...{ line: `POST /api/v1/nodes/http:n1:/proxy/${RUN}`, arrives: `POST /${RUN}`, says: [exec, 'yes'] },
  },
  {
    ...{ why: 'one with another port does not', right: nodes('create', 'n1:1') },
    ...{ line: `POST /api/v1/nodes/n1:1/proxy/${RUN}`, arrives: null, says: [exec, 'no'] },
  },
];

const throughThePod: Case[] = [
  {
    ...{ why: 'create is enough', right: allow('create', 'pods/exec'), headers: SPDY },
    ...{
      line: `POST ${POD}/exec?command=id&stdout=1`,
      arrives: 'POST /exec/shop/web-0/app?command=id&output=1',
      says: [exec, 'yes'],
    },
  },
  {
    ...{ why: 'get is not', right: allow('get', 'pods/exec'), headers: WEBSOCKET },
    ...{ line: `GET ${POD}/exec?command=id&stdout=1`, arrives: null, says: [exec, 'no'] },
  },
  {
    ...{ why: 'create is enough', right: allow('create', 'pods/attach'), headers: SPDY },
    ...{ line: `POST ${POD}/attach?stdout=1`, arrives: 'POST /attach/shop/web-0/app?output=1', says: [attach, 'yes'] },
  },
  {
    ...{ why: 'create is enough', right: allow('create', 'pods/portforward'), headers: SPDY },
    ...{ line: `POST ${POD}/portforward`, arrives: 'POST /portForward/shop/web-0', says: [portForward, 'yes'] },
  },
  {
    ...{ why: 'get is enough', right: allow('get', 'pods/log') },
    ...{ line: `GET ${POD}/log`, arrives: 'GET /containerLogs/shop/web-0/app', says: [logs, 'yes'] },
  },
];

const CASES = [...throughTheNode, ...throughThePod];
const userOf = (index: number): string => `user-${index}`;

if (!isInOwnNetwork)
  test('what arrives at a kubelet', { skip: (await skipReason()) || whyNoOwnNetwork() }, async () => {
    const { code, output } = await inOwnNetwork(import.meta.url);
    assert.equal(code, 0, output);
    console.log(output.match(/^. pass \d+$/m)?.[0]);
  });
else
  await withControlPlane(
    {
      controllers: [],
      extraApiserverArgs: [`--advertise-address=${OWN_ADDRESS}`],
      tokens: CASES.map((_, index) => ({ token: userOf(index), user: userOf(index) })),
    },
    async (plane) => {
      const kubelet = await fakeKubelet(OWN_ADDRESS, certificateAuthority().issue({ user: 'n1', ips: [OWN_ADDRESS] }));
      after(() => kubelet.close());
      const withPort = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('PORT', `${kubelet.port}`));
      const cases = CASES.map(({ says, ...rest }) => ({ ...withPort(rest), says }));
      await load(plane, storyOf(kubelet, cases));
      await seen(plane, 'sentinel', 'shop');

      for (const [index, { why, line, headers, body, arrives, says }] of cases.entries()) {
        const [question, verdict] = says;
        test(`${CASES[index]?.line}: ${why}; ${question.name}: ${verdict}`, async (t) => {
          const before = kubelet.arrived.length;
          const status = await send(plane, userOf(index), line, headers, body);
          if (arrives !== null) await kubelet.received(before + 1);
          assert.deepEqual(kubelet.arrived.slice(before), arrives === null ? [] : [arrives]);
          assert.ok(arrives !== null || [403, 503].includes(status), `${status}`);
          const { answer } = await caller(t, plane, plane.adminToken);
          assert.equal(
            (await answer(question, objects('shop', 'web-0'), { subject: user(userOf(index)) })).verdict,
            verdict,
          );
        });
      }
    },
  );

function storyOf({ address, port }: FakeKubelet, cases: readonly Pick<Case, 'right'>[]): object[] {
  const core = { apiVersion: 'v1' };
  const status = { addresses: [{ type: 'InternalIP', address }], daemonEndpoints: { kubeletEndpoint: { Port: port } } };
  const spec = { nodeName: 'n1', containers: [{ name: 'app', image: 'app' }] };
  return [
    { ...core, kind: 'Namespace', metadata: { name: 'shop' } },
    { ...core, kind: 'ServiceAccount', metadata: { namespace: 'shop', name: 'default' } },
    { ...core, kind: 'Node', metadata: { name: 'n1' }, status },
    { ...core, kind: 'Pod', metadata: { namespace: 'shop', name: 'web-0' }, spec },
    ...cases.flatMap(({ right }, index) => [
      role(null, userOf(index), [right]),
      binding(null, userOf(index), `ClusterRole/${userOf(index)}`, [user(userOf(index))]),
    ]),
  ];
}

/** The status that comes back, 101 for an upgrade. */
async function send(
  plane: ControlPlane,
  token: string,
  line: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<number> {
  const [method, path] = line.split(' ');
  const all = { ...headers, authorization: `Bearer ${token}`, ...(body && { 'content-length': `${body.length}` }) };
  const request = httpsRequest(plane.url + path, { method, ca: plane.caData, headers: all });
  request.end(body);
  const [response]: IncomingMessage[] = await Promise.race([once(request, 'response'), once(request, 'upgrade')]);
  request.destroy();
  return response?.statusCode ?? 0;
}
