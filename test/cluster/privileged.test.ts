import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Finding } from '../../src/answer/answer.ts';
import { privileged } from '../../src/questions/privileged/privileged.ts';
import { podOf } from '../../src/spawn/probes/attempt.ts';
import type { Strength } from '../../src/spawn/probes/probes.ts';
import { PROBES } from '../../src/spawn/probes/probes.ts';
import { strengthOf } from '../../src/spawn/probes/strength.ts';
import { isStronger, reachesNode } from '../../src/spawn/probes/strongest.ts';
import { manifestOf, POD_MAKERS } from '../../src/spawn/writes/makers.ts';
import type { Rule } from '../../src/world/objects.ts';
import { child, children, type Raw } from '../../src/world/raw.ts';
import { caller } from '../helpers/caller.ts';
import { allow, user } from '../helpers/cluster.ts';
import type { ControlPlane } from '../helpers/control-plane.ts';
import { DEFAULT_CONTROLLERS } from '../helpers/control-plane.ts';
import { load } from '../helpers/load.ts';
import { waitFor, waitForServiceAccount, withControlPlane } from '../helpers/real.ts';
import { type Ran, runAs } from '../helpers/shell.ts';
import { seen } from '../helpers/staging.ts';
import type { Attack } from './spawn/attack.ts';
import { ATTACKS as PLAIN } from './spawn/attacks.ts';
import { GUARDED } from './spawn/guarded.ts';
import { policiesSeen } from './spawn/policies-seen.ts';

/**
 * Every way that the answer tells is gone with the commands that it prints, as the one whom it names; every refutation
 * is refused for real.
 */
const CONTROLLERS = [
  ...[
    'deployment',
    'replicaset',
    'statefulset',
    'daemonset',
    'job',
    'cronjob',
    'replicationcontroller',
    'persistentvolume-binder',
    'resourcequota',
  ].map((name) => `${name}-controller`),
];
const ATTACKS = [...PLAIN, ...GUARDED];
const tokens = [
  ...ATTACKS.map((_, index) => ({ token: tokenOf(index), user: userOf(index) })),
  ...['mutator', 'settler'].map((name) => ({ token: `token-${name}`, user: name })),
];

const ADMISSION = 'admissionregistration.k8s.io';

/** Those whose rights are about the whole cluster. */
const WIDE: Readonly<Record<string, readonly Rule[]>> = {
  mutator: [
    allow('create', 'mutatingwebhookconfigurations mutatingadmissionpolicies mutatingadmissionpolicybindings', {
      groups: [ADMISSION],
    }),
  ],
  settler: [allow('create', 'pods namespaces')],
};

const wideGrants = (): object[] =>
  Object.entries(WIDE).flatMap(([name, rules]) => {
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
    const subjects = [{ kind: 'User', name, apiGroup: 'rbac.authorization.k8s.io' }];
    return [
      { apiVersion, kind: 'ClusterRole', metadata: { name }, rules },
      { apiVersion, kind: 'ClusterRoleBinding', metadata: { name }, roleRef, subjects },
    ];
  });

