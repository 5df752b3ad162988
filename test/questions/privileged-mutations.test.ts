import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PrivilegedTarget } from '../../src/questions/privileged/target.ts';
import type { Question } from '../../src/questions/question.ts';
import { list } from '../../src/world/needs.ts';
import type { Raw } from '../../src/world/raw.ts';
import { binding, PODS, policy } from '../admission/policies/objects.ts';
import { type ClusterBuilder, group, user } from '../helpers/cluster.ts';
import { importMutant, type Mutation } from '../helpers/mutate.ts';
import { answer, asked, objects, rows } from '../helpers/question.ts';
import { recentFirst } from '../helpers/recent-first.ts';
import { MUTATIONS } from './privileged-mutations.ts';
import { CREATE, TRAPS } from './privileged-traps.ts';
import { enforce, everywhere, inside, jane, PLAIN, podWith, put, ROOT, shop, told } from './privileged-worlds.ts';

const SRC = join(import.meta.dirname, '../../src');
const ENTRY = 'questions/privileged/privileged.ts';

const about = (...subjects: ReturnType<typeof user>[]): PrivilegedTarget => ({ subjects, pods: null, namespace: null });

const EVERYBODY: PrivilegedTarget = { subjects: [], pods: null, namespace: null };

/** What the verdict alone does not show. */
const MORE: readonly [why: string, isRight: (privileged: Question<PrivilegedTarget>) => boolean][] = [
  ['superusers', (privileged) => answer(privileged, about(group('system:masters')), shop().world()).verdict === 'yes'],
  [
    'superusers, who can change what keeps pods from the node',
    (privileged) => verdictOfMasters(privileged, shop('restricted')) === 'yes',
  ],
  [
    'superusers, where nobody knows what admission says',
    (privileged) => verdictOfMasters(privileged, shop('restricted').refuse(list(POLICIES))) === 'depends',
  ],
  [
    'superusers, who can change what keeps pods from the node, where what changes pods could not be read',
    (privileged) => {
      const world = shop('restricted').refuse(list('MutatingAdmissionPolicy.admissionregistration.k8s.io')).world();
      const { findings } = answer(privileged, EVERYBODY, world);
      return findings.some(({ subject, leaning }) => subject.name === 'system:masters' && leaning === 'yes');
    },
  ],
  [
    'everybody, and a role that could not be read',
    (privileged) => {
      const world = shop()
        .refuse(list('roles'))
        .refuse(list('roles', 'ci'))
        .refuse(list('roles', 'shop'))
        .namespace('ci');
      for (const namespace of ['shop', 'ci'])
        world.binding(namespace, 'b', 'Role/r', user(namespace), group('system:masters'));
      const said = (namespace: string | null): string[] =>
        answer(privileged, { subjects: [], pods: null, namespace }, world.world()).findings.flatMap(
          ({ subject, verdict }) => (verdict === 'depends' ? [subject.name] : []),
        );
      return said('shop').join() === 'shop' && said('ci').join() === 'ci' && said(null).sort().join() === 'ci,shop';
    },
  ],
  [
    'a pod that could not be read, and one without an account',
    (privileged) => {
      const target = (name: string): PrivilegedTarget => ({
        subjects: [],
        pods: objects('shop', name),
        namespace: 'shop',
      });
      const unread = asked(privileged, target('web'), shop().refuse(list('pods')).world());
      const fixed = asked(privileged, target('etcd'), shop().pod('shop', 'etcd', { serviceAccount: null }).world());
      return unread.errors.length === 1 && unread.asked.length === 0 && fixed.asked[0]?.answer.verdict === 'no';
    },
  ],
  [
    'another namespace of the same class',
    (privileged) => {
      const world = shop('baseline')
        .namespace('ci', enforce('baseline'))
        .clusterRole('c', [CREATE])
        .clusterBinding('c', 'ClusterRole/c', jane)
        .role('shop', 'r', [])
        .world();
      const refusals = answer(privileged, { subjects: [], pods: null, namespace: 'ci' }, world).findings.flatMap(
        ({ spawn }) => spawn?.refusals ?? [],
      );
      answer(privileged, about(jane), world);
      const later = answer(privileged, { subjects: [], pods: null, namespace: 'shop' }, world).findings.flatMap(
        ({ spawn }) => spawn?.refusals ?? [],
      );
      return refusals.every(({ by }) => by?.name === 'ci') && later.every(({ by }) => by?.name === 'shop');
    },
  ],
  [
    'rights in two namespaces of the same class',
    (privileged) => {
      const world = ['shop', 'ci'].reduce(
        (builder, name) => builder.role(name, 'r', [CREATE]).binding(name, 'b', 'Role/r', user(name)),
        shop('baseline').namespace('ci', enforce('baseline')),
      );
      const { findings } = answer(privileged, EVERYBODY, world.world());
      const own = findings.filter(({ subject }) => subject.kind === 'User');
      return (
        own.length === 2 &&
        own.every(({ subject, spawn }) => spawn?.refusals.every(({ by }) => by?.name === subject.name))
      );
    },
  ],
  [
    'binding pods that reach nothing',
    (privileged) => {
      const world = shop('baseline')
        .role('shop', 'r', [CREATE, { ...CREATE, resources: ['pods/binding'] }])
        .binding('shop', 'b', 'Role/r', jane)
        .world();
      return told(rows(answer(privileged, about(jane), world))).join() === 'pod-create no';
    },
  ],
  [
    'different pods in different namespaces',
    (privileged) => {
      const world = shop()
        .namespace('ci')
        .pod('shop', 'web', podWith(ROOT))
        .pod('ci', 'api', podWith(PLAIN))
        .clusterRole('c', [{ ...CREATE, verbs: ['patch'] }])
        .clusterBinding('c', 'ClusterRole/c', jane)
        .world();
      return answer(privileged, about(jane), world).findings.length === 2;
    },
  ],
  [
    'pods that reach the node differently in different namespaces',
    (privileged) => {
      const world = shop()
        .namespace('ci')
        .pod('shop', 'web', podWith(ROOT))
        .pod('ci', 'api', podWith({ ...PLAIN, hostPID: true }))
        .clusterRole('c', [{ ...CREATE, verbs: ['patch'] }])
        .clusterBinding('c', 'ClusterRole/c', jane)
        .world();
      const strongest = answer(privileged, about(jane), world).findings.map(({ spawn }) => spawn?.strongest);
      return strongest.sort().join() === 'host namespaces only,node root';
    },
  ],
  [
    'pods to be tried in two namespaces of the same class',
    (privileged) => {
      const world = ['shop', 'ci'].reduce(
        (builder, name) => builder.role(name, 'r', [CREATE]).binding(name, 'b', 'Role/r', user(name)),
        shop('baseline').namespace('ci', enforce('baseline')),
      );
      const runs = asked(privileged, EVERYBODY, world.world()).asked.flatMap(({ trials }) => trials?.() ?? []);
      const isThere = runs.map(({ pod, namespace }) => (pod.metadata as Raw).namespace === namespace);
      return new Set(runs.map(({ namespace }) => namespace)).size === 2 && isThere.every(Boolean);
    },
  ],
  [
    'a right in one namespace that is held everywhere',
    (privileged) => {
      const world = everywhere(inside(shop().namespace('ci'), CREATE), CREATE).world();
      const { findings } = answer(privileged, about(jane), world);
      return (
        findings.length === 1 && findings[0]?.scope.namespace === null && findings[0].evidence[0]?.grants.length === 1
      );
    },
  ],
  [
    'one pod here and all of them there',
    (privileged) => {
      const PATCH = { ...CREATE, verbs: ['patch'] };
      const world = inside(shop().namespace('ci').pod('shop', 'web', podWith(ROOT)).pod('ci', 'api', podWith(PLAIN)), {
        ...PATCH,
        resourceNames: ['web'],
      });
      const { findings } = answer(
        privileged,
        about(jane),
        world.role('ci', 'r', [PATCH]).binding('ci', 'b', 'Role/r', jane).world(),
      );
      return findings.some(({ verdict, scope }) => verdict === 'yes' && scope.names?.join() === 'web');
    },
  ],
  [
    'labels that everybody may write, where everybody is asked about',
    (privileged) => {
      const world = inside(shop('baseline'), CREATE)
        .clusterRole('l', [{ ...CREATE, verbs: ['patch'], resources: ['namespaces'] }])
        .clusterBinding('l', 'ClusterRole/l', group('system:authenticated'));
      const { findings } = answer(privileged, EVERYBODY, world.world());
      return findings.some(({ id, subject }) => id === 'psa-relax-namespace' && subject.name === 'jane');
    },
  ],
  [
    'a container more, which a policy wants to be dressed',
    (privileged) => {
      const resourceRules = [{ ...PODS, operations: ['UPDATE'], resources: ['pods/ephemeralcontainers'] }];
      const expression = 'object.spec.ephemeralContainers.all(c, has(c.securityContext.readOnlyRootFilesystem))';
      const guard = policy('p', { matchConstraints: { resourceRules }, validations: [{ expression }] });
      const right = { ...CREATE, verbs: ['patch'], resources: ['pods/ephemeralcontainers'] };
      const world = inside(put(shop().pod('shop', 'web', podWith(PLAIN)), guard, binding('p', 'p')), right).world();
      return (
        answer(privileged, about(jane), world).findings[0]?.spawn?.escapes.includes('privileged container') === true
      );
    },
  ],
  [
    'pods that are refused for different reasons',
    (privileged) => {
      const mounting = { ...PLAIN, volumes: [{ name: 'host', hostPath: { path: '/' } }] };
      const mounted = {
        ...mounting,
        containers: [{ name: 'app', image: 'app', volumeMounts: [{ name: 'host', mountPath: '/host' }] }],
      };
      const world = inside(shop('baseline').pod('shop', 'web', podWith(ROOT)).pod('shop', 'api', podWith(mounted)), {
        ...CREATE,
        verbs: ['patch'],
      });
      const refusals = answer(privileged, about(jane), world.world()).findings.flatMap(
        ({ spawn }) => spawn?.refusals ?? [],
      );
      return ['privileged', 'hostPathVolumes'].every((check) => refusals.some((each) => each.check === check));
    },
  ],
  [
    'the same pods by one kind, and by two',
    (privileged) => {
      const workloads = (...resources: string[]) => ({ ...CREATE, apiGroups: ['apps'], resources });
      const world = inside(shop(), workloads('deployments', 'statefulsets'))
        .role('shop', 'd', [workloads('deployments')])
        .binding('shop', 'd', 'Role/d', user('bob'));
      const { findings } = answer(privileged, EVERYBODY, world.world());
      const own = findings.filter(({ subject }) => subject.kind === 'User');
      return (
        own.length === 2 &&
        own.every(({ subject, reason }) => reason.includes('statefulsets') === (subject.name === 'jane'))
      );
    },
  ],
];

