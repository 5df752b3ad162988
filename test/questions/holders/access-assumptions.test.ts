import assert from 'node:assert/strict';
import { test } from 'node:test';
import { debug } from '../../../src/questions/access/debug.ts';
import { ACCESS_ASSUMPTIONS } from '../../../src/questions/holders/access-assumptions.ts';
import { attach, exec, logs, portForward, proxy, who } from '../../../src/questions/index.ts';
import { pod } from '../../../src/questions/pod/pod.ts';
import { privileged } from '../../../src/questions/privileged/privileged.ts';
import type { Subject } from '../../../src/world/objects.ts';
import type { Raw } from '../../../src/world/raw.ts';
import { reducePod } from '../../../src/world/reduce/pod.ts';
import type { Facts } from '../../../src/world/world.ts';
import { allow, type ClusterBuilder, cluster, group, user } from '../../helpers/cluster.ts';
import { answer, objects, right } from '../../helpers/question.ts';

const SELF: Facts['self'] = { user: { name: 'me', groups: [] }, namespace: 'shop', rules: [], incomplete: null };
const shop = (facts: Partial<Facts> = {}) => cluster(facts).namespace('shop').node('n1');
const web = (spec: object = {}, phase = 'Running'): Raw => ({
  metadata: { namespace: 'shop', name: 'web-0' },
  spec: {
    nodeName: 'n1',
    containers: [{ name: 'app', image: 'app', ...('mounts' in spec ? { volumeMounts: spec.mounts } : {}) }],
    ...spec,
  },
  status: { phase },
});
const withPod = (spec: object = {}, phase?: string) => shop().with('pods', reducePod(web(spec, phase), true));
const mounting = (path: string): object => ({
  volumes: [{ name: 'v', hostPath: { path } }],
  mounts: [{ name: 'v', mountPath: '/v' }],
});
const granting = (builder: ClusterBuilder, what: string, ...subjects: Subject[]): ClusterBuilder =>
  builder
    .role('shop', 'r', [allow(...(what.split(' ') as [string, string]))])
    .binding('shop', 'rb', 'Role/r', ...subjects);
const UNSAFE = { securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } };

type Ask = (builder: ClusterBuilder) => string[];
const card: Ask = (builder) => answer(pod, objects('shop', 'web-0'), builder.world()).assumptions;
const door =
  (question: typeof exec, target = 'web-0'): Ask =>
  (builder) =>
    answer(question, objects(target.startsWith('nodes/') ? null : 'shop', target), builder.world()).assumptions;
const whoGets =
  (what = 'configmaps'): Ask =>
  (builder) =>
    answer(who, right(`get ${what}`, 'shop'), builder.world()).assumptions;
const spawns: Ask = (builder) =>
  answer(privileged, { subjects: [], pods: null, namespace: 'shop' }, builder.world()).assumptions;
const spawnsOf =
  (name: string): Ask =>
  (builder) =>
    answer(privileged, { subjects: [user(name)], pods: null, namespace: null }, builder.world()).assumptions;

const ANYBODY = user('system:anonymous');
const apiServer = (...flags: string[]): Partial<Facts> => ({ self: SELF, flags: ['kube-apiserver', ...flags] });

/** Of each row: questions in which it has to appear, and some in which it must not. */
const CASES: Readonly<
  Record<string, { words: RegExp; rests: [Ask, ClusterBuilder][]; free: [Ask, ClusterBuilder][] }>
