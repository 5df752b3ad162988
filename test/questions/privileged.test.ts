import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../src/answer/answer.ts';
import { list } from '../../src/world/needs.ts';
import type { Subject } from '../../src/world/objects.ts';
import { constraintOf, templateOf } from '../admission/engines/gatekeeper/templates.ts';
import { policyOf } from '../admission/engines/kyverno/policies.ts';
import { ANNOTATIONS, SCCS } from '../admission/scc/openshift.ts';
import { account, allow, type ClusterBuilder, cluster, group, user } from '../helpers/cluster.ts';
import { objects, rows } from '../helpers/question.ts';
import { APPS, CREATE, guard, guarded, hook, known, NAMESPACES, TRAPS } from './privileged-traps.ts';
import {
  type About,
  askPrivileged,
  enforce,
  everywhere,
  inside,
  jane,
  PLAIN,
  podWith,
  put,
  ROOT,
  shop,
  told,
} from './privileged-worlds.ts';

function ask(
  builder: ClusterBuilder,
  about: About = { subjects: [jane] },
  options: Parameters<typeof askPrivileged>[2] = {},
): Answer {
  const { asked, errors } = askPrivileged(builder.world(), about, options);
  assert.deepEqual(errors, []);
  const [first] = asked;
  assert.ok(first);
  return first.answer;
}

/** A right to change what is not there is a right all the same. */
const IDLE: [why: string, builder: ClusterBuilder, says: RegExp][] = [
  [
    'no Deployment',
    inside(shop(), allow('patch', 'deployments', APPS)),
    /: it may change deployments\.apps, but nothing of the kind is there/,
  ],
  [
    'not the one that is named',
    inside(shop().workload('deployments', 'shop', 'web'), allow('update', 'deployments', { ...APPS, names: ['api'] })),
    /: it may change deployments\.apps, but nothing/,
  ],
  [
    'no pod that runs',
    inside(shop(), allow('patch', 'pods/ephemeralcontainers')),
    /: it may add ephemeral containers to pods, but nothing/,
  ],
  [
    'more than three kinds',
    inside(shop(), allow('patch', 'deployments statefulsets daemonsets replicasets', APPS)),
    /: it may change \S+, change \S+ and 2 more, but nothing/,
  ],
  [
    'no right at all',
    inside(shop(), allow('get', 'services')),
    /: no binding allows it to create or change pods, or anything that makes them/,
  ],
];
describe('nothing to change', () => {
  for (const [why, builder, says] of IDLE)
    test(why, () => {
      const { verdict, summary } = ask(builder);
      assert.equal(verdict, 'no');
      assert.match(summary, says);
    });
});

for (const [name, cases] of Object.entries(TRAPS))
  describe(name, () => {
    for (const [why, builder, verdict, ways] of cases)
      test(`${why}: ${verdict}`, () => {
        const answer = ask(builder);
        assert.deepEqual(told(rows(answer)), ways);
        assert.equal([answer.verdict, ...(answer.leaning ? [answer.leaning] : [])].join(' '), verdict);
        for (const finding of answer.findings) {
          assert.equal(finding.unknowns.length > 0, finding.verdict === 'depends', finding.reason);
          if (finding.spawn && finding.verdict === 'no' && finding.spawn.namespaces)
            assert.ok(finding.spawn.refusals.length > 0 || finding.spawn.strongest !== null);
        }
      });
  });

const KYVERNO = policyOf('no-privilege', {
  pattern: {
    spec: {
      '=(hostPID)': 'false',
      '=(hostNetwork)': 'false',
      '=(hostIPC)': 'false',
      '=(volumes)': [{ 'X(hostPath)': 'null' }],
      containers: [{ '=(securityContext)': { '=(privileged)': 'false', 'X(capabilities)': 'null' } }],
    },
  },
});
const gatekeepers = [
  'K8sPSPPrivilegedContainer',
  'K8sPSPHostNamespace',
  'K8sPSPHostNetworkingPorts',
  'K8sPSPCapabilities',
  'K8sPSPHostFilesystem',
];
const PARAMETERS: Readonly<Record<string, object>> = {
  K8sPSPCapabilities: { allowedCapabilities: [] },
  K8sPSPHostNetworkingPorts: { hostNetwork: false },
  K8sPSPHostFilesystem: { allowedHostPaths: [{ pathPrefix: '/var/log' }] },
};

