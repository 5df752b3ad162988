import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer, Finding } from '../../src/answer/answer.ts';
import { rawSockets } from '../../src/questions/raw-sockets/raw-sockets.ts';
import { get, list } from '../../src/world/needs.ts';
import type { Raw } from '../../src/world/raw.ts';
import { type ClusterBuilder, cluster } from '../helpers/cluster.ts';
import { answer, asked, OPTIONS, objects } from '../helpers/question.ts';

const CONTAINERD = { containerRuntimeVersion: 'containerd://1.7.27', operatingSystem: 'linux' };
const CRIO = { containerRuntimeVersion: 'cri-o://1.34.0', operatingSystem: 'linux' };
const ROOT = { securityContext: { runAsUser: 0 } };
const LOCKED = {
  securityContext: { runAsUser: 1000, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
};
const scope = (namespace: string | null, selector: string | null = null) => ({ refs: [], selector, namespace });

function pod(name: string, containers: Raw[], spec: Raw = {}, more: { metadata?: Raw; status?: Raw } = {}): Raw {
  const named = containers.map((each, index) => ({ name: `c${index}`, ...each }));
  const statuses = named.map((each) => ({ name: each.name, state: { running: {} } }));
  return {
    metadata: { namespace: 'shop', name, ...more.metadata },
    spec: { nodeName: 'n1', containers: named, ...spec },
    status: { phase: 'Running', containerStatuses: statuses, ...more.status },
  };
}

const shop = (...pods: Raw[]): ClusterBuilder => {
  const builder = cluster().namespace('shop').node('n1', CONTAINERD).node('n2', CRIO);
  for (const each of pods) builder.rawPod(each);
  return builder;
};

const one = (raw: Raw, build: (b: ClusterBuilder) => ClusterBuilder = (b) => b): Answer =>
  answer(rawSockets, objects('shop', 'web'), build(shop(raw)).world());
const only = ({ findings }: Answer): Finding => {
  const [first] = findings;
  assert.ok(first);
  return first;
};

test('one finding a container, with answer, source and what it runs in', () => {
  const { verdict, summary, target, findings } = one(pod('web', [ROOT, LOCKED]));
  assert.equal(verdict, 'yes');
  assert.equal(summary, '1 of 2 containers can open raw sockets in pod shop/web');
  assert.deepEqual(target, { kind: 'Pod', namespace: 'shop', name: 'web' });
  assert.deepEqual(
    findings.map(({ id, answer: said, object, verdict: each }) => [id, object.container, said, each]),
    [
      ['raw-sockets', 'c0', 'yes', 'yes'],
      ['raw-sockets', 'c1', 'no', 'no'],
    ],
  );
  const { kind, state, node, runtime, source, uid, noNewPrivileges, network } =
    only({ findings } as Answer).container ?? {};
  assert.deepEqual(
    { kind, state, node, runtime, source, uid, noNewPrivileges, network },
    {
      kind: 'regular',
      state: 'running',
      node: 'n1',
      runtime: 'containerd 1.7',
      source: 'default of containerd 1.7',
      uid: 0,
      noNewPrivileges: false,
      network: 'pod',
    },
  );
});

const verdicts: [
  containers: Raw[],
  spec: Raw,
  answers: string[],
  verdict: string,
  leaning: string | null,
  why: string,
][] = [
  [[LOCKED], {}, ['no'], 'no', null, 'locked down'],
  [[{ securityContext: { runAsUser: 1 } }], {}, ['via-binary'], 'depends', null, 'only by a binary is a depends'],
  [[{}], {}, ['unknown'], 'depends', 'yes', 'the user of the image is a depends that leans yes'],
  [[LOCKED, ROOT, {}], {}, ['no', 'yes', 'unknown'], 'yes', null, 'the worst container is the pod'],
  [[ROOT], { nodeName: 'n2' }, ['no'], 'no', null, 'the same pod on CRI-O'],
  [[ROOT], { nodeName: undefined }, ['unknown'], 'depends', null, 'waiting for one of two nodes that disagree'],
];
for (const [containers, spec, answers, verdict, leaning, why] of verdicts)
  test(`${verdict}: ${why}`, () => {
    const found = one(pod('web', containers, spec));
    assert.deepEqual(
      found.findings.map((each) => each.answer),
      answers,
    );
    assert.deepEqual([found.verdict, found.leaning], [verdict, leaning]);
    if (verdict !== 'yes') assert.equal(found.unknowns.length > 0, verdict === 'depends');
  });

test('all kinds of containers are looked at, and what has ended does not count', () => {
  const raw = pod(
    'web',
    [LOCKED],
    {
      initContainers: [
        { name: 'setup', ...ROOT },
        { name: 'mesh', restartPolicy: 'Always', ...ROOT },
      ],
      ephemeralContainers: [{ name: 'debug', ...ROOT }],
    },
    {
      status: {
        initContainerStatuses: [
          { name: 'setup', state: { terminated: { exitCode: 0 } } },
          { name: 'mesh', state: { running: {} } },
        ],
        ephemeralContainerStatuses: [{ name: 'debug', state: { terminated: { exitCode: 1 } } }],
      },
    },
  );
  assert.deepEqual(
    one(raw).findings.map(({ object, answer: said, container }) => [
      object.container,
      container?.kind,
      container?.state,
      said,
    ]),
    [
      ['setup', 'init', 'finished', 'no'],
      ['mesh', 'sidecar', 'running', 'yes'],
      ['c0', 'regular', 'running', 'no'],
      ['debug', 'ephemeral', 'finished', 'no'],
    ],
  );
});

test('an init container that has done its work runs again in a new sandbox', () => {
  const setup = { initContainers: [{ name: 'setup', ...ROOT }] };
  const status = { initContainerStatuses: [{ name: 'setup', state: { terminated: { exitCode: 0 } } }] };
  assert.match(only(one(pod('web', [LOCKED], setup, { status }))).reason, /^init container, already finished$/);
  assert.match(
    only(one(pod('web', [LOCKED], setup, { status: { ...status, phase: 'Failed' } }))).reason,
    /does not start again$/,
  );
});

test('what holds whatever the runtime names no default of one', () => {
  const added = { securityContext: { runAsUser: 0, capabilities: { add: ['NET_RAW'] } } };
  const found = only(one(pod('web', [added]), (b) => b.node('n1', { containerRuntimeVersion: 'pouch://1' })));
  assert.deepEqual([found.answer, found.reason], ['yes', 'root; NET_RAW: added']);
});

test('a pod that is being deleted counts as long as it runs', () => {
  assert.equal(one(pod('web', [ROOT], {}, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })).verdict, 'yes');
  const ended = { phase: 'Succeeded', containerStatuses: [] };
  assert.equal(one(pod('web', [ROOT], {}, { status: ended })).verdict, 'no');
});

