import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { admit } from '../../src/questions/admit/admit.ts';
import { ask as askQuestion } from '../../src/questions/ask.ts';
import { exec, who } from '../../src/questions/index.ts';
import { privileged } from '../../src/questions/privileged/privileged.ts';
import type { Result } from '../../src/questions/question.ts';
import { rawSockets } from '../../src/questions/raw-sockets/raw-sockets.ts';
import { ALL_KINDS, builtInKind, type KindName } from '../../src/world/kinds.ts';
import { get, list } from '../../src/world/needs.ts';
import { user } from '../helpers/cluster.ts';
import { OPTIONS, objects, right } from '../helpers/question.ts';
import { ask, open, place, worldIn } from './inputs.ts';

/**
 * What YAML makes of these is no text: the server refuses such an object. `where`: its namespace, as far as that is
 * told; null where it is not.
 */
const metadatas: [metadata: string, where: 'ops' | 'default' | null, why: RegExp][] = [
  ['{name: 12345678, namespace: ops}', 'ops', /^1 object could not be read: name is not a string/],
  ['{name: 1e3, namespace: ops}', 'ops', /name is not a string/],
  ['{name: 0x1f, namespace: ops}', 'ops', /name is not a string/],
  ['{name: 1.5, namespace: ops}', 'ops', /name is not a string/],
  ['{name: yes, namespace: ops}', 'ops', /name is not a string/],
  ['{name: off, namespace: ops}', 'ops', /name is not a string/],
  ['{name: y, namespace: ops}', 'ops', /name is not a string/],
  ['{name: true, namespace: ops}', 'ops', /name is not a string/],
  ['{name: [a], namespace: ops}', 'ops', /name is not a string/],
  ['{name: {a: b}, namespace: ops}', 'ops', /name is not a string/],
  ['{name: null, namespace: ops}', 'ops', /name is missing/],
  ['{name: ~, namespace: ops}', 'ops', /name is missing/],
  ['{name: , namespace: ops}', 'ops', /name is missing/],
  ['{name: "", namespace: ops}', 'ops', /name is empty/],
  ['{namespace: ops}', 'ops', /name is missing/],
  ['{name: 123}', 'default', /name is not a string/],
  ['{name: 123, namespace: null}', 'default', /name is not a string/],
  ['{name: 123, namespace: ""}', 'default', /name is not a string/],
  ['{name: web, namespace: on}', null, /namespace is not a string/],
  ['{name: web, namespace: 123}', null, /namespace is not a string/],
  ['{name: web, namespace: [ops]}', null, /namespace is not a string/],
  ['{name: 123, namespace: 456}', null, /name(space)? is not a string/],
  ['web', null, /metadata is not an object/],
  ['[web]', null, /metadata is not an object/],
  ['123', null, /metadata is not an object/],
  ['null', 'default', /name is missing/],
  ['{}', 'default', /name is missing/],
];

const objectOf = (kind: KindName, metadata: string): string => {
  const api = builtInKind(kind) ?? { group: 'example.com', version: 'v1', kind: 'Widget' };
  return `apiVersion: ${api.group === '' ? '' : `${api.group}/`}${api.version}\nkind: ${api.kind}\nmetadata: ${metadata}\n`;
};