test('Kyverno refuses: what is refused is named', () => {
  const { findings, verdict } = ask(guarded([KYVERNO, hook({ name: 'validate.kyverno.svc-fail' })]));
  assert.notEqual(verdict, 'yes');
  assert.ok(
    findings[0]?.spawn?.refusals.some(({ by }) => by?.name === 'no-privilege'),
    JSON.stringify(findings[0]?.spawn),
  );
});

test('Gatekeeper refuses: what is refused is named', () => {
  const all = gatekeepers.flatMap((kind) => [templateOf(kind), constraintOf(kind, PARAMETERS[kind] ?? {})]);
  const { findings, verdict } = ask(guarded([...all, hook({ name: 'validation.gatekeeper.sh' })]));
  assert.notEqual(verdict, 'yes');
  assert.ok(
    findings[0]?.spawn?.refusals.some(({ by }) => by?.kind === 'K8sPSPPrivilegedContainer'),
    JSON.stringify(findings[0]?.spawn),
  );
});

test('SCC: only whoever may use privileged gets to the node', () => {
  const rules = [
    CREATE,
    allow('use', 'securitycontextconstraints', { groups: ['security.openshift.io'], names: ['privileged'] }),
  ];
  const openShift = cluster().with('namespaces', {
    namespace: null,
    name: 'shop',
    labels: {},
    annotations: ANNOTATIONS,
    deleting: false,
  });
  const ofOpenShift = (...held: typeof rules) => inside(put(openShift, SCCS.restricted, SCCS.privileged), ...held);
  const refused = ask(ofOpenShift(CREATE));
  assert.deepEqual(told(refused.findings), ['pod-create no']);
  assert.equal(refused.findings[0]?.spawn?.refusals[0]?.layer, 'scc');
  assert.deepEqual(told(ask(ofOpenShift(...rules)).findings), ['pod-create yes']);
});

