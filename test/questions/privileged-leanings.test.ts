import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../src/answer/answer.ts';
import type { GroupKind } from '../../src/world/kinds.ts';
import { get, list } from '../../src/world/needs.ts';
import type { Rule, Subject } from '../../src/world/objects.ts';
import type { World } from '../../src/world/world.ts';
import { account, allow, cluster, group, user } from '../helpers/cluster.ts';
import { askPrivileged, enforce } from './privileged-worlds.ts';

/** What is not read, as lists of admission's own kinds. */
const UNREAD = {
  nothing: [],
  'mutating policies': ['MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding'],
  'validating policies': ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'],
  webhooks: ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
  all: [
    ...[
      'MutatingAdmissionPolicy',
      'MutatingAdmissionPolicyBinding',
      'ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding',
    ],
    ...['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
  ],
} as const;
type What = keyof typeof UNREAD;

const LEVELS = ['restricted', 'baseline', 'privileged'] as const;
type Level = (typeof LEVELS)[number];

/**
 * How likely a kind of holder gets a pod onto the node, by what is not read. Something that changes pods may end a
 * refusal (leaning no), and something that was not read may refuse what is admitted otherwise (leaning yes).
 */
const LIKELY = {
  /** By a way that Pod Security lets through, or that is a way around it. */
  open: ['yes', 'depends yes', 'depends yes', 'depends yes', 'depends yes'],
  /** Held back by Pod Security: validating policies cannot end that. */
  held: ['no', 'depends no', 'no', 'depends no', 'depends no'],
  never: ['no', 'no', 'no', 'no', 'no'],
} as const;
type Kind = keyof typeof LIKELY;

const CREATE = allow('create', 'pods');
const APPS = { groups: ['apps'] };

/** Each with the way that is told where Pod Security holds pods back. */
const holders: readonly [
  who: Subject,
  rules: readonly Rule[],
  underLevels: Kind,
  privileged: Kind,
  told: string | null,
][] = [
  [group('system:masters'), [], 'open', 'open', 'psa-relax-namespace'],
  [user('cluster-admin'), [allow('*', '*', { groups: ['*'] })], 'open', 'open', 'psa-relax-namespace'],
  [user('create-pods'), [CREATE], 'held', 'open', 'pod-create'],
  [user('create-deployments'), [allow('create', 'deployments', APPS)], 'held', 'open', 'workload-create'],
  [
    user('create-pods-and-jobs'),
    [CREATE, allow('create', 'jobs', { groups: ['batch'] })],
    'held',
    'open',
    'pod-create',
  ],
  [user('patch-namespaces'), [CREATE, allow('patch', 'namespaces')], 'open', 'open', 'psa-relax-namespace'],
  [user('update-finalize'), [CREATE, allow('update', 'namespaces/finalize')], 'open', 'open', 'psa-relax-namespace'],
  [
    user('status-and-deployments'),
    [allow('create', 'deployments', APPS), allow('patch', 'namespaces/status')],
    'open',
    'open',
    'psa-relax-namespace',
  ],
  [
    user('this-namespace'),
    [CREATE, allow('patch', 'namespaces', { names: ['shop'] })],
    'open',
    'open',
    'psa-relax-namespace',
  ],
  [
    user('another-namespace'),
    [CREATE, allow('patch', 'namespaces', { names: ['gone'] })],
    'held',
    'open',
    'pod-create',
  ],
  [user('create-namespaces'), [CREATE, allow('create', 'namespaces')], 'open', 'open', 'namespace-create'],
  [
    user('create-volumes'),
    [CREATE, allow('create', 'persistentvolumes persistentvolumeclaims')],
    'open',
    'open',
    'pv-hostpath',
  ],
  [user('patch-namespaces-only'), [allow('patch', 'namespaces')], 'never', 'never', null],
  [account('shop', 'relabels'), [CREATE, allow('patch', 'namespaces')], 'open', 'open', 'psa-relax-namespace'],
];

function worldOf(level: Level, what: What): World {
  const builder = cluster()
    .namespace('shop', enforce(level))
    .namespace('ci', enforce(level))
    .account('shop', 'relabels');
  for (const [who, rules] of holders)
    if (rules.length > 0) builder.clusterRole(who.name, rules).clusterBinding(who.name, `ClusterRole/${who.name}`, who);
  for (const kind of UNREAD[what]) builder.refuse(list(`${kind}.admissionregistration.k8s.io` as GroupKind));
  return builder.world();
}

const verdictOf = ({ verdict, leaning }: Pick<Answer, 'verdict' | 'leaning'>): string =>
  [verdict, ...(leaning ? [leaning] : [])].join(' ');

/** The ways of a holder that are as likely as what is said of the holder. */
const likeliest = ({ findings }: Answer, said: string, name: string): string[] =>
  findings.filter((each) => each.subject.name === name && verdictOf(each) === said).map(({ id }) => id);

for (const level of LEVELS)
  for (const [index, what] of (Object.keys(UNREAD) as What[]).entries())
    describe(`namespaces enforce ${level}, not read: ${what}`, () => {
      const world = worldOf(level, what);
      const [everybody] = askPrivileged(world).asked;
      const [inShop] = askPrivileged(world, { namespace: 'shop' }).asked;
      for (const [who, , underLevels, privileged, told] of holders) {
        const expected = LIKELY[level === 'privileged' ? privileged : underLevels][index] ?? '';
        test(`${who.name}: ${expected}`, () => {
          const [asked] = askPrivileged(world, { subjects: [who] }).asked;
          assert.equal(asked && verdictOf(asked.answer), expected);
          if (told === null || !asked || !everybody || !inShop) return;
          for (const { answer } of [asked, everybody, inShop]) {
            const ways = likeliest(answer, expected, who.name);
            if (level === 'privileged') assert.notEqual(ways.length, 0);
            else assert.ok(ways.includes(told), ways.join());
          }
        });
      }

      test('everybody, and the one row of the superusers', () => {
        const [whole, superusers] = [
          everybody?.answer,
          everybody?.answer.findings.filter(({ subject }) => subject.name === 'system:masters'),
        ];
        assert.equal(whole && verdictOf(whole), LIKELY.open[index]);
        assert.deepEqual(superusers?.map(verdictOf), [LIKELY.open[index]]);
      });
    });

const unlabelled: readonly [name: string, expected: string, told: string][] = [
  ['system:masters', 'yes', 'namespace-create'],
  ['cluster-admin', 'yes', 'namespace-create'],
  ['create-pods', 'depends', 'pod-create'],
  ['create-deployments', 'depends', 'workload-create'],
  ['patch-namespaces', 'depends yes', 'psa-relax-namespace'],
  ['update-finalize', 'depends yes', 'psa-relax-namespace'],
  ['this-namespace', 'depends yes', 'psa-relax-namespace'],
  ['create-namespaces', 'yes', 'namespace-create'],
  ['create-volumes', 'depends yes', 'pv-hostpath'],
];
describe('nobody knows what namespaces enforce', () => {
  const builder = cluster()
    .refuse(list('namespaces'))
    .account('shop', 'relabels')
    .binding('shop', 'b', 'ClusterRole/none', user('somebody'));
  for (const name of ['shop', 'default']) builder.refuse(get('namespaces', null, name));
  for (const [who, rules] of holders)
    if (rules.length > 0) builder.clusterRole(who.name, rules).clusterBinding(who.name, `ClusterRole/${who.name}`, who);
  const world = builder.world();
  for (const [name, expected, told] of unlabelled)
    test(`${name}: ${expected}`, () => {
      const [who] = holders.find(([each]) => each.name === name) ?? assert.fail(name);
      for (const about of [{ subjects: [who] }, {}, { namespace: 'shop' }]) {
        const answer = askPrivileged(world, about).asked[0]?.answer ?? assert.fail();
        if ('subjects' in about) assert.equal(verdictOf(answer), expected);
        assert.ok(likeliest(answer, expected, name).includes(told), JSON.stringify(about));
      }
    });
});
