import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { proxy } from '../../src/questions/index.ts';
import { caller } from '../helpers/caller.ts';
import { allow, user } from '../helpers/cluster.ts';
import type { ControlPlane } from '../helpers/control-plane.ts';
import { load } from '../helpers/load.ts';
import { inOwnNetwork, isInOwnNetwork, OWN_ADDRESS, whyNoOwnNetwork } from '../helpers/own-network.ts';
import { objects } from '../helpers/question.ts';
import { skipReason, waitFor, withControlPlane } from '../helpers/real.ts';
import { seen } from '../helpers/staging.ts';
import { binding, role } from '../helpers/story.ts';

/**
 * A service, a request to it of somebody who may use it under that name alone, and whether the pod answers: which is
 * what we say, too.
 */
interface Case {
  why: string;
  /** Its spec but for what all have: a selector that means the pod. */
  spec: Record<string, unknown>;
  /** In the path and in the rule: after the service's own name, or around it. */
  spelling?: (service: string) => string;
  verb?: string;
  arrives: boolean;
}

const PORT = '__PORT__';
const plain = { port: 80, targetPort: PORT };
const cases: Case[] = [
  { why: 'a service that selects the pod', spec: { ports: [plain] }, arrives: true },
  { why: 'a headless one', spec: { clusterIP: 'None', ports: [plain] }, arrives: true },
  { why: 'by the number of its port', spec: { ports: [plain] }, spelling: (name) => `${name}:80`, arrives: true },
  { why: 'with a scheme', spec: { ports: [plain] }, spelling: (name) => `http:${name}:80`, arrives: true },
  { why: 'a port that it does not have', spec: { ports: [plain] }, spelling: (name) => `${name}:81`, arrives: false },
  {
    why: 'a port by its name',
    spec: { ports: [{ ...plain, name: 'web' }] },
    spelling: (name) => `${name}:web`,
    arrives: true,
  },
  {
    why: 'a port that has a name, by its number',
    spec: { ports: [{ ...plain, name: 'web' }] },
    spelling: (name) => `${name}:80`,
    arrives: true,
  },
  { why: 'a port that has a name, by none', spec: { ports: [{ ...plain, name: 'web' }] }, arrives: false },
  { why: 'a port of the pod by its name', spec: { ports: [{ port: 80, targetPort: 'http' }] }, arrives: true },
  {
    why: 'a port by a name that the pod does not have',
    spec: { ports: [{ port: 80, targetPort: 'grpc' }] },
    arrives: false,
  },
  { why: 'a service that selects other pods', spec: { ports: [plain], selector: { app: 'other' } }, arrives: false },
  { why: 'a service that selects nothing', spec: { ports: [plain], selector: null }, arrives: false },
  {
    why: 'an ExternalName',
    spec: { ports: [plain], type: 'ExternalName', externalName: 'example.com' },
    arrives: false,
  },
  { why: 'by POST', spec: { ports: [plain] }, verb: 'create', arrives: true },
  { why: 'by DELETE', spec: { ports: [plain] }, verb: 'delete', arrives: true },
];
const METHODS: Readonly<Record<string, string>> = { get: 'GET', create: 'POST', delete: 'DELETE' };
const nameOf = (index: number): string => `s-${index}`;
const spelled = ({ spelling = (name) => name }: Case, index: number): string => spelling(nameOf(index));

if (!isInOwnNetwork)
  test('what services lead to', { skip: (await skipReason()) || whyNoOwnNetwork() }, async () => {
    const { code, output } = await inOwnNetwork(import.meta.url);
    assert.equal(code, 0, output);
    console.log(output.match(/^. pass \d+$/m)?.[0]);
  });
else
  await withControlPlane(
    {
      controllers: ['endpointslice-controller'],
      extraApiserverArgs: [`--advertise-address=${OWN_ADDRESS}`],
      tokens: cases.map((_, index) => ({ token: nameOf(index), user: nameOf(index) })),
    },
    async (plane) => {
      const server = createServer((_, response) => response.end('here is the pod')).listen(0, OWN_ADDRESS);
      await once(server, 'listening');
      after(() => server.close());
      const { port } = server.address() as AddressInfo;
      await load(plane, storyOf(port));
      await becomeReady(plane);
      await seen(plane, 'sentinel', 'shop');
      for (const [index, each] of cases.entries())
        test(`${each.why}: ${each.arrives ? 'the pod answers' : 'nothing arrives'}`, async (t) => {
          await hasSlices(plane, each, index);
          const path = `/api/v1/namespaces/shop/services/${spelled(each, index)}/proxy/`;
          const method = METHODS[each.verb ?? 'get'] ?? '';
          const { body, status } = await plane.request(method, path, undefined, { token: nameOf(index) });
          assert.equal(body === 'here is the pod', each.arrives, `${status} ${JSON.stringify(body)}`);
          assert.ok(each.arrives || status !== 403, 'it is no matter of rights');
          const { answer } = await caller(t, plane, plane.adminToken);
          const said = await answer(proxy, objects('shop', 'web-0'), { subject: user(nameOf(index)) });
          assert.equal(said.verdict, each.arrives ? 'yes' : 'no');
        });
    },
  );

function storyOf(port: number): object[] {
  const core = { apiVersion: 'v1' };
  const spec = { containers: [{ name: 'app', image: 'app', ports: [{ name: 'http', containerPort: port }] }] };
  return [
    { ...core, kind: 'Namespace', metadata: { name: 'shop' } },
    { ...core, kind: 'ServiceAccount', metadata: { namespace: 'shop', name: 'default' } },
    { ...core, kind: 'Node', metadata: { name: 'n1' } },
    {
      ...core,
      kind: 'Pod',
      metadata: { namespace: 'shop', name: 'web-0', labels: { app: 'web' } },
      spec: { ...spec, nodeName: 'n1' },
    },
    ...cases.flatMap((each, index) => [
      {
        ...{ ...core, kind: 'Service', metadata: { namespace: 'shop', name: nameOf(index) } },
        spec: JSON.parse(JSON.stringify({ selector: { app: 'web' }, ...each.spec }).replaceAll(`"${PORT}"`, `${port}`)),
      },
      role('shop', nameOf(index), [allow(each.verb ?? 'get', 'services/proxy', { names: [spelled(each, index)] })]),
      binding('shop', nameOf(index), `Role/${nameOf(index)}`, [user(nameOf(index))]),
    ]),
  ];
}

async function becomeReady(plane: ControlPlane): Promise<void> {
  const status = {
    ...{ phase: 'Running', podIP: OWN_ADDRESS, podIPs: [{ ip: OWN_ADDRESS }], hostIP: OWN_ADDRESS },
    conditions: [{ type: 'Ready', status: 'True' }],
  };
  const headers = { 'content-type': 'application/merge-patch+json' };
  const { status: code, body } = await plane.request(
    'PATCH',
    '/api/v1/namespaces/shop/pods/web-0/status',
    { status },
    { headers },
  );
  assert.equal(code, 200, JSON.stringify(body));
}

/** Waits until the controller has written where the service leads; of one without pods there is nothing to wait for. */
async function hasSlices(plane: ControlPlane, { spec }: Case, index: number): Promise<void> {
  if ('selector' in spec || spec.type === 'ExternalName') return;
  const path = `/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices?labelSelector=kubernetes.io/service-name=${nameOf(index)}`;
  await waitFor(
    plane,
    path,
    (body) => JSON.stringify(body).includes(OWN_ADDRESS) || JSON.stringify(spec).includes('grpc'),
  );
}
