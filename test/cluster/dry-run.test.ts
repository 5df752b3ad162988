import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeProblems } from '../../src/admission/request/validation/pod.ts';
import { validateWorkload } from '../../src/admission/request/validation/workload.ts';
import type { Answer } from '../../src/answer/answer.ts';
import { dryRunPod, tryPod } from '../../src/cluster/live/dry-run.ts';
import { askServer } from '../../src/cluster/live/reviews.ts';
import { admit } from '../../src/questions/admit/admit.ts';
import { classify } from '../../src/questions/admit/kinds.ts';
import type { AdmitTarget } from '../../src/questions/admit/target.ts';
import { privileged } from '../../src/questions/privileged/privileged.ts';
import type { Asked, DryRun, Question } from '../../src/questions/question.ts';
import { verify } from '../../src/questions/verify.ts';
import type { Raw } from '../../src/world/raw.ts';
import { caller } from '../helpers/caller.ts';
import { account, allow, user } from '../helpers/cluster.ts';
import type { ControlPlane } from '../helpers/control-plane.ts';
import { collectionPath, load } from '../helpers/load.ts';
import { withControlPlane } from '../helpers/real.ts';
import { seen } from '../helpers/staging.ts';
import { binding, role } from '../helpers/story.ts';

const tokens = ['reader', 'jane'].map((name) => ({ token: `token-${name}`, user: name }));
const ENFORCE = 'pod-security.kubernetes.io/enforce';
const LEVELS = ['privileged', 'baseline', 'restricted'];
const builder = account('ci', 'builder');
const core = { apiVersion: 'v1' };
const app = { name: 'app', image: 'app' };

const objects = [
  ...LEVELS.map((level) => ({ ...core, kind: 'Namespace', metadata: { name: level, labels: { [ENFORCE]: level } } })),
  ...['ci', 'late', 'down'].map((name) => ({ ...core, kind: 'Namespace', metadata: { name } })),
  ...[...LEVELS, 'ci', 'late', 'down'].map((namespace) => ({
    ...core,
    kind: 'ServiceAccount',
    metadata: { namespace, name: 'default' },
  })),
  { ...core, kind: 'ServiceAccount', metadata: { namespace: 'ci', name: 'builder' } },
  role(null, 'pods', [allow('create', 'pods'), allow('create', 'deployments', { groups: ['apps'] })]),
  ...LEVELS.map((level) => binding(level, 'pods', 'ClusterRole/pods', [builder, user('jane')])),
  role(null, 'pods-only', [allow('create', 'pods')]),
  ...['late', 'down'].map((namespace) =>
    binding(namespace, 'pods', 'ClusterRole/pods-only', [account('ci', namespace)]),
  ),
  role(null, 'read', [allow('get list', '*', { groups: ['*'] })]),
  binding(null, 'read', 'ClusterRole/read', [user('reader'), user('jane')]),
];

const about = (subject: ReturnType<typeof user>) => ({ subjects: [subject], pods: null, namespace: null });

async function question<T>(
  t: TestContext,
  plane: ControlPlane,
  which: Question<T>,
  target: T,
  token = plane.adminToken,
) {
  const { ask, client } = await caller(t, plane, token, 'ci');
  const { asked, errors } = await ask(which, target);
  const [first] = asked;
  if (errors[0] || !first) throw errors[0] ?? new Error('no answer');
  return { asked: first, client };
}

/** The answer with what the server says of it, and what was sent. */
async function verified<T>(
  t: TestContext,
  plane: ControlPlane,
  which: Question<T>,
  target: T,
  token?: string,
): Promise<{ answer: Answer; runs: DryRun[] }> {
  const { asked, client } = await question(t, plane, which, target, token);
  const answer = await verify(
    asked,
    (...request) => askServer(client, ...request),
    (run) => tryPod(client, run),
  );
  return { answer, runs: asked.trials?.() ?? [] };
}

