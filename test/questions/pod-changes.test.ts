import assert from 'node:assert/strict';
import { test } from 'node:test';
import { debug } from '../../src/questions/access/debug.ts';
import { pod } from '../../src/questions/pod/pod.ts';
import { privileged } from '../../src/questions/privileged/privileged.ts';
import { get, list } from '../../src/world/needs.ts';
import type { Raw } from '../../src/world/raw.ts';
import { reducePod } from '../../src/world/reduce/pod.ts';
import { allow, type ClusterBuilder, cluster, user } from '../helpers/cluster.ts';
import { answer, objects } from '../helpers/question.ts';

const ADMISSION = 'admissionregistration.k8s.io';
const ENFORCE = 'pod-security.kubernetes.io/enforce';
const RESTRICTED = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

interface Around {
  enforce?: string;
  context?: Raw;
  image?: string;
  phase?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  owner?: Raw;
  volumes?: Raw[];
  facts?: Parameters<typeof cluster>[0];
}

/** A pod `web` in namespace `shop`, and user jane with a right there. */
function shop(verbs: string, resources: string, around: Around = {}, groups = ['']): ClusterBuilder {
  const {
    enforce,
    context = {},
    image = 'registry.corp/web:1',
    phase = 'Running',
    labels = {},
    annotations,
    owner,
    volumes,
    facts,
  } = around;
  const raw = {
    metadata: {
      ...{ namespace: 'shop', name: 'web', labels, annotations },
      ownerReferences: owner ? [{ apiVersion: 'apps/v1', controller: true, ...owner }] : [],
    },
    spec: {
      nodeName: 'n1',
      serviceAccountName: 'web',
      containers: [{ name: 'app', image, securityContext: context }],
      volumes: volumes ?? [],
    },
    status: { phase },
  };
  return cluster(facts)
    .namespace('shop', enforce === undefined ? {} : { [ENFORCE]: enforce })
    .node('n1')
    .with('pods', reducePod(raw, true))
    .role('shop', 'r', [allow(verbs, resources, { groups })])
    .binding('shop', 'b', 'Role/r', user('jane'));
}

interface Guard {
  resources: string[];
  operations?: string[];
  expression?: string;
  groups?: string[];
  objectSelector?: Raw;
}

/** A policy that is bound, beside the rest. */
function guarded(
  builder: ClusterBuilder,
  { resources, operations = ['UPDATE'], expression = 'false', groups = [''], objectSelector }: Guard,
) {
  const manifest = (kind: string, raw: Raw) => ({
    group: ADMISSION,
    version: 'v1',
    kind,
    namespace: null,
    name: 'guard',
    raw,
  });
  const resourceRules = [{ apiGroups: groups, apiVersions: ['*'], operations, resources }];
  return builder
    .with(
      'ValidatingAdmissionPolicy.admissionregistration.k8s.io',
      manifest('ValidatingAdmissionPolicy', {
        spec: {
          matchConstraints: { resourceRules, objectSelector },
          validations: [{ expression, message: 'not here' }],
        },
      }),
    )
    .with(
      'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io',
      manifest('ValidatingAdmissionPolicyBinding', { spec: { policyName: 'guard', validationActions: ['Deny'] } }),
    );
}

/** What the card or the question says of jane's way: `yes`, `depends:no`, or null where it is not there at all. */
function wayOf(builder: ClusterBuilder, id: string, question = pod): string | null {
  const { findings, nearMisses } = answer(question, objects('shop', 'web'), builder.world());
  const found = [...findings, ...nearMisses].filter(
    (each) => each.subject.name === 'jane' && (each.id === id || each.id === 'admission-refuses'),
  );
  const [first] = found;
  return first ? [first.verdict, ...(first.leaning ? [first.leaning] : [])].join(':') : null;
}

