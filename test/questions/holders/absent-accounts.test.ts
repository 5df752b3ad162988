import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exec, proxy, who } from '../../../src/questions/index.ts';
import { pod } from '../../../src/questions/pod/pod.ts';
import { privileged } from '../../../src/questions/privileged/privileged.ts';
import type { Options, Question } from '../../../src/questions/question.ts';
import { get, list } from '../../../src/world/needs.ts';
import type { Subject } from '../../../src/world/objects.ts';
import { type Facts, World } from '../../../src/world/world.ts';
import { account, allow, cluster, group, user } from '../../helpers/cluster.ts';
import { answer, OPTIONS, objects, right, rows } from '../../helpers/question.ts';

const RULE = allow('get', 'configmaps');
const story = (...subjects: Subject[]) =>
  cluster()
    .namespace('a')
    .namespace('b')
    .account('a', 'web')
    .role('a', 'r', [RULE])
    .binding('a', 'rb', 'Role/r', ...subjects);

const cases: [why: string, subjects: Subject[], absent: (string | undefined)[], words: RegExp][] = [
  ['an account that is there', [account('a', 'web')], [undefined], /configmaps in namespace a$/],
  [
    'one that is not',
    [account('a', 'ghost')],
    ['account'],
    /; 1 holder is an account that does not exist: whoever creates it has this$/,
  ],
  ['one of the namespace of its binding', [account(null, 'ghost')], ['account'], /; 1 holder is an account /],
  ['one of another namespace', [account('b', 'web')], ['account'], /; 1 holder is an account /],
  ['one whose namespace is not there either', [account('gone', 'web')], ['namespace'], /; 1 holder is an account /],
  ['one that is spelled as a user', [user('system:serviceaccount:a:ghost')], ['account'], /; 1 holder is an account /],
  [
    'one of no namespace that is spelled as a user',
    [user('system:serviceaccount:gone:web')],
    ['namespace'],
    /; 1 holder is an account /,
  ],
  [
    'one that is there, spelled as a user',
    [user('system:serviceaccount:a:web')],
    [undefined],
    /configmaps in namespace a$/,
  ],
  [
    'a user that only looks like an account',
    [user('system:serviceaccount:a')],
    [undefined],
    /configmaps in namespace a$/,
  ],
  [
    'several',
    [account('a', 'x'), account('a', 'y'), account('a', 'web')],
    [undefined, 'account', 'account'],
    /; 2 holders are accounts that do not exist: whoever creates them has this$/,
  ],
  ['the same account twice', [account('a', 'x'), account(null, 'x')], ['account'], /; 1 holder is an account /],
  [
    'users and groups, whom no cluster knows',
    [user('jane'), group('ops')],
    [undefined, undefined],
    /configmaps in namespace a$/,
  ],
  ['all accounts of a namespace', [group('system:serviceaccounts:a')], [undefined], /configmaps in namespace a$/],
  ['all accounts of one that has none', [group('system:serviceaccounts:b')], [undefined], /configmaps in namespace a$/],
  [
    'all accounts of one that is not there',
    [group('system:serviceaccounts:gone')],
    ['namespace'],
    /; 1 holder is the group of a namespace /,
  ],
  [
    'an account and a group',
    [group('system:serviceaccounts:gone'), account('a', 'ghost')],
    ['account', 'namespace'],
    /; 2 holders are accounts, or groups of namespaces, that do not exist: whoever creates them has this$/,
  ],
  [
    'all accounts there are',
    [group('system:serviceaccounts')],
    [undefined],
    /configmaps in namespace a, among them everybody/,
  ],
];
for (const [why, subjects, absent, words] of cases)
  test(`${why}: ${absent.map((each) => each ?? 'not marked').join(', ')}`, () => {
    for (const namespace of ['a', null])
      for (const expand of [false, true]) {
        const { findings, summary, verdict } = answer(
          who,
          right('get configmaps', namespace),
          story(...subjects).world(),
          { expand },
        );
        const own = findings.filter(({ accepted, reason }) => !accepted && !reason.startsWith('member of'));
        assert.deepEqual(own.map((each) => each.absent).sort(), [...absent].sort());
        assert.equal(verdict, 'yes', 'a right that nobody has yet is a right all the same');
        assert.match(summary.replace('any namespace', 'namespace a'), words);
        for (const each of own)
          assert.equal(/whoever creates (it|both) has this$/.test(each.reason), each.absent !== undefined);
      }
  });

