import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Finding } from '../../src/answer/answer.ts';
import { privileged } from '../../src/questions/privileged/privileged.ts';
import { rawSockets } from '../../src/questions/raw-sockets/raw-sockets.ts';
import { child, type Raw } from '../../src/world/raw.ts';
import { caller } from '../helpers/caller.ts';
import { allow, user } from '../helpers/cluster.ts';
import { load } from '../helpers/load.ts';
import { must } from '../helpers/pod-security/stage.ts';
import { objects } from '../helpers/question.ts';
import { withControlPlane } from '../helpers/real.ts';
import { runAs } from '../helpers/shell.ts';

/**
 * Every fix that is printed is run by the real kubectl: tried first, which changes nothing, then done, after which the
 * answer is no.
 */
const NAMESPACE = 'mend';
const RBAC = 'rbac.authorization.k8s.io';
const containers = [
  { name: 'app', image: 'i', securityContext: { runAsUser: 0 } },
  { name: 'agent', image: 'i', securityContext: { privileged: true, runAsUser: 0 } },
  {
    name: 'added',
    image: 'i',
    securityContext: { runAsUser: 0, capabilities: { add: ['NET_ADMIN'], drop: ['CAP_NET_RAW'] } },
  },
];
const spec = {
  nodeName: 'n1',
  initContainers: [{ name: 'setup', image: 'i', securityContext: { runAsUser: 0 } }],
  containers,
};
const labels = { app: 'x' };
const template = { metadata: { labels }, spec };
const selector = { matchLabels: labels };

const WORKLOADS: readonly {
  kind: string;
  apiVersion: string;
  path: string;
  spec: Raw;
  owner: string;
  hash?: string;
}[] = [
  {
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    path: 'apis/apps/v1/namespaces/mend/deployments',
    spec: { selector, template },
    owner: 'ReplicaSet',
    hash: 'abc',
  },
  {
    kind: 'ReplicaSet',
    apiVersion: 'apps/v1',
    path: 'apis/apps/v1/namespaces/mend/replicasets',
    spec: { selector, template },
    owner: 'ReplicaSet',
  },
  {
    kind: 'StatefulSet',
    apiVersion: 'apps/v1',
    path: 'apis/apps/v1/namespaces/mend/statefulsets',
    spec: { selector, template, serviceName: 's' },
    owner: 'StatefulSet',
  },
  {
    kind: 'DaemonSet',
    apiVersion: 'apps/v1',
    path: 'apis/apps/v1/namespaces/mend/daemonsets',
    spec: { selector, template },
    owner: 'DaemonSet',
  },
  {
    kind: 'ReplicationController',
    apiVersion: 'v1',
    path: 'api/v1/namespaces/mend/replicationcontrollers',
    spec: { selector: labels, template },
    owner: 'ReplicationController',
  },
];

const nameOf = (kind: string): string => kind.toLowerCase();
const podOf = (name: string, owner: { kind: string; name: string } | null, more: Raw): Raw => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    namespace: NAMESPACE,
    name,
    labels: { ...labels, 'pod-template-hash': 'abc' },
    ...(owner ? { ownerReferences: [{ apiVersion: 'apps/v1', ...owner, uid: '1', controller: true }] } : {}),
  },
  spec: { ...more, automountServiceAccountToken: false },
});