test('NET_ADMIN without NET_RAW is a way of its own, and no raw socket', () => {
  const own = { securityContext: { runAsUser: 0, capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } } };
  const { verdict, findings } = one(pod('web', [own]));
  assert.equal(verdict, 'no');
  assert.deepEqual(
    findings.map(({ id, answer: said }) => [id, said]),
    [
      ['raw-sockets', 'no'],
      ['net-admin-spoof', 'yes'],
    ],
  );
  const both = { securityContext: { runAsUser: 0, capabilities: { add: ['NET_ADMIN'] } } };
  assert.deepEqual(
    one(pod('web', [both])).findings.map(({ id }) => id),
    ['raw-sockets'],
  );
});

test('what looks like protection and is none is called out', () => {
  const own = { securityContext: { runAsUser: 0, capabilities: { drop: ['CAP_NET_RAW'] } } };
  assert.deepEqual(only(one(pod('web', [own]))).container?.ineffectiveDrops, ['CAP_NET_RAW']);
  assert.deepEqual(only(one(pod('web', [own], { nodeName: 'n2' }))).container?.ineffectiveDrops, []);
});

test('hostNetwork is about whose interfaces they are', () => {
  assert.equal(only(one(pod('web', [ROOT], { hostNetwork: true }))).container?.network, 'node');
});

