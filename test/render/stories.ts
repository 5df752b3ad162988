import type { Answer } from '../../src/answer/answer.ts';
import type { PodEscape } from '../../src/answer/facts/pod.ts';
import type { RenderOptions } from '../../src/render/formats.ts';
import {
  account,
  answer,
  check,
  clusterRole,
  clusterRoleBinding,
  finding,
  grant,
  group,
  holder,
  object,
  options,
  podFacts,
  roleBinding,
  step,
  user,
} from '../helpers/answers.ts';

/** What a screen of `test/golden` shows, and the verdict that it stands for. */
export interface Story {
  file: string;
  verdict: Answer['verdict'][];
  answers: Answer[];
  options: RenderOptions;
}

const edit = grant(roleBinding('deployers'), clusterRole('edit'), {
  rule: 11,
  aggregatedFrom: ['system:aggregate-to-edit'],
});
const admins = grant(clusterRoleBinding('ci-admin'), clusterRole('cluster-admin'), { rule: 0, allows: '* *.*' });

const masters = finding({
  accepted: true,
  subject: group('system:masters'),
  scope: { namespace: null, names: null },
  reason: 'superuser: the API server asks no authorizer about members of this group',
  evidence: [step([])],
});
const controller = holder(account('kube-system', 'generic-garbage-collector'), admins, { accepted: true });

const kubelet = {
  kind: 'invisible',
  what: "whether the holder reaches the kubelet's own port",
  why: 'get alone has to go to the node itself',
  affects: 'holders of get nodes/proxy',
} as const;
const refused = {
  kind: 'unreadable',
  what: 'rolebindings in namespace shop',
  why: '403 Forbidden',
  affects: 'every no',
} as const;

const assumptions = [
  'members of group system:masters are not listed anywhere in the cluster',
  "Kubernetes does not store users' groups (--subject-group adds them)",
];

const holders = [
  holder(user('jane'), grant()),
  holder(group('system:serviceaccounts:ci', 12), edit),
  holder(account('ci', 'deployer'), admins, {
    evidence: [step([{ ...admins, subject: account('ci', 'deployer') }, edit])],
  }),
];

const portForward = answer({
  summary: '3 subjects can port-forward to pod shop/web-0',
  findings: [...holders, masters, controller],
  assumptions,
});

const withConditions = answer({
  question: 'exec',
  summary: '2 subjects can exec into pod shop/web-0, and 1 more subject may',
  findings: [
    holder(user('jane'), grant(), { id: 'pod-exec', scope: { namespace: 'shop', names: ['web-0', 'web-1', 'web-2'] } }),
    holder(account('monitoring', 'prometheus'), grant(clusterRoleBinding('prometheus'), clusterRole('prometheus')), {
      id: 'node-proxy-kubelet',
      verdict: 'depends',
      leaning: 'yes',
      unknowns: [kubelet],
    }),
    holder(group('ops'), grant(clusterRoleBinding('ops', { created: null }), clusterRole('ops')), {
      id: 'pod-exec',
      direct: false,
    }),
  ],
  unknowns: [kubelet, refused],
  assumptions,
});

const nearMisses = answer({
  verdict: 'no',
  summary:
    'ServiceAccount ci/builder cannot port-forward to pod shop/web-0: RoleBinding ci/edit grants ClusterRole edit in namespace ci, not in shop',
  nearMisses: [
    finding({
      id: 'near-miss-namespace',
      verdict: 'no',
      subject: account('ci', 'builder'),
      reason: 'RoleBinding ci/edit grants ClusterRole edit in namespace ci, not in shop',
      evidence: [
        step(
          [
            grant(object('RoleBinding', 'ci', 'edit'), clusterRole('edit'), {
              subject: { kind: 'ServiceAccount', namespace: null, name: 'builder' },
            }),
          ],
          {
            gains: null,
            step: 'would be create pods/portforward',
            command: null,
          },
        ),
      ],
    }),
  ],
});

const right = (reason: string, binding = roleBinding('web')) =>
  holder(account('shop', 'default'), grant(binding, clusterRole('web')), { id: 'account-right', reason });

const card = answer({
  question: 'pod',
  summary: '3 subjects can get into pod shop/web-0',
  pod: podFacts(),
  findings: [
    ...holders.map((each) => ({ ...each, id: 'pod-exec' })),
    ...holders.slice(1).map((each) => ({ ...each, id: 'pod-attach' })),
    ...holders,
    holder(user('jane'), grant(), { id: 'pod-log-read' }),
    holder(account('monitoring', 'prometheus'), grant(clusterRoleBinding('prometheus'), clusterRole('prometheus')), {
      id: 'node-proxy-kubelet',
      verdict: 'depends',
      leaning: 'yes',
      unknowns: [kubelet],
    }),
    masters,
    controller,
    right('read and change every secret in namespace shop', roleBinding('shop-admin')),
    right('create pods in namespace shop'),
    { ...right('ask what itself may do', clusterRoleBinding('system:basic-user')), accepted: true },
  ],
  assumptions,
});

