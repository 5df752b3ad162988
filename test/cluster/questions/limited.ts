import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Answer } from '../../../src/answer/answer.ts';
import { exec, proxy, who } from '../../../src/questions/index.ts';
import { pod } from '../../../src/questions/pod/pod.ts';
import type { Rule, Subject } from '../../../src/world/objects.ts';
import { type Caller, caller } from '../../helpers/caller.ts';
import { account, allow, group, user } from '../../helpers/cluster.ts';
import type { ControlPlane, TokenRow } from '../../helpers/control-plane.ts';
import { holders, objects, right } from '../../helpers/question.ts';
import { binding, NAMESPACES, role } from '../../helpers/story.ts';

const RBAC = 'rbac.authorization.k8s.io';
const rbac = (resources: string): Rule => allow('get list', resources, { groups: [RBAC] });
const core = (resources: string): Rule => allow('get list', resources);
const everythingElse = allow('get list', '*', { groups: ['', 'apps', 'batch', 'apiextensions.k8s.io'] });
/** Namespaces beside those of the story: too many to be refused in each. */
const TEAMS = Array.from({ length: 30 }, (_, index) => `team-${String(index + 1).padStart(2, '0')}`);
const READABLE = ['shop', 'team-03', 'team-29'];

/** Callers by what they may read: in a namespace, or in the whole cluster (null). */
const CALLERS: Readonly<Record<string, [where: string | null, rules: Rule[]][]>> = {
  stranger: [],
  'reads-one-namespace': [['shop', [rbac('roles rolebindings')]]],
  'reads-no-cluster-bindings': [[null, [rbac('clusterroles roles rolebindings'), everythingElse]]],
  'reads-roles-by-name': [
    [
      null,
      [
        allow('get', 'clusterroles roles', { groups: [RBAC] }),
        rbac('rolebindings clusterrolebindings'),
        everythingElse,
      ],
    ],
  ],
  'reads-no-roles': [[null, [rbac('rolebindings clusterrolebindings'), everythingElse]]],
  'reads-no-pods': [[null, [rbac('*'), core('nodes services serviceaccounts namespaces')]]],
  'reads-no-namespaces': [[null, [rbac('*'), core('pods nodes services serviceaccounts')]]],
  'reads-some-namespaces': [
    [null, [rbac('clusterroles clusterrolebindings'), everythingElse]],
    ...READABLE.map((name): [string, Rule[]] => [name, [rbac('roles rolebindings')]]),
  ],
};

export const limitedTokens: TokenRow[] = Object.keys(CALLERS).map((name) => ({ token: `token-${name}`, user: name }));

export const limitedObjects = (): object[] => [
  ...TEAMS.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  ...Object.entries(CALLERS).flatMap(([name, rights]) =>
    rights.flatMap(([where, rules]) => [
      role(where, name, rules),
      binding(where, name, `${where === null ? 'ClusterRole' : 'Role'}/${name}`, [user(name)]),
    ]),
  ),
  ...['team-03', 'team-29'].flatMap((where) => [
    role(where, 'execs', [allow('create', 'pods/exec')]),
    binding(where, 'execs', 'Role/execs', [user(`dev-of-${where}`)]),
  ]),
];

