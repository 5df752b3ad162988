import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stopCoverage } from 'node:v8';
import fc from 'fast-check';
import type { Answer } from '../../src/answer/answer.ts';
import type { Rule } from '../../src/world/objects.ts';
import type { Raw } from '../../src/world/raw.ts';
import type { World } from '../../src/world/world.ts';
import { HOSTILE } from '../admission/objects.ts';
import { binding, PODS, policy, webhooks } from '../admission/policies/objects.ts';
import { allow, cluster, user } from '../helpers/cluster.ts';
import { askPrivileged, enforce, jane, PLAIN, podWith, put, ROOT } from './privileged-worlds.ts';

// The tables cover these lines; to count how often worlds without end run them takes time.
stopCoverage();

const NAMESPACES = ['a', 'b'] as const;
const APPS = { groups: ['apps'] };
const RULES: readonly Rule[] = [
  allow('create', 'pods'),
  allow('create', 'pods', { names: ['x'] }),
  allow('create patch', 'pods', { names: ['x'] }),
  allow('patch', 'pods'),
  allow('patch', 'pods/ephemeralcontainers'),
  allow('create', 'deployments', APPS),
  allow('patch', 'deployments', APPS),
  allow('patch', 'namespaces'),
  allow('update', 'namespaces/finalize'),
  allow('create', 'persistentvolumeclaims persistentvolumes'),
  allow('delete', 'validatingadmissionpolicies', { groups: ['admissionregistration.k8s.io'] }),
  allow('create', 'namespaces'),
  allow('create', 'nodes/proxy'),
];
const EXPRESSIONS = [
  'false',
  'object.spec.containers.all(c, !c.?securityContext.?privileged.orValue(false))',
  '!object.spec.?volumes.orValue([]).exists(v, has(v.hostPath)) && !object.spec.?hostPID.orValue(false)',
  "object.spec.containers.all(c, c.image.startsWith('good.example/'))",
  "request.userInfo.username == 'bob'",
  "object.metadata.?labels.?team.orValue('') == 'x'",
];

interface Scene {
  levels: readonly (string | null)[];
  grants: readonly { rule: number; where: number }[];
  policies: readonly { expression: number; where: number }[];
  pods: readonly number[];
}
const grant = fc.record({ rule: fc.nat(RULES.length - 1), where: fc.nat(2) });
const guard = fc.record({ expression: fc.nat(EXPRESSIONS.length - 1), where: fc.nat(2) });
const scene: fc.Arbitrary<Scene> = fc.record({
  levels: fc.array(fc.constantFrom(null, 'baseline', 'restricted', 'bad'), { minLength: 2, maxLength: 2 }),
  grants: fc.array(grant, { maxLength: 4 }),
  policies: fc.array(guard, { maxLength: 2 }),
  pods: fc.array(fc.nat(3), { maxLength: 2 }),
});

/** `where`: a namespace, or everywhere. Built in the given order, or the other way round. */
function worldOf({ levels, grants, policies, pods }: Scene, isReversed = false): World {
  const all = cluster();
  const steps: (() => unknown)[] = [
    ...NAMESPACES.map((name, index) => () => all.namespace(name, levels[index] ? enforce(levels[index]) : {})),
    ...grants.map(({ rule, where }, index) => () => {
      const rules = [RULES[rule] ?? assert.fail()];
      const namespace = NAMESPACES[where];
      if (namespace)
        return all.role(namespace, `r${index}`, rules).binding(namespace, `b${index}`, `Role/r${index}`, jane);
      return all.clusterRole(`r${index}`, rules).clusterBinding(`b${index}`, `ClusterRole/r${index}`, jane);
    }),
    ...policies.map(
      ({ expression, where }, index) =>
        () =>
          put(all, ...policyOf(`p${index}`, expression, where)),
    ),
    ...pods.map(
      (kind, index) => () => all.pod(NAMESPACES[kind % 2] ?? 'a', `pod-${index}`, podWith(kind < 2 ? ROOT : PLAIN)),
    ),
    () => all.workload('deployments', 'a', 'web'),
  ];
  for (const step of isReversed ? steps.toReversed() : steps) step();
  return all.world();
}

function policyOf(name: string, expression: number, where: number): Raw[] {
  const namespace = NAMESPACES[where];
  const selector = namespace
    ? { matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } } }
    : {};
  return [
    policy(name, { validations: [{ expression: EXPRESSIONS[expression] ?? 'true' }] }),
    binding(name, name, selector),
  ];
}

const ask = (world: World): Answer => askPrivileged(world, { subjects: [jane] }).asked[0]?.answer ?? assert.fail();
const RANK = { no: 0, depends: 1, yes: 2 } as const;
const rankOf = (world: World): number => RANK[ask(world).verdict];
const RUNS = { numRuns: 100 };

test('one grant more never makes the verdict weaker', () =>
  fc.assert(
    fc.property(scene, grant, (before, more) => {
      assert.ok(rankOf(worldOf({ ...before, grants: [...before.grants, more] })) >= rankOf(worldOf(before)));
    }),
    RUNS,
  ));

