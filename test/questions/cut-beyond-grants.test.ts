import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../src/answer/answer.ts';
import { accountPosition, type Gain } from '../../src/escalation/position.ts';
import { become } from '../../src/questions/become/become.ts';
import type { Start } from '../../src/questions/become/target.ts';
import type { Pod } from '../../src/world/objects.ts';
import type { Raw } from '../../src/world/raw.ts';
import { reducePod } from '../../src/world/reduce/pod.ts';
import { account, allow, type ClusterBuilder, cluster, group, user } from '../helpers/cluster.ts';
import { OPTIONS } from '../helpers/question.ts';

const ROOT = { name: 'app', image: 'i' };
const MOUNT = { name: 'kube-api-access-x', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
const ADDED = { name: 'kube-api-access-x', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } };
const TOKEN = { containers: [{ ...ROOT, volumeMounts: [MOUNT] }], volumes: [ADDED] };

function podOf(
  spec: Raw,
  { owner, name = 'web-0', labels = {} }: { owner?: Raw; name?: string; labels?: Raw } = {},
): Pod {
  const raw = {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: {
      ...{ namespace: 'shop', name, labels },
      ...(owner ? { ownerReferences: [{ apiVersion: 'apps/v1', controller: true, ...owner }] } : {}),
    },
    spec: { serviceAccountName: 'web', nodeName: 'n1', ...spec },
    status: { phase: 'Running' },
  };
  return { ...reducePod(raw), whole: raw };
}

const base = (): ClusterBuilder =>
  cluster()
    .namespace('shop')
    .namespace('ops')
    .account('shop', 'web')
    .account('ops', 'root')
    .node('n1', { operatingSystem: 'linux', containerRuntimeVersion: 'containerd://2.2.1' });

/** Everybody may request the token of ops/root, as nobody can take away: by upstream's own group. */
const tokens = (builder: ClusterBuilder): ClusterBuilder =>
  builder
    .role('ops', 'tokens', [allow('create', 'serviceaccounts/token')])
    .binding('ops', 'one', 'Role/tokens', account('shop', 'web'));

function fixOf(builder: ClusterBuilder, start: Start, goal: Gain): Finding {
  const [first] = become.answer({ starts: [start], goals: [goal] }, builder.world(), { ...OPTIONS, kubectl: [] }).asked;
  const [finding] = first?.answer.findings ?? [];
  assert.ok(finding, first?.answer.summary ?? 'no answer');
  return finding;
}

const WEB: Start = { kind: 'pod', namespace: 'shop', name: 'web-0' };
const jane: Start = { kind: 'subject', subject: user('jane') };
const NODE: Gain = { kind: 'node', name: 'n1' };
const STATEFUL = { kind: 'StatefulSet', name: 'web' };
const privileged = { containers: [{ ...ROOT, securityContext: { privileged: true, runAsUser: 0 } }] };
const host = (path: string) => ({
  containers: [{ ...ROOT, securityContext: { runAsUser: 0 }, volumeMounts: [{ name: 'host', mountPath: '/host' }] }],
  volumes: [{ name: 'host', hostPath: { path } }],
});

const template = (spec: Raw): string => JSON.stringify({ spec: { template: { spec } } });
const patch = (type: string, spec: Raw): string[] =>
  ['--dry-run=server ', ''].map((trial) => `kubectl patch ${trial}${type} -n shop -p '${template(spec)}'`);