> = {
  authorizers: {
    words: /ABAC/,
    rests: [
      [whoGets(), shop({ self: SELF })],
      [whoGets(), shop(apiServer('--authorization-mode=Node,ABAC,RBAC'))],
      [door(exec), shop({ self: SELF }).pod('shop', 'web-0')],
      [spawns, shop({ self: SELF })],
      [card, shop({ self: SELF }).pod('shop', 'web-0')],
    ],
    // Of files it is said that RBAC alone decides.
    free: [[whoGets(), shop({ self: null })]],
  },
  'anonymous-requests': {
    words: /anonymous requests/,
    rests: [
      [whoGets(), granting(shop(), 'get configmaps', ANYBODY)],
      [whoGets(), granting(shop(), 'get configmaps', group('system:unauthenticated'))],
      [door(exec), granting(withPod(), 'create pods/exec', ANYBODY)],
      [spawns, granting(shop(), 'create pods', ANYBODY)],
      [card, granting(withPod(), 'create pods/exec', ANYBODY)],
    ],
    free: [
      [whoGets(), granting(shop(), 'get configmaps', user('jane'), group('system:authenticated'))],
      [whoGets(), granting(shop(), 'get configmaps', group('system:anonymous'), user('system:unauthenticated'))],
      [whoGets(), granting(shop(), 'get secrets', ANYBODY)],
    ],
  },
  'kubelet-authorization': {
    words: /^kubelets let in only/,
    rests: [
      ...[exec, attach, logs, portForward, proxy].map((question): [Ask, ClusterBuilder] => [door(question), withPod()]),
      [door(proxy, 'nodes/n1'), shop()],
      [card, withPod()],
    ],
    free: [
      [door(debug), withPod()],
      [door(proxy, 'services/web'), shop().service('shop', 'web')],
      [whoGets('nodes'), shop()],
      [spawns, shop()],
    ],
  },
  'host-paths': {
    words: /where they do by default/,
    rests: [
      [card, withPod(mounting('/var/lib/kubelet'))],
      [card, withPod(mounting('/data/kubelet'))],
      [card, withPod(mounting('/run'))],
    ],
    free: [
      [card, withPod()],
      [card, withPod(mounting('/'))],
      [door(exec), withPod(mounting('/run'))],
    ],
  },
  'unsafe-sysctls': {
    words: /--allowed-unsafe-sysctls/,
    rests: [[card, withPod(UNSAFE, 'Pending')]],
    // That it runs shows that its kubelet allows them.
    free: [
      [card, withPod(UNSAFE)],
      [card, withPod({ securityContext: { sysctls: [{ name: 'net.ipv4.tcp_syncookies', value: '1' }] } }, 'Pending')],
    ],
  },
  'default-handler': {
    words: /default handler of every runtime is runc or crun, which/,
    rests: [
      [spawns, granting(shop(), 'create pods', user('jane'))],
      [spawnsOf('jane'), granting(shop(), 'create pods', user('jane'))],
    ],
    free: [
      [spawns, shop()],
      [spawnsOf('jane'), shop()],
      [whoGets(), shop()],
      [card, withPod()],
    ],
  },
};
for (const { id } of ACCESS_ASSUMPTIONS)
  test(`${id} is said once where an answer rests on it, and only there`, () => {
    const { words, rests, free } = CASES[id] ?? assert.fail(`no case for ${id}`);
    const said = ([ask, builder]: [Ask, ClusterBuilder]): number =>
      ask(builder).filter((each) => words.test(each)).length;
    assert.deepEqual(
      rests.map(said),
      rests.map(() => 1),
    );
    assert.deepEqual(
      free.map(said),
      free.map(() => 0),
    );
  });

test('what the API server shows of itself is told as it is', () => {
  const says = (flags: string[], words: RegExp): boolean =>
    whoGets()(granting(shop(apiServer(...flags)), 'get configmaps', ANYBODY)).some((each) => words.test(each));
  assert.equal(says(['--authorization-mode=Node,ABAC,RBAC'], /asks ABAC, too/), true);
  assert.equal(says(['--authorization-mode=AlwaysAllow'], /asks AlwaysAllow, too/), true);
  assert.equal(says(['--authorization-mode=Node,RBAC'], /authorizes nobody by an ABAC policy/), true);
  assert.equal(says(['--anonymous-auth=false'], /refuses anonymous requests now/), true);
  assert.equal(says(['--anonymous-auth=true'], /takes anonymous requests/), true);
});

test('no assumption changes a verdict', () => {
  const verdict = (facts: Partial<Facts>) =>
    answer(who, right('get configmaps', 'shop'), granting(shop(facts), 'get configmaps', ANYBODY).world()).verdict;
  for (const flags of [[], ['--anonymous-auth=false'], ['--authorization-mode=ABAC']])
    assert.equal(verdict(apiServer(...flags)), 'yes');
});