for (const kind of ALL_KINDS)
  test(`${kind} that cannot be named: no list of them is whole, and none is surely missing`, async () => {
    for (const [metadata, where, why] of metadatas) {
      const namespaced = builtInKind(kind)?.namespaced === true;
      // What is in no namespace is decoded all the same.
      const world = await ask(
        await open(join(place({ 'a.yaml': objectOf(kind, metadata) }), 'a.yaml'), { complete: true }),
        [
          list(kind),
          ...(namespaced ? [list(kind, 'ops'), list(kind, 'default'), list(kind, 'other')] : []),
          get(kind, namespaced ? 'ops' : null, 'web'),
        ],
      );
      if (!namespaced && metadata.startsWith('{name: web')) {
        assert.match(world.malformed(kind)[0]?.what ?? '', / web$/, 'known by its name');
        continue;
      }
      const outcome = world.ownOutcome(list(kind));
      assert.ok(outcome?.read === false && outcome.failure.kind === 'malformed', metadata);
      assert.match(outcome.failure.message, why, metadata);
      assert.match(outcome.failure.message, /a\.yaml:1\)$/);
      const found = world.ownOutcome(get(kind, namespaced ? 'ops' : null, 'web'));
      const isElsewhere = namespaced && where === 'default';
      assert.equal(found?.read === false && found.failure.kind, isElsewhere ? 'notFound' : 'malformed', metadata);
      if (namespaced)
        for (const namespace of ['ops', 'default', 'other'])
          assert.equal(
            world.isRead(list(kind, namespace)),
            where !== null && where !== namespace,
            `${metadata} in ${namespace}`,
          );
      assert.ok(!world.list(kind).some(({ name }) => name === 'web'));
    }
  });

test('what could not be read is counted', async () => {
  const two = `${objectOf('pods', '{name: 1}')}---\n${objectOf('pods', '{name: 2}')}`;
  const outcome = (await worldIn(two, { complete: true })).outcome(list('pods'));
  assert.match(
    outcome?.read === false ? outcome.failure.message : '',
    /^2 objects could not be read, the first: name is not a string/,
  );
});

/** Fields besides the name: the object is known by its name, and costs an unknown of its own. */
const fields: [kind: KindName, fields: string, why: RegExp][] = [
  ['pods', 'spec: {containers: [{name: c, image: i, env: [{name: A, value: 8080}]}]}', /value is not a string/],
  ['pods', 'spec: {containers: [{name: c, image: i, args: [1]}]}', /args is not a list of strings/],
  ['pods', 'spec: {containers: [{name: c, image: i, command: [yes]}]}', /command is not a list of strings/],
  ['pods', 'spec: {nodeSelector: {gpu: true}}', /nodeSelector is not a map of strings/],
  ['pods', 'spec: {serviceAccountName: 123}', /serviceAccountName is not a string/],
  ['rolebindings', 'roleRef: {kind: Role, name: 123}', /name is not a string/],
  ['rolebindings', 'roleRef: {kind: Role, name: r}\nsubjects: [{kind: User, name: 007}]', /name is not a string/],
  ['roles', 'rules: [{verbs: [get, no], resources: [pods]}]', /verbs is not a list of strings/],
  [
    'clusterroles',
    'rules: [{verbs: [get], resources: [pods], resourceNames: [123]}]',
    /resourceNames is not a list of strings/,
  ],
];
for (const [kind, more, why] of fields)
  test(`${kind} with ${more} are an unknown of their own`, async () => {
    const world = await worldIn(`${objectOf(kind, '{name: web, namespace: ops}')}${more}\n`, { complete: true });
    assert.match(world.malformed(kind)[0]?.why ?? '', why);
    assert.ok(!world.list(kind).some(({ name }) => name === 'web'));
  });

const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: ops}\n';
const POD = `${objectOf('pods', '{name: web, namespace: ops}')}spec: {containers: [{name: c, image: i, securityContext: {capabilities: {drop: [ALL]}}}]}\n`;
const BINDING = `${objectOf('rolebindings', '{name: 1, namespace: ops}')}roleRef: {kind: Role, name: r}\nsubjects: [{kind: User, name: jane}]\n`;
const CLUSTER_BINDING = `${objectOf('clusterrolebindings', '{name: yes}')}roleRef: {kind: ClusterRole, name: admin}\nsubjects: [{kind: User, name: jane}]\n`;
const bound = (role: string) =>
  `${objectOf('rolebindings', '{name: b, namespace: ops}')}roleRef: {kind: ${role}, name: r}\nsubjects: [{kind: User, name: jane}]\n`;
const POLICY = `${objectOf('ValidatingAdmissionPolicy.admissionregistration.k8s.io', '{name: 1}')}`;

