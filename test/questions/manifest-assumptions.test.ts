import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../src/answer/answer.ts';
import { ask } from '../../src/questions/ask.ts';
import { exec, who } from '../../src/questions/index.ts';
import { pod } from '../../src/questions/pod/pod.ts';
import { privileged } from '../../src/questions/privileged/privileged.ts';
import type { Question } from '../../src/questions/question.ts';
import { rawSockets } from '../../src/questions/raw-sockets/raw-sockets.ts';
import { OPTIONS, objects, right } from '../helpers/question.ts';
import { open, place } from '../input/inputs.ts';

const RBAC = 'rbac.authorization.k8s.io';
const doc = (apiVersion: string, kind: string, metadata: object, more: object = {}): string =>
  `---\n${JSON.stringify({ apiVersion, kind, metadata, ...more })}\n`;
const bind = (ref: string, metadata: object, name = 'devs'): string =>
  doc(`${RBAC}/v1`, 'namespace' in metadata ? 'RoleBinding' : 'ClusterRoleBinding', metadata, {
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: ref },
    subjects: [{ kind: 'Group', apiGroup: RBAC, name }],
  });
const deployment = (name: string, replicas: number, metadata: object = { namespace: 'team' }): string =>
  doc(
    'apps/v1',
    'Deployment',
    { name, ...metadata },
    {
      spec: {
        replicas,
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image: 'x' }] } },
      },
    },
  );
const aggregated = doc(
  `${RBAC}/v1`,
  'ClusterRole',
  { name: 'w', labels: { [`${RBAC}/aggregate-to-edit`]: 'true' } },
  { rules: [{ apiGroups: ['x.io'], resources: ['ws'], verbs: ['get'] }] },
);
const ownRole = doc(
  `${RBAC}/v1`,
  'ClusterRole',
  { name: 'own' },
  { rules: [{ apiGroups: [''], resources: ['pods/exec'], verbs: ['create'] }] },
);
const TEAM = doc('v1', 'Namespace', { name: 'team' });
const STORED = doc('v1', 'Pod', { name: 'p', namespace: 'shop', uid: 'u' }, { spec: { containers: [] } });

async function answerOf<T>(
  question: Question<T>,
  target: T,
  text: string,
  more: { complete?: boolean; version?: number; namespace?: string } = {},
): Promise<Answer> {
  const source = await open(`${place({ 'm.yaml': text })}/m.yaml`, {
    complete: more.complete ?? true,
    serverVersion: more.version === undefined ? null : { major: 1, minor: more.version },
    namespace: more.namespace ?? null,
    whole: true,
  });
  const { asked, errors } = await ask(question, target, source, OPTIONS);
  assert.deepEqual(errors, []);
  const [first] = asked;
  assert.ok(first);
  return first.answer;
}

const create = right('create pods/exec', 'team');
const UPSTREAM = /upstream's roles/;
const NAMED = /no manifest describes/;
const HOME = /objects that say no namespace/;
const MADE = /would make/;
const FILLED = /API server's default/;
const OPEN = /nothing else of the kinds/;
const FILLED_ROLES = /aggregates ClusterRoles/;
const OVER = /without a uid/;
const ALL = [UPSTREAM, NAMED, HOME, MADE, FILLED, OPEN, FILLED_ROLES, OVER];