const debugging = (around: Around = {}): ClusterBuilder => shop('patch', 'pods/ephemeralcontainers', around);
const EPHEMERAL = ['pods/ephemeralcontainers'];
const MIRROR = { 'kubernetes.io/config.mirror': 'x' };
const webhook = (builder: ClusterBuilder, failurePolicy: string): ClusterBuilder =>
  builder.with('ValidatingWebhookConfiguration.admissionregistration.k8s.io', {
    ...{ group: ADMISSION, version: 'v1', kind: 'ValidatingWebhookConfiguration', namespace: null, name: 'hook' },
    raw: {
      webhooks: [
        {
          ...{
            name: 'guard.example.com',
            clientConfig: { url: 'https://guard' },
            sideEffects: 'None',
            admissionReviewVersions: ['v1'],
            failurePolicy,
          },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: EPHEMERAL }],
        },
      ],
    },
  });

const debugs: [builder: ClusterBuilder, expected: string, why: string][] = [
  [debugging(), 'yes', 'nothing is enforced'],
  [debugging({ enforce: 'restricted' }), 'no', "the pod's own container violates what is enforced, whatever is added"],
  [
    debugging({ enforce: 'restricted', context: RESTRICTED }),
    'yes',
    'a container without any privilege is added to a pod without any',
  ],
  [debugging({ enforce: 'baseline' }), 'yes', 'an ordinary pod is within baseline'],
  [debugging({ enforce: 'baseline', context: { privileged: true } }), 'no', 'a privileged pod from before the label'],
  [
    debugging({ enforce: 'baseline', volumes: [{ name: 'v', hostPath: { path: '/' } }] }),
    'no',
    'a hostPath from before the label',
  ],
  [debugging({ enforce: 'privileged', context: { privileged: true } }), 'yes', 'the level that allows all'],
  [debugging({ phase: 'Pending' }), 'yes', 'a pending pod takes one'],
  [debugging({ phase: 'Succeeded' }), 'yes', 'the right outlives the pod, and the sentence says that it would fail'],
  [debugging({ annotations: MIRROR }), 'no', 'a static pod takes none'],
  [guarded(debugging(), { resources: EPHEMERAL }), 'no', 'a policy on the subresource'],
  [guarded(debugging(), { resources: ['pods/*'] }), 'no', 'a policy on all subresources of pods'],
  [guarded(debugging(), { resources: ['*/*'] }), 'no', 'a policy on everything'],
  [guarded(debugging(), { resources: ['pods'] }), 'yes', 'a policy on pods does not look at their subresources'],
  [guarded(debugging(), { resources: ['pods/exec'] }), 'yes', 'another subresource'],
  [guarded(debugging(), { resources: EPHEMERAL, operations: ['CREATE'] }), 'yes', 'the request is an update'],
  [guarded(debugging(), { resources: EPHEMERAL, operations: ['CONNECT'] }), 'yes', 'and no CONNECT'],
  [
    guarded(debugging(), { resources: EPHEMERAL, expression: "request.userInfo.username == 'admin'" }),
    'no',
    'a policy that lets one user through, who is not this one',
  ],
  [
    guarded(debugging(), { resources: EPHEMERAL, expression: "request.userInfo.username == 'jane'" }),
    'yes',
    'one that lets this user through',
  ],
  [
    guarded(debugging(), {
      resources: EPHEMERAL,
      expression: 'size(object.spec.?ephemeralContainers.orValue([])) == 0',
    }),
    'no',
    'a policy that wants no such container at all',
  ],
  [
    guarded(debugging(), {
      resources: EPHEMERAL,
      expression: "object.spec.?ephemeralContainers.orValue([]).all(c, c.image.startsWith('registry.corp/'))",
    }),
    'yes',
    'an image of the registry that the policy names passes, with any command',
  ],
  [
    guarded(debugging(), {
      resources: EPHEMERAL,
      expression:
        "object.spec.?ephemeralContainers.orValue([]).all(c, c.image.endsWith('-signed') && c.image.size() == 33)",
    }),
    'depends:no',
    'some image may pass, and none that was tried',
  ],
  [
    guarded(debugging(), {
      resources: EPHEMERAL,
      expression: "object.spec.containers.all(c, c.image.startsWith('other/'))",
    }),
    'no',
    'a policy that the own containers of the pod violate: nobody can change them so',
  ],
  [
    guarded(debugging({ labels: { tier: 'db' } }), {
      resources: EPHEMERAL,
      expression: "!('tier' in object.metadata.labels)",
    }),
    'no',
    'labels stay as they are',
  ],
  [
    guarded(debugging({ labels: { tier: 'db' } }), {
      resources: EPHEMERAL,
      objectSelector: { matchLabels: { tier: 'db' } },
    }),
    'no',
    'so do those by which a policy selects',
  ],
  [
    guarded(debugging({ labels: { tier: 'web' } }), {
      resources: EPHEMERAL,
      objectSelector: { matchLabels: { tier: 'db' } },
    }),
    'yes',
    'a policy for other pods',
  ],
  [webhook(debugging(), 'Fail'), 'depends', 'a webhook on the subresource decides'],
  [
    debugging().refuse(list('ValidatingAdmissionPolicy.admissionregistration.k8s.io')),
    'yes',
    'policies that could not be read change no verdict',
  ],
  [
    debugging({ enforce: 'restricted' }).refuse(list('MutatingAdmissionPolicy.admissionregistration.k8s.io')),
    'depends',
    'policies that could not be read may take away what Pod Security refuses',
  ],
  [
    debugging({ enforce: 'restricted' }).refuse(list('ValidatingAdmissionPolicy.admissionregistration.k8s.io')),
    'no',
    'no policy that only refuses makes up for what Pod Security refuses',
  ],
];
for (const [builder, expected, why] of debugs) {
  test(`debug: ${expected}, ${why}; and so on the card`, () => {
    const said = wayOf(builder, 'pod-ephemeral-container', debug);
    assert.equal(said?.split(':')[0], expected.split(':')[0]);
    if (expected.includes(':')) assert.equal(said, expected);
    const onCard = wayOf(builder, 'pod-ephemeral-container');
    assert.equal(onCard, said === 'no' ? null : said);
  });
}

