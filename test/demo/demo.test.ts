import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../src/answer/answer.ts';
import { openDemo } from '../../src/cluster/input/demo/demo.ts';
import { debug } from '../../src/questions/access/debug.ts';
import { ask } from '../../src/questions/ask.ts';
import { attach, exec, logs, portForward, proxy, who } from '../../src/questions/index.ts';
import { pod } from '../../src/questions/pod/pod.ts';
import type { Options, Question } from '../../src/questions/question.ts';
import type { ObjectsTarget } from '../../src/questions/targets.ts';
import type { Subject } from '../../src/world/objects.ts';
import type { Version } from '../../src/world/version.ts';
import { account, group, user } from '../helpers/cluster.ts';
import { holders, OPTIONS, objects, right } from '../helpers/question.ts';

async function demo<T>(
  question: Question<T>,
  target: T,
  options: Partial<Options> = {},
  serverVersion: Version | null = null,
): Promise<Answer> {
  const { asked, errors } = await ask(question, target, openDemo({ serverVersion, namespace: null }), {
    ...OPTIONS,
    ...options,
  });
  assert.deepEqual(errors, []);
  const [first] = asked;
  assert.ok(first);
  return first.answer;
}

const web0 = objects('shop', 'web-0');
const ADMINS = ['Group/platform', 'ServiceAccount/ci/deployer', 'User/jane'];
const DEV = 'Group/system:serviceaccounts:dev';

const doors: [Question<ObjectsTarget>, string[], why: string][] = [
  [
    portForward,
    [
      ...ADMINS,
      'Group/support', // */portforward
      'ServiceAccount/backup/operator', // create nodes/proxy
      'ServiceAccount/monitoring/prometheus', // get nodes/proxy
      DEV, // all accounts of a namespace
      'Group/team-shop', // edit
      'ServiceAccount/ci/default', // forgotten since 2023
      'ServiceAccount/shop/cart', // its own right
      'User/nadia', // this pod by its name
    ],
    'each for a reason of its own',
  ],
  [
    exec,
    [...ADMINS, 'ServiceAccount/backup/operator', DEV, 'Group/team-shop', 'User/nadia'],
    'get nodes/proxy alone is not enough',
  ],
  [attach, [...ADMINS, 'ServiceAccount/backup/operator', 'Group/team-shop'], 'edit attaches'],
  [debug, ADMINS, 'edit has no ephemeral containers'],
  [
    logs,
    [...ADMINS, 'ServiceAccount/monitoring/prometheus', DEV, 'Group/team-shop', 'User/team-shop'],
    'view reads logs',
  ],
  [
    proxy,
    [...ADMINS, 'ServiceAccount/backup/operator', 'ServiceAccount/monitoring/prometheus', 'Group/team-shop'],
    'edit proxies',
  ],
];

for (const [question, expected, why] of doors) {
  test(`who can ${question.name} web-0: ${why}`, async () => {
    const answer = await demo(question, web0);
    assert.deepEqual(holders(answer).sort(), [...expected].sort());
    assert.equal(answer.verdict, 'yes');
  });
}

test('with get nodes/proxy, whether exec is possible depends on the way to the kubelet', async () => {
  assert.deepEqual(holders(await demo(exec, web0), 'depends'), ['ServiceAccount/monitoring/prometheus']);
});

const nearMisses: [Subject, string, why: string][] = [
  [user('omar'), 'near-miss-verb', 'get was enough until 1.34'],
  [user('lena'), 'near-miss-star-subresource', 'pods/* grants no subresource'],
  [user('tomas'), 'near-miss-name', 'web-1, not web-0'],
  [user('priya'), 'near-miss-namespace', 'bound in dev'],
  [user('team-shop'), 'near-miss-other-kind', 'the group of that name may'],
  [account('ci', 'release-bot'), 'near-miss-missing-role', 'its role was deleted'],
  [account('legacy', 'default'), 'near-miss-subresource', 'pods does not include pods/portforward'],
  [account('legacy', 'default'), 'near-miss-other-account', 'ci has an account of that name'],
];

for (const [subject, id, why] of nearMisses) {
  test(`${subject.name} cannot port-forward to web-0: ${why}`, async () => {
    const answer = await demo(portForward, web0, { subject });
    assert.equal(answer.verdict, 'no');
    assert.ok(
      answer.nearMisses.some((finding) => finding.id === id),
      JSON.stringify(answer.nearMisses.map((finding) => finding.id)),
    );
  });
}

