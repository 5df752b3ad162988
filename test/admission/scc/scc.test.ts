import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { candidates } from '../../../src/admission/scc/candidates.ts';
import { scc } from '../../../src/admission/scc/layer.ts';
import { list } from '../../../src/world/needs.ts';
import type { Raw } from '../../../src/world/raw.ts';
import type { World } from '../../../src/world/world.ts';
import { worldOf } from '../../helpers/world-of.ts';
import { creating, HOSTILE, podOf, updating } from '../objects.ts';
import { ANNOTATIONS, grants, openShift, SCCS, sccObject } from './openshift.ts';

const ALL = Object.values(SCCS);
const sc = (securityContext: object, spec: object = {}, metadata: object = {}) =>
  podOf({ securityContext }, spec, metadata);
const pods = (securityContext: object, more: object = {}) => podOf({}, { securityContext, ...more });
const volume = (source: object) => podOf({}, { volumes: [{ name: 'v', ...source }] });

type Case = [uses: string, pod: Raw, verdict: 'yes' | 'no', why: string];

const RESTRICTED: Case[] = [
  ['restricted-v2', podOf(), 'yes', 'a pod that says nothing is made to fit'],
  ['restricted-v2', sc({ privileged: true }), 'no', 'privileged'],
  ['restricted-v2', sc({ privileged: false }), 'yes', 'not privileged'],
  ['restricted-v2', sc({ runAsUser: 0 }), 'no', 'root is out of the range of the namespace'],
  ['restricted-v2', sc({ runAsUser: 1000650000 }), 'yes', 'the first user of the range'],
  ['restricted-v2', sc({ runAsUser: 1000659999 }), 'yes', 'the last user of the range'],
  ['restricted-v2', sc({ runAsUser: 1000660000 }), 'no', 'one too many: the range is start and size'],
  ['restricted-v2', pods({ runAsUser: 0 }), 'no', 'root by the word of the pod'],
  [
    'restricted-v2',
    podOf({ securityContext: { runAsUser: 1000650001 } }, { securityContext: { runAsUser: 0 } }),
    'yes',
    'the container has the last word',
  ],
  ['restricted-v2', sc({ allowPrivilegeEscalation: true }), 'no', 'escalation'],
  ['restricted-v2', sc({ capabilities: { add: ['NET_BIND_SERVICE'] } }), 'yes', 'an allowed capability'],
  ['restricted-v2', sc({ capabilities: { add: ['NET_RAW'] } }), 'no', 'another capability'],
  ['restricted-v2', sc({ capabilities: { add: ['net_bind_service'] } }), 'no', 'spelled otherwise'],
  ['restricted-v2', sc({ capabilities: { drop: ['KILL'] } }), 'yes', 'what has to be dropped is added to what is'],
  ['restricted-v2', pods({}, { hostNetwork: true }), 'no', 'host network'],
  ['restricted-v2', pods({}, { hostPID: true }), 'no', 'host PID'],
  ['restricted-v2', pods({}, { hostIPC: true }), 'no', 'host IPC'],
  ['restricted-v2', podOf({ ports: [{ containerPort: 80, hostPort: 80 }] }), 'no', 'a host port'],
  ['restricted-v2', podOf({ ports: [{ containerPort: 80, hostPort: 0 }] }), 'yes', 'host port 0 is none'],
  ['restricted-v2', volume({ hostPath: { path: '/' } }), 'no', 'hostPath'],
  ['restricted-v2', volume({}), 'yes', 'a volume without a type is an emptyDir'],
  ['restricted-v2', volume({ nfs: { server: 's', path: '/' } }), 'no', 'a type that is not listed'],
  ['restricted-v2', pods({ fsGroup: 1000650000 }), 'yes', 'the first group'],
  ['restricted-v2', pods({ fsGroup: 1000650001 }), 'no', 'of the groups an fsGroup may be the first alone'],
  ['restricted-v2', pods({ supplementalGroups: [0] }), 'yes', 'any further groups'],
  ['restricted-v2', pods({ seccompProfile: { type: 'RuntimeDefault' } }), 'yes', 'the listed profile'],
  ['restricted-v2', pods({ seccompProfile: { type: 'Unconfined' } }), 'no', 'unconfined'],
  [
    'restricted-v2',
    sc({ seccompProfile: { type: 'Localhost', localhostProfile: 'x' } }),
    'no',
    'a profile of the node',
  ],
  ['restricted-v2', pods({ seLinuxOptions: { level: 's0:c5,c26' } }), 'yes', 'the categories in another order'],
  ['restricted-v2', pods({ seLinuxOptions: { level: 's0:c1,c2' } }), 'no', 'other categories'],
  [
    'restricted-v2',
    pods({ seLinuxOptions: { level: 's0:c26,c5', type: 'spc_t' } }),
    'no',
    'a type where the SCC has none',
  ],
  ['restricted-v2', sc({ seLinuxOptions: { type: 'spc_t' } }), 'no', 'a type at a container'],
  ['restricted-v2', pods({ sysctls: [{ name: 'kernel.shm_rmid_forced', value: '1' }] }), 'yes', 'a safe sysctl'],
  ['restricted-v2', pods({ sysctls: [{ name: 'kernel.msgmax', value: '1' }] }), 'no', 'an unsafe sysctl'],
  [
    'restricted-v2',
    podOf({}, { initContainers: [{ name: 'i', image: 'i', securityContext: { privileged: true } }] }),
    'no',
    'an init container',
  ],
  ['restricted-v2', sc({ privileged: true }, { os: { name: 'windows' } }), 'yes', 'Windows pods are left alone'],
  ['nonroot-v2', sc({ runAsUser: 1 }), 'yes', 'any user but root'],
  ['nonroot-v2', sc({ runAsUser: 0 }), 'no', 'root'],
  ['nonroot-v2', sc({ runAsNonRoot: false }), 'no', 'says that it may be root'],
  ['nonroot-v2', podOf(), 'yes', 'runAsNonRoot is filled in'],
  ['anyuid', sc({ runAsUser: 0 }), 'yes', 'root'],
  ['anyuid', sc({ privileged: true }), 'no', 'but not privileged'],
  ['anyuid', pods({ seccompProfile: { type: 'RuntimeDefault' } }), 'no', 'without a list no profile may be set'],
  ['hostnetwork-v2', pods({}, { hostNetwork: true }), 'yes', 'host network'],
  ['hostnetwork-v2', pods({}, { hostPID: true }), 'no', 'not the host PID namespace'],
  ['restricted-v3', podOf(), 'no', 'hostUsers has to be false'],
  ['restricted-v3', podOf({}, { hostUsers: false }), 'yes', 'a user namespace of its own'],
  ['restricted-v2 anyuid', sc({ runAsUser: 0 }), 'yes', 'one of two fits'],
  [
    'restricted-v2 hostnetwork-v2',
    sc({ runAsUser: 0 }, { hostNetwork: true }),
    'no',
    'each lacks something: they do not add up',
  ],
  [
    'privileged',
    podOf(
      { securityContext: { privileged: true } },
      { hostPID: true, volumes: [{ name: 'v', hostPath: { path: '/' } }] },
    ),
    'yes',
    'everything',
  ],
  ['privileged', pods({ sysctls: [{ name: 'kernel.msgmax', value: '1' }] }), 'yes', 'any sysctl'],
  ['', podOf(), 'no', 'none may be used'],
];
for (const [uses, pod, verdict, why] of RESTRICTED) {
  test(`${uses || 'no SCC'} ${verdict === 'yes' ? 'admits' : 'refuses'}: ${why}`, () => {
    const world = openShift(
      ALL,
      uses.split(' ').filter((each) => each !== ''),
    );
    assert.equal(scc.admits(creating(pod), world).value, verdict);
  });
}