test('a pod that is not there to be read: what is the same for any pod is said, else it depends', () => {
  const unread = (enforce: string) =>
    cluster()
      .namespace('shop', { [ENFORCE]: enforce })
      .refuse(list('pods'))
      .refuse(get('pods', 'shop', 'web'))
      .role('shop', 'r', [allow('patch', 'pods/ephemeralcontainers')])
      .binding('shop', 'b', 'Role/r', user('jane'));
  assert.equal(wayOf(unread('privileged'), 'pod-ephemeral-container', debug), 'yes');
  assert.equal(wayOf(unread('restricted'), 'pod-ephemeral-container', debug), 'depends:yes');
  assert.equal(wayOf(guarded(unread('restricted'), { resources: EPHEMERAL }), 'pod-ephemeral-container', debug), 'no');
});

test('whether it would fail now', () => {
  const said = (phase: string) => answer(debug, objects('shop', 'web'), debugging({ phase }).world()).summary;
  assert.doesNotMatch(said('Pending'), /would fail/);
  assert.doesNotMatch(said('Running'), /would fail/);
  assert.match(said('Failed'), /would fail now: the pod is Failed/);
});

const RS = { kind: 'ReplicaSet', name: 'web-5d9' };
const owned = (resources: string, kind: string, name: string, verbs = 'patch', groups = ['apps']): ClusterBuilder =>
  shop(verbs, resources, { owner: { kind, name, apiVersion: groups[0] === '' ? 'v1' : `${groups[0]}/v1` } }, groups);
const deployed = (verbs: string, resources: string, around: Around = {}, groups = ['apps']): ClusterBuilder =>
  shop(verbs, resources, { owner: RS, ...around }, groups)
    .workload('replicasets', 'shop', 'web-5d9', { owner: { group: 'apps', kind: 'Deployment', name: 'web' } })
    .workload('deployments', 'shop', 'web');
