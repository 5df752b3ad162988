import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PrivilegedTarget } from '../../src/questions/privileged/target.ts';
import type { Question } from '../../src/questions/question.ts';
import { type ClusterBuilder, group, user } from '../helpers/cluster.ts';
import { importMutant, type Mutation } from '../helpers/mutate.ts';
import { answer, rows } from '../helpers/question.ts';
import { recentFirst } from '../helpers/recent-first.ts';
import { MUTATIONS } from './privileged-mutations.ts';
import { CREATE, TRAPS } from './privileged-traps.ts';
import { enforce, jane, PLAIN, podWith, ROOT, shop, told } from './privileged-worlds.ts';

const SRC = join(import.meta.dirname, '../../src');
const ENTRY = 'questions/privileged/privileged.ts';

const about = (...subjects: ReturnType<typeof user>[]): PrivilegedTarget => ({ subjects, pods: null, namespace: null });

/** What the verdict alone does not show. */
const MORE: readonly [why: string, isRight: (privileged: Question<PrivilegedTarget>) => boolean][] = [
  ['superusers', (privileged) => answer(privileged, about(group('system:masters')), shop().world()).verdict === 'yes'],
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
      const { findings } = answer(privileged, { subjects: [], pods: null, namespace: null }, world.world());
      const own = findings.filter(({ subject }) => subject.kind === 'User');
      return own.length === 2 && own.every(({ subject, spawn }) => spawn?.refusals.every(({ by }) => by?.name === subject.name));
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
];

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
