import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { who } from '../../src/questions/index.ts';
import type { WhoTarget } from '../../src/questions/targets.ts';
import { cluster, user } from '../helpers/cluster.ts';
import { answer, right } from '../helpers/question.ts';

const CSR = 'who update certificatesigningrequests/approval and who approve signers';
const custom = {
  ...{
    namespace: null,
    name: 'widgets.acme.io',
    group: 'acme.io',
    version: 'v1',
    plural: 'widgets',
    singular: 'widget',
    kind: 'Widget',
  },
  ...{ shortNames: [], namespaced: true, subresources: ['scale', 'status'] },
};
const world = () => cluster().namespace('prod').with('customresourcedefinitions', custom).world();

/** What is no verb, and what to ask in its place. */
const NONE: [typed: string, ask: string, more?: Partial<WhoTarget>][] = [
  ['exec pods', 'who create pods/exec -n prod, or exec -n prod POD'],
  ['exec po', 'who create pods/exec -n prod, or exec -n prod POD'],
  ['exec pods/web-0', 'who create pods/exec web-0 -n prod, or exec -n prod web-0'],
  ['exec pods', 'who create pods/exec web-0 -n prod, or exec -n prod web-0', { name: 'web-0' }],
  ['exec pods', 'who create pods/exec -A, or exec POD', { namespace: null }],
  ['exec pods/exec', 'who create pods/exec -n prod, or exec -n prod POD'],
  ['exec deployments', 'who create pods/exec -n prod, or exec -n prod POD'],
  ['Exec pods', 'who create pods/exec -n prod, or exec -n prod POD'],
  ['cp pods', 'who create pods/exec -n prod, or exec -n prod POD'],
  ['attach pods', 'who create pods/attach -n prod, or attach -n prod POD'],
  ['port-forward pods', 'who create pods/portforward -n prod, or port-forward -n prod POD'],
  ['portforward pods', 'who create pods/portforward -n prod, or port-forward -n prod POD'],
  ['log pods', 'who get pods/log -n prod, or logs -n prod POD'],
  ['logs pods', 'who get pods/log -n prod, or logs -n prod POD'],
  ['log nodes', 'who get nodes/log'],
  ['stats nodes', 'who get nodes/stats'],
  ['debug pods', 'who patch pods/ephemeralcontainers -n prod, or debug -n prod POD'],
  ['ephemeralcontainers pods', 'who patch pods/ephemeralcontainers -n prod, or debug -n prod POD'],
  ['proxy pods', 'who create pods/proxy -n prod, or proxy -n prod POD'],
  ['proxy services', 'who create services/proxy -n prod'],
  ['proxy nodes', 'who create nodes/proxy'],
  ['scale deployments', 'who patch deployments.apps/scale -n prod'],
  ['scale rc', 'who patch replicationcontrollers/scale -n prod'],
  ['scale widgets', 'who patch widgets.acme.io/scale -n prod'],
  ['scale pods', 'who patch deployments/scale -n prod'],
  ['evict pods', 'who create pods/eviction -n prod'],
  ['eviction pods', 'who create pods/eviction -n prod'],
  ['bind pods', 'who create pods/binding -n prod'],
  ['binding pods', 'who create pods/binding -n prod'],
  ['resize pods', 'who patch pods/resize -n prod'],
  ['drain nodes', 'who patch nodes and who create pods/eviction -n prod'],
  ['cordon nodes', 'who patch nodes'],
  ['uncordon nodes', 'who patch nodes'],
  ['taint nodes', 'who patch nodes'],
  ['approve csr', CSR],
  ['approval csr', CSR],
  ['deny csr', CSR],
  ['sign csr', 'who update certificatesigningrequests/status and who sign signers'],
  ['token sa', 'who create serviceaccounts/token -n prod'],
  ['token serviceaccounts/robot', 'who create serviceaccounts/token robot -n prod'],
  ['finalize namespaces', 'who update namespaces/finalize'],
  ['status deployments', 'who patch deployments.apps/status -n prod'],
  ['rollout deployments', 'who patch deployments.apps -n prod'],
  ['restart statefulsets/db', 'who patch statefulsets.apps db -n prod'],
  ['run pods', 'who create pods -n prod'],
  ['expose deployments', 'who create services -n prod'],
  ['top pods', 'who list pods.metrics.k8s.io -n prod'],
];