const CRON = { batch: ['batch'] };
const cronned = (verbs: string, resources: string): ClusterBuilder =>
  shop(verbs, resources, { owner: { kind: 'Job', name: 'web-1', apiVersion: 'batch/v1' } }, CRON.batch)
    .workload('jobs', 'shop', 'web-1', { owner: { group: 'batch', kind: 'CronJob', name: 'web' } })
    .workload('cronjobs', 'shop', 'web');
const ROLLOUT = { group: 'argoproj.io', kind: 'Rollout', name: 'web' };
const rollout = (facts: Around['facts'] = {}): ClusterBuilder =>
  shop('patch', 'rollouts', { owner: RS, facts }, ['argoproj.io']).workload('replicasets', 'shop', 'web-5d9', {
    owner: ROLLOUT,
  });
const DISCOVERED = {
  ...{
    group: 'argoproj.io',
    version: 'v1alpha1',
    resource: 'rollouts',
    kind: 'Rollout',
    singular: 'rollout',
    shortNames: [],
  },
  ...{ namespaced: true, verbs: ['get'], subresources: {} },
};
const SWAP = 'pod-image-swap';
const TEMPLATE = 'workload-template-update';

const changes: [id: string, builder: ClusterBuilder, expected: string | null, why: string][] = [
  [SWAP, shop('patch', 'pods'), 'yes', 'the image is mutable'],
  [SWAP, shop('update', 'pods'), 'yes', 'by PUT as well'],
  [SWAP, shop('create delete get list', 'pods'), null, 'making and ending pods changes none'],
  [SWAP, shop('patch update', 'pods/status'), null, 'the status has no image'],
  [SWAP, shop('patch', 'pods/*'), null, 'pods/* is no wildcard'],
  [SWAP, shop('patch', 'pods/resize pods/ephemeralcontainers'), null, 'other subresources'],
  [SWAP, shop('*', '*'), 'yes', 'everything'],
  [SWAP, shop('patch', 'pods', { annotations: MIRROR }), null, 'the kubelet runs a static pod from its file'],
  [
    SWAP,
    shop('patch', 'pods', { enforce: 'restricted' }),
    null,
    'the whole pod is judged again, and is older than the label',
  ],
  [SWAP, shop('patch', 'pods', { enforce: 'restricted', context: RESTRICTED }), 'yes', 'the pod is within the level'],
  [SWAP, guarded(shop('patch', 'pods'), { resources: ['pods'] }), null, 'a policy on updates of pods'],
  [SWAP, guarded(shop('patch', 'pods'), { resources: EPHEMERAL }), 'yes', 'one on another subresource'],
  [
    SWAP,
    guarded(shop('patch', 'pods'), {
      resources: ['pods'],
      expression: "object.spec.containers.all(c, c.image.startsWith('registry.corp/'))",
    }),
    'depends:no',
    'an image of a registry that is let through may be theirs',
  ],
  [
    SWAP,
    guarded(shop('patch', 'pods'), {
      resources: ['pods'],
      expression: "object.spec.containers.all(c, c.image.contains('@sha256:'))",
    }),
    'yes',
    'a digest is easily given',
  ],
  [
    SWAP,
    guarded(shop('patch', 'pods'), {
      resources: ['pods'],
      expression: 'object.spec.containers.map(c, c.image) == oldObject.spec.containers.map(c, c.image)',
    }),
    'depends:no',
    'a policy that compares images: none that was tried passes',
  ],
  [
    SWAP,
    guarded(shop('patch', 'pods', { labels: { tier: 'db' } }), {
      resources: ['pods'],
      objectSelector: { matchLabels: { tier: 'db' } },
      expression: 'object.spec == oldObject.spec',
    }),
    'yes',
    'the label by which the policy selects is taken off first',
  ],
  [
    SWAP,
    guarded(shop('patch', 'pods', { labels: { tier: 'db' } }), {
      resources: ['pods'],
      objectSelector: { matchLabels: { tier: 'db' } },
    }),
    null,
    'unless the policy lets nothing be changed',
  ],
  [TEMPLATE, deployed('patch', 'deployments'), 'yes', 'the Deployment behind the ReplicaSet'],
  [TEMPLATE, deployed('update', 'deployments'), 'yes', 'by PUT as well'],
  [TEMPLATE, deployed('patch', 'replicasets'), 'yes', 'the ReplicaSet itself, with its replicas'],
  [TEMPLATE, deployed('patch', 'deployments/scale replicasets/scale'), null, 'scale brings no other code'],
  [TEMPLATE, deployed('patch', 'deployments/status'), null, 'nor does the status'],
  [TEMPLATE, deployed('patch', 'statefulsets daemonsets'), null, 'another kind'],
  [TEMPLATE, deployed('patch', 'deployments', {}, ['extensions']), null, 'another group'],
  [TEMPLATE, deployed('create delete', 'deployments'), null, 'another one is another pod'],
  [
    TEMPLATE,
    deployed('patch', 'deployments', { enforce: 'restricted' }),
    'yes',
    'a pod within the level takes the place of this one, with its account',
  ],
  [
    TEMPLATE,
    owned('statefulsets', 'StatefulSet', 'web').workload('statefulsets', 'shop', 'web'),
    'yes',
    'a StatefulSet',
  ],
  [TEMPLATE, owned('daemonsets', 'DaemonSet', 'web').workload('daemonsets', 'shop', 'web'), 'yes', 'a DaemonSet'],
  [
    TEMPLATE,
    owned('replicationcontrollers', 'ReplicationController', 'web', 'patch', ['']).workload(
      'replicationcontrollers',
      'shop',
      'web',
    ),
    'yes',
    'a ReplicationController',
  ],
  [
    TEMPLATE,
    owned('jobs', 'Job', 'web', 'patch update', ['batch']).workload('jobs', 'shop', 'web'),
    null,
    "a Job's template is immutable",
  ],
  [TEMPLATE, cronned('patch', 'cronjobs'), 'yes', 'the CronJob behind the Job'],
  [TEMPLATE, cronned('patch update', 'jobs'), null, 'not the Job'],
  [
    TEMPLATE,
    owned('statefulsets', 'StatefulSet', 'web', 'patch', ['apps.kruise.io']),
    null,
    'a kind of that name whose resource nobody knows',
  ],
  [TEMPLATE, rollout(), null, 'an owner of a foreign kind that nothing describes'],
  [TEMPLATE, rollout({ discovery: [DISCOVERED] }), 'depends', 'a foreign kind makes what its controller makes of it'],
  [
    TEMPLATE,
    deployed('patch', 'deployments').refuse(get('replicasets', 'shop', 'web-5d9')),
    'yes',
    'it was read after all',
  ],
  [
    TEMPLATE,
    guarded(deployed('patch', 'deployments'), { resources: ['deployments'], groups: ['apps'] }),
    null,
    'a policy on updates of Deployments',
  ],
  [
    TEMPLATE,
    guarded(deployed('patch', 'deployments'), { resources: ['pods'], operations: ['CREATE'] }),
    null,
    'a policy that lets no pods be made',
  ],
  [
    TEMPLATE,
    guarded(deployed('patch', 'deployments'), {
      resources: ['deployments'],
      groups: ['apps'],
      expression: "object.spec.template.spec.containers.all(c, c.image.startsWith('registry.corp/'))",
    }),
    'yes',
    'any image of the registry runs what the template says',
  ],
];
for (const [id, builder, expected, why] of changes) {
  test(`${id}: ${expected ?? 'no way'}, ${why}`, () => {
    const said = wayOf(builder, id);
    assert.equal(expected?.includes(':') ? said : (said?.split(':')[0] ?? null), expected);
  });
}