function verdictOfMasters(privileged: Question<PrivilegedTarget>, builder: ClusterBuilder): string | undefined {
  const { findings } = answer(privileged, EVERYBODY, builder.world());
  return findings.find(({ subject }) => subject.name === 'system:masters')?.verdict;
}

const POLICIES = 'ValidatingAdmissionPolicy.admissionregistration.k8s.io';

const findRow = recentFirst([
  ...Object.values(TRAPS)
    .flat()
    .map(([why, builder, verdict, ways]) => ({ why, isRight: isTrapPassed(builder, verdict, ways) })),
  ...MORE.map(([why, isRight]) => ({ why, isRight })),
]);

/** A row of which the mutant says otherwise; null where it is right about all. */
function noticed(privileged: Question<PrivilegedTarget>): string | null {
  try {
    return findRow(({ isRight }) => !isRight(privileged))?.why ?? null;
  } catch (error) {
    return String(error);
  }
}

function isTrapPassed(builder: ClusterBuilder, verdict: string, ways: readonly string[]) {
  return (privileged: Question<PrivilegedTarget>): boolean => {
    const said = answer(privileged, about(jane), builder.world());
    const whole = [said.verdict, ...(said.leaning ? [said.leaning] : [])].join(' ');
    return whole === verdict && told(rows(said)).join() === ways.join();
  };
}

test('without a mistake no trap is fallen into', async () => {
  const nothing: Mutation = { name: 'nothing', file: ENTRY, from: "name: 'privileged'", to: "name: 'privileged'" };
  const { privileged } = await importMutant<{ privileged: Question<PrivilegedTarget> }>(SRC, [ENTRY], nothing);
  assert.equal(noticed(privileged), null);
});

test('each deliberate mistake is noticed by a trap', async (t) => {
  const survivors: string[] = [];
  for (const mutation of MUTATIONS) {
    const { privileged } = await importMutant<{ privileged: Question<PrivilegedTarget> }>(SRC, [ENTRY], mutation);
    if (noticed(privileged) === null) survivors.push(`${mutation.file}: ${mutation.name}`);
  }
  t.diagnostic(`killed ${MUTATIONS.length - survivors.length} of ${MUTATIONS.length} mutants`);
  assert.deepEqual(survivors, []);
});