test('one policy more never makes the verdict stronger', () =>
  fc.assert(
    fc.property(scene, guard, (before, more) => {
      assert.ok(rankOf(worldOf({ ...before, policies: [...before.policies, more] })) <= rankOf(worldOf(before)));
    }),
    RUNS,
  ));

test('a webhook more makes of a yes nothing worse than a depends, and of a no nothing else', () =>
  fc.assert(
    fc.property(scene, (before) => {
      const [was, is] = [ask(worldOf(before)).verdict, ask(putInto(worldOf(before), before)).verdict];
      assert.ok(was === 'yes' ? is !== 'no' : is === was);
    }),
    RUNS,
  ));

const putInto = (_: World, before: Scene): World => {
  const all = cluster();
  const world = worldOf(before);
  return put(all, webhooks('w', [{ rules: [PODS] }]))
    .world()
    .list('ValidatingWebhookConfiguration.admissionregistration.k8s.io')
    .reduce(
      (now, hook) => now.fork('ValidatingWebhookConfiguration.admissionregistration.k8s.io', { put: [hook] }),
      world,
    );
};

const told = ({ verdict, leaning, findings }: Answer) => [
  verdict,
  leaning,
  findings
    .map(({ id, verdict: each, spawn, reason }) =>
      JSON.stringify([id, each, spawn?.strongest, spawn?.maybe, spawn?.namespaces?.toSorted(), reason.length > 0]),
    )
    .sort(),
];

test('the order of objects does not matter', () =>
  fc.assert(
    fc.property(scene, (each) => assert.deepEqual(told(ask(worldOf(each, true))), told(ask(worldOf(each))))),
    RUNS,
  ));

test('asking changes nothing in the world', () =>
  fc.assert(
    fc.property(scene, (each) => {
      const world = worldOf(each);
      const picture = () => JSON.stringify(world.kinds().map((kind) => world.list(kind)));
      const [before, revision] = [picture(), world.revision];
      ask(world);
      askPrivileged(world);
      assert.deepEqual([picture(), world.revision], [before, revision]);
    }),
    { numRuns: 50 },
  ));

test('everybody is told of jane what jane is told', () =>
  fc.assert(
    fc.property(scene, (each) => {
      const world = worldOf(each);
      const hers = ask(world).findings.filter(({ spawn, verdict }) => spawn && verdict === 'yes');
      const [everybody] = askPrivileged(world).asked;
      const all = (everybody?.answer.findings ?? []).filter(
        ({ subject, verdict }) => subject.name === 'jane' && verdict === 'yes',
      );
      if (hers.some(({ id }) => POD_WAYS.has(id))) assert.ok(all.length > 0);
      for (const { id } of all)
        assert.ok(
          hers.some((own) => own.id === id),
          id,
        );
    }),
    { numRuns: 80 },
  ));
const POD_WAYS = new Set([
  'pod-create',
  'workload-create',
  'pod-image-swap',
  'pod-ephemeral-container',
  'workload-template-update',
]);

const NAMES = ['__proto__', 'constructor', 'a/b', '\u001b[2K', '\u202e', '', 'x'.repeat(300), "'; rm -rf ~ #"];

test('hostile names break nothing', () => {
  for (const name of NAMES) {
    const world = put(
      cluster()
        .namespace(name, { ...enforce('baseline'), [name]: name })
        .role(name, name, RULES)
        .binding(name, name, `Role/${name}`, user(name))
        .pod(name, name, podWith(ROOT)),
    ).world();
    for (const about of [{ subjects: [user(name)] }, {}, { namespace: name }])
      assert.equal(askPrivileged(world, about).asked.length, 1);
  }
});

test('hostile shapes break nothing', () => {
  for (const value of HOSTILE)
    for (const build of [
      (spec: unknown): Raw[] => [{ ...policy('p', {}), spec }, binding('p', 'p')],
      (spec: unknown): Raw[] => [policy('p', {}), { ...binding('p', 'p'), spec }],
      (hooks: unknown): Raw[] => [{ ...webhooks('w', []), webhooks: hooks }],
      (spec: unknown): Raw[] => [
        { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q', namespace: 'a' }, spec },
      ],
      (spec: unknown): Raw[] => [{ apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy', metadata: { name: 'k' }, spec }],
      (spec: unknown): Raw[] => [
        {
          apiVersion: 'security.openshift.io/v1',
          kind: 'SecurityContextConstraints',
          metadata: { name: 's' },
          ...(spec as object),
        },
      ],
    ]) {
      const world = put(
        cluster()
          .namespace('a')
          .role('a', 'r', RULES)
          .binding('a', 'b', 'Role/r', jane)
          .pod('a', 'web', podWith({ containers: value } as Raw)),
        ...build(value),
      ).world();
      for (const about of [{ subjects: [jane] }, {}]) assert.equal(askPrivileged(world, about).asked.length, 1);
    }
});