await withControlPlane({ controllers: [] }, async (plane) => {
  await load(plane, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'labelled', labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: NAMESPACE, name: 'default' } },
    {
      ...{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', labels: { 'kubernetes.io/os': 'linux' } } },
      status: { nodeInfo: { containerRuntimeVersion: 'containerd://1.7.27', operatingSystem: 'linux' } },
    },
    ...WORKLOADS.map(({ kind, apiVersion, spec: of }) => ({
      apiVersion,
      kind,
      metadata: { namespace: NAMESPACE, name: nameOf(kind) },
      spec: of,
    })),
    ...['mend', 'labelled'].flatMap((namespace) => [
      {
        apiVersion: `${RBAC}/v1`,
        kind: 'Role',
        metadata: { namespace, name: 'pods' },
        rules: [allow('create', 'pods')],
      },
      {
        ...{ apiVersion: `${RBAC}/v1`, kind: 'RoleBinding', metadata: { namespace, name: 'pods' } },
        ...{
          roleRef: { apiGroup: RBAC, kind: 'Role', name: 'pods' },
          subjects: [{ kind: 'User', name: 'jane', apiGroup: RBAC }],
        },
      },
    ]),
  ]);

  const runs = async (command: string): Promise<void> => {
    const { code, output } = await runAs(plane, plane.adminToken, command);
    assert.equal(code, 0, `${command}\n${output}`);
  };

  const findingsOf = async (t: TestContext, pod: string): Promise<Finding[]> => {
    const { answer } = await caller(t, plane, plane.adminToken);
    return (await answer(rawSockets, objects(NAMESPACE, pod))).findings;
  };

  for (const { kind, path, owner, hash } of WORKLOADS)
    test(`${kind}: its template, once for all containers`, async (t) => {
      const name = nameOf(kind);
      const by = { kind: owner, name: hash ? `${name}-${hash}` : name };
      await load(plane, [podOf(`${name}-1`, by, spec)]);
      const findings = await findingsOf(t, `${name}-1`);
      assert.ok(findings.filter(({ answer }) => answer !== 'no').length >= 4);
      const lines = [...new Set(findings.flatMap(({ fix }) => fix))];
      const [tried = '', done = ''] = lines;
      assert.equal(lines.length, 2, lines.join('\n'));
      const before = JSON.stringify(child((await must(plane, 'GET', `/${path}/${name}`)) as Raw, 'spec'));
      await runs(tried);
      assert.equal(
        JSON.stringify(child((await must(plane, 'GET', `/${path}/${name}`)) as Raw, 'spec')),
        before,
        'the trial changes nothing',
      );
      await runs(done);
      const after = (await must(plane, 'GET', `/${path}/${name}`)) as Raw;
      await load(plane, [podOf(`${name}-2`, by, child(child(child(after, 'spec'), 'template'), 'spec'))]);
      const mended = await findingsOf(t, `${name}-2`);
      assert.deepEqual([...new Set(mended.map(({ answer }) => answer))], ['no']);
      assert.equal(mended.length, 4, 'nor does any pretend to be others');
    });

  test('a pod of its own is created anew', async (t) => {
    const { nodeName: _, ...unscheduled } = spec;
    await load(plane, [podOf('bare', null, unscheduled)]);
    const lines = [...new Set((await findingsOf(t, 'bare')).flatMap(({ fix }) => fix))];
    assert.equal(lines.length, 2);
    const uid = async (): Promise<unknown> =>
      child((await must(plane, 'GET', '/api/v1/namespaces/mend/pods/bare')) as Raw, 'metadata').uid;
    const before = await uid();
    await runs(lines[0] ?? '');
    assert.equal(await uid(), before);
    await runs(lines[1] ?? '');
    assert.notEqual(await uid(), before);
    assert.ok((await findingsOf(t, 'bare')).every(({ answer }) => answer === 'no'));
  });

  test('a level for each namespace that has none, even where a label says so', async (t) => {
    const { answer } = await caller(t, plane, plane.adminToken);
    const ask = () => answer(privileged, { subjects: [user('jane')], pods: null, namespace: null });
    const first = await ask();
    assert.equal(first.verdict, 'yes');
    const lines = [...new Set(first.findings.flatMap(({ fix }) => fix))];
    assert.equal(lines.length, 4, lines.join('\n'));
    for (const line of lines.filter((each) => each.includes('--dry-run=server'))) await runs(line);
    assert.equal((await ask()).verdict, 'yes', 'a trial changes nothing');
    for (const line of lines.filter((each) => !each.includes('--dry-run'))) await runs(line);
    assert.equal((await ask()).verdict, 'no');
  });
});