const rows: [why: string, world: ClusterBuilder, start: Start, goal: Gain, fix: string[], notes: RegExp][] = [
  [
    'privileged, in the template of its workload',
    base().with('pods', podOf(privileged, { owner: STATEFUL })),
    WEB,
    NODE,
    patch('statefulsets.apps/web', { containers: [{ name: 'app', securityContext: { privileged: false } }] }),
    /StatefulSet web loses privileged, which it may need; the running pods of statefulset\/web are replaced/,
  ],
  [
    'of a Deployment the Deployment, and not its ReplicaSet',
    base().with(
      'pods',
      podOf(privileged, { owner: { kind: 'ReplicaSet', name: 'web-5d9' }, labels: { 'pod-template-hash': '5d9' } }),
    ),
    WEB,
    NODE,
    patch('deployments.apps/web', { containers: [{ name: 'app', securityContext: { privileged: false } }] }),
    /Deployment web loses privileged/,
  ],
  [
    'a path of the node becomes a directory of its own',
    base().with('pods', podOf(host('/'), { owner: STATEFUL })),
    WEB,
    NODE,
    patch('statefulsets.apps/web', { volumes: [{ name: 'host', hostPath: null, emptyDir: {} }] }),
    /StatefulSet web loses hostPath \/, which it may need/,
  ],
  [
    'several privileges go together, since each is enough',
    base().with(
      'pods',
      podOf({ ...host('/'), ...privileged, hostPID: true, volumes: host('/').volumes }, { owner: STATEFUL }),
    ),
    WEB,
    NODE,
    patch('statefulsets.apps/web', {
      hostPID: null,
      containers: [{ name: 'app', securityContext: { privileged: false } }],
      volumes: [{ name: 'host', hostPath: null, emptyDir: {} }],
    }),
    /loses hostPID, privileged, hostPath \//,
  ],
  [
    'a capability, and the others stay',
    base().with(
      'pods',
      podOf(
        { containers: [{ ...ROOT, securityContext: { runAsUser: 0, capabilities: { add: ['SYS_ADMIN', 'CHOWN'] } } }] },
        { owner: STATEFUL },
      ),
    ),
    WEB,
    NODE,
    patch('statefulsets.apps/web', {
      containers: [{ name: 'app', securityContext: { capabilities: { add: ['CHOWN'] } } }],
    }),
    /loses capability SYS_ADMIN/,
  ],
  [
    'a token that is mounted though nobody needs it',
    base().with('pods', podOf(TOKEN, { owner: STATEFUL })),
    WEB,
    accountPosition('shop', 'web'),
    patch('statefulsets.apps/web', { automountServiceAccountToken: false }),
    /StatefulSet web has no token any more by which it could use the API/,
  ],
  [
    'a legacy token Secret that somebody may read',
    base()
      .with('secrets', { namespace: 'shop', name: 'web-token', account: 'web' })
      .role('shop', 'read', [allow('get', 'secrets')])
      .binding('shop', 'read', 'Role/read', user('jane'), group('readers'))
      .binding('shop', 'read2', 'Role/read', user('jane'))
      .binding('shop', 'read3', 'Role/read', user('jane')),
    jane,
    accountPosition('shop', 'web'),
    ['--dry-run=server ', ''].map((trial) => `kubectl delete ${trial}secret/web-token -n shop`),
    /whoever else uses the token of web in Secret shop\/web-token loses it/,
  ],
  [
    'a namespace that lets privileged pods through',
    base()
      .role('shop', 'pods', [allow('create', 'pods')])
      .binding('shop', 'p1', 'Role/pods', user('jane'))
      .binding('shop', 'p2', 'Role/pods', user('jane')),
    jane,
    NODE,
    ['--dry-run=server ', ''].map(
      (trial) => `kubectl label ${trial}--overwrite namespace/shop pod-security.kubernetes.io/enforce=baseline`,
    ),
    /namespace shop then enforces baseline on all that is created/,
  ],
];
for (const [why, world, start, goal, fix, notes] of rows)
  test(why, () => {
    const finding = fixOf(world, start, goal);
    assert.deepEqual([...finding.fix], fix);
    assert.match(finding.fixNotes?.[0] ?? '', /^tried: without it nothing leads there any more$/);
    assert.match(finding.fixNotes?.join('\n') ?? '', notes);
  });

test('a grant comes first, and what is as good beside it is said', () => {
  const finding = fixOf(
    tokens(base().with('pods', podOf(TOKEN, { owner: STATEFUL }))),
    WEB,
    accountPosition('ops', 'root'),
  );
  assert.match(finding.fix[0] ?? '', /delete --dry-run=server rolebinding\/one -n ops/);
  assert.equal(finding.fixNotes?.[1], 'as good: without the token in the pods of StatefulSet shop/web instead');
});

test('a grant and a pod together, and no fewer', () => {
  const world = base()
    .with('pods', podOf(privileged, { owner: STATEFUL }))
    .role('shop', 'pods', [allow('create', 'pods')])
    .binding('shop', 'p1', 'Role/pods', user('jane'))
    .role('shop', 'enter', [allow('create', 'pods/exec')])
    .binding('shop', 'e1', 'Role/enter', user('jane'))
    .binding('shop', 'e2', 'Role/enter', user('jane'));
  const finding = fixOf(world, jane, NODE);
  assert.match(
    finding.fixNotes?.[0] ?? '',
    /^tried: without these 2 nothing leads there any more, and no fewer are enough$/,
  );
  assert.ok(
    finding.fix.some((line) => line.startsWith('kubectl patch statefulsets.apps/web')),
    finding.fix.join('\n'),
  );
});

test('a bare pod is created again, without the token that was added to it', () => {
  const finding = fixOf(base().with('pods', podOf(TOKEN)), WEB, accountPosition('shop', 'web'));
  const [tried = '', done = ''] = finding.fix;
  assert.match(tried, /^kubectl patch pod\/web-0 -n shop -p '.*"\$patch":"delete".*' --dry-run=client -o json$/);
  assert.match(done, / \| kubectl replace --force -f -$/);
  assert.match(finding.fixNotes?.join('\n') ?? '', /pod web-0 is deleted and created again/);
});

test('a token that a template asks for by name, and a static pod, are nothing that a switch ends', () => {
  const own = {
    containers: [{ ...ROOT, volumeMounts: [{ ...MOUNT, name: 'mine' }] }],
    volumes: [{ ...ADDED, name: 'mine' }],
  };
  for (const pod of [podOf(own, { owner: STATEFUL }), podOf(TOKEN, { owner: { kind: 'Node', name: 'n1' } })]) {
    const finding = fixOf(base().with('pods', pod), WEB, accountPosition('shop', 'web'));
    assert.deepEqual([...finding.fix], []);
    assert.match(finding.fixNotes?.join() ?? '', /no set of up to ten changes ends every way/);
  }
});

test('what other pods of the workload lead to goes with the same change', () => {
  const world = base().with(
    'pods',
    podOf(privileged, { owner: STATEFUL }),
    podOf(privileged, { owner: STATEFUL, name: 'web-1' }),
  );
  const enter = world
    .role('shop', 'enter', [allow('create', 'pods/exec')])
    .binding('shop', 'e1', 'Role/enter', user('jane'))
    .binding('shop', 'e2', 'Role/enter', user('jane'));
  const finding = fixOf(enter, jane, NODE);
  assert.equal(finding.fix.length, 2, finding.fix.join('\n'));
  assert.match(finding.fix[0] ?? '', /statefulsets\.apps\/web/);
});