const chosen = (world: World, pod: Raw = podOf()) =>
  candidates(creating(pod), world).find(({ usable, fit }) => usable.value === 'yes' && fit?.violations.length === 0);

test('the pod is changed as the server would', () => {
  const made = chosen(openShift(ALL, ['restricted-v2']));
  assert.deepEqual(made?.fit?.pod.spec, {
    containers: [
      {
        ...{ name: 'app', image: 'registry.example/app:1' },
        securityContext: {
          runAsUser: 1000650000,
          capabilities: { drop: ['ALL'] },
          runAsNonRoot: true,
          allowPrivilegeEscalation: false,
        },
      },
    ],
    securityContext: {
      seLinuxOptions: { level: 's0:c26,c5' },
      fsGroup: 1000650000,
      seccompProfile: { type: 'RuntimeDefault' },
    },
  });
});

const ORDER: [uses: string[], objects: Raw[], expected: string, why: string][] = [
  [['restricted-v2', 'anyuid'], ALL, 'anyuid', 'a priority comes first'],
  [['restricted-v2', 'privileged'], ALL, 'restricted-v2', 'then the most restrictive'],
  [['b', 'a'], [sccObject('b'), sccObject('a')], 'a', 'then the name'],
  [['a', 'b'], [sccObject('a', { volumes: ['*'] }), sccObject('b')], 'b', 'volumes count'],
  [['a', 'b'], [sccObject('a', { priority: null }), sccObject('b', { priority: 0 })], 'a', 'no priority is 0'],
];
for (const [uses, objects, expected, why] of ORDER) {
  test(`of ${uses} ${expected} is taken: ${why}`, () =>
    assert.equal(chosen(openShift(objects, uses))?.scc.name, expected));
}