const pod = { group: '', version: 'v1', resource: 'pods', kind: 'Pod' };
const raw = { metadata: { name: 'a' }, spec: { containers: [{ name: 'c', image: 'i' }] } };
const files = { objects: [{ kind: pod, raw, from: 'f:1' }], namespaces: [], accounts: [], errors: [], warnings: [] };
const asks = {
  rawSockets: (source) => askQuestion(rawSockets, { refs: [], selector: null, namespace: 'ops' }, source, OPTIONS),
  rawSocketsAnywhere: (source) =>
    askQuestion(rawSockets, { refs: [], selector: null, namespace: null }, source, OPTIONS),
  exec: (source) => askQuestion(exec, objects('ops', 'web'), source, { ...OPTIONS, subject: user('jane') }),
  who: (source) => askQuestion(who, right('get secrets', 'ops'), source, { ...OPTIONS, subject: user('jane') }),
  privileged: (source) =>
    askQuestion(privileged, { subjects: [user('jane')], pods: null, namespace: null }, source, OPTIONS),
  admit: (source) => askQuestion(admit, { ...files, namespace: 'ops', given: null, level: null }, source, OPTIONS),
} satisfies Record<string, (source: Awaited<ReturnType<typeof open>>) => Promise<Result>>;

/** Each with an object that may change the answer, and cannot be read. */
const questions: [question: keyof typeof asks, objects: string[], why: string][] = [
  ['rawSockets', [POD, objectOf('pods', '{name: 1, namespace: ops}')], 'a pod of the namespace'],
  ['rawSockets', [POD, objectOf('pods', '{name: web, namespace: on}')], 'a pod of any namespace'],
  ['rawSocketsAnywhere', [POD, objectOf('pods', '{name: 1, namespace: other}')], 'a pod somewhere'],
  ['rawSocketsAnywhere', [POD, objectOf('pods', 'x')], 'a pod that is none'],
  ['exec', [POD, BINDING], 'a RoleBinding'],
  ['exec', [POD, CLUSTER_BINDING], 'a ClusterRoleBinding'],
  ['exec', [POD, bound('Role'), objectOf('roles', '{name: 1, namespace: ops}')], 'the Role that a binding names'],
  ['exec', [POD, bound('ClusterRole'), objectOf('clusterroles', '{name: 1}')], 'the ClusterRole that a binding names'],
  ['who', [BINDING], 'a RoleBinding'],
  ['who', [CLUSTER_BINDING], 'a ClusterRoleBinding'],
  ['who', [bound('Role'), objectOf('roles', '{name: r, namespace: 1}')], 'the Role that a binding names, perhaps'],
  ['privileged', [BINDING], 'a RoleBinding'],
  ['privileged', [CLUSTER_BINDING], 'a ClusterRoleBinding'],
  ['admit', [POLICY], 'a policy'],
  ['admit', [objectOf('ValidatingWebhookConfiguration.admissionregistration.k8s.io', '{name: null}')], 'a webhook'],
  ['admit', [objectOf('ResourceQuota.', '{name: 5, namespace: ops}')], 'a quota'],
];
for (const [question, parts, why] of questions)
  test(`${question} depends where ${why} cannot be read`, async () => {
    const path = join(place({ 'a.yaml': [NAMESPACE, ...parts].join('---\n') }), 'a.yaml');
    const { asked, errors } = await asks[question](
      await open(path, { complete: true, serverVersion: { major: 1, minor: 37 } }),
    );
    assert.deepEqual(errors, []);
    assert.equal(asked[0]?.answer.verdict, 'depends');
    const unknowns = asked.flatMap(({ answer }) => [
      ...answer.unknowns,
      ...answer.findings.flatMap((each) => each.unknowns),
    ]);
    assert.ok(
      unknowns.some(({ kind, why: each }) => kind === 'unreadable' && /could not be read/.test(each)),
      JSON.stringify(unknowns),
    );
  });

test('a namespace of which nobody knows the name may be the one that is not found', async () => {
  const path = join(place({ 'a.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: 2024}\n' }), 'a.yaml');
  const { asked } = await asks.admit(await open(path, { complete: true, serverVersion: { major: 1, minor: 37 } }));
  assert.equal(asked[0]?.answer.verdict, 'depends');
});