describe('who is asked about', () => {
  const builder = account('ci', 'builder');
  const ci = () => cluster().namespace('ci').account('ci', 'builder').role('ci', 'r', [CREATE]);
  const cases: readonly [why: string, world: ClusterBuilder, subject: Subject, groups: string[], verdict: string][] = [
    ['an account', ci().binding('ci', 'b', 'Role/r', builder), builder, [], 'yes'],
    [
      'an account by the group of its namespace',
      ci().binding('ci', 'b', 'Role/r', group('system:serviceaccounts:ci')),
      builder,
      [],
      'yes',
    ],
    [
      'an account of another namespace',
      ci().binding('ci', 'b', 'Role/r', account('dev', 'builder')),
      builder,
      [],
      'no',
    ],
    ['a user by a group that is told', ci().binding('ci', 'b', 'Role/r', group('dev')), jane, ['dev'], 'yes'],
    ['a user by a group that is not told', ci().binding('ci', 'b', 'Role/r', group('dev')), jane, [], 'no'],
    ['a user as everybody', ci().binding('ci', 'b', 'Role/r', group('system:authenticated')), jane, [], 'yes'],
    ['a group', ci().binding('ci', 'b', 'Role/r', group('dev')), group('dev'), [], 'yes'],
    ['a group that is a user’s name', ci().binding('ci', 'b', 'Role/r', user('dev')), group('dev'), [], 'no'],
    ['superusers', ci(), group('system:masters'), [], 'yes'],
    ['a user among the superusers', ci(), jane, ['system:masters'], 'yes'],
    [
      'superusers, whom admission asks as well',
      cluster().namespace('ci', enforce('restricted')),
      group('system:masters'),
      [],
      'yes',
    ],
  ];
  for (const [why, world, subject, subjectGroups, verdict] of cases)
    test(`${why}: ${verdict}`, () =>
      assert.equal(ask(world, { subjects: [subject] }, { subjectGroups }).verdict, verdict));

  test('an account that is not there is said to be so', () =>
    assert.match(
      ask(cluster().namespace('ci').role('ci', 'r', [CREATE]).binding('ci', 'b', 'Role/r', builder), {
        subjects: [builder],
      }).summary,
      /builder \(there is no such account: whoever creates it /,
    ));

  test('a pod stands for its account, and a workload for its pods’', () => {
    const world = ci()
      .pod('ci', 'web', { serviceAccount: 'builder', labels: { app: 'web' } })
      .workload('deployments', 'ci', 'web', { selector: { matchLabels: { app: 'web' }, matchExpressions: [] } })
      .binding('ci', 'b', 'Role/r', builder);
    for (const name of ['web', 'deployments/web']) {
      const { target, verdict, summary } = ask(world, { pods: objects('ci', name) });
      assert.deepEqual([target, verdict], [{ kind: 'Pod', namespace: 'ci', name: 'web' }, 'yes']);
      assert.match(summary, /^pod ci\/web, as ServiceAccount ci\/builder/);
    }
  });

  test('pods of one account are asked about once', () => {
    const world = ci()
      .pod('ci', 'a', { serviceAccount: 'builder' })
      .pod('ci', 'b', { serviceAccount: 'builder' })
      .world();
    assert.equal(askPrivileged(world, { pods: objects('ci', 'a', 'b') }).asked.length, 1);
  });

  test('a pod that is not there is an error', () =>
    assert.equal(askPrivileged(ci().world(), { pods: objects('ci', 'gone') }).errors.length, 1));

  test('who becomes an account that a policy lets pass', () => {
    const robot = account('shop', 'robot');
    const lenient = guard({
      matchConditions: [{ name: 'c', expression: "request.userInfo.username != 'system:serviceaccount:shop:robot'" }],
    });
    const world = put(
      inside(shop().account('shop', 'robot'), CREATE, allow('create', 'serviceaccounts/token', { names: ['robot'] })),
      ...lenient,
    ).binding('shop', 'robot', 'Role/r', robot);
    const { findings } = ask(world);
    assert.deepEqual(told(findings), ['pod-create no', 'sa-token-request yes']);
    assert.equal(findings[1]?.direct, false);
    const [step] = findings[1]?.evidence ?? [];
    assert.equal(
      step?.command,
      'kubectl auth can-i create serviceaccounts/robot --subresource=token -n shop --as=jane',
    );
    assert.equal(step?.attack, undefined, 'nobody asked for it');
    assert.deepEqual(
      told(
        ask(inside(put(shop(), ...lenient), CREATE, allow('create', 'serviceaccounts/token', { names: ['other'] })))
          .findings,
      ),
      ['pod-create no'],
    );
  });
});

describe('everybody', () => {
  const two = (): ClusterBuilder =>
    cluster()
      .namespace('ci')
      .namespace('shop', enforce('restricted'))
      .role('ci', 'r', [CREATE])
      .role('shop', 'r', [CREATE])
      .binding('ci', 'b', 'Role/r', jane)
      .binding('shop', 'b', 'Role/r', user('bob'));
  const names = ({ findings }: Answer, verdict: string) => [
    ...new Set(
      findings.filter((each) => !each.accepted && each.verdict === verdict).map(({ subject }) => subject.name),
    ),
  ];

  test('in any namespace', () => {
    const answer = ask(two(), {});
    assert.deepEqual(
      [answer.target, answer.verdict, names(answer, 'yes'), names(answer, 'no')],
      [null, 'yes', ['jane'], ['bob']],
    );
    assert.match(answer.summary, /^1 subject can get a pod onto the cluster/);
  });

  test('in one namespace', () => {
    const answer = ask(two(), { namespace: 'shop' });
    assert.deepEqual(
      [answer.scope.namespace, answer.verdict, names(answer, 'yes'), names(answer, 'no')],
      ['shop', 'no', [], ['bob']],
    );
  });

  test('superusers are told of, and not counted', () => {
    const { findings } = ask(two(), {});
    assert.deepEqual(
      findings.filter(({ accepted }) => accepted).map(({ subject }) => subject.name),
      ['system:masters'],
    );
  });

  test('who is accepted does not count', () => {
    const answer = ask(two(), {}, { accepts: ({ name }) => name === 'jane' });
    assert.equal(answer.verdict, 'no');
    assert.match(answer.summary, /^nobody but built-in or accepted holders can/);
  });

  test("upstream's own controllers are accepted", () => {
    const role = 'system:controller:job-controller';
    const rules = [allow('create delete list patch watch', 'pods')];
    const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
    const world = cluster()
      .namespace('ci')
      .clusterRole(role, rules, { labels })
      .clusterBinding(role, `ClusterRole/${role}`, account('kube-system', 'job-controller'));
    const { findings, verdict } = ask(world, {});
    const own = findings.filter(({ subject }) => subject.name === 'job-controller');
    assert.ok(own.length > 0);
    // Accepted only where the role is upstream's, rule by rule.
    assert.equal(
      own.every(({ accepted }) => accepted),
      verdict === 'no',
    );
  });

  test('what could not be read is never nobody', () => {
    for (const kind of ['rolebindings', 'clusterrolebindings'] as const) {
      const answer = ask(shop().refuse(list(kind)), {});
      assert.equal(answer.verdict, 'depends', kind);
      assert.match(answer.summary, /^nobody that could be seen/);
    }
  });

  test('a right that counts in namespaces that could not be listed', () => {
    assert.equal(ask(everywhere(known().refuse(NAMESPACES), CREATE), {}).verdict, 'depends');
    assert.equal(ask(everywhere(known().refuse(NAMESPACES), CREATE), { namespace: 'shop' }).verdict, 'no');
  });
});

test('namespaces with different pods are told apart', () => {
  const world = everywhere(
    shop().namespace('ci').pod('shop', 'web', podWith(ROOT)).pod('ci', 'api', podWith(PLAIN)),
    allow('patch', 'pods'),
  );
  const places = ask(world).findings.map(({ verdict, spawn }) => [verdict, spawn?.namespaces]);
  assert.deepEqual(places, [
    ['yes', ['shop']],
    ['no', ['ci']],
  ]);
});

test('accounts that may do everything are named', () => {
  const world = inside(
    shop()
      .account('shop', 'admin')
      .account('shop', 'web')
      .clusterRole('all', [{ ...allow('*', '*'), apiGroups: ['*'] }])
      .clusterBinding('all', 'ClusterRole/all', account('shop', 'admin')),
    CREATE,
  );
  assert.deepEqual(ask(world).findings[0]?.spawn?.accounts, { count: 2, powerful: ['shop/admin'] });
});

test('the right that a reader can check is one of the best way', () => {
  const world = everywhere(shop('restricted').namespace('ci'), allow('create', 'deployments', APPS)).world();
  const [asked] = askPrivileged(world, { subjects: [jane] }).asked;
  assert.deepEqual(asked?.hint?.()?.request, {
    verb: 'create',
    group: 'apps',
    resource: 'deployments',
    subresource: '',
    namespace: 'ci',
    name: '',
  });
  const [all] = askPrivileged(world).asked;
  assert.equal(all?.hint?.()?.identity.user, 'jane');
  assert.equal(askPrivileged(shop().world(), { subjects: [jane] }).asked[0]?.hint?.(), null);
  assert.equal(askPrivileged(shop().world()).asked[0]?.hint?.(), null);
});
