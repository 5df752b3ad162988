import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { auditText } from '../../src/answer/command.ts';
import type { PodFacts } from '../../src/answer/facts/pod.ts';
import { withIndirect } from '../../src/questions/holders/indirect/index.ts';
import { pod } from '../../src/questions/pod/pod.ts';
import type { Options } from '../../src/questions/question.ts';
import type { Binding } from '../../src/world/objects.ts';
import { reducePod } from '../../src/world/reduce/pod.ts';
import { account, allow, type ClusterBuilder, cluster, group, user } from '../helpers/cluster.ts';
import { answer, objects } from '../helpers/question.ts';

const MOUNT = { name: 'token', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
const bound = { name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } };

/** Pod shop/web-0 as sa/shop/web. */
function shop(
  { spec = {}, owner, facts = {} }: { spec?: object; owner?: { kind: string; name: string }; facts?: object } = {},
  token = true,
): ClusterBuilder {
  const container = { name: 'app', ...(token ? { volumeMounts: [MOUNT] } : {}) };
  const raw = {
    metadata: {
      ...{ namespace: 'shop', name: 'web-0' },
      ...(owner ? { ownerReferences: [{ ...owner, apiVersion: 'apps/v1', controller: true }] } : {}),
    },
    spec: {
      ...{ serviceAccountName: 'web', nodeName: 'n1', containers: [container] },
      ...(token ? { volumes: [bound] } : {}),
      ...spec,
    },
    status: { phase: 'Running' },
  };
  return cluster(facts)
    .namespace('shop')
    .namespace('ops')
    .account('shop', 'web')
    .account('ops', 'root')
    .node('n1', { operatingSystem: 'linux', containerRuntimeVersion: 'containerd://2.2.1' })
    .with('pods', { ...reducePod(raw), whole: raw })
    .role('ops', 'tokens', [allow('create', 'serviceaccounts/token')])
    .clusterRole('enter', [allow('create', 'pods/exec'), allow('get', 'pods')]);
}

const dated = (name: string, changed: string, ...subjects: Binding['subjects']): Binding => ({
  ...{ kind: 'RoleBinding', namespace: 'shop', name, roleRef: { kind: 'ClusterRole', name: 'enter' } },
  ...{ created: '2026-01-01T00:00:00Z', changed, manager: 'kubectl', subjects },
});

function factsOf(builder: ClusterBuilder, options: Partial<Options> = {}): PodFacts {
  const found = answer(withIndirect(pod), objects('shop', 'web-0'), builder.world(), options).pod;
  assert.ok(found);
  return found;
}