/** Waits until pods in a namespace are refused in these words. */
async function inForce(plane: ControlPlane, namespace: string, words: RegExp): Promise<void> {
  const pod = { ...core, kind: 'Pod', metadata: { generateName: 'x-' }, spec: { containers: [app] } };
  for (const deadline = Date.now() + 30_000; ; await sleep(20)) {
    const { body } = await plane.request('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, pod);
    if (words.test(JSON.stringify(body))) return;
    if (Date.now() > deadline) throw new Error(`never in force: ${JSON.stringify(body)}`);
  }
}

function policyIn(namespace: string): object[] {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
  return [
    {
      ...{ apiVersion, kind: 'ValidatingAdmissionPolicy', metadata: { name: namespace } },
      spec: {
        matchConstraints: { resourceRules: [rule] },
        validations: [{ expression: 'false', message: 'no pods here' }],
      },
    },
    {
      ...{ apiVersion, kind: 'ValidatingAdmissionPolicyBinding', metadata: { name: namespace } },
      spec: { policyName: namespace, validationActions: ['Deny'], matchResources: { namespaceSelector } },
    },
  ];
}

const webhookIn = (namespace: string): object => ({
  ...{
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: namespace },
  },
  webhooks: [
    {
      name: 'down.example.com',
      clientConfig: { url: 'https://127.0.0.1:1/' },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      ...{ failurePolicy: 'Fail', sideEffects: 'None', admissionReviewVersions: ['v1'], timeoutSeconds: 1 },
    },
  ],
});

function files(namespace: string, raws: readonly Raw[]): AdmitTarget {
  const found = raws.map((raw) => {
    const kind = classify(String(raw.apiVersion), String(raw.kind));
    if (kind.is !== 'pods') throw new Error(`${raw.kind} makes no pods`);
    return { kind: kind.kind, raw, from: 'file.yaml:1' };
  });
  return {
    ...{ objects: found, namespaces: [], accounts: [], errors: [], warnings: [] },
    namespace,
    given: null,
    level: null,
  };
}

const labels = { app: 'web' };
const workload = (apiVersion: string, kind: string, spec: object, more: object = {}): Raw => ({
  ...{ apiVersion, kind, metadata: { name: 'web' } },
  spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec }, ...more },
});
const cronJob = (spec: object): Raw => ({
  ...{ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'night' } },
  spec: { schedule: '0 0 * * *', jobTemplate: { spec: { template: { spec } } } },
});
const hardened = {
  containers: [
    {
      ...app,
      securityContext: { allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: { drop: ['ALL'] } },
    },
  ],
  securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
};
const plain = { containers: [app] };
const shell = { hostPID: true, containers: [{ ...app, securityContext: { privileged: true } }] };

/** Each kind in each of three strengths. */
const MANIFESTS: readonly Raw[] = [hardened, plain, shell].flatMap((spec) => [
  { ...core, kind: 'Pod', metadata: { name: 'web' }, spec },
  workload('apps/v1', 'Deployment', spec),
  workload('apps/v1', 'ReplicaSet', spec),
  workload('apps/v1', 'DaemonSet', spec),
  workload('apps/v1', 'StatefulSet', spec, {
    serviceName: 'web',
    volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }],
  }),
  workload('v1', 'ReplicationController', spec, { selector: labels }),
  workload('batch/v1', 'Job', { ...spec, restartPolicy: 'Never' }, { selector: undefined }),
  cronJob({ ...spec, restartPolicy: 'OnFailure' }),
  { ...core, kind: 'PodTemplate', metadata: { name: 'web' }, template: { metadata: { labels }, spec } },
]);