const GHOST = account('a', 'ghost');
const POWERS = [
  allow('get', 'nodes'),
  allow('create', 'pods/exec'),
  allow('get', 'services/proxy'),
  allow('create', 'pods'),
  { ...allow('get', ''), apiGroups: [], resources: [], nonResourceURLs: ['/metrics'] },
];
const everywhere = () =>
  cluster()
    .namespace('a')
    .account('a', 'web')
    .pod('a', 'web-0')
    .service('a', 'web')
    .clusterRole('all', POWERS)
    .clusterBinding('all', 'ClusterRole/all', GHOST);

/** Each question about holders. */
const questions: [what: string, ask: (world: World, options: Partial<Options>) => ReturnType<typeof answer>][] = [
  ['who, of what is cluster-scoped', (world, options) => answer(who, right('get nodes'), world, options)],
  ['who, of a URL', (world, options) => answer(who, right('get /metrics'), world, options)],
  ['exec', (world, options) => answer(exec, objects('a', 'web-0'), world, options)],
  ['proxy of a service', (world, options) => answer(proxy, objects('a', 'services/web'), world, options)],
  ['pod', (world, options) => answer(pod, objects('a', 'web-0'), world, options)],
  ['privileged', (world, options) => answer(privileged, { subjects: [], pods: null, namespace: null }, world, options)],
  [
    'privileged in a namespace',
    (world, options) => answer(privileged, { subjects: [], pods: null, namespace: 'a' }, world, options),
  ],
];
for (const [what, ask] of questions)
  test(`${what}: the row of an account that does not exist is marked`, () => {
    const marked = (options: Partial<Options> = {}): number =>
      rows(ask(everywhere().world(), options)).filter(({ absent }) => absent === 'account').length;
    assert.ok(marked() > 0);
    assert.equal(marked({ accepts: ({ name }) => name === 'ghost' }), 0, 'who is accepted is not marked');
    assert.equal(rows(ask(everywhere().account('a', 'ghost').world(), {})).filter(({ absent }) => absent).length, 0);
  });

test('who is accepted is not counted', () => {
  const { summary } = answer(who, right('get configmaps', 'a'), story(GHOST).world(), {
    accepts: ({ name }) => name === 'ghost',
  });
  assert.doesNotMatch(summary, /does not exist/);
});

test('what may not be read marks nobody, is said once, and changes no verdict', () => {
  const world = story(GHOST, account('b', 'ghost'))
    .refuse(list('serviceaccounts'))
    .refuse(list('serviceaccounts', 'a'))
    .refuse(list('serviceaccounts', 'b'))
    .world();
  const { findings, verdict, unknowns } = answer(who, right('get configmaps', 'a'), world);
  assert.deepEqual(
    [verdict, ...findings.filter(({ accepted }) => !accepted).map(({ absent }) => absent)],
    ['yes', undefined, undefined],
  );
  const said = unknowns.filter(({ affects }) => affects.includes('exist')).map(({ what }) => what);
  assert.deepEqual(said, ['serviceaccounts in namespaces a and b']);
});

test('what a role gives that could not be read marks nobody', () => {
  const world = cluster()
    .namespace('a')
    .account('a', 'web')
    .refuse(list('roles'))
    .refuse(list('roles', 'a'))
    .refuse(get('roles', 'a', 'r'))
    .binding('a', 'rb', 'Role/r', GHOST)
    .world();
  const { verdict, findings } = answer(who, right('get configmaps', 'a'), world);
  const own = findings.filter(({ accepted }) => !accepted);
  assert.deepEqual([verdict, own.map(({ absent }) => absent)], ['depends', [undefined]]);
});

const READ = [
  'clusterroles',
  'clusterrolebindings',
  'roles',
  'rolebindings',
  'namespaces',
  'pods',
  'services',
] as const;
const ORIGINS: Facts['origin'][] = ['live', 'snapshot', 'demo', 'file'];

/** A world in which all but accounts was read. */
function withoutAccounts(whole: World, origin: Facts['origin']): World {
  const world = new World({ ...whole.facts, origin, readAt: '2026-01-01T00:00:00Z' });
  for (const kind of READ) world.add({ ...list(kind), kind }, { read: true }, whole.list(kind));
  return world;
}

/** The namespaces of which accounts are still to be read, and of which it is still to be read whether they exist. */
function needs<T>(
  question: Question<T>,
  target: T,
  whole: World,
  origin: Facts['origin'],
  options: Partial<Options> = {},
): string[] {
  const named = question.needs(target, withoutAccounts(whole, origin), { ...OPTIONS, ...options });
  return [
    ...new Set(named.flatMap(({ kind, namespace }) => (kind === 'serviceaccounts' ? [namespace ?? 'everywhere'] : []))),
  ].sort();
}