const cases: [why: string, answer: () => Promise<Answer>, said: (RegExp | string)[]][] = [
  [
    "a grant by upstream's role",
    () => answerOf(who, create, TEAM + bind('edit', { name: 'b', namespace: 'team' }), { version: 36 }),
    [UPSTREAM, "upstream's roles, bindings and controller accounts exist, as Kubernetes 1.36 makes them"],
  ],
  [
    'of a version that nobody said',
    () => answerOf(who, create, TEAM + bind('edit', { name: 'b', namespace: 'team' })),
    [
      UPSTREAM,
      "upstream's roles, bindings and controller accounts exist, as Kubernetes 1.37 makes them (--server-version names another)",
    ],
  ],
  [
    'a namespace that is only named',
    () => answerOf(who, create, bind('edit', { name: 'b', namespace: 'team' })),
    [UPSTREAM, NAMED, 'namespace team exists with no label but its name: no manifest describes it'],
  ],
  [
    'another namespace that is only named does not matter',
    () =>
      answerOf(
        who,
        create,
        TEAM + bind('edit', { name: 'b', namespace: 'team' }) + bind('edit', { name: 'b', namespace: 'other' }),
      ),
    [UPSTREAM],
  ],
  [
    'roles that are aggregated',
    () =>
      answerOf(
        who,
        right('get ws.x.io', 'team'),
        TEAM +
          aggregated +
          bind('edit', { name: 'b', namespace: 'team' }) +
          doc(
            'apiextensions.k8s.io/v1',
            'CustomResourceDefinition',
            { name: 'ws.x.io' },
            {
              spec: {
                group: 'x.io',
                scope: 'Namespaced',
                names: { plural: 'ws', kind: 'W' },
                versions: [{ name: 'v1', storage: true }],
              },
            },
          ),
      ),
    [UPSTREAM, FILLED_ROLES, 'the controller that aggregates ClusterRoles has filled ClusterRole edit'],
  ],
  [
    'a kind of which there may be more',
    () => answerOf(who, create, TEAM + ownRole + bind('own', { name: 'b', namespace: 'team' }), { complete: false }),
    [UPSTREAM, OPEN],
  ],
  ['manifests over what a server has', () => answerOf(exec, objects('shop', 'p'), STORED + TEAM, {}), [UPSTREAM, OVER]],
  [
    'a pod that a controller would make',
    () => answerOf(exec, objects('team', 'deployments/web'), TEAM + deployment('web', 1)),
    [UPSTREAM, MADE, FILLED, 'deployment web has the pod that its controller would make, and it is admitted'],
  ],
  [
    'three of them',
    () => answerOf(exec, objects('team', 'deployments/web'), TEAM + deployment('web', 3)),
    [UPSTREAM, MADE, FILLED, 'deployment web has the 3 pods that its controller would make, and all are admitted'],
  ],
  [
    'those of several workloads',
    () => answerOf(rawSockets, objects('team'), TEAM + deployment('web', 3) + deployment('db', 1)),
    [
      MADE,
      FILLED,
      'deployment web and deployment db have the 4 pods that their controllers would make, and all are admitted',
    ],
  ],
  [
    'those of many',
    () =>
      answerOf(rawSockets, objects('team'), TEAM + ['a', 'b', 'c', 'd'].map((name) => deployment(name, 1)).join('')),
    [MADE, FILLED, '4 workloads have the 4 pods that their controllers would make, and all are admitted'],
  ],
  [
    'a pod of the manifests',
    () =>
      answerOf(
        pod,
        objects('team', 'p'),
        TEAM + doc('v1', 'Pod', { name: 'p', namespace: 'team' }, { spec: { containers: [{ name: 'c' }] } }),
      ),
    [UPSTREAM, FILLED],
  ],
  [
    'a namespace that was guessed',
    () => answerOf(exec, objects('team', 'deployments/web'), TEAM + deployment('web', 1, {})),
    [
      UPSTREAM,
      HOME,
      MADE,
      FILLED,
      'objects that say no namespace are in team, the only namespace that the manifests name (-n names another)',
    ],
  ],
  [
    'one that -n says',
    () => answerOf(exec, objects('prod', 'deployments/web'), TEAM + deployment('web', 1, {}), { namespace: 'prod' }),
    [UPSTREAM, NAMED, HOME, MADE, FILLED, 'objects that say no namespace are in prod (-n)'],
  ],
  [
    'one of none',
    () => answerOf(exec, objects('default', 'deployments/web'), deployment('web', 1, {})),
    [UPSTREAM, NAMED, HOME, MADE, FILLED, 'objects that say no namespace are in default (-n names another)'],
  ],
  [
    'a guess about objects elsewhere does not matter',
    () => answerOf(who, right('create pods/exec', 'kube-public'), TEAM + deployment('web', 1, {})),
    [UPSTREAM, NAMED],
  ],
  [
    'every namespace that somebody may create pods in',
    () =>
      answerOf(
        privileged,
        { subjects: [{ kind: 'Group', namespace: null, name: 'devs' }], pods: null, namespace: null },
        bind('cluster-admin', { name: 'b' }),
      ),
    [UPSTREAM, NAMED, '4 namespaces exist with no label but their name: no manifest describes them'],
  ],
  ['a server’s own objects: nothing', () => answerOf(exec, objects('shop', 'p'), STORED, {}), []],
];
for (const [why, answer, said] of cases)
  test(`assumed of manifests: ${why}`, async () => {
    const { assumptions } = await answer();
    for (const each of said.filter((text): text is string => typeof text === 'string'))
      assert.ok(assumptions.includes(each), assumptions.join('\n'));
    const patterns = said.filter((each): each is RegExp => each instanceof RegExp);
    assert.deepEqual(
      ALL.filter((pattern) => assumptions.some((each) => pattern.test(each))),
      ALL.filter((each) => patterns.includes(each)),
      assumptions.join('\n'),
    );
    assert.equal(new Set(assumptions).size, assumptions.length);
  });
