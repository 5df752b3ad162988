import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { ask } from '../../src/questions/ask.ts';
import { pod } from '../../src/questions/pod/pod.ts';
import { privileged } from '../../src/questions/privileged/privileged.ts';
import type { Question, Result } from '../../src/questions/question.ts';
import { who } from '../../src/questions/who/who.ts';
import { user } from '../helpers/cluster.ts';
import { OPTIONS, objects, right } from '../helpers/question.ts';
import { clusterRole, json, open, place, pod as podNamed, stored } from './inputs.ts';

type Fields = Record<string, unknown>;

const TO_SUM = { 'to-sum': 'true' };
const sum = (selectors: unknown = [{ matchLabels: TO_SUM }], name = 'sum', labels?: Fields): Fields =>
  clusterRole(name, {
    ...{ metadata: { name, ...(labels && { labels }) }, rules: undefined },
    aggregationRule: { clusterRoleSelectors: selectors },
  });
const part = (metadata: Fields, rules: unknown): Fields =>
  clusterRole('part', { metadata: { name: 'part', ...metadata }, rules });
const rule = (resources: unknown): Fields => ({ verbs: ['create'], apiGroups: [''], resources });
const ODD = [rule([{}])];
const bound = (name: string): Fields => ({
  ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', metadata: { name: 'b' } },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
  subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'jane' }],
});

/** What is said of jane, who is bound to an aggregated role: that role, then what it aggregates or may. */
const rows: [why: string, roles: Fields[], verdict: 'yes' | 'no' | 'depends', role?: string][] = [
  ['all is understood', [sum(), part({ labels: TO_SUM }, [rule(['secrets'])])], 'no'],
  ['all is understood, and grants it', [sum(), part({ labels: TO_SUM }, [rule(['pods'])])], 'yes'],
  ['rules that are odd', [sum(), part({ labels: TO_SUM }, ODD)], 'depends'],
  ['rules that are no list', [sum(), part({ labels: TO_SUM }, 'all')], 'depends'],
  ['odd rules of a role that it does not select', [sum(), part({ labels: { other: 'true' } }, ODD)], 'no'],
  ['odd rules of a role without labels', [sum(), part({}, ODD)], 'no'],
  ['odd labels', [sum(), part({ labels: { 'to-sum': { odd: true } } }, [rule(['pods'])])], 'depends'],
  ['labels that are no object', [sum(), part({ labels: 'to-sum' }, [rule(['pods'])])], 'depends'],
  ['no name', [sum(), part({ name: undefined, labels: TO_SUM }, [rule(['pods'])])], 'depends'],
  ['a name that is a number', [sum(), part({ name: 7, labels: TO_SUM }, [rule(['pods'])])], 'depends'],
  ['metadata that is a list', [sum(), clusterRole('part', { metadata: [], rules: [rule(['pods'])] })], 'depends'],
  [
    'a selector that is odd',
    [sum([{ matchLabels: { 'to-sum': [1] } }]), part({ labels: TO_SUM }, [rule(['pods'])])],
    'depends',
  ],
  ['a selector that is a text', [sum(['to-sum=true']), part({ labels: TO_SUM }, [rule(['pods'])])], 'depends'],
  ['selectors that are no list', [sum({ matchLabels: TO_SUM }), part({ labels: TO_SUM }, [rule(['pods'])])], 'depends'],
  [
    'an operator that is none',
    [
      sum([{ matchExpressions: [{ key: 'to-sum', operator: 'Is', values: ['true'] }] }]),
      part({ labels: TO_SUM }, [rule(['pods'])]),
    ],
    'depends',
  ],
  [
    'an operator without its values',
    [sum([{ matchExpressions: [{ key: 'to-sum', operator: 'In' }] }]), part({ labels: TO_SUM }, [rule(['pods'])])],
    'depends',
  ],
  [
    'an odd role beside one that grants it',
    [sum(), part({ labels: TO_SUM }, ODD), named('other', [rule(['pods'])])],
    'yes',
  ],
  [
    'an odd role two steps away',
    [sum(), sum([{ matchLabels: { deep: 'true' } }], 'middle', TO_SUM), part({ labels: { deep: 'true' } }, ODD)],
    'depends',
  ],
  [
    'two that select each other, and an odd one',
    [
      sum(undefined, 'sum', { deep: 'true' }),
      sum([{ matchLabels: { deep: 'true' } }], 'middle', TO_SUM),
      part({ labels: { deep: 'true' } }, ODD),
    ],
    'depends',
  ],
  ['one between them that is odd', [sum(), sum('odd', 'middle', TO_SUM)], 'depends'],
  ['one of its own name alone', [sum(undefined, 'sum', TO_SUM)], 'no'],
  [
    'one of upstream that the manifests may add to',
    [part({ labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } }, ODD)],
    'depends',
    'view',
  ],
  [
    'one of upstream that they add nothing to',
    [part({ labels: { 'rbac.authorization.k8s.io/aggregate-to-edit': 'true' } }, ODD)],
    'no',
    'view',
  ],
  ['one that a server filled, which still selects', [stored(sum()), part({ labels: TO_SUM }, ODD)], 'depends'],
];