await withControlPlane({ tokens, controllers: [...DEFAULT_CONTROLLERS, ...CONTROLLERS] }, async (plane) => {
  const all = ATTACKS.map((attack, index) => ({ attack, index, namespace: `attack-${index}` }));
  await load(plane, [
    { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } },
    ...all.map(({ namespace, attack: { labels } }) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels },
    })),
    ...all.flatMap(({ attack, index, namespace }) => grants(attack, index, namespace)),
    ...wideGrants(),
  ]);
  // No kubelet says that it is ready.
  await plane.request(
    'PATCH',
    '/api/v1/nodes/n1',
    { spec: { taints: [] } },
    { headers: { 'content-type': 'application/merge-patch+json' } },
  );
  await Promise.all(all.map(({ namespace }) => waitForServiceAccount(plane, namespace)));
  await load(
    plane,
    all.flatMap(({ attack, index, namespace }) =>
      JSON.parse(JSON.stringify(attack.objects(namespace)).replaceAll("'ME'", `'${userOf(index)}'`)),
    ),
  );
  for (const { attack, namespace } of all)
    for (const command of attack.prepare) {
      const { code, output } = await runAs(plane, plane.adminToken, command.replaceAll('NAMESPACE', namespace));
      assert.equal(code, 0, output);
    }
  await seen(plane, 'spawn', 'attack-0');
  for (const { attack, namespace } of all)
    if (attack.why.includes('quota'))
      await waitFor(
        plane,
        `/api/v1/namespaces/${namespace}/resourcequotas/none`,
        (body) => 'hard' in child(body as Raw, 'status'),
      );
  await policiesSeen(plane);

  for (const { attack, index, namespace } of all)
    test(attack.why, async (t) => {
      const asker = await caller(t, plane, plane.adminToken);
      const answer = await asker.answer(
        privileged,
        { subjects: [user(userOf(index))], pods: null, namespace: null },
        { showAttack: true },
      );
      const findings = answer.findings.filter(
        ({ spawn }) => spawn && (spawn.namespaces === null || spawn.namespaces.includes(namespace)),
      );
      const verdicts = Object.fromEntries(findings.map(({ id, verdict }) => [id, verdict]));
      assert.deepEqual(verdicts, attack.expected);
      for (const finding of findings) {
        if (finding.verdict === 'no') await refute(plane, finding, tokenOf(index), namespace);
      }
      for (const finding of findings) if (finding.verdict === 'yes') await check(plane, finding);
      for (const finding of findings) {
        if (finding.verdict === 'yes') await carryOut(plane, finding, tokenOf(index), namespace);
      }
    });

  clusterWide(plane);
});

/** What changes the whole cluster comes last. */
function clusterWide(plane: ControlPlane): void {
  const asked = async (t: TestContext, name: string): Promise<Map<string, Finding>> => {
    const asker = await caller(t, plane, plane.adminToken);
    const { findings } = await asker.answer(
      privileged,
      { subjects: [user(name)], pods: null, namespace: null },
      { showAttack: true },
    );
    return new Map(findings.map((finding) => [finding.id, finding]));
  };
  const run = async (
    token: string,
    finding: Finding | undefined,
    edit = (command: string): string => command,
  ): Promise<void> => {
    assert.equal(finding?.verdict, 'yes');
    for (const { attack } of finding?.evidence ?? []) {
      const { code, output } = await runAs(plane, token, edit(attack ?? ''));
      assert.equal(code, 0, output);
    }
  };

  test('a webhook of one’s own is accepted', async (t) => {
    const findings = await asked(t, 'mutator');
    await run('token-mutator', findings.get('admission-webhook-mutate'), (command) =>
      command.replace('ADDRESS-OF-THE-ATTACKER', '127.0.0.1:1'),
    );
    await plane.request('DELETE', `/apis/${ADMISSION}/v1/mutatingwebhookconfigurations/whocan-escalate`);
  });

  test('a MutatingAdmissionPolicy changes the pods of others', async (t) => {
    const findings = await asked(t, 'mutator');
    await run('token-mutator', findings.get('map-inject'));
    const pod = { ...podOf(PROBES.at(-1)?.specs[0] ?? {}, 'default'), metadata: { generateName: 'x-' } };
    for (const deadline = Date.now() + 20_000; ; await sleep(100)) {
      const { body } = await plane.request('POST', '/api/v1/namespaces/default/pods?dryRun=All', pod);
      if (child(body as Raw, 'spec').hostPID === true) break;
      assert.ok(Date.now() < deadline, JSON.stringify(body));
    }
    await plane.request('DELETE', `/apis/${ADMISSION}/v1/mutatingadmissionpolicybindings/whocan-escalate`);
    await plane.request('DELETE', `/apis/${ADMISSION}/v1/mutatingadmissionpolicies/whocan-escalate`);
  });

  test('a namespace of one’s own, where all others are guarded', async (t) => {
    const { body } = await plane.request('GET', '/api/v1/namespaces');
    const headers = { 'content-type': 'application/merge-patch+json' };
    const patch = { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } } };
    for (const { metadata } of (body as { items: { metadata: { name: string } }[] }).items)
      await plane.request('PATCH', `/api/v1/namespaces/${metadata.name}`, patch, { headers });
    const findings = await asked(t, 'settler');
    assert.equal(findings.get('pod-create')?.verdict, 'no');
    await run('token-settler', findings.get('namespace-create'));
    await waitForServiceAccount(plane, 'whocan-escalate');
    const pod = podOf(PROBES[0]?.specs[0] ?? {}, 'whocan-escalate');
    const made = await plane.request(
      'POST',
      '/api/v1/namespaces/whocan-escalate/pods',
      { ...pod, metadata: { name: 'x' } },
      { token: 'token-settler' },
    );
    assert.equal(made.status, 201, JSON.stringify(made.body));
  });
}

