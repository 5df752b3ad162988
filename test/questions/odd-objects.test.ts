import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KindName } from '../../src/world/kinds.ts';
import type { Raw } from '../../src/world/raw.ts';
import { allow, user } from '../helpers/cluster.ts';
import { binding, role } from '../helpers/story.ts';
import { MATTERS, outcome } from './partial/property.ts';
import type { Fault } from './partial/server.ts';
import { SCENES, type Scene } from './partial/worlds.ts';

const sceneOf = (name: string): Scene => SCENES.find((each) => each.name === name) ?? assert.fail(name);

/** The last object of its kind is the one that matters, and `which` chooses that. */
const rows: [scene: string, kind: KindName, questions: string[]][] = [
  [
    'pods by a Role',
    'roles',
    ['privileged SUBJECT', 'privileged -n dev', 'privileged -A', 'who create pods -n dev', 'who create pods -A'],
  ],
  [
    'pods by a Role',
    'rolebindings',
    ['privileged SUBJECT', 'privileged -n dev', 'privileged -A', 'who create pods -n dev'],
  ],
  [
    'a cluster-admin',
    'clusterroles',
    ['privileged SUBJECT', 'privileged -A', 'who create pods -n dev', 'pod web', 'exec web', 'debug web', 'proxy node'],
  ],
  [
    'a cluster-admin',
    'clusterrolebindings',
    ['privileged SUBJECT', 'privileged -A', 'who create pods -n dev', 'pod web', 'exec web'],
  ],
  ['pods by a Role', 'namespaces', ['privileged SUBJECT', 'privileged -n dev', 'privileged -A']],
  ['a privileged pod that is there', 'pods', ['privileged SUBJECT', 'privileged -n dev', 'privileged -A']],
  ['the kubelets', 'pods', ['privileged SUBJECT', 'privileged -A']],
  ['a Deployment that is there', 'deployments', ['privileged SUBJECT', 'privileged -n dev', 'privileged -A']],
  ['a proxy by the service', 'services', ['proxy web', 'pod web']],
  ['an image of an owner', 'replicasets', ['pod web']],
  ['a claim whose volume is the node', 'persistentvolumes', ['privileged SUBJECT', 'privileged -n dev']],
  [
    'a webhook that is there',
    'MutatingWebhookConfiguration.admissionregistration.k8s.io',
    ['privileged SUBJECT', 'privileged -A'],
  ],
  ['Kyverno lets a role be', 'clusterrolebindings', ['privileged SUBJECT']],
  ['an SCC that may be used', 'SecurityContextConstraints.security.openshift.io', ['privileged SUBJECT']],
];

const ODD: readonly Fault['how'][] = [
  'misshapen',
  'a string in place of all else',
  'listed without a name',
  'listed as a number',
];

describe('an object that nobody understands makes a no of nothing', () => {
  for (const [name, kind, questions] of rows)
    for (const question of questions)
      test(`${kind}, ${question}: ${name}`, async () => {
        const matter = MATTERS.find((each) => each.name === question) ?? assert.fail(question);
        const scene = sceneOf(name);
        const objects = scene.objects.filter(({ kind: each }) => each === kindName(kind));
        const wanted = (await outcome(matter, scene, new Map()))?.asked[0]?.answer.verdict;
        assert.equal(wanted, 'yes');
        let weaker = 0;
        for (const how of ODD)
          for (let which = 0; which < objects.length; which += 1) {
            const partial = await outcome(matter, scene, new Map([[kind, { how, which }]]));
            const verdict = partial?.asked[0]?.answer.verdict;
            assert.notEqual(verdict, 'no', `${how} ${which}`);
            weaker += Number(verdict !== wanted);
          }
        assert.ok(weaker > 0, 'no such object matters at all');
      });
});

const kindName = (kind: KindName): string =>
  kind.includes('.') ? kind.slice(0, kind.indexOf('.')) : (NAMES[kind as keyof typeof NAMES] ?? assert.fail(kind));

const NAMES = {
  ...{
    roles: 'Role',
    rolebindings: 'RoleBinding',
    clusterroles: 'ClusterRole',
    clusterrolebindings: 'ClusterRoleBinding',
  },
  ...{
    namespaces: 'Namespace',
    pods: 'Pod',
    services: 'Service',
    deployments: 'Deployment',
    replicasets: 'ReplicaSet',
  },
  ...{ persistentvolumes: 'PersistentVolume', persistentvolumeclaims: 'PersistentVolumeClaim' },
};

/** Everything of one namespace, so that a file tells of no other. */
const ONLY_DEV: Scene = {
  name: 'one namespace',
  who: user('jane'),
  objects: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'dev', uid: 'n' } },
    ...[role('dev', 'r', [allow('create', 'pods pods/exec')]), binding('dev', 'r', 'Role/r', [user('jane')])].map(
      stored,
    ),
    stored({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'dev' },
      spec: { containers: [{ name: 'c', image: 'x' }] },
    }),
  ],
};

function stored(raw: object): Raw {
  return { ...raw, metadata: { uid: 'u', ...(raw as { metadata: object }).metadata } };
}

const files: [kind: KindName, question: string][] = [
  ['rolebindings', 'who create pods -n dev'],
  ['rolebindings', 'exec web'],
  ['rolebindings', 'pod web'],
  ['rolebindings', 'privileged -n dev'],
  ['roles', 'who create pods -n dev'],
  ['roles', 'exec web'],
  ['roles', 'privileged SUBJECT'],
  ['roles', 'privileged -n dev'],
];
for (const [kind, question] of files)
  test(`a file with ${kind} of one namespace, one of which has no name: ${question}`, async () => {
    const matter = MATTERS.find((each) => each.name === question) ?? assert.fail(question);
    for (const how of ['listed without a name', 'named by a number', 'a string in place of all else'] as const) {
      const partial = await outcome(matter, ONLY_DEV, new Map([[kind, { how, which: 0 }]]), 'file');
      const [asked] = partial?.asked ?? [];
      assert.equal(asked?.answer.verdict, 'depends', how);
      const said = asked?.answer.unknowns.map(({ what, why }) => `${what}: ${why}`) ?? [];
      assert.ok(
        said.some((each) => /could not be read|is not a|is missing/.test(each)),
        `${how}: ${said.join('; ')}`,
      );
    }
  });