const pods = ['web-0', 'web-1', 'web-2', 'web-3', 'web-4', 'web-5', 'web-6'].map((name) =>
  answer({
    target: { kind: 'Pod', namespace: 'shop', name },
    summary: `1 subject can port-forward to pod shop/${name}`,
    findings: [
      holder(user('jane'), grant(), {
        object: { kind: 'Pod', namespace: 'shop', name, container: null },
        evidence: [step([grant()], { gains: { kind: 'Pod', namespace: 'shop', name }, command: check(name) })],
      }),
    ],
    assumptions,
  }),
);

const hostile = answer({
  summary: '2 subjects can port-forward to pod shop/web-0',
  findings: [
    holder(user('\u001b[2K\u001b[1Ajane\u202eenaj'), grant()),
    holder(
      user('bob  <cluster>  innocent>view  2020-01-01\nno: nobody can port-forward'),
      grant(roleBinding("x'; rm -rf ~ #"), clusterRole('--kubeconfig=/tmp/evil')),
    ),
  ],
  unknowns: [{ kind: 'unreadable', what: 'clusterroles', why: '502 \u009b31mBad\u2028Gateway', affects: 'every no' }],
});

const who = answer({
  question: 'who',
  target: null,
  scope: { namespace: null, selector: null },
  summary: '2 subjects can create pods/portforward in any namespace',
  findings: [
    holder(user('jane'), grant(), { scope: { namespace: 'shop', names: ['web-0'] } }),
    holder(account('ci', 'deployer'), admins),
  ],
});

const contradicted = answer({
  summary: '1 subject can port-forward to pod shop/web-0',
  findings: [holder(user('jane'), grant())],
  verification: {
    asked: 27,
    agreed: 25,
    unanswered: 1,
    contradictions: [
      {
        question: 'User/bob create pods/portforward',
        expected: 'no',
        server: 'yes',
        reason: 'allowed by webhook',
        likelyCause: 'another authorizer, such as a webhook',
      },
    ],
    note: null,
  },
});

const agreed = answer({
  verdict: 'no',
  summary: 'nobody can port-forward to pod shop/web-0',
  verification: { asked: 27, agreed: 27, unanswered: 0, contradictions: [], note: null },
});

const unseen = answer({
  verdict: 'depends',
  summary: 'nobody that could be seen can port-forward to pod shop/web-0, but not everything could be seen',
  unknowns: [refused],
});

const hostPid = { check: 'hostNamespaces', reason: 'host namespaces', detail: 'hostPID=true' };
const violations = [
  hostPid,
  { check: 'privileged', reason: 'privileged', detail: 'container "app" must not set securityContext.privileged=true' },
  { check: 'hostPathVolumes', reason: 'hostPath volumes', detail: 'volume "node"' },
];
const webhook = {
  kind: 'opaque',
  what: 'webhook images.example.com (ValidatingWebhookConfiguration images)',
  why: 'it may refuse: failurePolicy Fail, code outside of the cluster',
  affects: 'whether it is admitted',
} as const;
const pod = (kind: string, name: string, parts: Parameters<typeof finding>[0]) =>
  finding({
    ...{
      id: 'pod-admission',
      object: { kind, namespace: 'shop', name, container: null },
      evidence: [],
      violations: [],
    },
    from: `chart/${name}.yaml:1`,
    ...parts,
  });
const admitted = answer({
  question: 'admit',
  target: { kind: 'Namespace', namespace: null, name: 'shop' },
  verdict: 'no',
  summary: '3 of 5 would be refused in namespace shop, and 1 more may be',
  findings: [
    pod('Pod', 'web', { reason: 'nothing in namespace shop refuses it' }),
    pod('Pod', 'node-shell', {
      verdict: 'no',
      violations,
      reason: `violates PodSecurity "baseline:latest": ${violations.map(({ reason, detail }) => `${reason} (${detail})`).join(', ')}`,
    }),
    pod('Deployment', 'agent', {
      verdict: 'no',
      violations: [hostPid],
      refusedLater: true,
      reason:
        'the Deployment is accepted with a warning, but its pods are refused: violates PodSecurity "baseline:latest": host namespaces (hostPID=true)',
    }),
    pod('CronJob', 'report', {
      verdict: 'no',
      violations: [
        {
          check: 'validation',
          reason: 'spec.jobTemplate.spec.template.spec.containers[0].image',
          detail: 'Required value',
        },
      ],
      reason:
        'the server would refuse it as invalid before admission: spec.jobTemplate.spec.template.spec.containers[0].image: Required value',
    }),
    pod('StatefulSet', 'db', {
      verdict: 'depends',
      leaning: 'yes',
      unknowns: [webhook],
      reason: `it depends on ${webhook.what}`,
    }),
  ],
  unknowns: [webhook],
});

const imageUser = {
  kind: 'invisible',
  what: 'the user of the image',
  why: 'neither the spec nor the status says it',
  affects: 'containers without runAsUser',
} as const;
const way = (parts: Partial<PodEscape>): PodEscape => ({
  ...{ id: 'hostpath-root', container: 'app', gain: 'node root', verdict: 'yes', leaning: null, unknowns: [] },
  reason: 'hostPath /: all files of the node: its cron jobs, SSH keys, static pods',
  ...parts,
});