const jane = (more: object) =>
  creating(podOf(), { user: { name: 'jane', groups: ['dev', 'system:authenticated'], ...more } });

const USERS: [object, Raw[], 'yes' | 'no', string][] = [
  [{ users: ['jane'] }, [], 'yes', 'named in users'],
  [{ users: ['bob'] }, [], 'no', 'somebody else is'],
  [{ groups: ['dev'] }, [], 'yes', 'one of its groups'],
  [{ groups: ['system:serviceaccounts:shop'] }, [], 'yes', 'the account of the pod is in that group'],
  [{ users: ['system:serviceaccount:shop:default'] }, [], 'yes', 'the account of the pod, which is default'],
  [{ users: ['system:serviceaccount:ci:default'] }, [], 'no', 'an account of another namespace'],
  [
    {},
    grants('r', ['mine'], { kind: 'ServiceAccount', name: 'default', namespace: 'shop' }),
    'yes',
    'the account may use it',
  ],
  [
    {},
    grants('r', ['mine'], { kind: 'ServiceAccount', name: 'other', namespace: 'shop' }),
    'no',
    'another account may',
  ],
  [{}, grants('r', ['mine'], { kind: 'User', name: 'jane' }, 'ci'), 'no', 'in another namespace'],
  [{}, grants('r', ['other'], { kind: 'User', name: 'jane' }), 'no', 'another SCC'],
];
for (const [more, rest, verdict, why] of USERS) {
  test(`an SCC is ${verdict === 'yes' ? '' : 'not '}usable: ${why}`, () => {
    assert.equal(scc.admits(jane({}), openShift([sccObject('mine', more), ...rest], [])).value, verdict);
  });
}

test('the account that the pod names counts', () => {
  const world = openShift([sccObject('mine', { users: ['system:serviceaccount:shop:strong'] })], []);
  assert.equal(scc.admits(creating(podOf({}, { serviceAccountName: 'strong' })), world).value, 'yes');
  assert.equal(scc.admits(creating(podOf({}, { serviceAccountName: 'weak' })), world).value, 'no');
});