test('each way says through what', () => {
  const card = answer(pod, objects('shop', 'web'), deployed('patch', 'deployments replicasets').world());
  const through = card.findings
    .filter(({ subject }) => subject.name === 'jane')
    .map(({ object: { kind, name } }) => `${kind} ${name}`);
  assert.deepEqual(through, ['ReplicaSet web-5d9', 'Deployment web']);
  assert.equal(card.verdict, 'yes');
  assert.match(card.summary, /^1 subject can get into pod shop\/web/);
});

test('a ReplicaSet that could not be read: who may change the Deployment that it is named after may get in', () => {
  const hash = { 'pod-template-hash': '5d9' };
  const builder = (names: string[]) =>
    shop('get', 'pods', { owner: RS, labels: hash })
      .refuse(list('replicasets'))
      .refuse(get('replicasets', 'shop', 'web-5d9'))
      .role('shop', 'd', [allow('patch', 'deployments', { groups: ['apps'], names })])
      .binding('shop', 'd', 'Role/d', user('jane'));
  assert.equal(wayOf(builder([]), TEMPLATE)?.split(':')[0], 'depends');
  assert.equal(wayOf(builder(['web']), TEMPLATE)?.split(':')[0], 'depends');
  assert.equal(wayOf(builder(['other']), TEMPLATE), null);
});

