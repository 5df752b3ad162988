import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { kindOf } from '../../src/world/kinds.ts';
import { account, allow, user } from '../helpers/cluster.ts';
import { failed, faultyServer, send } from '../helpers/faulty-server.ts';
import { HOME, program } from '../helpers/plugin.ts';
import { binding, role, storyObjects } from '../helpers/story.ts';
import { answerOf, type Stored } from '../input/api-in-memory.ts';

interface Raw {
  metadata: object;
}

const stored = (object: object, index: number): object => ({
  ...object,
  metadata: { ...(object as Raw).metadata, uid: `u${index}` },
});
const namespace = (name: string, level?: string): object => ({
  ...{ apiVersion: 'v1', kind: 'Namespace' },
  metadata: { name, ...(level ? { labels: { 'pod-security.kubernetes.io/enforce': level } } : {}) },
});
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'dev' } };
const WEB = {
  ...pod,
  spec: { nodeName: 'n1', serviceAccountName: 'web', containers: [{ name: 'c', image: 'x' }] },
  status: { phase: 'Running' },
};
const STATIC = { ...WEB, metadata: { ...WEB.metadata, annotations: { 'kubernetes.io/config.mirror': 'x' } } };
const NOTHING = [role('dev', 'r', []), binding('dev', 'r', 'Role/r', [])];
/** Of these the ClusterRoles are not in the file. */
const UNREAD = [
  ...[namespace('default'), namespace('dev'), WEB, ...NOTHING],
  binding(null, 'jane', 'ClusterRole/cluster-admin', [user('jane'), account('dev', 'web')]),
];
const RESTRICTED = [
  ...[namespace('default', 'restricted'), namespace('dev', 'restricted'), ...NOTHING],
  ...[role(null, 'c', [allow('create', 'pods')]), binding(null, 'c', 'ClusterRole/c', [user('jane')])],
];

const cases: [words: string, objects: object[], code: number, printed: RegExp][] = [
  [
    'privileged -n dev --exit-code',
    UNREAD,
    4,
    /^depends: 2 subjects may be able to get a pod onto the cluster in namespace dev that reaches/,
  ],
  [
    'privileged -n dev --exit-code -o json',
    UNREAD,
    4,
    /"reason": "bound to ClusterRole cluster-admin, which could not be read"/,
  ],
  ['privileged -A --exit-code', UNREAD, 4, /^depends: 2 subjects may be able/],
  ['privileged user/jane --exit-code', UNREAD, 4, /^depends: User jane may be able/],
  ['privileged -n dev --strict', UNREAD, 1, /^depends/],
  [
    'pod web -n dev',
    UNREAD,
    0,
    /spawn:\n {2}none for sure, and perhaps node root, which is more than it has itself\n {2}bound to ClusterRole cluster-admin/,
  ],
  // By relabelling, which only something that was not read could refuse; jane cannot do that.
  ['privileged -A --show-system', RESTRICTED, 0, /group\/system:masters +probably/],
  ['privileged -A', RESTRICTED, 0, /user\/jane .* unlikely/],
  ['privileged -n dev --show-system', RESTRICTED, 0, /group\/system:masters +probably/],
  [
    'privileged group/system:masters --exit-code',
    RESTRICTED,
    4,
    /^depends, probably yes: Group system:masters may be able/,
  ],
  [
    'privileged -A --show-system --complete -o json',
    RESTRICTED,
    0,
    /"reason": "superuser: relax Pod Security of namespace \w+ by patch namespaces/,
  ],
  [
    'privileged group/system:masters --complete --exit-code',
    RESTRICTED,
    3,
    /^yes: Group system:masters can get a pod with node root/,
  ],
  [
    'privileged pod/web -n dev --exit-code',
    [namespace('dev'), STATIC],
    0,
    /^no: pod dev\/web cannot get a pod onto the cluster: it is a static pod/,
  ],
];

let count = 0;

describe('where not everything was read, nothing is lost', { concurrency: 4 }, () => {
  for (const [words, objects, code, printed] of cases)
    test(words, async () => {
      count += 1;
      const path = join(HOME, `partial-${count}.json`);
      writeFileSync(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects.map(stored) }));
      const done = await program(`${words} --server-version 1.37 --input ${path}`);
      assert.equal(done.code, code, done.stdout + done.stderr);
      assert.match(done.stdout, printed);
    });
});

const inMemory = storyObjects().flatMap((raw): Stored[] => {
  const { apiVersion, kind, ...rest } = raw as { apiVersion: string; kind: string } & Stored['raw'];
  const name = kindOf(apiVersion, kind);
  return name ? [{ kind: name, raw: rest }] : [];
});

const POD = '/api/v1/namespaces/shop/pods/web-0';
const targets: [words: string, path: string, status: number, told: RegExp][] = [
  ...[403, 410, 429, 500].flatMap((status): [string, string, number, RegExp][] => [
    ['privileged pod/web-0 -n shop', POD, status, new RegExp(`^error: could not read pod shop/web-0: ${status} `)],
    ['raw-sockets web-0 -n shop', POD, status, new RegExp(`^error: could not read pod shop/web-0: ${status} `)],
  ]),
  [
    'privileged deployment/web -n shop',
    '/apis/apps/v1/namespaces/shop/deployments/web',
    403,
    /^error: could not read deployments "web": 403 /,
  ],
  [
    'raw-sockets deployment/web -n shop',
    '/apis/apps/v1/namespaces/shop/deployments/web',
    403,
    /^error: could not read deployments "web": 403 /,
  ],
  [
    'exec deployment/web -n shop',
    '/apis/apps/v1/namespaces/shop/deployments/web',
    403,
    /^error: could not read deployments "web": 403 /,
  ],
  ['pod -l app=web -n shop', '/api/v1/namespaces/shop/pods', 403, /^error: could not read pods: 403 /],
  ['privileged -l app=web -n shop', '/api/v1/namespaces/shop/pods', 403, /^error: could not read pods: 403 /],
];

describe('a question whose target cannot be read is an error, and never silent', { concurrency: 4 }, () => {
  for (const [words, path, status, told] of targets)
    test(`${words}: ${status}`, async (t) => {
      const { client } = await faultyServer(t, (request, response) => {
        if (request.path === path) return send(response, status, failed(status, 'No', 'not you'));
        return (
          answerOf(inMemory, request.method, request.path) ??
          send(response, 404, failed(404, 'NotFound', 'nothing there'))
        );
      });
      count += 1;
      const kubeconfig = join(HOME, `partial-${count}.config`);
      const config = {
        ...{
          clusters: [{ name: 'c', cluster: { server: client.connection.server } }],
          users: [{ name: 'u', user: { token: 't' } }],
        },
        ...{ contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }], 'current-context': 'x' },
      };
      writeFileSync(kubeconfig, JSON.stringify(config));
      const done = await program(`${words} --request-timeout 8s --kubeconfig ${kubeconfig}`);
      assert.deepEqual([done.code, done.stdout], [1, ''], done.stdout + done.stderr);
      assert.match(done.stderr, told);
    });
});
