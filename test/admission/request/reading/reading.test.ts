import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { UserInfo } from '../../../../src/admission/request/user.ts';
import { type FirstWrite, ProbeTrials, podIn, refusalIn } from '../../../../src/spawn/probes/probe-trials.ts';
import { PROBES } from '../../../../src/spawn/probes/probes.ts';
import { type Trial, tryProbes } from '../../../../src/spawn/probes/strongest.ts';
import { makerOf, POD_MAKERS, writesOf } from '../../../../src/spawn/writes/makers.ts';
import { child } from '../../../../src/world/raw.ts';
import type { World } from '../../../../src/world/world.ts';
import { cluster } from '../../../helpers/cluster.ts';
import { enforce, put } from '../../../questions/privileged-worlds.ts';
import { binding, policy, webhooks } from '../../policies/objects.ts';
import { BOB, JANE, PEOPLE, PLACES, UPDATES } from './roundabout.ts';

const CREATE: FirstWrite = { maker: POD_MAKERS[0], operation: 'CREATE' };
const UPDATE: FirstWrite = { maker: makerOf('deployments') ?? assert.fail(), operation: 'UPDATE' };
const some = PROBES.filter(({ id }) => ['priv-container', 'hostpid', 'container-restricted'].includes(id));

const told = (trials: readonly Trial[], namespace: string): string[] =>
  trials.map(({ probe, admission: { value, leaning, evidence, unknowns } }) =>
    JSON.stringify([probe.id, value, leaning, evidence.map((refusal) => refusalIn(refusal, namespace)), unknowns]),
  );

/** With nobody who notes what is read, and nothing that is known from before. */
const alone = (world: World, namespace: string, user: UserInfo): string[] =>
  told(tryProbes({ namespace, writes: (pod) => writesOf(CREATE.maker, pod, namespace, user) }, world, some), namespace);

const first = (probeTrials: ProbeTrials, write: FirstWrite, namespace: string, user: UserInfo): string | undefined =>
  probeTrials.of(write, namespace, user, some)[0]?.admission.value;

describe('what reads the namespace', () => {
  for (const [why, world, a, b] of PLACES)
    test(why, () => {
      for (const order of [
        ['a', 'b', 'a'],
        ['b', 'a', 'b'],
      ]) {
        const probeTrials = new ProbeTrials(world);
        for (const namespace of order) {
          assert.equal(first(probeTrials, CREATE, namespace, JANE), namespace === 'a' ? a : b, namespace);
          assert.deepEqual(
            told(probeTrials.of(CREATE, namespace, JANE, some), namespace),
            alone(world, namespace, JANE),
          );
        }
      }
      const spread = new ProbeTrials(world).byClass(CREATE, ['a', 'b'], JANE);
      for (const { namespaces, trials } of spread)
        for (const namespace of namespaces)
          assert.deepEqual(
            trials.map(({ admission }) => admission.value),
            new ProbeTrials(world).of(CREATE, namespace, JANE).map(({ admission }) => admission.value),
          );
    });
});

describe('what reads the user', () => {
  for (const [why, world, jane, bob] of PEOPLE)
    test(why, () => {
      for (const order of [
        [JANE, BOB, JANE],
        [BOB, JANE, BOB],
      ]) {
        const probeTrials = new ProbeTrials(world);
        for (const user of order) {
          assert.equal(first(probeTrials, CREATE, 'a', user), user === JANE ? jane : bob, user.name ?? '');
          assert.deepEqual(told(probeTrials.of(CREATE, 'a', user, some), 'a'), alone(world, 'a', user));
        }
      }
    });
});

describe('what reads an object that is replaced', () => {
  for (const [why, world, a, b] of UPDATES)
    test(why, () => {
      const probeTrials = new ProbeTrials(world);
      for (const namespace of ['a', 'b', 'a'])
        assert.equal(first(probeTrials, UPDATE, namespace, JANE), namespace === 'a' ? a : b, namespace);
    });
});

test('hundreds of namespaces are judged once for each thing that is read of them, whoever asks', () => {
  const builder = cluster();
  const names = Array.from({ length: 300 }, (_, index) => `n-${index}`);
  for (const [index, name] of names.entries()) {
    const level = index % 3 === 0 ? enforce('baseline') : {};
    builder.namespace(name, { team: `t-${index % 7}`, own: name, ...level, ...(index % 2 ? { mesh: 'on' } : {}) });
  }
  const teams = policy('p', { validations: [{ expression: "namespaceObject.metadata.labels['team'] != 't-1'" }] });
  const mesh = webhooks('w', [{ namespaceSelector: { matchLabels: { mesh: 'on' } } }]);
  const probeTrials = new ProbeTrials(put(builder, teams, binding('p', 'p'), mesh).world());
  const groups = probeTrials.byClass(CREATE, names, JANE);
  // Team t-1 or another, with or without a level, with or without the webhook.
  assert.equal(groups.length, 2 * 2 * 2);
  assert.deepEqual(groups.flatMap(({ namespaces }) => namespaces).sort(), names.toSorted());
  const firsts = groups.map(({ namespaces }) => names.indexOf(namespaces[0] ?? ''));
  assert.deepEqual(
    firsts,
    firsts.toSorted((x, y) => x - y),
  );
  for (const [index, { namespaces }] of probeTrials.byClass(CREATE, names, BOB).entries())
    assert.equal(namespaces, groups[index]?.namespaces);
});