test('at 1.34 omar could', async () => {
  assert.equal((await demo(portForward, web0, { subject: user('omar') }, { major: 1, minor: 34 })).verdict, 'yes');
});

test('olivia can, if it is told that she is of the platform team', async () => {
  assert.equal((await demo(exec, web0, { subject: user('olivia'), subjectGroups: ['platform'] })).verdict, 'yes');
});

test('the node exporter’s right over nodes stands in a RoleBinding, where it grants nothing', async () => {
  const answer = await demo(who, right('get nodes/proxy'), { subject: account('monitoring', 'node-exporter') });
  assert.deepEqual(
    answer.nearMisses.map(({ id }) => id),
    ['near-miss-cluster-scope'],
  );
});

test('everybody may use the pods of dev, and it is said aloud', async () => {
  const answer = await demo(portForward, objects('dev', 'shell'));
  assert.match(answer.summary, /everybody in system:authenticated/);
});

test('a grant shows since when it is there, and who wrote it', async () => {
  const { findings } = await demo(portForward, web0, { subject: account('ci', 'default') });
  const binding = findings[0]?.evidence[0]?.grants[0]?.binding;
  assert.match(`${binding?.created} ${binding?.manager}`, /^2023-09-12T\S+ kubectl-create$/);
});

test('the aggregated rule of edit names its source', async () => {
  const { findings } = await demo(portForward, web0, { subject: group('team-shop') });
  assert.deepEqual(findings[0]?.evidence[0]?.grants[0]?.aggregatedFrom, ['system:aggregate-to-edit']);
});

/** Ways to more, besides those of the administrators. */
const rights: [string, string | null, string[]][] = [
  ['create pods', 'ci', ['ServiceAccount/ci/builder', 'ServiceAccount/legacy/default']],
  ['patch namespaces', null, ['ServiceAccount/ci/labeler']],
  ['bind clusterroles', null, ['ServiceAccount/legacy/provisioner']],
  ['escalate roles', null, ['ServiceAccount/legacy/provisioner']],
  ['impersonate users', null, ['ServiceAccount/ingress/login-proxy']],
  ['create serviceaccounts/token', 'shop', ['Group/team-shop', 'ServiceAccount/dev/preview']],
  [
    'get secrets',
    'payments',
    ['Group/team-payments', 'ServiceAccount/ingress/edge-proxy', 'ServiceAccount/legacy/default'],
  ],
  [
    'get /metrics',
    null,
    ['Group/system:authenticated', 'Group/system:unauthenticated', 'ServiceAccount/monitoring/prometheus'],
  ],
];

for (const [text, namespace, expected] of rights) {
  test(`who may ${text}${namespace === null ? '' : ` in ${namespace}`}`, async () => {
    assert.deepEqual(holders(await demo(who, right(text, namespace))).sort(), [...ADMINS, ...expected].sort());
  });
}

const cards: [string, string, account: string, tokens: number][] = [
  ['shop', 'web-0', 'web', 2],
  ['ci', 'deployments/runner', 'default', 1],
  ['payments', 'deployments/ledger', 'ledger', 1],
  ['payments', 'deployments/gateway', 'gateway', 0],
  ['monitoring', 'daemonsets/node-exporter', 'node-exporter', 0],
  ['shop', 'jobs/catalog-import-29919060', 'catalog', 1],
  ['shop', 'cronjobs/catalog-import', 'catalog', 1],
];

for (const [namespace, name, serviceAccount, tokens] of cards) {
  test(`${namespace}/${name} runs as ${serviceAccount} with ${tokens} mounted tokens`, async () => {
    const facts = (await demo(pod, objects(namespace, name))).pod;
    assert.equal(facts?.serviceAccount, serviceAccount);
    assert.equal(facts?.token.containers.length, tokens);
  });
}

test('one pod waits for a node, and one is done', async () => {
  assert.match((await demo(exec, objects('shop', 'deployments/search'))).summary, /Pending/);
  assert.match((await demo(exec, objects('shop', 'cronjobs/catalog-import'))).summary, /Succeeded/);
});