const privileged = { containers: [{ name: 'app', securityContext: { privileged: true, runAsUser: 0 } }], volumes: [] };
const secret = { namespace: 'shop', name: 'web-token', account: 'web' };
const rows: [name: string, world: ClusterBuilder, expected: [id: string, summary: RegExp, command: string][]][] = [
  ['a pod that gives no reason for anything', shop({}, false), []],
  [
    'a token that leads nowhere still is one',
    shop(),
    [['delete-pod', /destroys the evidence, save that first$/, 'kubectl delete --dry-run=server pod/web-0 -n shop']],
  ],
  [
    'the grant of the worst way, that of its account',
    shop().binding('ops', 'one', 'Role/tokens', account('shop', 'web')),
    [
      [
        'end-way',
        /^end its way to sa\/ops\/root: sa\/shop\/web loses 1 rule$/,
        'kubectl delete --dry-run=server rolebinding/one -n ops',
      ],
      ['delete-pod', /^delete the pod and its bound token/, 'kubectl delete --dry-run=server pod/web-0 -n shop'],
    ],
  ],
  [
    'an entry among others goes alone, and whoever holds by it is named',
    shop().binding('ops', 'one', 'Role/tokens', user('otto'), group('system:serviceaccounts:shop')),
    [
      [
        'end-way',
        /: group\/system:serviceaccounts:shop loses 1 rule$/,
        `kubectl patch --dry-run=server rolebinding/one -n ops --type=json -p '[{"op":"test","path":"/subjects/1/name","value":"system:serviceaccounts:shop"},{"op":"remove","path":"/subjects/1"}]'`,
      ],
      ['delete-pod', /./, 'kubectl delete --dry-run=server pod/web-0 -n shop'],
    ],
  ],
  [
    'a legacy token outlives the pod, and stands before what ends with it',
    shop().with('secrets', secret),
    [
      [
        'delete-token-secret',
        /^delete Secret shop\/web-token: its token outlives the pod; whoever else uses it loses it$/,
        'kubectl delete --dry-run=server secret/web-token -n shop',
      ],
      ['delete-pod', /./, 'kubectl delete --dry-run=server pod/web-0 -n shop'],
    ],
  ],
  [
    'a token of another account, or of one of that name elsewhere, is none of its',
    shop({}, false).with('secrets', { ...secret, account: 'cart' }, { ...secret, namespace: 'ops' }),
    [],
  ],
  [
    'a pod that mounts its token from a Secret does not end it when it goes',
    shop({ spec: { volumes: [{ name: 'token', secret: { secretName: 'web-token' } }] } }).with('secrets', secret),
    [['delete-token-secret', /./, 'kubectl delete --dry-run=server secret/web-token -n shop']],
  ],
  [
    'root on the node: it is cordoned, which ends nothing there',
    shop({ spec: privileged }, false),
    [
      [
        'cordon-node',
        /^cordon node n1, where it is root: no new pods come; nothing there ends$/,
        'kubectl cordon --dry-run=server node/n1',
      ],
    ],
  ],
  [
    'the door that was changed last, of several',
    shop({}, false).with(
      'rolebindings',
      dated('old', '2026-02-02T00:00:00Z', user('jane')),
      dated('new', '2026-05-05T00:00:00Z', user('otto')),
      dated('older', '2026-01-09T00:00:00Z', user('olga')),
    ),
    [
      [
        'close-door',
        /^shut out user\/otto \(changed 2026-05-05\): open sessions stay; loses 2 rules$/,
        'kubectl delete --dry-run=server rolebinding/new -n shop',
      ],
    ],
  ],
  [
    'who gets in by another grant as well is not shut out, and it says so',
    shop({}, false).with(
      'rolebindings',
      dated('old', '2026-02-02T00:00:00Z', user('otto')),
      dated('new', '2026-05-05T00:00:00Z', user('otto')),
    ),
    [['close-door', /^close one way in of user\/otto /, 'kubectl delete --dry-run=server rolebinding/new -n shop']],
  ],
  [
    'a role that was changed counts as its bindings do',
    shop({}, false)
      .with('clusterroles', {
        ...{ kind: 'ClusterRole', namespace: null, name: 'late', labels: {}, selectors: null },
        ...{ created: null, changed: '2026-05-30T00:00:00Z', manager: null, rules: [allow('create', 'pods/exec')] },
      })
      .binding('shop', 'by-role', 'ClusterRole/late', user('jane'))
      .with('rolebindings', dated('new', '2026-05-05T00:00:00Z', user('otto'))),
    [
      [
        'close-door',
        /^shut out user\/jane \(changed 2026-05-30\)/,
        'kubectl delete --dry-run=server rolebinding/by-role -n shop',
      ],
    ],
  ],
  [
    'nobody shuts himself out, by name or by group',
    shop(
      {
        facts: {
          self: {
            user: { name: 'otto', groups: ['oncall', 'system:authenticated'] },
            namespace: 'shop',
            rules: [],
            incomplete: null,
          },
        },
      },
      false,
    ).with(
      'rolebindings',
      dated('old', '2026-02-02T00:00:00Z', user('jane')),
      dated('mine', '2026-05-05T00:00:00Z', user('otto')),
      dated('ours', '2026-05-06T00:00:00Z', group('oncall')),
    ),
    [['close-door', /^shut out user\/jane /, 'kubectl delete --dry-run=server rolebinding/old -n shop']],
  ],
  [
    'no more than three, and no change twice',
    shop({ owner: { kind: 'StatefulSet', name: 'web' } })
      .binding('ops', 'one', 'Role/tokens', account('shop', 'web'))
      .with('secrets', secret)
      .with('rolebindings', dated('new', '2026-05-05T00:00:00Z', user('otto'))),
    [
      ['end-way', /./, 'kubectl delete --dry-run=server rolebinding/one -n ops'],
      ['delete-token-secret', /./, 'kubectl delete --dry-run=server secret/web-token -n shop'],
      ['close-door', /./, 'kubectl delete --dry-run=server rolebinding/new -n shop'],
    ],
  ],
  [
    'who only reads its logs is not in it',
    shop({}, false)
      .clusterRole('logs', [allow('get', 'pods/log')])
      .binding('shop', 'logs', 'ClusterRole/logs', user('jane')),
    [],
  ],
];
for (const [name, world, expected] of rows)
  test(`what to do first: ${name}`, () => {
    const { now = [] } = factsOf(world);
    assert.deepEqual(
      now.map(({ id, commands: [trial] }) => [id, trial]),
      expected.map(([id, , command]) => [id, command]),
    );
    for (const [index, { summary, commands, ends, destroys, id }] of now.entries()) {
      assert.match(summary, expected[index]?.[1] ?? /$^/);
      // The trial stands in front, and what is done is the same without it.
      assert.equal(commands[1], commands[0]?.replace(' --dry-run=server', ''));
      assert.ok(ends !== '');
      assert.equal(destroys === null, id === 'cordon-node', 'what is destroyed is said');
    }
  });

