import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountPosition, type Gain } from '../../src/escalation/position.ts';
import { become } from '../../src/questions/become/become.ts';
import type { Start } from '../../src/questions/become/target.ts';
import { child, type Raw } from '../../src/world/raw.ts';
import { caller } from '../helpers/caller.ts';
import { allow, user } from '../helpers/cluster.ts';
import { load } from '../helpers/load.ts';
import { waitFor, waitForServiceAccount, withControlPlane } from '../helpers/real.ts';
import { runAs } from '../helpers/shell.ts';
import { binding, role } from '../helpers/story.ts';

/**
 * Fixes that are no grants, as they are printed, by the real kubectl on the real server: the trial changes nothing, the
 * command is taken, and asked again nothing leads to the goal. What a controller would make of a changed template is
 * made by hand.
 */
const controllers = ['serviceaccount-controller', 'serviceaccount-token-controller'];

await withControlPlane({ controllers }, async (plane) => {
  const app = { name: 'app', image: 'i', securityContext: { runAsUser: 0 } };
  const privileged = { ...app, securityContext: { runAsUser: 0, privileged: true } };
  const host = { name: 'host', hostPath: { path: '/' } };
  const SPECS: Record<string, Raw> = {
    privileged: { containers: [privileged] },
    path: {
      containers: [{ ...app, volumeMounts: [{ name: 'host', mountPath: '/host' }] }],
      volumes: [host],
    },
    all: {
      hostPID: true,
      volumes: [host],
      containers: [
        { ...privileged, volumeMounts: [{ name: 'host', mountPath: '/host', mountPropagation: 'Bidirectional' }] },
        {
          ...{ name: 'agent', image: 'i' },
          securityContext: { runAsUser: 0, capabilities: { add: ['SYS_ADMIN', 'SYS_PTRACE', 'CHOWN'] } },
        },
      ],
    },
    token: { containers: [app] },
  };
  const KINDS = [
    { kind: 'StatefulSet', path: 'statefulsets', more: { serviceName: 's' } },
    { kind: 'DaemonSet', path: 'daemonsets', more: {} },
  ];
  const labels = { app: 'x' };
  await load(plane, [
    ...['shop', 'lax'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...['shop', 'lax'].map((namespace) => ({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { namespace, name: 'web' },
    })),
    {
      ...{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', labels: { 'kubernetes.io/os': 'linux' } } },
      status: { nodeInfo: { containerRuntimeVersion: 'containerd://2.2.1', operatingSystem: 'linux' } },
    },
    {
      ...{ apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/service-account-token' },
      metadata: { namespace: 'shop', name: 'old', annotations: { 'kubernetes.io/service-account.name': 'web' } },
    },
    role('shop', 'read', [allow('get', 'secrets')]),
    binding('shop', 'r1', 'Role/read', [user('jane')]),
    binding('shop', 'r2', 'Role/read', [user('jane')]),
    role('lax', 'pods', [allow('create', 'pods')]),
    binding('lax', 'p1', 'Role/pods', [user('jane')]),
    binding('lax', 'p2', 'Role/pods', [user('jane')]),
  ]);
  for (const namespace of ['shop', 'lax']) await waitForServiceAccount(plane, namespace, 'web');
  await waitFor(
    plane,
    '/api/v1/namespaces/shop/secrets/old',
    (body) => typeof child(body as Raw, 'data').token === 'string',
  );

  const run = async (command: string): Promise<void> => {
    const { code, output } = await runAs(plane, plane.adminToken, command);
    assert.equal(code, 0, `${command}\n${output}`);
  };
  const podOf = (name: string, spec: Raw, owner?: Raw): Raw => ({
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: {
      ...{ namespace: 'shop', name, labels },
      ...(owner ? { ownerReferences: [{ apiVersion: 'apps/v1', uid: '1', controller: true, ...owner }] } : {}),
    },
    spec: { serviceAccountName: 'web', ...spec },
  });

  for (const { kind, path, more } of KINDS)
    for (const [what, spec] of Object.entries(SPECS))
      test(`${kind}: ${what}`, async (t) => {
        const name = `${kind.toLowerCase()}-${what}`;
        const at = `/apis/apps/v1/namespaces/shop/${path}/${name}`;
        await load(plane, [
          {
            ...{ apiVersion: 'apps/v1', kind, metadata: { namespace: 'shop', name } },
            spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec }, ...more },
          },
          podOf(`${name}-0`, { ...spec, nodeName: 'n1' }, { kind, name }),
        ]);
        const { answer } = await caller(t, plane, plane.adminToken);
        const starts: Start[] = [{ kind: 'pod', namespace: 'shop', name: `${name}-0` }];
        const goal: Gain = what === 'token' ? accountPosition('shop', 'web') : { kind: 'node', name: 'n1' };
        const ask = () => answer(become, { starts, goals: [goal] });
        const first = await ask();
        assert.equal(first.verdict, 'yes', first.summary);
        const [tried = '', done = '', ...rest] = first.findings[0]?.fix ?? [];
        assert.deepEqual(rest, []);
        const template = async (): Promise<Raw> =>
          child(child(child((await plane.request('GET', at)).body as Raw, 'spec'), 'template'), 'spec');
        const before = JSON.stringify(await template());
        await run(tried);
        assert.equal(JSON.stringify(await template()), before, 'the trial changes nothing');
        await run(done);
        await run(`kubectl delete pod/${name}-0 -n shop --force --grace-period=0`);
        await load(plane, [podOf(`${name}-0`, { ...(await template()), nodeName: 'n1' }, { kind, name })]);
        const { verdict, summary } = await ask();
        assert.equal(verdict, 'no', summary);
      });

  for (const what of ['all', 'token'])
    test(`a pod of its own: ${what}`, async (t) => {
      const name = `bare-${what}`;
      await load(plane, [podOf(name, SPECS[what] ?? {})]);
      const { answer } = await caller(t, plane, plane.adminToken);
      const starts: Start[] = [{ kind: 'pod', namespace: 'shop', name }];
      const goal: Gain = what === 'token' ? accountPosition('shop', 'web') : { kind: 'node', name: null };
      const ask = () => answer(become, { starts, goals: [goal] });
      const first = await ask();
      assert.equal(first.verdict, 'yes', first.summary);
      const [tried = '', done = ''] = first.findings[0]?.fix ?? [];
      const uid = async (): Promise<unknown> =>
        child((await plane.request('GET', `/api/v1/namespaces/shop/pods/${name}`)).body as Raw, 'metadata').uid;
      const before = await uid();
      await run(tried);
      assert.equal(await uid(), before);
      await run(done);
      assert.notEqual(await uid(), before);
      const { verdict, summary } = await ask();
      assert.equal(verdict, 'no', summary);
    });

  const jane: Start[] = [{ kind: 'subject', subject: user('jane') }];
  const others: [what: string, goal: Gain, line: RegExp][] = [
    ['a legacy token Secret', accountPosition('shop', 'web'), /secret\/old/],
    ['the level of a namespace', { kind: 'node', name: 'n1' }, /namespace\/lax/],
  ];
  for (const [what, goal, line] of others)
    test(what, async (t) => {
      const { answer } = await caller(t, plane, plane.adminToken);
      const ask = () => answer(become, { starts: jane, goals: [goal] });
      const first = await ask();
      assert.equal(first.verdict, 'yes', first.summary);
      const [tried = '', done = '', ...rest] = first.findings[0]?.fix ?? [];
      assert.deepEqual(rest, [], 'one change is enough');
      assert.match(tried, line);
      await run(tried);
      assert.equal((await ask()).verdict, 'yes', 'the trial changes nothing');
      await run(done);
      const { verdict, summary } = await ask();
      assert.equal(verdict, 'no', summary);
    });
});
