import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { PodAction } from '../../src/answer/facts/pod.ts';
import { withIndirect } from '../../src/questions/holders/indirect/index.ts';
import { pod } from '../../src/questions/pod/pod.ts';
import { child, type Raw } from '../../src/world/raw.ts';
import { caller } from '../helpers/caller.ts';
import { allow } from '../helpers/cluster.ts';
import { load } from '../helpers/load.ts';
import { objects } from '../helpers/question.ts';
import { waitFor, waitForServiceAccount, withControlPlane } from '../helpers/real.ts';
import { runAs } from '../helpers/shell.ts';
import { binding, role } from '../helpers/story.ts';

/**
 * What the card of a pod says to do first, run by the real kubectl: each trial changes nothing, and each command ends
 * what it says, which the server shows to whoever held it.
 */
const controllers = ['serviceaccount-controller', 'serviceaccount-token-controller'];

await withControlPlane({ controllers, tokens: [{ token: 'jane', user: 'jane', groups: [] }] }, async (plane) => {
  const WEB = { kind: 'ServiceAccount', namespace: 'shop', name: 'web' };
  await load(plane, [
    ...['shop', 'ops'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: 'shop', name: 'web' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: 'ops', name: 'root' } },
    role('ops', 'tokens', [allow('create', 'serviceaccounts/token')]),
    binding('ops', 'tokens', 'Role/tokens', [WEB, { kind: 'User', namespace: null, name: 'olga' }]),
    role('shop', 'enter', [allow('create', 'pods/exec'), allow('get', 'pods')]),
    binding('shop', 'enter', 'Role/enter', [{ kind: 'User', namespace: null, name: 'jane' }]),
    {
      ...{ apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/service-account-token' },
      metadata: { namespace: 'shop', name: 'web-token', annotations: { 'kubernetes.io/service-account.name': 'web' } },
    },
  ]);
  await waitForServiceAccount(plane, 'shop', 'web');
  const filled = (await waitFor(
    plane,
    '/api/v1/namespaces/shop/secrets/web-token',
    (body) => typeof child(body as Raw, 'data').token === 'string',
  )) as Raw;
  const legacy = Buffer.from(`${child(filled, 'data').token}`, 'base64').toString();
  await load(plane, [
    {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', name: 'web-0' } },
      spec: { serviceAccountName: 'web', containers: [{ name: 'app', image: 'i', securityContext: { runAsUser: 0 } }] },
    },
  ]);
  const podUid = child((await plane.request('GET', '/api/v1/namespaces/shop/pods/web-0')).body as Raw, 'metadata').uid;
  const asked = await plane.request('POST', '/api/v1/namespaces/shop/serviceaccounts/web/token', {
    ...{ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest' },
    spec: { audiences: [], boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'web-0', uid: podUid } },
  });
  const bound = `${child(asked.body as Raw, 'status').token}`;

  const card = async (t: TestContext) => {
    const { answer } = await caller(t, plane, plane.adminToken);
    return answer(withIndirect(pod), objects('shop', 'web-0'));
  };
  const actionsOf = async (t: TestContext): Promise<Map<string, PodAction>> =>
    new Map(((await card(t)).pod?.now ?? []).map((each) => [each.id, each]));
  const run = async (command: string | undefined): Promise<void> => {
    const { code, output } = await runAs(plane, plane.adminToken, command ?? 'false');
    assert.equal(code, 0, `${command}\n${output}`);
  };
  /** Whether a command succeeds as somebody, once it has come to rest at that: the server caches tokens for seconds. */
  const comesTo = async (token: string, command: string, expected: boolean): Promise<string> => {
    for (const deadline = Date.now() + 60_000; ; ) {
      const { code, output } = await runAs(plane, token, command);
      if ((code === 0) === expected) return output;
      if (Date.now() > deadline) throw new Error(`still ${code}: ${command}\n${output}`);
    }
  };
  const TOKEN_OF_ROOT = 'kubectl create token root -n ops';
  const WHO = 'kubectl auth whoami';

  test('the three that are said first: the way, the legacy token, the door', async (t) => {
    assert.deepEqual([...(await actionsOf(t)).keys()], ['end-way', 'delete-token-secret', 'close-door']);
  });

  test('the way that its account has ends, and that of others by the same binding stays', async (t) => {
    const action = (await actionsOf(t)).get('end-way');
    await comesTo(bound, TOKEN_OF_ROOT, true);
    await run(action?.commands[0]);
    await comesTo(bound, TOKEN_OF_ROOT, true);
    await run(action?.commands[1]);
    assert.match(await comesTo(bound, TOKEN_OF_ROOT, false), /forbidden/);
    assert.match(await comesTo(bound, WHO, true), /system:serviceaccount:shop:web/, 'its token stays valid');
    await run('kubectl auth can-i create serviceaccounts --subresource=token -n ops --as=olga');
    const { pod: after } = await card(t);
    assert.ok(!after?.now?.some(({ id }) => id === 'end-way'));
    assert.equal(after?.becomes?.sure, null);
  });

  test('a legacy token lives until its Secret is deleted', async (t) => {
    const action = (await actionsOf(t)).get('delete-token-secret');
    await run(action?.commands[0]);
    await comesTo(legacy, WHO, true);
    await run(action?.commands[1]);
    await comesTo(legacy, WHO, false);
    await comesTo(bound, WHO, true);
  });

  test('whoever came in by the grant that was changed last is shut out', async (t) => {
    const action = (await actionsOf(t)).get('close-door');
    const mayExec = 'kubectl auth can-i create pods --subresource=exec -n shop';
    await comesTo('jane', mayExec, true);
    await run(action?.commands[0]);
    await comesTo('jane', mayExec, true);
    await run(action?.commands[1]);
    await comesTo('jane', mayExec, false);
    assert.ok(!(await actionsOf(t)).has('close-door'));
  });

  test('a bound token dies with its pod', async (t) => {
    const action = (await actionsOf(t)).get('delete-pod');
    await run(action?.commands[0]);
    await comesTo(bound, WHO, true);
    await run(action?.commands[1]);
    await comesTo(bound, WHO, false);
  });

  test('a node is cordoned by its name as a resource', async (t) => {
    await load(plane, [
      {
        ...{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', labels: { 'kubernetes.io/os': 'linux' } } },
        status: { nodeInfo: { containerRuntimeVersion: 'containerd://2.2.1', operatingSystem: 'linux' } },
      },
      {
        ...{ apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', name: 'web-0' } },
        spec: {
          ...{ serviceAccountName: 'web', nodeName: 'n1', automountServiceAccountToken: false },
          containers: [{ name: 'app', image: 'i', securityContext: { privileged: true, runAsUser: 0 } }],
        },
      },
    ]);
    const action = (await actionsOf(t)).get('cordon-node');
    const unschedulable = async (): Promise<unknown> =>
      child((await plane.request('GET', '/api/v1/nodes/n1')).body as Raw, 'spec').unschedulable;
    await run(action?.commands[0]);
    assert.equal(await unschedulable(), undefined);
    await run(action?.commands[1]);
    assert.equal(await unschedulable(), true);
  });
});