describe('a subresource or a command of kubectl is no verb', () => {
  for (const [typed, ask, more] of NONE)
    test(`who ${typed}: ask ${ask}`, () =>
      assert.throws(
        () => answer(who, right(typed, 'prod', more), world()),
        (error: Error & { exitCode?: number }) => {
          assert.deepEqual([error.exitCode, error.message.replace(/^.* is no verb of \w+: ask /, '')], [2, ask]);
          assert.match(error.message, new RegExp(`^error: "${typed.split(' ')[0]}" is no verb of `));
          return true;
        },
      ));

  // The program itself is the judge: whatever it says to ask can be asked.
  test('what is said to be asked for can be asked for', () => {
    const asks = new Set(NONE.flatMap(([, ask]) => ask.split(/ and |, or /).filter((each) => each.startsWith('who '))));
    for (const ask of asks) {
      const [, verb = '', resource = '', name] = ask.replace(/ (-n prod|-A)$/, '').split(' ');
      if (resource.endsWith('metrics.k8s.io')) continue;
      assert.doesNotMatch(
        answer(who, right(`${verb} ${resource}`, 'prod', { name: name ?? null }), world()).summary,
        /no part of|alone/,
        ask,
      );
    }
  });
});

/** Rules may name them, and many do: no request is ever sent that needs them. */
const UNSERVED: [typed: string, note: string][] = [
  ['list pods/log', 'the API has no list of pods/log, only get'],
  ['watch pods/log', 'the API has no watch of pods/log, only get'],
  ['create pods/log', 'the API has no create of pods/log, only get'],
  ['delete pods/exec', 'the API has no delete of pods/exec, only create and get'],
  ['patch pods/portforward', 'the API has no patch of pods/portforward, only create and get'],
  ['get pods/eviction', 'the API has no get of pods/eviction, only create'],
  ['get serviceaccounts/token', 'the API has no get of serviceaccounts/token, only create'],
  ['list nodes/proxy', 'the API has no list of nodes/proxy, only create, delete, get, patch and update'],
  ['create deployments/scale', 'the API has no create of deployments/scale, only get, patch and update'],
  ['delete pods/status', 'the API has no delete of pods/status, only get, patch and update'],
  [
    'deletecollection namespaces',
    'the API has no deletecollection of namespaces, only create, delete, get, list, patch, update and watch',
  ],
  ['get selfsubjectaccessreviews', 'the API has no get of selfsubjectaccessreviews, only create'],
  ['list bindings', 'the API has no list of bindings, only create'],
];

describe('a method that the API does not have of a resource is named in the first line', () => {
  for (const [typed, note] of UNSERVED)
    test(`who ${typed}: ${note}`, () => {
      const { verdict, summary } = answer(who, right(typed, 'prod'), world());
      assert.deepEqual([verdict, summary.endsWith(`; no request does: ${note}`)], ['no', true], summary);
    });

  const served = [
    'get pods/log',
    'create pods/exec',
    'get pods/exec',
    'update pods/proxy',
    'delete nodes/proxy',
    'create pods/eviction',
  ];
  const untold = [
    'list widgets/status',
    'delete *.apps',
    'create userextras/scopes',
    'list frobs.example.com',
    '* pods/log',
  ];
  for (const typed of [...served, 'update deployments/scale', 'patch widgets/scale', ...untold])
    test(`who ${typed}: nothing is said`, () =>
      assert.doesNotMatch(answer(who, right(typed, 'prod'), world()).summary, /no request/));
});