const several = (count: number) => Array.from({ length: count }, (_, index) => account(`ns-${index}`, 'x'));
for (const origin of ORIGINS)
  test(`the holders decide whose accounts are read, not where objects come from: ${origin}`, () => {
    const of = (subjects: Subject[], namespace: string | null, options: Partial<Options> = {}): string[] =>
      needs(who, right('get configmaps', namespace), story(...subjects).world(), origin, options);
    for (const namespace of ['a', null]) {
      assert.deepEqual(
        of([account('a', 'x'), account('b', 'y'), user('jane'), user('system:serviceaccount:c:z')], namespace),
        ['a', 'b', 'c'],
      );
      assert.deepEqual(of([user('jane'), group('ops')], namespace), []);
      assert.equal(of(several(8), namespace).length, 8);
      assert.deepEqual(of(several(9), namespace), [], 'accounts of many namespaces cost more than they tell');
      assert.deepEqual(
        of([...several(8), account('x', 'known')], namespace, { accepts: ({ name }) => name === 'known' }).length,
        8,
      );
      assert.deepEqual(of([GHOST], namespace, { direct: true }), []);
      assert.deepEqual(
        of([GHOST], namespace, { subject: account('q', 'w') }),
        ['q'],
        'of one subject only whether it exists',
      );
    }
    const { holder } = {
      holder: needs(privileged, { subjects: [], pods: null, namespace: null }, everywhere().world(), origin),
    };
    assert.deepEqual(holder, ['a']);
  });

test("for upstream's own bindings no account is read", () => {
  const world = cluster()
    .namespace('a')
    .clusterRole('system:node-proxier', [
      allow('list,watch', 'services'),
      allow('get,list,watch', 'nodes'),
      allow('create,patch,update', 'events', { groups: ['', 'events.k8s.io'] }),
      allow('list,watch', 'endpointslices', { groups: ['discovery.k8s.io'] }),
      allow('list,watch', 'servicecidrs', { groups: ['networking.k8s.io'] }),
    ])
    .clusterBinding('system:node-proxier', 'ClusterRole/system:node-proxier', user('system:kube-proxy'))
    .world();
  assert.deepEqual(needs(who, right('list services', 'a'), world, 'live'), []);
});

for (const origin of ORIGINS)
  test(`where nobody looked, that they exist is an assumption: ${origin}`, () => {
    const world = (subjects: Subject[]) => withoutAccounts(story(...subjects).world(), origin);
    const says = (text: string, namespace: string | null, ...subjects: Subject[]): boolean =>
      answer(who, right(text, namespace), world(subjects)).assumptions.some((each) =>
        each.includes('not all were looked up'),
      );
    assert.equal(says('get configmaps', null, GHOST), true);
    assert.equal(says('get configmaps', 'a', GHOST), true);
    assert.equal(says('get configmaps', 'a', user('system:serviceaccount:a:ghost')), true);
    assert.equal(says('get configmaps', 'a', user('jane')), false);
    assert.equal(says('get secrets', null, GHOST), false, 'no account holds it');
    const known = answer(who, right('get configmaps', 'a'), story(GHOST).world());
    assert.equal(
      known.assumptions.some((each) => each.includes('looked up')),
      false,
    );
  });

test('a role that does not exist is told as before: it grants nothing until somebody makes it', () => {
  const world = cluster()
    .namespace('a')
    .account('a', 'web')
    .binding('a', 'rb', 'Role/nothing', account('a', 'web'))
    .world();
  const { verdict, nearMisses } = answer(who, right('get configmaps', 'a'), world);
  assert.deepEqual([verdict, nearMisses.map(({ id }) => id)], ['no', ['near-miss-missing-role']]);
});

test('the subject that is asked about is marked where it does not exist', () => {
  const world = story(GHOST).world();
  const { findings, summary } = answer(who, right('get configmaps', 'a'), world, { subject: GHOST });
  assert.deepEqual(
    findings.map(({ absent }) => absent),
    ['account'],
  );
  assert.match(
    summary,
    /^ServiceAccount a\/ghost can get configmaps in namespace a \(there is no such account: whoever creates it/,
  );
  assert.equal(world.isRead(get('serviceaccounts', 'a', 'ghost')), true);
});
