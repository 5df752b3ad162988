import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Rule } from '../../src/world/objects.ts';
import { account, allow, user } from '../helpers/cluster.ts';
import { HOME, program } from '../helpers/plugin.ts';
import { binding, role } from '../helpers/story.ts';

const RBAC = { groups: ['rbac.authorization.k8s.io'] };
const ALL = { groups: ['*'] };
const ENFORCE = 'pod-security.kubernetes.io/enforce';
const JANE = user('jane');
const WEB = account('shop', 'web');

interface Pod {
  enforce?: string;
  owner?: object;
}

/** A pod of a cluster, whose namespace may have been given a level since. */
const around = ({ enforce, owner }: Pod, ...more: object[]): object => ({
  apiVersion: 'v1',
  kind: 'List',
  items: [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'shop', uid: 'n', labels: enforce ? { [ENFORCE]: enforce } : {} },
    },
    { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', uid: 'o' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: 'shop', name: 'web', uid: 's' } },
    {
      ...{ apiVersion: 'v1', kind: 'Pod' },
      metadata: {
        namespace: 'shop',
        name: 'web',
        uid: 'p',
        labels: { app: 'web' },
        ...(owner ? { ownerReferences: [owner] } : {}),
      },
      spec: { nodeName: 'n1', serviceAccountName: 'web', containers: [{ name: 'app', image: 'app:1' }] },
      status: { phase: 'Running' },
    },
    ...more,
  ],
});
const granted = (who: typeof JANE, ...rules: Rule[]): object[] => [
  role('shop', 'r', rules),
  binding('shop', 'r', 'Role/r', [who]),
];
const everywhere = (who: typeof JANE, ...rules: Rule[]): object[] => [
  role(null, 'c', rules),
  binding(null, 'c', 'ClusterRole/c', [who]),
];

const OWNED = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-5d9', uid: 'r', controller: true };
const REPLICA_SET = {
  ...{ apiVersion: 'apps/v1', kind: 'ReplicaSet' },
  metadata: {
    ...{ namespace: 'shop', name: 'web-5d9', uid: 'r' },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'd', controller: true }],
  },
};
const debugging = granted(JANE, allow('patch', 'pods/ephemeralcontainers'));

const serving = (app: string, targetPort?: string): object => ({
  ...{ apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'shop', name: 'front', uid: 'f' } },
  spec: { selector: { app }, ports: [{ port: 80, ...(targetPort && { targetPort }) }] },
});

/** Each of a file of its own: what stands in the first line, and somewhere on the screen. */
const cases: [name: string, world: object, words: string, first: RegExp, shows: RegExp[]][] = [
  [
    'debug, and nothing enforced',
    around({}, ...debugging),
    'debug web',
    /^yes: 1 subject can add an ephemeral container/,
    [/jane/],
  ],
  [
    'debug where the pod itself violates the level',
    around({ enforce: 'restricted' }, ...debugging),
    'debug web',
    /^no: nobody can add an ephemeral container/,
    [/Pod Security of namespace shop refuses the\s+pod: container "app" must set/],
  ],
  [
    'the image',
    around({}, ...granted(JANE, allow('patch', 'pods'))),
    'pod web',
    /^yes: 1 subject can get into pod shop\/web/,
    [/change image +1 /],
  ],
  [
    'the Deployment behind it',
    around({ owner: OWNED }, REPLICA_SET, ...granted(JANE, allow('update', 'deployments', { groups: ['apps'] }))),
    'pod web',
    /^yes: 1 subject can get into pod shop\/web/,
    [/change deployment\/web +1 /],
  ],
  [
    'a service that selects it',
    around({}, serving('web'), ...granted(JANE, allow('get', 'services/proxy'))),
    'pod web',
    /^yes: 1 subject can get into pod shop\/web/,
    [/proxy service\/front +1 +user\/jane/],
  ],
  [
    'a service that selects it, asked about that door',
    around({}, serving('web'), ...granted(JANE, allow('get', 'services/proxy'))),
    'proxy web',
    /^yes: 1 subject can send HTTP requests to pod shop\/web/,
    [/user\/jane/],
  ],
  [
    'a service that means a port which the pod does not have',
    around({}, serving('web', 'http'), ...granted(JANE, allow('get', 'services/proxy'))),
    'proxy web',
    /^no: nobody can send HTTP requests to pod shop\/web/,
    [],
  ],
  [
    'a service that selects others',
    around({}, serving('db'), ...granted(JANE, allow('get', 'services/proxy'))),
    'pod web',
    /^no: nobody can get into pod shop\/web/,
    [],
  ],
  [
    'the status of a pod',
    around({}, ...granted(JANE, allow('patch', 'pods/status'))),
    'pod web',
    /^no: nobody can get into pod shop\/web/,
    [],
  ],
  [
    'the logs alone',
    around({}, ...granted(JANE, allow('get', 'pods/log'))),
    'pod web',
    /^no: nobody can get into pod shop\/web/,
    [/logs +1 /],
  ],
  [
    'no part of a rule is lost',
    around({}, ...granted(WEB, allow('delete', '*', ALL), allow('get create', 'secrets'))),
    'pod web',
    /rights\s+of note|^yes: /,
    [/delete everything/, /read Secrets/, /create Secrets/],
  ],
  [
    'bind alone',
    around({}, ...granted(WEB, allow('bind', 'clusterroles', RBAC))),
    'pod web',
    /^no: nobody/,
    [/useless alone/, /rolebindings/],
  ],
  [
    'groups alone',
    around({}, ...everywhere(WEB, allow('impersonate', 'groups'))),
    'pod web',
    /^no: nobody/,
    [/useless alone/],
  ],
  [
    'cluster-scoped kinds',
    around({}, ...granted(WEB, allow('*', 'users nodes/proxy', ALL))),
    'pod web',
    /^no: nobody/,
    [/dead where it/],
  ],
  [
    'what a no does not follow',
    around({}, ...granted(JANE, allow('create', 'serviceaccounts/token'))),
    'who get configmaps --subject user/jane --direct',
    /^no: User jane cannot get configmaps in namespace shop/,
    [/It can become others \(create serviceaccounts\/token in namespace shop\), which\s+this answer does not follow/],
  ],
];

describe('who gets into a pod, and what its account may do', { concurrency: 4 }, () => {
  for (const [index, [name, world, words, first, shows]] of cases.entries())
    test(name, async () => {
      const file = `ways-in-${index}.json`;
      writeFileSync(join(HOME, file), JSON.stringify(world));
      const { code, stdout } = await program(`${words} -n shop --complete --input ${file}`);
      assert.equal(code, 0);
      assert.match(stdout.split('\n')[0] ?? '', first, stdout);
      for (const shown of shows) assert.match(stdout, shown);
    });

  test('bindings that are not in the file may let somebody in', async () => {
    writeFileSync(join(HOME, 'ways-in-unread.json'), JSON.stringify(around({})));
    const { stdout } = await program('pod web -n shop --input ways-in-unread.json');
    assert.match(stdout, /^depends: nobody that could be seen can get into pod shop\/web/);
  });
});