function named(name: string, rules: unknown): Fields {
  return clusterRole(name, { metadata: { name, labels: TO_SUM }, rules });
}

const JANE = user('jane');
type Asked = (roles: Fields[], role: string) => Promise<Result>;
const asking =
  <T>(question: Question<T>, target: T, subject = false): Asked =>
  async (roles, role) => {
    const content = json(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'dev' } },
      podNamed('dev', 'web', { spec: SPEC }),
      ...roles,
      bound(role),
    );
    const source = await open(join(place({ input: content }), 'input'), {
      complete: true,
      serverVersion: { major: 1, minor: 37 },
    });
    return ask(question, target, source, { ...OPTIONS, ...(subject ? { subject: JANE } : {}) });
  };
const SPEC = { containers: [{ name: 'app', image: 'app' }] };

const questions: Record<string, Asked> = {
  'who create pods -n dev': asking(who, right('create pods', 'dev')),
  'who create pods -A --subject': asking(who, right('create pods'), true),
  'privileged SUBJECT': asking(privileged, { subjects: [JANE], pods: null, namespace: null }),
  'privileged -A': asking(privileged, { subjects: [], pods: null, namespace: null }),
  'privileged -n dev': asking(privileged, { subjects: [], pods: null, namespace: 'dev' }),
};

for (const [why, roles, verdict, role = 'sum'] of rows)
  for (const [question, asked] of Object.entries(questions))
    test(`${question}, where a role aggregates ${why}: ${verdict}`, async () => {
      const [first] = (await asked(roles, role)).asked;
      assert.equal(first?.answer.verdict, verdict);
      if (verdict !== 'depends') return;
      const [open] = first.answer.findings.filter((each) => each.verdict === 'depends' && each.subject.name === 'jane');
      assert.match(
        open?.reason ?? '',
        new RegExp(`^bound to ClusterRole ${role}, which (aggregates what )?could not be read$`),
      );
      assert.ok(open?.unknowns.some(({ what }) => what === `ClusterRole ${role}`));
    });

test('what the account of a pod may hold besides is on its card', async () => {
  const binding = { ...bound('sum'), subjects: [{ kind: 'ServiceAccount', namespace: 'dev', name: 'default' }] };
  const content = json(podNamed('dev', 'web', { spec: SPEC }), sum(), part({ labels: TO_SUM }, ODD), binding);
  const source = await open(join(place({ input: content }), 'input'), {
    complete: true,
    serverVersion: { major: 1, minor: 37 },
  });
  const card = (await ask(pod, objects('dev', 'web'), source, OPTIONS)).asked[0]?.answer.pod;
  assert.ok(card?.spawns?.maybe === 'node root', JSON.stringify(card?.spawns));
});
