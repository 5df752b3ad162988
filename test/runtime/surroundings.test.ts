import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runtimeWords } from '../../src/runtime/runtimes/runtime.ts';
import { surroundingsOf } from '../../src/runtime/surroundings.ts';
import { get, list } from '../../src/world/needs.ts';
import type { Raw } from '../../src/world/raw.ts';
import { type ClusterBuilder, cluster } from '../helpers/cluster.ts';

const LINUX = { containerRuntimeVersion: 'containerd://2.1.0', operatingSystem: 'linux' };
const CRIO = { ...LINUX, containerRuntimeVersion: 'cri-o://1.34.0', labels: { pool: 'b' } };

interface Case {
  cluster: (builder: ClusterBuilder) => ClusterBuilder;
  spec: Raw;
  expected: string[];
  unknown?: RegExp;
  why: string;
}

const cases: Case[] = [
  {
    cluster: (b) => b.node('n1', LINUX).node('n2', CRIO),
    spec: { nodeName: 'n2' },
    expected: ['CRI-O 1.34'],
    why: 'the runtime of its node',
  },
  {
    cluster: (b) => b.node('n1', LINUX).node('n2', CRIO),
    spec: {},
    expected: ['containerd 2.1', 'CRI-O 1.34'],
    why: 'without a node, of all that there are',
  },
  {
    cluster: (b) => b.node('n1', LINUX).node('n2', CRIO),
    spec: { nodeSelector: { pool: 'b' } },
    expected: ['CRI-O 1.34'],
    why: 'that its nodeSelector lets it',
  },
  {
    cluster: (b) => b.node('n1', LINUX).node('n2', CRIO),
    spec: { nodeSelector: { pool: 'z' } },
    expected: ['containerd 2.1', 'CRI-O 1.34'],
    why: 'one like them, where there is none yet',
  },
  {
    cluster: (b) => b.node('n1', LINUX).node('n3', LINUX),
    spec: {},
    expected: ['containerd 2.1'],
    why: 'equal ones once',
  },
  {
    cluster: (b) => b,
    spec: {},
    expected: ['containerd', 'CRI-O', 'docker'],
    unknown: /there is no node yet/,
    why: 'no nodes at all',
  },
  {
    cluster: (b) => b.refuse(list('nodes')),
    spec: {},
    expected: ['containerd', 'CRI-O', 'docker'],
    unknown: /403/,
    why: 'nodes that could not be read',
  },
  {
    cluster: (b) => b.refuse(list('nodes')).refuse(get('nodes', null, 'n1')),
    spec: { nodeName: 'n1' },
    expected: ['containerd', 'CRI-O', 'docker'],
    unknown: /403/,
    why: 'a node that could not be read',
  },
  {
    cluster: (b) => b,
    spec: { nodeName: 'gone' },
    expected: ['containerd', 'CRI-O', 'docker'],
    unknown: /not read/,
    why: 'a node that is gone',
  },
  {
    cluster: (b) => b.node('n1', { ...LINUX, containerRuntimeVersion: 'rkt://1.0' }),
    spec: { nodeName: 'n1' },
    expected: ['containerd', 'CRI-O', 'docker'],
    unknown: /its status says "rkt:\/\/1.0"/,
    why: 'a runtime that nobody knows',
  },
  {
    cluster: (b) => b.node('n1'),
    spec: { nodeName: 'n1' },
    expected: ['containerd', 'CRI-O', 'docker'],
    unknown: /does not say/,
    why: 'a node that has reported nothing',
  },
  {
    cluster: (b) => b.node('n1', { ...LINUX, operatingSystem: 'windows' }),
    spec: { nodeName: 'n1' },
    expected: ['windows'],
    why: 'a node of Windows',
  },
  {
    cluster: (b) => b.refuse(list('nodes')),
    spec: { os: { name: 'windows' } },
    expected: ['windows', 'windows', 'windows'],
    unknown: /403/,
    why: 'a pod that says so',
  },
  {
    cluster: (b) => b.refuse(list('nodes')),
    spec: { nodeSelector: { 'kubernetes.io/os': 'windows' } },
    expected: ['windows', 'windows', 'windows'],
    unknown: /403/,
    why: 'one that asks for such a node',
  },
];
for (const { cluster: build, spec, expected, unknown, why } of cases)
  test(`${expected.join(' or ')}: ${why}`, () => {
    const world = build(cluster())
      .rawPod({ metadata: { namespace: 'a', name: 'p' }, spec: { containers: [{ name: 'c' }], ...spec } })
      .world();
    const [pod] = world.list('pods');
    assert.ok(pod);
    const { environments, unknowns } = surroundingsOf(pod, world);
    assert.deepEqual(
      environments.map(({ os, runtime }) => (os === 'windows' ? os : runtimeWords(runtime))),
      expected,
    );
    assert.equal(unknowns.length, unknown ? 1 : 0);
    if (unknown) assert.match(unknowns[0]?.why ?? '', unknown);
  });

const classes: [
  build: (b: ClusterBuilder) => ClusterBuilder,
  kind: string,
  words: RegExp,
  unknown: string | undefined,
  why: string,
][] = [
  [
    (b) => b.with('runtimeclasses', { namespace: null, name: 'x', handler: 'runsc' }),
    'gvisor',
    /^handler runsc of RuntimeClass x$/,
    undefined,
    'as its handler is called',
  ],
  [(b) => b, 'unknown', /which does not exist/, 'invisible', 'one that does not exist'],
  [(b) => b.refuse(list('runtimeclasses')), 'unknown', /^RuntimeClass x$/, 'unreadable', 'one that could not be read'],
];
for (const [build, kind, words, unknown, why] of classes)
  test(`a RuntimeClass: ${kind}: ${why}`, () => {
    const spec = { nodeName: 'n1', runtimeClassName: 'x', containers: [{ name: 'c' }] };
    const world = build(cluster().node('n1', LINUX))
      .rawPod({ metadata: { namespace: 'a', name: 'p' }, spec })
      .world();
    const [pod] = world.list('pods');
    assert.ok(pod);
    const { environments, unknowns } = surroundingsOf(pod, world);
    assert.deepEqual([environments[0].handler.kind, unknowns[0]?.kind], [kind, unknown]);
    assert.match(environments[0].handler.words, words);
  });