test('a pod that could not be read may be made by anything: who may change some of that may get in', () => {
  const unread = (verbs: string, resources: string, group: string) =>
    shop(verbs, resources, {}, [group])
      .refuse(list('pods'))
      .refuse(get('pods', 'shop', 'other'));
  const rows: [string, string, string, string | null][] = [
    ['patch', 'deployments', 'apps', 'depends'],
    ['update', 'cronjobs', 'batch', 'depends'],
    ['patch', 'replicationcontrollers', '', 'depends'],
    // The template of a Job never changes.
    ['patch', 'jobs', 'batch', null],
    ['get', 'deployments', 'apps', null],
  ];
  for (const [verbs, resources, group, expected] of rows) {
    const { findings, verdict } = answer(pod, objects('shop', 'other'), unread(verbs, resources, group).world());
    const hers = findings.find(({ id, subject }) => id === TEMPLATE && subject.name === 'jane');
    assert.equal(hers?.verdict ?? null, expected, `${verbs} ${resources}`);
    assert.equal(verdict, expected ?? 'no', `${verbs} ${resources}`);
  }
});

test('an owner of a kind that nothing describes is told of', () => {
  const { unknowns } = answer(pod, objects('shop', 'web'), rollout().world());
  assert.ok(unknowns.some(({ kind, what }) => kind === 'unmodelled' && what.includes('Rollout.argoproj.io shop/web')));
});

/**
 * What a right to add an ephemeral container comes to on a server of that version, in a pod that nothing else guards.
 */
const EPHEMERAL_BY_VERSION: [minor: number | null, verdict: string | null][] = [
  [15, 'no'],
  [16, 'no'],
  [22, 'no'],
  [23, 'yes'],
  [25, 'yes'],
  [37, 'yes'],
  [null, 'yes'],
];
for (const [minor, verdict] of EPHEMERAL_BY_VERSION) {
  const version = minor === null ? null : { major: 1, minor };
  const old = () => debugging({ facts: { version } });

  test(`debug on 1.${minor ?? '?'}: ${verdict}`, () => {
    const {
      verdict: said,
      assumptions,
      findings,
    } = answer(debug, objects('shop', 'web'), old().world(), { subject: user('jane') });
    assert.equal(said, verdict);
    assert.equal(
      assumptions.some((each) => /feature gates are at the defaults .*EphemeralContainers/.test(each)),
      verdict === 'no',
    );
    assert.equal(findings.length > 0, verdict === 'yes');
  });

  test(`the same on the card, of everybody, and as a way to a pod, on 1.${minor ?? '?'}`, () => {
    assert.equal(wayOf(old(), 'pod-ephemeral-container'), verdict === 'yes' ? 'yes' : null);
    assert.equal(answer(debug, objects('shop', 'web'), old().world()).verdict, verdict);
    const { findings } = answer(privileged, { subjects: [user('jane')], pods: null, namespace: null }, old().world());
    assert.equal(
      findings.some(({ id }) => id === 'pod-ephemeral-container'),
      verdict === 'yes',
    );
  });
}