const requires = (name: string) => ({ annotations: { 'openshift.io/required-scc': name } });

test('a required SCC is the only one, for better or worse', () => {
  const world = openShift(ALL, ['restricted-v2', 'anyuid']);
  assert.equal(scc.admits(creating(sc({ runAsUser: 0 }, {}, requires('anyuid'))), world).value, 'yes');
  assert.equal(scc.admits(creating(sc({ runAsUser: 0 }, {}, requires('restricted-v2'))), world).value, 'no');
  const missing = scc.admits(creating(podOf({}, {}, requires('gone'))), world);
  assert.equal(missing.evidence[0]?.detail, 'failed to retrieve the required SCC "gone"');
});

test('an update has to fit as it is', () => {
  const world = openShift(ALL, ['restricted-v2']);
  const fitted = chosen(world)?.fit?.pod ?? {};
  const image = (pod: Raw, name: string): Raw =>
    JSON.parse(JSON.stringify(pod).replace('registry.example/app:1', name));
  assert.equal(scc.admits(updating(fitted, image(fitted, 'evil')), world).value, 'yes');
  assert.equal(scc.admits(updating(podOf(), image(podOf(), 'evil')), world).value, 'no');
  assert.equal(
    scc.admits(updating(podOf(), podOf({}, {}, { labels: { a: 'b' } })), world).value,
    'yes',
    'labels alone are not looked at',
  );
  assert.equal(scc.admits(updating(fitted, image(fitted, 'x'), { subresource: 'status' }), world).value, 'yes');
  const change = updating(fitted, { ...fitted, metadata: { ...(fitted.metadata as Raw), ...requires('anyuid') } });
  assert.match(scc.admits(change, world).evidence[0]?.detail ?? '', /invalid change/);
});

test('ephemeral containers are judged, and made to fit', () => {
  const world = openShift(ALL, ['restricted-v2']);
  const fitted = chosen(world)?.fit?.pod ?? {};
  const debug = (securityContext: object): Raw => ({
    ...fitted,
    spec: { ...(fitted.spec as Raw), ephemeralContainers: [{ name: 'd', image: 'd', securityContext }] },
  });
  const add = (securityContext: object) =>
    updating(fitted, debug(securityContext), { subresource: 'ephemeralcontainers' });
  assert.equal(scc.admits(add({}), world).value, 'yes');
  assert.equal(scc.admits(add({ privileged: true }), world).value, 'no');
});

test('without an SCC in the world it is no OpenShift', () => {
  assert.equal(scc.admits(creating(sc({ privileged: true })), openShift([], [])).value, 'yes');
});

test('SCCs that were refused leave it open', () => {
  const world = worldOf([]);
  world.add(REFUSED.need, REFUSED.outcome);
  const verdict = scc.admits(creating(podOf()), world);
  assert.equal(verdict.value, 'depends');
  assert.equal(verdict.unknowns[0]?.what, 'securitycontextconstraints');
});

const API = {
  group: 'security.openshift.io',
  version: 'v1',
  resource: 'securitycontextconstraints',
  kind: 'SecurityContextConstraints',
  namespaced: false,
  pageSize: 100,
};
const REFUSED = {
  need: { ...list('SecurityContextConstraints.security.openshift.io'), api: API },
  outcome: { read: false, failure: { kind: 'forbidden', status: 403, message: '403 Forbidden' } },
} as const;

test('a refused list of bindings leaves it open, leaning to no', () => {
  const world = openShift(ALL, []);
  world.add(list('clusterrolebindings'), { read: false, failure: { kind: 'forbidden', status: 403, message: '403' } });
  const verdict = scc.admits(creating(podOf()), world);
  assert.deepEqual([verdict.value, verdict.leaning], ['depends', 'no']);
});