test('each says what it really ends', () => {
  const said = rows
    .flatMap(([, world]) => factsOf(world).now ?? [])
    .map(({ id, ends, destroys }) => `${id}: ${ends}; ${destroys}`);
  const facts: RegExp[] = [
    /^end-way: .*a removed binding acts within seconds/,
    /^delete-pod: .*a bound token dies with its pod or account/,
    /^delete-pod: .*the evidence: its processes, memory, logs and files are gone/,
    /^delete-token-secret: .*it lives until its Secret is deleted/,
    /^close-door: .*open sessions go on, a certificate cannot be revoked/,
    /^close-door: .*a deny-all NetworkPolicy stops neither exec nor port-forward/,
    /^cordon-node: .*their tokens count as taken/,
  ];
  for (const fact of facts)
    assert.ok(
      said.some((each) => fact.test(each)),
      `${fact}`,
    );
  for (const each of said.filter((text) => text.startsWith('close-door')))
    assert.match(each, /NetworkPolicy stops neither/);
});

test('a controller makes another, and a static pod comes back', () => {
  const [first] = factsOf(shop({ owner: { kind: 'StatefulSet', name: 'web' } })).now ?? [];
  assert.match(first?.ends ?? '', /StatefulSet\/web makes another with the same rights$/);
  assert.deepEqual(factsOf(shop({ owner: { kind: 'Node', name: 'n1' } })).now, []);
});

test('an account has no certificate, and a group of them neither', () => {
  const world = shop({}, false).with('rolebindings', dated('new', '2026-05-05T00:00:00Z', account('ops', 'root')));
  assert.doesNotMatch(factsOf(world).now?.[0]?.ends ?? '', /certificate/);
});

test('the flags that lead to the cluster are in each command', () => {
  const world = shop()
    .with('secrets', secret)
    .with('rolebindings', dated('new', '2026-05-05T00:00:00Z', user('otto')));
  const { now = [] } = factsOf(world, { kubectl: ['--context', 'prod'] });
  assert.equal(now.length, 3);
  for (const { commands } of now) for (const line of commands) assert.match(line, / --context prod$/);
});

test('whoever shares the node, the strongest first, those that have ended left out', () => {
  const other = (name: string, spec: object, phase = 'Running') => {
    const raw = { metadata: { namespace: 'ops', name }, spec: { nodeName: 'n1', ...spec }, status: { phase } };
    return { ...reducePod(raw), whole: raw };
  };
  const world = shop().with(
    'pods',
    other('plain', { containers: [{ name: 'a' }] }),
    other('agent', privileged),
    other('done', privileged, 'Succeeded'),
    other('elsewhere', { ...privileged, nodeName: 'n2' }),
  );
  const { shares, neighbours } = factsOf(world);
  assert.deepEqual(
    shares?.map(({ name, strength }) => [name, strength]),
    [
      ['agent', 'node root'],
      ['plain', 'root in a container'],
    ],
  );
  assert.equal(neighbours, 2);
});

const jq = spawnSync('bash', ['-c', 'command -v jq']).status === 0 || process.env.CI ? false : 'jq is not installed';
test('the line over an audit log finds the use of the identity, whatever its name holds', { skip: jq }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'whocan-audit-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const users = [
    'system:serviceaccount:shop:web',
    `it's "odd" $(touch hit) \`touch hit\` \\`,
    '--arg',
    '-n',
    'a\nb',
    '\u001b[31mred\u202e',
    '" or true or "',
  ];
  const events = users.flatMap((username, index) => [
    { auditID: `${index}`, user: { username } },
    { auditID: `${index} as`, user: { username: 'olivia' }, impersonatedUser: { username } },
  ]);
  const others = [{ auditID: 'other', user: { username: 'system:serviceaccount:shop:web-2' } }, { auditID: 'none' }];
  writeFileSync(join(folder, 'audit.log'), [...events, ...others].map((each) => `${JSON.stringify(each)}\n`).join(''));
  for (const [index, name] of users.entries()) {
    const output = execFileSync('bash', ['--norc', '-c', auditText(name)], { cwd: folder, encoding: 'utf8' });
    const found = output
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { auditID: string }).auditID);
    assert.deepEqual(found, [`${index}`, `${index} as`], name);
    assert.doesNotMatch(output, /[^\n -~]/, 'a terminal obeys none of it');
  }
});