test('what is elsewhere changes nothing', async () => {
  const path = join(
    place({ 'a.yaml': [NAMESPACE, POD, objectOf('pods', '{name: 1, namespace: other}')].join('---\n') }),
    'a.yaml',
  );
  const { asked } = await asks.rawSockets(await open(path, { complete: true, serverVersion: { major: 1, minor: 37 } }));
  assert.equal(asked[0]?.answer.verdict, 'no');
});

/** What the defaults of the API would take the place of, had it been left out: it was said, and it is no text. */
const FALSE_TEXTS: [spec: string, why: string][] = [
  ['{nodeName: no, CONTAINERS}', 'nodeName is not a string'],
  ['{nodeName: n, CONTAINERS}', 'nodeName is not a string'],
  ['{hostname: off, CONTAINERS}', 'hostname is not a string'],
  ['{subdomain: 0, CONTAINERS}', 'subdomain is not a string'],
  ['{priorityClassName: 0, CONTAINERS}', 'priorityClassName is not a string'],
  ['{runtimeClassName: no, CONTAINERS}', 'runtimeClassName is not a string'],
  ['{serviceAccountName: off, CONTAINERS}', 'serviceAccountName is not a string'],
  ['{serviceAccount: off, CONTAINERS}', 'serviceAccount is not a string'],
  ['{schedulerName: 0, CONTAINERS}', 'schedulerName is not a string'],
  ['{containers: [{name: c, image: x, env: [{name: A, value: no}]}]}', 'value is not a string'],
  ['{containers: [{name: c, image: x, env: [{name: A, value: 0}]}]}', 'value is not a string'],
  ['{containers: [{name: c, image: x, workingDir: off}]}', 'workingDir is not a string'],
  ['{containers: [{name: c, image: x, ports: [{containerPort: 80, name: no}]}]}', 'name is not a string'],
  [
    '{containers: [{name: c, image: x, volumeMounts: [{name: v, mountPath: /v, subPath: no}]}]}',
    'subPath is not a string',
  ],
  ['{initContainers: [{name: c, image: x, imagePullPolicy: off}], CONTAINERS}', 'imagePullPolicy is not a string'],
];
const SAID_TEXTS = [
  '{nodeName: "", hostname: null, priorityClassName: "0", CONTAINERS}',
  '{containers: [{name: c, image: x, env: [{name: A, value: "no"}, {name: B, value: }], ports: [{containerPort: 80, name: ""}]}]}',
];
const podOf = (spec: string): string => {
  const whole = spec.replace('CONTAINERS', 'containers: [{name: c, image: x}]');
  return `apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: ops}\nspec: ${whole}\n`;
};
const templateOf = (spec: string): string =>
  `apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: web, namespace: ops}\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec: ${spec.replace('CONTAINERS', 'containers: [{name: c, image: x}]')}\n`;
const podsIn = async (text: string) =>
  ask(await open(join(place({ 'a.yaml': text }), 'a.yaml'), { complete: true }), [
    list('pods', 'ops'),
    get('pods', 'ops', 'web'),
  ]);

for (const [spec, why] of FALSE_TEXTS)
  test(`${spec}: ${why}`, async () => {
    for (const text of [podOf(spec), templateOf(spec)]) {
      const world = await podsIn(text);
      assert.deepEqual(world.list('pods'), []);
      const problems = [
        ...world.malformed('pods').map((each) => each.why),
        ...world.malformed('daemonsets').map((each) => each.why),
      ];
      const outcome = world.ownOutcome(list('pods'));
      assert.match(
        [...problems, outcome?.read === false ? outcome.failure.message : ''].join('\n'),
        new RegExp(`(^|: )${why}`, 'm'),
      );
    }
  });
for (const spec of SAID_TEXTS)
  test(`${spec} is understood`, async () => {
    for (const text of [podOf(spec), templateOf(spec)]) assert.equal((await podsIn(text)).list('pods').length, 1);
  });