test('a namespace without its ranges gets no pods; one that was not read leaves it open', () => {
  assert.match(
    scc.admits(creating(podOf()), openShift(ALL, ['restricted-v2'], {})).evidence[0]?.detail ?? '',
    /unable to find annotation/,
  );
  const world = worldOf([sccObject('mine', { users: ['jane'] })]);
  assert.equal(scc.admits(creating(podOf()), world).value, 'depends');
});

const UNMODELLED: [object, string][] = [
  [{ runAsGroup: { type: 'MustRunAs', ranges: [{ min: 1, max: 2 }] } }, 'runAsGroup MustRunAs'],
  [{ userNamespaceLevel: 'Tomorrow' }, 'userNamespaceLevel Tomorrow'],
  [{ runAsUser: { type: 'Whoever' } }, 'runAsUser Whoever'],
  [{ runAsUser: {} }, 'runAsUser without a type'],
];
for (const [more, why] of UNMODELLED) {
  test(`not understood: ${why}`, () => {
    const verdict = scc.admits(creating(podOf()), openShift([sccObject('mine', { users: ['jane'], ...more })], []));
    assert.deepEqual([verdict.value, verdict.unknowns[0]?.why], ['depends', why]);
  });
}

const FIELDS = [
  ...[
    'priority',
    'users',
    'groups',
    'volumes',
    'runAsUser',
    'seLinuxContext',
    'fsGroup',
    'supplementalGroups',
    'seccompProfiles',
  ],
  ...[
    'allowPrivilegedContainer',
    'allowedCapabilities',
    'allowedFlexVolumes',
    'userNamespaceLevel',
    'runAsGroup',
    'forbiddenSysctls',
  ],
];
test('hostile SCCs and pods never crash it, and a broken SCC never says yes by itself', () => {
  for (const value of HOSTILE) {
    for (const field of FIELDS) {
      const world = openShift([sccObject('mine', { users: ['jane'], [field]: value })], []);
      assert.ok(['yes', 'no', 'depends'].includes(scc.admits(creating(podOf()), world).value));
    }
    for (const field of [
      'containers',
      'initContainers',
      'volumes',
      'securityContext',
      'serviceAccountName',
      'os',
      'hostUsers',
    ]) {
      const pod = podOf({}, { [field]: value });
      assert.ok(['yes', 'no', 'depends'].includes(scc.admits(creating(pod), openShift(ALL, ['restricted-v2'])).value));
    }
    for (const field of ['spec', 'metadata'])
      scc.admits(creating({ ...podOf(), [field]: value }), openShift(ALL, ['anyuid']));
  }
});

const RANK = { no: 0, depends: 1, yes: 2 } as const;
const names = Object.values(SCCS).map(({ metadata }) => (metadata as { name: string }).name);
const somePod = fc.constantFrom(...RESTRICTED.map(([, pod]) => pod));

test('the order of SCCs in the world decides nothing, and one more usable SCC never admits less', () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(ALL),
      fc.subarray(names),
      fc.constantFrom(...names),
      somePod,
      (objects, uses, extra, pod) => {
        const before = scc.admits(creating(pod), openShift([...objects, ...ALL], uses)).value;
        assert.equal(scc.admits(creating(pod), openShift(ALL, uses)).value, before);
        assert.ok(RANK[scc.admits(creating(pod), openShift(ALL, [...uses, extra])).value] >= RANK[before]);
      },
    ),
  );
});

test('what an SCC admits after its defaults it admits again', () => {
  fc.assert(
    fc.property(fc.constantFrom(...names), somePod, (name, pod) => {
      const world = openShift(ALL, [name]);
      const once = chosen(world, pod)?.fit?.pod;
      if (once) assert.equal(scc.admits(updating({ ...once, spec: {} }, once), world).value, 'yes');
    }),
  );
});

test('annotations of a namespace are kept', () => {
  assert.deepEqual(openShift([], []).find('namespaces', null, 'shop')?.annotations, ANNOTATIONS);
});