/** Custom authorizers and controllers may ask for any verb: it is answered, and the first line says what it is. */
const UNUSED: [typed: string, note: string][] = [
  ['edit pods', '; no part of Kubernetes uses the verb "edit" (perhaps update or patch)'],
  ['post pods', '; no part of Kubernetes uses the verb "post" (perhaps create)'],
  ['put pods', '; no part of Kubernetes uses the verb "put" (perhaps update)'],
  ['read secrets', '; no part of Kubernetes uses the verb "read" (perhaps get, list or watch)'],
  ['write secrets', '; no part of Kubernetes uses the verb "write" (perhaps create, update, patch or delete)'],
  ['apply deployments', '; no part of Kubernetes uses the verb "apply" (perhaps create or patch)'],
  ['Get pods', '; no part of Kubernetes uses the verb "Get" (perhaps get)'],
  ['LIST pods', '; no part of Kubernetes uses the verb "LIST" (perhaps list)'],
  ['gte pods', '; no part of Kubernetes uses the verb "gte" (perhaps get)'],
  ['lists pods', '; no part of Kubernetes uses the verb "lists" (perhaps list)'],
  ['frobnicate pods', '; no part of Kubernetes uses the verb "frobnicate"'],
  ['read pods/exec', '; no part of Kubernetes uses the verb "read" (perhaps get, list or watch)'],
  ['inspect widgets', '; no part of Kubernetes uses the verb "inspect"'],
  ['bind secrets', '; Kubernetes asks for the verb "bind" of roles and clusterroles alone'],
  ['escalate rolebindings', '; Kubernetes asks for the verb "escalate" of roles and clusterroles alone'],
  [
    'impersonate pods',
    '; Kubernetes asks for the verb "impersonate" of users, groups, uids, userextras, nodes and serviceaccounts alone',
  ],
  ['list /metrics', '; no part of Kubernetes uses the verb "list" of URLs (perhaps get)'],
  ['create /logs', '; no part of Kubernetes uses the verb "create" of URLs (perhaps post)'],
];

describe('a verb that no part of Kubernetes uses is named in the first line', () => {
  for (const [typed, note] of UNUSED)
    for (const held of [true, false])
      test(`who ${typed}, ${held ? 'held' : 'by nobody'}`, () => {
        const [verb = ''] = typed.split(' ');
        const all = { verbs: [verb], apiGroups: ['*'], resources: ['*'], resourceNames: [], nonResourceURLs: [] };
        const urls = { ...all, apiGroups: [], resources: [], nonResourceURLs: ['*'] };
        const story = cluster().namespace('prod').with('customresourcedefinitions', custom);
        if (held) story.clusterRole('all', [all, urls]).clusterBinding('b', 'ClusterRole/all', user('jane'));
        const { summary, verdict } = answer(who, right(typed, 'prod'), story.world());
        assert.deepEqual([verdict, summary.endsWith(note)], [held ? 'yes' : 'no', true], summary);
      });

  const used = [
    ...[
      'get pods',
      'deletecollection pods',
      '* pods',
      'bind clusterroles',
      'bind roles',
      'escalate clusterroles',
      'approve signers',
    ],
    ...[
      'sign signers',
      'attest signers',
      'impersonate users',
      'impersonate groups',
      'impersonate serviceaccounts',
      'impersonate uids',
    ],
    ...[
      'impersonate:user-info users',
      'impersonate userextras/scopes',
      'use podsecuritypolicies',
      'get /metrics',
      'post /metrics',
      '* /x',
    ],
    ...[
      'delete widgets',
      'get pods/log',
      'unsafe-delete-ignore-read-errors secrets',
      'associated-node:update resourceclaims/driver',
    ],
  ];
  for (const typed of used)
    test(`who ${typed} is about a verb that is used`, () =>
      assert.doesNotMatch(answer(who, right(typed, 'prod'), world()).summary, /Kubernetes/));
});