test('what is judged in one namespace is told of each as its own', () => {
  const probeTrials = new ProbeTrials(
    cluster().namespace('a', enforce('baseline')).namespace('b', enforce('baseline')).world(),
  );
  for (const name of ['a', 'b', 'a'])
    for (const trial of probeTrials.of(CREATE, name, JANE)) {
      const pod = podIn(trial, name);
      assert.equal(child(pod, 'metadata').namespace, name);
      assert.equal(JSON.parse(JSON.stringify(pod)).metadata.namespace, name);
      for (const refusal of trial.admission.evidence) assert.equal(refusalIn(refusal, name).by?.name, name);
    }
});

const LABEL = ['env', 'team', 'pod-security.kubernetes.io/enforce'];
const VALUE = ['prod', 'dev', 'baseline', 'restricted'];
const labels = fc.dictionary(fc.constantFrom(...LABEL), fc.constantFrom(...VALUE), { maxKeys: 3 });
const path = fc.oneof(
  fc.constantFrom(
    ...['request.namespace', "request['namespace']", 'object.metadata.namespace', "object.metadata['name' + 'space']"],
    ...[
      'namespaceObject.metadata.name',
      'request.userInfo.username',
      "request['userInfo'].username",
      'string(request.userInfo.groups.size())',
    ],
    ...["object.spec.?hostPID.orValue(false) ? 'a' : request.namespace", 'variables.v', "variables['v']"],
  ),
  fc.constantFrom('env', 'team').map((label) => `namespaceObject.metadata.labels.?${label}.orValue('prod')`),
  fc.constantFrom('env', 'team').map((label) => `namespaceObject.metadata.labels['${label}']`),
);
const atom = fc.oneof(
  fc
    .tuple(path, fc.constantFrom('==', '!=', '<'), fc.constantFrom('a', 'b', 'jane', 'prod', 'dev'))
    .map(([left, op, right]) => `${left} ${op} '${right}'`),
  fc.constantFrom(
    ...[
      'has(namespaceObject.metadata.labels.env)',
      "namespaceObject.metadata.labels.exists(k, k == 'team')",
      "'ops' in request.userInfo.groups",
    ],
    ...[
      'namespaceObject.metadata.labels.size() > 1',
      "request.exists(k, k == 'namespace' && request[k] == 'c')",
      'object.spec.containers.exists(c, c.?securityContext.?privileged.orValue(false))',
    ],
    ...[
      "authorizer.group('').resource('pods').namespace('a').check('get').allowed()",
      "authorizer.requestResource.check('get').allowed()",
    ],
  ),
);
const rule = fc.oneof(
  atom,
  fc.tuple(atom, fc.constantFrom('&&', '||'), atom).map(([left, op, right]) => `(${left}) ${op} (${right})`),
  fc.tuple(atom, atom, atom).map(([test_, then, otherwise]) => `(${test_}) ? (${then}) : (${otherwise})`),
);
const selector = fc.oneof(
  fc.constant({}),
  fc.record({
    matchLabels: fc.dictionary(
      fc.constantFrom('env', 'kubernetes.io/metadata.name'),
      fc.constantFrom('prod', 'dev', 'a'),
      { maxKeys: 1 },
    ),
  }),
  fc.record({
    matchExpressions: fc.array(
      fc.record({
        key: fc.constantFrom('env', 'team'),
        operator: fc.constantFrom('In', 'NotIn'),
        values: fc.constantFrom(['prod'], ['dev', 'prod']),
      }),
      { maxLength: 2 },
    ),
  }),
);

test('with what is known from others it is as it is alone, for random policies, namespaces and users', () => {
  const counts = { shared: 0, yes: 0, no: 0 };
  fc.assert(
    fc.property(
      fc.tuple(labels, labels, labels),
      fc.array(fc.tuple(rule, rule, selector, path), { minLength: 1, maxLength: 3 }),
      ([a, b, c], rules) => {
        const builder = cluster().namespace('a', a).namespace('b', b).namespace('c', c);
        builder.role('b', 'r', [
          { verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: [], nonResourceURLs: [] },
        ]);
        builder.binding('b', 'r', 'Role/r', { kind: 'User', namespace: null, name: 'jane' });
        const objects = rules.flatMap(([expression, condition, namespaceSelector, variable], index) => [
          policy(`p${index}`, {
            variables: variable.includes('variables')
              ? [{ name: 'v', expression: 'request.namespace' }]
              : [{ name: 'v', expression: variable }],
            validations: [{ expression }],
            ...(index === 1 ? { matchConditions: [{ name: 'c', expression: condition }] } : {}),
          }),
          binding(`p${index}`, `p${index}`, { matchResources: { namespaceSelector } }),
        ]);
        const world = put(builder, ...objects).world();
        const probeTrials = new ProbeTrials(world);
        const before: (readonly Trial[])[] = [];
        for (const user of [JANE, BOB, { ...JANE, name: null }])
          for (const namespace of ['a', 'b', 'c']) {
            const trials = probeTrials.of(CREATE, namespace, user, some);
            assert.deepEqual(told(trials, namespace), alone(world, namespace, user), `${user.name} in ${namespace}`);
            if (before.includes(trials)) counts.shared += 1;
            before.push(trials);
            for (const { admission } of trials) counts[admission.value === 'yes' ? 'yes' : 'no'] += 1;
          }
      },
    ),
    { numRuns: 150 },
  );
  assert.ok(counts.shared > 50, `${counts.shared} were shared`);
  assert.ok(counts.yes > 300 && counts.no > 300, JSON.stringify(counts));
});