const INVALID: readonly (readonly [why: string, object: Raw])[] = [
  ['no image', workload('apps/v1', 'Deployment', { containers: [{ name: 'app' }] })],
  [
    'no template',
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { selector: { matchLabels: labels } },
    },
  ],
  ['neither selector nor template', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: {} }],
  ['a selector of others', workload('apps/v1', 'ReplicaSet', plain, { selector: { matchLabels: { app: 'x' } } })],
  ['a StatefulSet that does not restart', workload('apps/v1', 'StatefulSet', { ...plain, restartPolicy: 'Never' })],
  [
    'a mount of nothing',
    workload('apps/v1', 'StatefulSet', { containers: [{ ...app, volumeMounts: [{ name: 'x', mountPath: '/x' }] }] }),
  ],
  ['a job that restarts', workload('batch/v1', 'Job', plain, { selector: undefined })],
  ['a CronJob of a job that restarts', cronJob(plain)],
  [
    'a template of nothing',
    { ...core, kind: 'PodTemplate', metadata: { name: 'web' }, template: { spec: { containers: [{ image: 'x' }] } } },
  ],
  [
    'ephemeral containers',
    workload('apps/v1', 'DaemonSet', { ...plain, ephemeralContainers: [{ name: 'e', image: 'e' }] }),
  ],
  ['a ReplicationController of others', workload('v1', 'ReplicationController', plain, { selector: { app: 'x' } })],
];