const fixes: [own: Raw, node: string, expected: RegExp, why: string][] = [
  [
    { runAsUser: 0 },
    'n1',
    /"securityContext":\{"capabilities":\{"drop":\["NET_RAW"\]\}\}\}\]\}\}' --dry-run=client -o json$/,
    'the default is dropped',
  ],
  [{ runAsUser: 0, capabilities: { drop: ['CAP_NET_RAW'] } }, 'n1', /"drop":\["NET_RAW"\]/, 'the spelling is mended'],
  [
    { runAsUser: 0, capabilities: { add: ['NET_RAW'] } },
    'n2',
    /\{"capabilities":\{"add":\[\]\}\}/,
    'on CRI-O it is enough to add it no more',
  ],
  [
    { runAsUser: 0, capabilities: { add: ['NET_RAW', 'CHOWN'] } },
    'n1',
    /"drop":\["NET_RAW"\]/,
    'on containerd it is not',
  ],
  [
    { privileged: true, runAsUser: 0 },
    'n1',
    /\{"privileged":false,"capabilities":\{"drop":\["NET_RAW"\]\}\}/,
    'privileged has to go first',
  ],
  [{ privileged: true, runAsUser: 0 }, 'n2', /\{"privileged":false\}/, 'and nothing else on CRI-O'],
];
for (const [securityContext, nodeName, expected, why] of fixes)
  test(`fix: ${why}`, () =>
    assert.match(only(one(pod('web', [{ securityContext }], { nodeName }))).fix[0] ?? '', expected));

test('fix: a static pod is a file of its node', () => {
  const metadata = { ownerReferences: [{ kind: 'Node', name: 'n1', controller: true }] };
  const { fix, fixNotes = [] } = only(one(pod('web', [ROOT], {}, { metadata })));
  assert.deepEqual(fix, []);
  assert.match(fixNotes[0] ?? '', /^the manifest of static pod web on node n1 needs container c0: securityContext: /);
});

const levels: [enforce: string | null, own: Raw, expected: RegExp, why: string][] = [
  [
    null,
    ROOT,
    /enforces privileged, which lets it in; restricted would refuse it/,
    'only restricted refuses the default',
  ],
  ['baseline', ROOT, /enforces baseline, which lets it in; restricted would refuse it/, 'baseline does not'],
  [
    'restricted',
    ROOT,
    /enforces restricted, which refuses such a pod now: this one is older, or exempt/,
    'a pod from before',
  ],
  [
    null,
    { securityContext: { runAsUser: 0, capabilities: { add: ['NET_RAW'] } } },
    /; baseline would refuse it/,
    'what is added baseline refuses',
  ],
  [null, { securityContext: { runAsUser: 0, privileged: true } }, /; baseline would refuse it/, 'and privileged'],
];
for (const [enforce, own, expected, why] of levels)
  test(`Pod Security: ${why}`, () => {
    const labels: Record<string, string> = enforce === null ? {} : { 'pod-security.kubernetes.io/enforce': enforce };
    const world = cluster()
      .namespace('shop', labels)
      .node('n1', CONTAINERD)
      .rawPod(pod('web', [own]))
      .world();
    assert.match(only(answer(rawSockets, objects('shop', 'web'), world)).fixNotes?.at(-1) ?? '', expected);
  });

test('changes that people try are told with why they are not enough', () => {
  const tried = new Map(
    only(one(pod('web', [ROOT]))).container?.notEnough.map(({ change, because }) => [change, because]),
  );
  assert.match(tried.get('allowPrivilegeEscalation: false') ?? '', /^still yes: root/);
  assert.match(tried.get('drop: [CAP_NET_RAW]') ?? '', /^still yes/);
  assert.match(tried.get('runAsNonRoot: true') ?? '', /^still via a binary/);
  assert.match(tried.get('hostUsers: false') ?? '', /^still yes/);
  assert.match(tried.get('seccompProfile: RuntimeDefault') ?? '', /^still yes/);
  assert.match(tried.get('a NetworkPolicy') ?? '', /not ARP/);
});

test('the network is told, and never an excuse', () => {
  const calico = one(pod('web', [ROOT]), (b) => b.workload('daemonsets', 'kube-system', 'calico-node'));
  assert.deepEqual([calico.verdict, calico.network?.plugins[0]?.wiring], ['yes', 'routed']);
  const flannel = one(pod('web', [ROOT]), (b) => b.workload('daemonsets', 'kube-flannel', 'kube-flannel-ds'));
  assert.deepEqual([flannel.verdict, flannel.network?.plugins[0]?.wiring], ['yes', 'bridge']);
  const k3s = cluster({ gitVersion: 'v1.34.1+k3s1' })
    .namespace('shop')
    .node('n1', CONTAINERD)
    .rawPod(pod('web', [ROOT]))
    .world();
  assert.equal(answer(rawSockets, objects('shop', 'web'), k3s).network?.plugins[0]?.name, 'flannel of k3s');
  const refused = one(pod('web', [ROOT]), (b) => b.refuse(list('daemonsets')));
  assert.deepEqual([refused.verdict, refused.unknowns, refused.network?.unknown], ['yes', [], 'daemonsets: 403']);
});