function userOf(index: number): string {
  return `attacker-${index}`;
}

function tokenOf(index: number): string {
  return `attack-token-${index}`;
}

function grants({ inside, everywhere }: Attack, index: number, namespace: string): object[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const subjects = [{ kind: 'User', name: userOf(index), apiGroup: 'rbac.authorization.k8s.io' }];
  const roleRef = (kind: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name: namespace });
  return [
    { apiVersion, kind: 'Role', metadata: { name: namespace, namespace }, rules: inside },
    { apiVersion, kind: 'RoleBinding', metadata: { name: namespace, namespace }, roleRef: roleRef('Role'), subjects },
    ...(everywhere.length > 0
      ? [
          { apiVersion, kind: 'ClusterRole', metadata: { name: namespace }, rules: everywhere },
          {
            apiVersion,
            kind: 'ClusterRoleBinding',
            metadata: { name: namespace },
            roleRef: roleRef('ClusterRole'),
            subjects,
          },
        ]
      : []),
  ];
}

/** What is printed without --show-attack agrees, whoever may impersonate runs it, before anything was done. */
async function check(plane: ControlPlane, { id, evidence }: Finding): Promise<void> {
  for (const { command } of evidence) {
    assert.ok(command, `${id} has no check`);
    assert.match(command, /auth can-i .*--as=|--dry-run=server --as=/);
    const { code, output } = await runAs(plane, plane.adminToken, command);
    assert.equal(code, 0, `${id}: ${command}\n${output}`);
  }
}

async function carryOut(plane: ControlPlane, finding: Finding, token: string, namespace: string): Promise<void> {
  if (finding.id === 'sa-token-request') return asTheAccount(plane, finding, token, namespace);
  for (const { attack } of finding.evidence) {
    assert.ok(attack, `${finding.id} has no command`);
    await untilDone(() => runAs(plane, token, attack.replaceAll('"NODE"', '"n1"')), attack);
  }
  const strongest = finding.spawn?.strongest as Strength;
  const isMade = (pod: Raw): boolean => {
    const spec = child(pod, 'spec');
    if (finding.id === 'pv-hostpath')
      return children(spec, 'volumes').some((volume) => 'persistentVolumeClaim' in volume);
    if (finding.id === 'pod-binding') return spec.nodeName === 'n1';
    return (
      !isStronger(strongest, strengthOf(spec)) && /registry.k8s.io\/pause|whocan-escalate/.test(JSON.stringify(spec))
    );
  };
  const path = `/api/v1/namespaces/${namespace}/pods`;
  await waitFor(plane, path, (body) => children(body as Raw, 'items').some(isMade));
  if (finding.id === 'pv-hostpath')
    await waitFor(
      plane,
      `/api/v1/namespaces/${namespace}/persistentvolumeclaims/whocan-escalate`,
      (body) => child(body as Raw, 'status').phase === 'Bound',
    );
}