await withControlPlane({ controllers: [], tokens }, async (plane) => {
  await load(plane, objects);
  await seen(plane, 'sentinel', 'ci');

  test('the server agrees with what a subject gets into each namespace, and with its controllers', async (t) => {
    const { answer, runs } = await verified(t, plane, privileged, about(builder));
    const { verification, verdict } = answer;
    assert.deepEqual([verification?.contradictions, verification?.unanswered, verdict], [[], 0, 'yes']);
    assert.equal(verification?.agreed, runs.length);
    const count = (expected: string, isOwn: boolean) =>
      runs.filter((run) => run.expected === expected && run.withRights === isOwn).length;
    assert.deepEqual([count('yes', true), count('no', true), count('yes', false), count('no', false)], [3, 2, 3, 2]);
  });

  test('a subject without the right is refused before admission, which contradicts a yes', async (t) => {
    const { asked, client } = await question(t, plane, privileged, about(builder));
    const [run = assert.fail()] = asked.trials?.() ?? [];
    const as = { user: 'nobody', groups: ['system:authenticated'] };
    const claim = (withRights: boolean): Asked => ({ ...asked, trials: () => [{ ...run, as, withRights }] });
    const check = async (each: Asked) =>
      (
        await verify(
          each,
          (...request) => askServer(client, ...request),
          (one) => tryPod(client, one),
        )
      ).verification;
    assert.match(
      (await check(claim(true)))?.contradictions[0]?.reason ?? '',
      /^403 Forbidden: pods is forbidden: User "nobody" cannot create/,
    );
    assert.deepEqual((await check(claim(false)))?.unanswered, 1);
  });

  const outcomes: [why: string, namespace: string, pod: object, as: string | null, outcome: string][] = [
    ['admitted', 'baseline', { spec: plain }, null, 'admitted'],
    ['Pod Security', 'baseline', { spec: shell }, null, 'refused'],
    ['no account', 'baseline', { spec: { ...plain, serviceAccountName: 'x' } }, null, 'refused'],
    ['no image', 'baseline', { spec: { containers: [{ name: 'app' }] } }, null, 'invalid'],
    ['no pod', 'baseline', { spec: { containers: 5 } }, null, 'invalid'],
    ['no right', 'baseline', { spec: plain }, 'nobody', 'unauthorized'],
    ['no namespace', 'none', { spec: plain }, null, 'inconclusive'],
  ];
  for (const [why, namespace, pod, as, outcome] of outcomes)
    test(`the server’s words are understood: ${why}`, async (t) => {
      const { client } = await caller(t, plane, plane.adminToken, 'ci');
      const sent = { metadata: { generateName: 'x-' }, ...pod };
      const found = await dryRunPod(
        client,
        namespace,
        sent,
        as === null ? null : { user: as, groups: ['system:authenticated'] },
      );
      assert.equal(found.outcome, outcome, found.message);
    });

  test('a policy that came since is caught', async (t) => {
    const { asked, client } = await question(t, plane, privileged, about(account('ci', 'late')));
    await load(plane, policyIn('late'));
    await inForce(plane, 'late', /ValidatingAdmissionPolicy 'late' with binding 'late' denied request/);
    const answer = await verify(
      asked,
      (...request) => askServer(client, ...request),
      (run) => tryPod(client, run),
    );
    assert.deepEqual([answer.verdict, answer.leaning], ['depends', 'no']);
    const [contradiction] = answer.verification?.contradictions ?? [];
    assert.deepEqual([contradiction?.expected, contradiction?.server], ['yes', 'no']);
    assert.match(
      contradiction?.reason ?? '',
      /^422 Unprocessable Entity: .*ValidatingAdmissionPolicy 'late' with binding 'late' denied request/,
    );
    const pod = { metadata: { generateName: 'x-' }, spec: plain };
    assert.equal((await dryRunPod(client, 'late', pod, null)).outcome, 'refused');
    assert.match(contradiction?.likelyCause ?? '', /a change since the objects were read/);
  });

  test('a webhook that cannot be reached decides nothing', async (t) => {
    const { asked, client } = await question(t, plane, privileged, about(account('ci', 'down')));
    await load(plane, [webhookIn('down')]);
    await inForce(plane, 'down', /failed calling webhook/);
    const { verdict, verification } = await verify(
      asked,
      (...request) => askServer(client, ...request),
      (run) => tryPod(client, run),
    );
    assert.deepEqual([verdict, verification?.contradictions, verification?.agreed], ['yes', [], 0]);
    assert.ok((verification?.unanswered ?? 0) > 0);
    assert.match(verification?.note ?? '', /failed calling webhook/);
  });

  test('who may not impersonate is told that nothing was tried', async (t) => {
    const { answer } = await verified(t, plane, privileged, about(builder), 'token-reader');
    assert.deepEqual(
      [answer.verdict, answer.verification?.agreed, answer.verification?.contradictions],
      ['yes', 0, []],
    );
    assert.match(answer.verification?.note ?? '', /^403 Forbidden: .* cannot impersonate/);
  });

  test('oneself needs no impersonation', async (t) => {
    const { answer, runs } = await verified(t, plane, privileged, about(user('jane')), 'token-jane');
    const own = runs.filter(({ as }) => as === null);
    assert.ok(own.length >= 5);
    assert.deepEqual([answer.verification?.agreed, answer.verification?.contradictions], [own.length, []]);
  });

  for (const level of LEVELS)
    test(`the server agrees with what admit says of pods and workloads in namespace ${level}`, async (t) => {
      const { answer, runs } = await verified(t, plane, admit, files(level, MANIFESTS));
      assert.deepEqual(answer.verification?.contradictions, []);
      assert.deepEqual([answer.verification?.agreed, answer.verification?.unanswered], [runs.length, 0]);
      assert.equal(runs.length, MANIFESTS.length);
    });

  test('a caller without rights learns nothing of admission, and is told so', async (t) => {
    const { answer } = await verified(t, plane, admit, files('baseline', MANIFESTS.slice(0, 1)), 'token-reader');
    assert.deepEqual([answer.verification?.agreed, answer.verification?.unanswered], [0, 1]);
    assert.match(answer.verification?.note ?? '', /User "reader" cannot create resource "pods"/);
  });

  for (const [why, object] of INVALID)
    test(`the server refuses a workload in the same words: ${why}`, async () => {
      const kind = classify(String(object.apiVersion), String(object.kind));
      assert.ok(kind.is === 'pods');
      const raw = { ...object, metadata: { ...(object.metadata as object), namespace: 'ci' } };
      const { status, body } = await plane.request(
        'POST',
        `${collectionPath({ apiVersion: '', kind: '', ...raw })}?dryRun=All`,
        raw,
      );
      const problems = describeProblems(validateWorkload(kind.kind, raw));
      assert.equal(status, 422, JSON.stringify(body));
      assert.equal((body as { message: string }).message.replace(/^.*? is invalid: /, ''), problems);
    });

  test('nothing has been stored', async () => {
    assert.deepEqual(((await plane.request('GET', '/api/v1/pods')).body as { items: unknown[] }).items, []);
  });
});