test('what a distribution may have set otherwise is assumed, aloud', () => {
  const assumed = (osImage: string) =>
    one(pod('web', [ROOT]), (b) => b.node('n1', { ...CONTAINERD, osImage })).assumptions.join();
  assert.match(assumed('Bottlerocket OS 1.50.0 (aws-k8s-1.34)'), /Bottlerocket's settings.oci-defaults/);
  assert.doesNotMatch(assumed('Ubuntu 24.04.3 LTS'), /Bottlerocket/);
});

test('a no that rests on what is not known of a runtime says so', () => {
  const assumed = (raw: Raw, build?: (b: ClusterBuilder) => ClusterBuilder) => {
    const said = one(raw, build);
    assert.equal(said.verdict, 'no');
    return said.assumptions.join();
  };
  const boxed = pod('web', [LOCKED], { runtimeClassName: 'x' });
  assert.match(assumed(boxed), /a handler that is not known here takes away what is dropped/);
  assert.match(
    assumed(boxed, (b) => b.refuse(list('runtimeclasses'))),
    /a handler that is not known here/,
  );
  assert.match(
    assumed(pod('web', [LOCKED]), (b) => b.node('n1', { containerRuntimeVersion: 'pouch://1' })),
    /a runtime that is not known counts/,
  );
  assert.doesNotMatch(assumed(pod('web', [LOCKED])), /not known/);
});

test('pods that share the node are counted, those that have ended are not', () => {
  const others = ['a', 'b'].map((name) => pod(name, [LOCKED]));
  const gone = pod('gone', [LOCKED], {}, { status: { phase: 'Succeeded' } });
  const world = shop(pod('web', [ROOT]), ...others, gone, pod('far', [LOCKED], { nodeName: 'n2' })).world();
  assert.equal(only(answer(rawSockets, objects('shop', 'web'), world)).container?.neighbours, 2);
});

const workloads: [metadata: Raw, expected: string, why: string][] = [
  [{}, 'Pod/web', 'a pod of its own'],
  [{ ownerReferences: [{ kind: 'StatefulSet', name: 'db', controller: true }] }, 'StatefulSet/db', 'its controller'],
  [
    {
      labels: { 'pod-template-hash': '5d7' },
      ownerReferences: [{ kind: 'ReplicaSet', name: 'web-5d7', controller: true }],
    },
    'Deployment/web',
    'the Deployment of its ReplicaSet',
  ],
  [
    {
      labels: { 'pod-template-hash': 'x' },
      ownerReferences: [{ kind: 'ReplicaSet', name: 'web-5d7', controller: true }],
    },
    'ReplicaSet/web-5d7',
    'a ReplicaSet that no Deployment made',
  ],
];
for (const [metadata, expected, why] of workloads)
  test(`workload ${expected}: ${why}`, () => {
    const { kind, name } = only(one(pod('web', [ROOT], {}, { metadata }))).container?.workload ?? {};
    assert.equal(`${kind}/${name}`, expected);
  });

test('of a namespace, a selector and the cluster one answer', () => {
  const labelled = pod('web', [ROOT], {}, { metadata: { labels: { app: 'web' } } });
  const world = shop(labelled, pod('db', [LOCKED]))
    .rawPod({ ...pod('x', [ROOT]), metadata: { namespace: 'ci', name: 'x' } })
    .namespace('empty')
    .world();
  const said = (target: ReturnType<typeof scope>): string => answer(rawSockets, target, world).summary;
  assert.equal(said(scope('shop')), '1 of 2 containers can open raw sockets in namespace shop (1 pod)');
  assert.equal(
    said(scope('shop', 'app=web')),
    '1 of 1 container can open raw sockets in namespace shop with labels app=web (1 pod)',
  );
  assert.equal(said(scope(null)), '2 of 3 containers can open raw sockets in the cluster (2 pods)');
  assert.equal(said(scope('empty')), 'there are no pods in namespace empty');
  assert.deepEqual(answer(rawSockets, scope('empty'), world).assumptions, []);
  assert.deepEqual(answer(rawSockets, scope('shop', 'app=web'), world).scope, {
    namespace: 'shop',
    selector: 'app=web',
  });
});

test('of each pod the worst of its containers is told', () => {
  const by = { securityContext: { runAsUser: 1 } };
  const world = shop(
    pod('a', [LOCKED, by, ROOT]),
    pod('b', [by, {}]),
    pod('c', [by, LOCKED]),
    pod('d', [LOCKED]),
  ).world();
  const pods = answer(rawSockets, scope('shop'), world).pods?.map(({ name, answer: worst }) => [name, worst]);
  assert.deepEqual(Object.fromEntries(pods ?? []), { a: 'yes', b: 'unknown', c: 'via-binary', d: 'no' });
});

test('several pods are several answers, and a workload stands for its pods', () => {
  const labels = { app: 'web' };
  const selector = { matchLabels: labels, matchExpressions: [] };
  const world = shop(pod('a', [ROOT], {}, { metadata: { labels } }), pod('b', [LOCKED], {}, { metadata: { labels } }))
    .workload('deployments', 'shop', 'web', { selector })
    .world();
  assert.deepEqual(
    asked(rawSockets, objects('shop', 'b', 'a'), world).asked.map(({ answer: { target } }) => target?.name),
    ['b', 'a'],
  );
  assert.deepEqual(
    asked(rawSockets, objects('shop', 'deployments/web'), world).asked.map(({ answer: { verdict } }) => verdict),
    ['yes', 'no'],
  );
});

test('a pod that is not there, or cannot be read, is an error', () => {
  const missing = asked(rawSockets, objects('shop', 'nope', 'web'), shop(pod('web', [ROOT])).world());
  assert.deepEqual(
    [missing.asked.length, missing.errors.map(({ message }) => message)],
    [1, ['Error from server (NotFound): pods "nope" not found in namespace shop']],
  );
  const refused = shop()
    .refuse(list('pods'))
    .refuse(get('pods', 'shop', 'web'))
    .world();
  assert.match(
    asked(rawSockets, objects('shop', 'web'), refused).errors[0]?.message ?? '',
    /^error: could not read pod shop\/web: 403/,
  );
});

test('pods of other namespaces that were refused leave a depends, and what was read is answered', () => {
  const world = shop(pod('db', [LOCKED]))
    .refuse(list('pods'))
    .world();
  world.add(list('pods', 'shop'), { read: true });
  const { verdict, unknowns } = answer(rawSockets, scope(null), world);
  assert.equal(verdict, 'depends');
  assert.match(unknowns[0]?.what ?? '', /^pods in namespace default/);
  const nothing = asked(rawSockets, scope(null), cluster().refuse(list('pods')).world());
  assert.match(nothing.errors[0]?.message ?? '', /^error: could not read pods/);
});

test('a pod that could not be understood leaves a depends where it is', () => {
  const world = shop(pod('db', [LOCKED]))
    .namespace('ci')
    .world();
  world.addMalformed('pods', 'pods shop/odd', 'drop is not a list of strings');
  assert.equal(answer(rawSockets, scope('shop'), world).verdict, 'depends');
  assert.match(answer(rawSockets, scope('shop'), world).summary, /^no container that could be seen can/);
  assert.equal(answer(rawSockets, scope(null), world).verdict, 'depends');
  assert.equal(answer(rawSockets, scope('ci'), world).verdict, 'no');
});

test('nodes and RuntimeClasses are read one by one where they are few', () => {
  const classes = pod('web', [ROOT], { runtimeClassName: 'sandbox' });
  const world = shop(classes).world();
  const needs = (target: Parameters<typeof rawSockets.needs>[0]): string[] =>
    rawSockets
      .needs(target, world, OPTIONS)
      .map(({ kind, namespace, name, node }) => [kind, namespace, name, node].filter((part) => part != null).join(' '));
  const named = ['pods shop web', 'daemonsets', 'runtimeclasses sandbox', 'namespaces shop', 'nodes n1', 'pods n1'];
  assert.deepEqual(needs(objects('shop', 'web')), named);
  assert.deepEqual(needs(scope(null)), ['pods', 'daemonsets', 'runtimeclasses sandbox', 'nodes', 'namespaces']);
});