/** What was changed in a policy counts a moment later. */
async function untilDone(run: () => Promise<Ran>, command: string): Promise<void> {
  for (const deadline = Date.now() + 15_000; ; await sleep(100)) {
    const { code, output } = await run();
    if (code === 0) return;
    if (Date.now() > deadline || !/denied request/.test(output)) assert.fail(`${command}\n${output}`);
  }
}

/** With the token that the command prints, the pod is created. */
async function asTheAccount(
  plane: ControlPlane,
  { evidence }: Finding,
  token: string,
  namespace: string,
): Promise<void> {
  const { code, output } = await runAs(plane, token, evidence[0]?.attack ?? '');
  assert.equal(code, 0, output);
  const [spec] = PROBES[0]?.specs ?? [];
  const pod = { ...podOf(spec ?? {}, namespace), metadata: { name: 'stolen' } };
  const { status, body } = await plane.request('POST', `/api/v1/namespaces/${namespace}/pods`, pod, {
    token: output.trim(),
  });
  assert.equal(status, 201, JSON.stringify(body));
}

const REFUSALS = /violates PodSecurity|denied request|exceeded quota|because it is being terminated/;

/** No pod that reaches the node gets in, in any variant. */
async function refute(plane: ControlPlane, { id }: Finding, token: string, namespace: string): Promise<void> {
  const specs = PROBES.filter(({ strength }) => reachesNode(strength)).flatMap((probe) => probe.specs);
  const pods = specs.map((spec) => podOf(spec, namespace));
  const as = { token };
  if (id === 'pod-create') {
    const replies = await Promise.all(
      pods.map((pod) =>
        plane.request(
          'POST',
          `/api/v1/namespaces/${namespace}/pods?dryRun=All`,
          { ...pod, metadata: { generateName: 'x-' } },
          as,
        ),
      ),
    );
    // A policy refuses with 422.
    for (const { status, body } of replies) assert.ok(status === 403 || status === 422, JSON.stringify(body));
    for (const { body } of replies) assert.match(String((body as Raw).message), REFUSALS);
  } else if (id === 'pod-ephemeral-container') {
    const path = `/api/v1/namespaces/${namespace}/pods/web/ephemeralcontainers`;
    const securityContext = { privileged: true };
    const body = { spec: { ephemeralContainers: [{ name: 'x', image: 'x', securityContext }] } };
    const headers = { 'content-type': 'application/strategic-merge-patch+json' };
    assert.equal((await plane.request('PATCH', path, body, { ...as, headers })).status, 403);
  } else if (id === 'workload-create') {
    const maker = POD_MAKERS.find(({ resource }) => resource === 'deployments');
    const [pod] = pods;
    if (!maker || !pod) throw new Error('nothing to refute with');
    const made = await plane.request(
      'POST',
      `/apis/apps/v1/namespaces/${namespace}/deployments`,
      manifestOf(maker, pod, 'refuted'),
      as,
    );
    assert.equal(made.status, 201, 'the workload itself is accepted');
    const isRefused = (event: Raw): boolean =>
      event.reason === 'FailedCreate' && /violates PodSecurity/.test(String(event.message));
    await waitFor(plane, `/api/v1/namespaces/${namespace}/events`, (body) =>
      children(body as Raw, 'items').some(isRefused),
    );
  } else if (id === 'pod-image-swap') {
    const { body } = await plane.request('GET', `/api/v1/namespaces/${namespace}/pods/web`);
    if (!reachesNode(strengthOf(child(body as Raw, 'spec')))) return;
    const headers = { 'content-type': 'application/strategic-merge-patch+json' };
    const patch = { spec: { containers: [{ name: 'app', image: 'registry.k8s.io/pause:3.10' }] } };
    assert.equal(
      (await plane.request('PATCH', `/api/v1/namespaces/${namespace}/pods/web`, patch, { ...as, headers })).status,
      403,
    );
  } else throw new Error(`nothing refutes ${id}`);
}