export function declareLimitedCallers(plane: ControlPlane): void {
  const as = (t: TestContext, name: string): Promise<Caller> => caller(t, plane, `token-${name}`);
  /** What the administrator is answered is the truth. */
  const admin = (t: TestContext): Promise<Caller> => caller(t, plane, plane.adminToken);

  test('who may read nothing learns nothing, and is told so', async (t) => {
    const { answer } = await as(t, 'stranger');
    const cases: [Answer, string[]][] = [
      [
        await answer(exec, objects('shop', 'web-0')),
        ['clusterrolebindings', 'rolebindings in namespace shop', 'pod shop/web-0', POLICIES],
      ],
      [
        await answer(pod, objects('shop', 'web-0')),
        ['clusterrolebindings', 'rolebindings in any namespace', 'pod shop/web-0', 'namespace shop', POLICIES],
      ],
      [await answer(proxy, objects(null, 'nodes/n1')), ['clusterrolebindings', 'node n1', POLICIES]],
      [
        await answer(who, right('get secrets', 'shop')),
        ['clusterrolebindings', 'rolebindings in namespace shop', 'namespace shop'],
      ],
      [await answer(who, right('get secrets')), ['clusterrolebindings', 'rolebindings in any namespace']],
      [await answer(who, right('get nodes')), ['clusterrolebindings']],
      [await answer(who, right('get /metrics')), ['clusterrolebindings']],
    ];
    for (const [said, missing] of cases) {
      assert.deepEqual([said.verdict, said.leaning, holders(said)], ['depends', null, []]);
      assert.deepEqual(unread(said).sort(), missing.sort());
      assert.match(said.summary, /^nobody that could be seen can /);
    }
  });

  test('bindings of one namespace: its Roles are known, what ClusterRoles grant there is not', async (t) => {
    const said = await (await as(t, 'reads-one-namespace')).answer(exec, objects('shop', 'web-0'));
    assert.equal(said.verdict, 'yes');
    assert.deepEqual(holders(said), ['User/shopkeeper', 'User/stella', 'User/una']);
    assert.deepEqual(holders(said, 'depends').sort(), [
      'Group/team-shop',
      'ServiceAccount/dev/default',
      'User/clara',
      'User/eddie',
      'User/rex',
      'User/vera',
    ]);
    const roles = ['reusable-nodes', 'reusable-exec', 'edit', 'view'].map((name) => `ClusterRole ${name}`);
    assert.deepEqual(unread(said).sort(), [...roles, 'clusterrolebindings', 'pod shop/web-0', POLICIES].sort());
  });

  test('no ClusterRoleBindings: what rests on them alone is open', async (t) => {
    const { answer } = await as(t, 'reads-no-cluster-bindings');
    const full = await (await admin(t)).answer(exec, objects('shop', 'web-0'));
    const said = await answer(exec, objects('shop', 'web-0'));
    const inNamespace = full.findings.filter(
      ({ verdict, scope, accepted }) => verdict === 'yes' && scope.namespace === 'shop' && !accepted,
    );
    assert.deepEqual(
      said.findings.filter(({ verdict, accepted }) => verdict === 'yes' && !accepted),
      inNamespace,
    );
    assert.deepEqual(unread(said), ['clusterrolebindings', POLICIES]);
    const nodes = await answer(who, right('get nodes'));
    assert.deepEqual([nodes.verdict, nodes.leaning, holders(nodes)], ['depends', null, []]);
  });

  test('roles that may not be listed but read by name: the whole answer', async (t) => {
    const full = await admin(t);
    const { answer, sent } = await as(t, 'reads-roles-by-name');
    assert.deepEqual(
      claims(await answer(exec, objects('shop', 'web-0'))),
      claims(await full.answer(exec, objects('shop', 'web-0'))),
    );
    assert.deepEqual(
      claims(await answer(pod, objects('shop', 'web-0'))),
      claims(await full.answer(pod, objects('shop', 'web-0'))),
    );
    assert.deepEqual(
      claims(await answer(who, right('create pods/exec'))),
      claims(await full.answer(who, right('create pods/exec'))),
    );
    const refused = sent
      .filter(({ status, what }) => status === 403 && what.includes(RBAC))
      .map(({ what }) => what.replace(/[?].*/, ''));
    const lists = ['namespaces/shop/roles', 'roles', 'clusterroles'].map((path) => `GET /apis/${RBAC}/v1/${path}`);
    assert.deepEqual([...new Set(refused)].sort(), lists.sort());
  });

  test('no roles at all: whoever is bound to anything may hold it, and the account of a pod may do whatever its roles say', async (t) => {
    const { answer } = await as(t, 'reads-no-roles');
    const said = await answer(exec, objects('shop', 'web-0'));
    assert.deepEqual([said.verdict, said.leaning, holders(said)], ['depends', null, []]);
    const full = await (await admin(t)).answer(exec, objects('shop', 'web-0'));
    const maybe = new Set(holders(said, 'depends'));
    assert.deepEqual(
      holders(full).filter((each) => !maybe.has(each)),
      [],
    );
    const card = await answer(pod, objects('shop', 'web-0'));
    assert.match(
      card.summary,
      /^\d+ subjects may be able to get into pod shop\/web-0: it depends; its account web holds no right of note that could be seen$/,
    );
    const rights = card.findings
      .filter(({ id }) => id === 'account-rule')
      .map(({ verdict, reason }) => `${verdict} ${reason}`);
    assert.ok(rights.includes('depends whatever ClusterRole admin allows in namespace dev'), rights.join('\n'));
  });

  test('no pods: the door is answered, whether the node is the right one is not', async (t) => {
    const { answer } = await as(t, 'reads-no-pods');
    const said = await answer(exec, objects('shop', 'web-0'));
    const full = await (await admin(t)).answer(exec, objects('shop', 'web-0'));
    const byDoor = ({ findings }: Answer) => findings.filter(({ id }) => id === 'pod-exec');
    assert.deepEqual(byDoor(said), byDoor(full));
    assert.deepEqual(unread(said).sort(), [POLICIES, 'pod shop/web-0'].sort());
    assert.ok(holders(said, 'depends').includes('User/nadia'), 'she reaches n1, which may be its node');
    // Rights outlive what cannot be seen: no pod is claimed to be there or not.
    assert.equal((await answer(exec, objects('shop', 'no-such-pod'))).verdict, 'yes');
  });

  test('no namespaces: a misspelt one is never a plain no', async (t) => {
    const { answer } = await as(t, 'reads-no-namespaces');
    assert.deepEqual(unread(await answer(who, right('get secrets', 'shop'))), [], 'its bindings show that it is there');
    const nobody = await answer(who, right('get secrets', 'shpo'), { subject: user('sam') });
    assert.deepEqual([nobody.verdict, unread(nobody)], ['depends', ['namespace shpo']]);
    await assert.rejects((await admin(t)).answer(who, right('get secrets', 'shpo')), {
      message: 'Error from server (NotFound): namespaces "shpo" not found, did you mean "shop"?',
    });
  });

  test('namespace by namespace: twenty refusals, then it says what it did not try', async (t) => {
    const { answer, sent } = await as(t, 'reads-some-namespaces');
    const said = await answer(who, right('create pods/exec'));
    const refused = sent.filter(({ status }) => status === 403);
    assert.equal(refused.filter(({ what }) => what.includes('/namespaces/')).length, 20);
    assert.equal(refused.length, 22, 'and both lists of the whole cluster');
    assert.ok(
      holders(said).includes('User/dev-of-team-03'),
      'bindings of a namespace that is asked about in time are read with its roles',
    );

    const [tried, untried, ...others] = said.unknowns.filter(({ kind }) => kind === 'unreadable');
    assert.deepEqual(others, []);
    assert.match(tried?.why ?? '', /^403 Forbidden/);
    assert.equal(untried?.why, 'not tried after 20 requests that failed');
    const named = [...`${tried?.what} ${untried?.what}`.matchAll(/[\w-]+/g)].map(([word]) => word);
    const own = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];
    const all = [...own, ...NAMESPACES, ...TEAMS];
    const read = sent.flatMap(({ what, status }) =>
      status === 200 ? (/namespaces\/([^/]+)\/rolebindings/.exec(what)?.[1] ?? []) : [],
    );
    assert.deepEqual(all.filter((each) => !named.includes(each)).sort(), read.sort(), 'whatever was not read is named');
  });

  test('the namespace of the target is never sacrificed to others', async (t) => {
    const { answer, sent } = await as(t, 'reads-some-namespaces');
    const full = await (await admin(t))
      .answer(exec, objects('team-29', 'absent'))
      .catch((error: Error) => error.message);
    assert.equal(full, 'Error from server (NotFound): pods "absent" not found in namespace team-29');
    const said = await answer(pod, objects('shop', 'web-0'));
    assert.ok(sent.some(({ what, status }) => status === 200 && what.includes('/namespaces/shop/rolebindings')));
    assert.ok(holders(said).includes('User/una'));
  });

  const subjects: Subject[] = [
    ...['eddie', 'sam', 'nadia', 'dan', 'shopkeeper', 'clara'].map(user),
    ...[group('platform'), account('ci', 'runner'), account('dev', 'default')],
  ];
  const asks: ((who: Caller, subject: Subject) => Promise<Answer>)[] = [
    ({ answer }, subject) => answer(exec, objects('shop', 'web-0'), { subject }),
    ({ answer }, subject) => answer(proxy, objects('shop', 'nodes/n1'), { subject }),
    ({ answer }, subject) => answer(who, right('get secrets', 'shop'), { subject }),
    ({ answer }, subject) => answer(who, right('create pods/exec'), { subject }),
  ];
  const cases = asks.flatMap((ask) => subjects.map((subject) => ({ ask, subject })));
  const truths: Answer[] = [];

  test('the truth about everybody', async (t) => {
    const all = await admin(t);
    truths.push(...(await Promise.all(cases.map(({ ask, subject }) => ask(all, subject)))));
    assert.ok(truths.every(({ verdict }) => verdict !== 'depends'));
  });

  // Who reads all by name is answered as the administrator is, at the price of a request for each role.
  for (const name of Object.keys(CALLERS).filter((each) => each !== 'reads-roles-by-name')) {
    test(`${name}: no yes and no no but what is true, and what is open says why`, async (t) => {
      const limited = await as(t, name);
      const answers = await Promise.all(cases.map(({ ask, subject }) => ask(limited, subject)));
      const counts = { yes: 0, no: 0, depends: 0 };
      for (const [index, { verdict, unknowns, summary }] of answers.entries()) {
        const truth = truths[index];
        counts[verdict] += 1;
        assert.ok(
          verdict === 'depends' ? unknowns.length > 0 : verdict === truth?.verdict,
          `${summary}, but in truth ${truth?.summary}`,
        );
        assert.ok(verdict === 'no' || !/ cannot .*: /.test(summary), summary);
      }
      t.diagnostic(JSON.stringify(counts));
    });
  }
}

/**
 * Nobody of these may read what admission is made of, of which a question about a tunnel or a command says so, and no
 * verdict hangs on it.
 */
const POLICIES = 'policies and webhooks of admission';

const unread = ({ unknowns }: Answer): string[] =>
  unknowns.filter(({ kind }) => kind === 'unreadable').map(({ what }) => what);

/** The flags of the API server, which not everybody may read, settle these. */
const isAlike = (assumption: string): boolean => !/^(Pod Security|kube-apiserver)/.test(assumption);

/**
 * All that an answer claims, what admission lets its account spawn, where its rules were aggregated from, and when and
 * with how much reading, left aside.
 */
const claims = ({ source: _, unknowns, assumptions, ...answer }: Answer): unknown =>
  JSON.parse(
    JSON.stringify(
      {
        ...answer,
        unknowns: unknowns.filter(({ what }) => what !== POLICIES),
        assumptions: assumptions.filter(isAlike),
      },
      (key, value) => (key === 'aggregatedFrom' || key === 'spawns' ? undefined : value),
    ),
  );