const escapes: PodEscape[] = [
  way({ id: 'priv-container', container: 'proxy', reason: 'privileged: all capabilities and devices of the node' }),
  way({}),
  way({ container: 'proxy' }),
  way({
    id: 'hostpath-kubelet',
    ...{ gain: 'node data', verdict: 'depends', leaning: 'yes', unknowns: [imageUser] },
    reason:
      "hostPath /var/lib/kubelet (read-only): tokens of all pods of the node, and the kubelet's key; if the image's user is root, else as file modes let it",
  }),
  way({
    id: 'cap-net-admin',
    gain: 'other pods',
    verdict: 'depends',
    reason: 'NET_ADMIN: takes the address of another pod',
  }),
  ...['a', 'b', 'c'].map((name) =>
    way({
      id: 'hostpath-varlog',
      gain: 'other pods',
      reason: `hostPath /var/log/pods/${name}: the logs of all pods of the node`,
    }),
  ),
  way({ id: 'secret-mounted', gain: 'help', reason: 'holds Secret db' }),
  way({ id: 'secret-mounted', container: 'proxy', gain: 'help', reason: 'holds Secret db' }),
  way({ id: 'hostport', gain: 'help', reason: 'hostPort 80: open wherever the node is reached' }),
  way({
    id: 'hostpath-dev',
    verdict: 'no',
    reason:
      'hostPath /dev/sda: disks and memory of the node; the device cgroup opens no device to a container that is not privileged',
  }),
];
const escaping = {
  ...card,
  unknowns: [...card.unknowns, imageUser],
  pod: podFacts({ strength: 'node root', escapes }),
};
const stopped = { ...card, pod: podFacts({ escapes: escapes.slice(-2), sockets: [] }) };

export const STORIES: Story[] = [
  { file: 'holders', verdict: ['yes'], answers: [portForward], options: options() },
  { file: 'holders-on-a-wider-terminal', verdict: ['yes'], answers: [portForward], options: options({ width: 140 }) },
  {
    file: 'holders-with-system',
    verdict: ['yes'],
    answers: [portForward],
    options: options({ showSystem: true, noHeaders: true }),
  },
  { file: 'holders-wide', verdict: ['yes'], answers: [portForward], options: options({ output: 'wide' }) },
  { file: 'holders-explained', verdict: ['yes'], answers: [portForward], options: options({ explain: true }) },
  { file: 'holders-in-colour', verdict: ['yes'], answers: [withConditions], options: options({ color: true }) },
  {
    file: 'holders-by-name',
    verdict: ['yes'],
    answers: [portForward],
    options: options({ output: 'name', showSystem: true }),
  },
  { file: 'several-ways', verdict: ['yes'], answers: [withConditions], options: options() },
  { file: 'near-misses', verdict: ['no'], answers: [nearMisses], options: options() },
  { file: 'near-misses-explained', verdict: ['no'], answers: [nearMisses], options: options({ explain: true }) },
  { file: 'nothing-seen', verdict: ['depends'], answers: [unseen], options: options() },
  { file: 'pod-card', verdict: ['yes'], answers: [card], options: options() },
  {
    file: 'pod-card-half-seen',
    verdict: ['yes'],
    answers: [{ ...card, unknowns: [refused] }],
    options: options({ showSystem: true }),
  },
  { file: 'pod-card-escaping', verdict: ['yes'], answers: [escaping], options: options() },
  { file: 'pod-card-escaping-wide', verdict: ['yes'], answers: [escaping], options: options({ output: 'wide' }) },
  { file: 'pod-card-stopped', verdict: ['yes'], answers: [stopped], options: options({ color: true }) },
  { file: 'folded-pods', verdict: pods.map(() => 'yes'), answers: pods, options: options() },
  { file: 'two-pods', verdict: ['yes', 'depends'], answers: [portForward, unseen], options: options() },
  { file: 'hostile-names', verdict: ['yes'], answers: [hostile], options: options() },
  { file: 'hostile-names-explained', verdict: ['yes'], answers: [hostile], options: options({ explain: true }) },
  { file: 'who-in-any-namespace', verdict: ['yes'], answers: [who], options: options({ allNamespaces: true }) },
  { file: 'verified', verdict: ['no'], answers: [agreed], options: options() },
  { file: 'contradicted', verdict: ['yes'], answers: [contradicted], options: options() },
  { file: 'admitted', verdict: ['no'], answers: [admitted], options: options() },
  { file: 'admitted-wide', verdict: ['no'], answers: [admitted], options: options({ output: 'wide' }) },
  { file: 'admitted-explained', verdict: ['no'], answers: [admitted], options: options({ explain: true }) },
  { file: 'admitted-by-name', verdict: ['no'], answers: [admitted], options: options({ output: 'name' }) },
  { file: 'admitted-in-colour', verdict: ['no'], answers: [admitted], options: options({ color: true }) },
  { file: 'answer-yaml', verdict: ['no'], answers: [nearMisses], options: options({ output: 'yaml' }) },
];
