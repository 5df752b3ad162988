import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withIndirect } from '../../src/questions/holders/indirect/index.ts';
import { privileged } from '../../src/questions/privileged/privileged.ts';
import { caller } from '../helpers/caller.ts';
import { allow, user } from '../helpers/cluster.ts';
import { load } from '../helpers/load.ts';
import { waitForServiceAccount, withControlPlane } from '../helpers/real.ts';
import { runAs } from '../helpers/shell.ts';
import { binding, role } from '../helpers/story.ts';

/**
 * Somebody who gets no pod to the node itself and becomes somebody that does: the proof is carried out by the commands
 * that it prints, each as whom it says, and refused once one right is gone.
 */
const controllers = ['serviceaccount-controller'];
const tokens = [{ token: 'jane', user: 'jane', groups: [] }];

await withControlPlane({ controllers, tokens }, async (plane) => {
  const BUILDER = { kind: 'ServiceAccount', namespace: 'ci', name: 'builder' };
  await load(plane, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ci' } },
    { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: BUILDER },
    role('ci', 'pods', [allow('create', 'pods')]),
    binding('ci', 'pods', 'Role/pods', [BUILDER]),
    role('ci', 'tokens', [allow('create', 'serviceaccounts/token', { names: ['builder'] })]),
    binding('ci', 'tokens', 'Role/tokens', [user('jane')]),
  ]);
  await waitForServiceAccount(plane, 'ci');
  const target = { subjects: [user('jane')], pods: null, namespace: null };

  test('the proof is carried out, step by step', async (t) => {
    const { answer } = await caller(t, plane, plane.adminToken);
    const { verdict, findings } = await answer(withIndirect(privileged), target, { showAttack: true });
    assert.equal(verdict, 'yes');
    const [token, pod] = findings.find(({ steps }) => steps !== undefined)?.evidence ?? [];
    assert.deepEqual([token?.identity?.name, pod?.identity?.name], ['jane', 'builder']);
    const got = await runAs(plane, 'jane', token?.attack ?? 'false');
    assert.equal(got.code, 0, got.output);
    const refused = await runAs(plane, 'jane', pod?.attack ?? 'false');
    assert.notEqual(refused.code, 0, 'jane herself may not');
    const made = await runAs(plane, got.output.trim(), pod?.attack ?? 'false');
    assert.equal(made.code, 0, made.output);
    const pods = await runAs(
      plane,
      plane.adminToken,
      'kubectl get pods -n ci -o jsonpath="{..privileged}{..nodeName}"',
    );
    assert.match(pods.output, /true/, 'it is privileged, and the server took it');
  });

  test('--direct says no, and so does all of it once the right to tokens is gone', async (t) => {
    const { answer } = await caller(t, plane, plane.adminToken);
    assert.equal((await answer(privileged, target, { direct: true })).verdict, 'no');
    await runAs(plane, plane.adminToken, 'kubectl delete rolebinding tokens -n ci');
    const { verdict, summary } = await answer(withIndirect(privileged), target);
    assert.equal(verdict, 'no', summary);
    const { code, output } = await runAs(plane, 'jane', 'kubectl create token builder -n ci');
    assert.notEqual(code, 0);
    assert.match(output, /forbidden/i);
  });
});
