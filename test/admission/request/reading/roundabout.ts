import type { UserInfo } from '../../../../src/admission/request/user.ts';
import { list } from '../../../../src/world/needs.ts';
import type { Raw } from '../../../../src/world/raw.ts';
import type { World } from '../../../../src/world/world.ts';
import { allow, type ClusterBuilder, cluster, user } from '../../../helpers/cluster.ts';
import { put } from '../../../questions/privileged-worlds.ts';
import { policyOf, policyWith } from '../../engines/kyverno/policies.ts';
import { binding, configMap, PODS, policy, webhooks } from '../../policies/objects.ts';
import { SCCS } from '../../scc/openshift.ts';

export const JANE: UserInfo = { name: 'jane', groups: ['dev'] };
export const BOB: UserInfo = { name: 'bob', groups: ['ops'] };

/**
 * Two namespaces, or two users, that differ in what one thing reads in a roundabout way: what a privileged pod comes to
 * for each.
 */
export type Roundabout = [why: string, world: World, a: string, b: string];

const bare = (): ClusterBuilder => cluster().namespace('a', { team: 'x' }).namespace('b', { team: 'x', frozen: 'yes' });
const world = (...objects: Raw[]): World => put(bare(), ...objects).world();
const says = (expression: string, more: Raw = {}, bound: Raw = {}): World =>
  world(policy('p', { validations: [{ expression }], ...more }), binding('p', 'p', bound));
const where = (name: string, expression: string): Raw => ({ variables: [{ name, expression }] });
const only = (expression: string): Raw => ({ matchConditions: [{ name: 'c', expression }] });

const NAMES: readonly string[] = [
  "object.metadata['name' + 'space'] != 'b'",
  "object['meta' + 'data'].namespace != 'b'",
  "object.metadata.?namespace.orValue('a') != 'b'",
  "object.metadata[?'namespace'].orValue('a') != 'b'",
  "object.metadata.all(k, k != 'namespace' || object.metadata[k] != 'b')",
  "!object.metadata.exists(k, k.startsWith('names') && object.metadata[k] == 'b')",
  "dyn(object).metadata.namespace != 'b'",
  "[object].all(o, o.metadata.namespace != 'b')",
  "{'o': object}.o.metadata.namespace != 'b'",
  "!(object.metadata.namespace in ['b', 'c'])",
  "object.metadata.namespace.matches('^a')",
  "string(object.metadata.namespace).size() == 1 && string(object.metadata.namespace) < 'b'",
  "request['name' + 'space'] != 'b'",
  "request[?'namespace'].orValue('') != 'b'",
  "[request].all(r, r.namespace != 'b')",
  "request.exists(k, k == 'namespace' && request[k] == 'a')",
  "dyn(request)['namespace'] != 'b'",
  "namespaceObject.metadata.name != 'b'",
  "namespaceObject['meta' + 'data']['na' + 'me'] != 'b'",
  "namespaceObject.metadata.labels['kubernetes.io/metadata.name'] != 'b'",
  "namespaceObject.metadata.labels.all(k, namespaceObject.metadata.labels[k] != 'b')",
  "'a' in namespaceObject.metadata.labels.map(k, namespaceObject.metadata.labels[k])",
  "(object.kind == 'Nope' ? '' : request.namespace) != 'b'",
  "[object].all(o, o.kind == 'Nope' || request.namespace == 'a')",
  "request.namespace != 'b' || object.kind == 'Nope'",
  "request.namespace == 'a' && request.userInfo.username == 'jane'",
  "request.userInfo.username == 'bob' || request.namespace == 'a'",
  "[object.metadata.namespace].all(request, request != 'b')",
  "[request.namespace].all(request, request != 'b')",
];
const LABELS: readonly string[] = [
  '!has(namespaceObject.metadata.labels.frozen)',
  "!('fro' + 'zen' in namespaceObject.metadata.labels)",
  "!namespaceObject.metadata.labels.exists(k, k == 'frozen')",
  'namespaceObject.metadata.labels.size() == 2',
  "namespaceObject.metadata.labels.?frozen.orValue('no') == 'no'",
  "namespaceObject.metadata.labels[?'fro' + 'zen'].orValue('') == 'yes' ? false : true",
  "!namespaceObject.metadata.exists(k, k == 'labels' && 'frozen' in namespaceObject.metadata[k])",
  'dyn(namespaceObject).metadata.labels.all(k, k.size() != 6)',
];

const local = (more: Raw = {}): Raw[] => [
  policy('p', {
    paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
    validations: [{ expression: "params.data.open == 'yes'" }],
    ...more,
  }),
  binding('p', 'p', { paramRef: { name: 'limits', parameterNotFoundAction: 'Deny' } }),
];
const DEPLOYMENTS = { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['deployments'] };
const quota = {
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'q', namespace: 'b' },
  spec: { hard: { pods: '0' } },
};
const ENGINE = webhooks('kyverno', [
  { name: 'validate.kyverno.svc-fail', clientConfig: { service: { namespace: 'kyverno', name: 'kyverno-svc' } } },
]);
/** Its objects were read, so that nothing but them decides. */
function asked(world: World): World {
  world.add(list('ClusterPolicy.kyverno.io'), { read: true }, world.list('ClusterPolicy.kyverno.io'));
  return world;
}
const kyverno = (...objects: Raw[]): World => asked(world(ENGINE, ...objects));
const defining = (value: string): Raw => ({ context: [{ name: 'v', variable: { value } }] });
/** Refuses where a variable of the rule is `wanted`. */
const defined = (value: string, wanted: string): Raw =>
  policyOf(
    'k',
    { deny: { conditions: { all: [{ key: '{{ v }}', operator: 'Equals', value: wanted }] } } },
    defining(value),
  );
/** Two rules with one and the same condition, on variables of one name. */
function twice(value: string, wanted: string): Raw {
  const validate = { deny: { conditions: { all: [{ key: '{{ v }}', operator: 'Equals', value: wanted }] } } };
  const rules = [`not ${value}`, value].map((each, index) => ({
    ...{ name: `rule-${index}`, match: { any: [{ resources: { kinds: ['Pod'] } }] }, validate },
    ...defining(each),
  }));
  return policyWith('k', rules);
}
const looped = (key: string, value: string): Raw =>
  policyOf('k', {
    foreach: [
      { list: 'request.object.spec.containers', deny: { conditions: { all: [{ key, operator: 'Equals', value }] } } },
    ],
  });
const denies = (key: string, value: unknown, operator = 'AnyIn'): Raw =>
  policyOf('k', { deny: { conditions: { all: [{ key, operator, value }] } } });
const refusing = { pattern: { spec: { containers: [{ '=(securityContext)': { '=(privileged)': 'false' } }] } } };
const about = (match: object, exclude: object = {}): Raw =>
  policyOf('k', refusing, { match: { any: [{ resources: { kinds: ['Pod'], ...match } }] }, ...exclude });
const namespaced = (namespace: string): Raw => {
  const own = policyOf('k', refusing);
  return { ...own, kind: 'Policy', metadata: { name: 'k', namespace } };
};
const scc = (builder: ClusterBuilder, ...sccs: Raw[]): World => put(builder, ...sccs).world();
const allotted = (range: string) => ({ 'openshift.io/sa.scc.uid-range': range, 'openshift.io/sa.scc.mcs': 's0:c1,c0' });
const OPEN = { ...SCCS.privileged, users: [], groups: [] };
const use = allow('use', 'securitycontextconstraints', { groups: ['security.openshift.io'] });

/** What admission comes to in namespaces `a` and `b`, for jane who creates pods. */
export const PLACES: readonly Roundabout[] = [
  ...NAMES.map((expression): Roundabout => [expression, says(expression), 'yes', 'no']),
  ...LABELS.map((expression): Roundabout => [expression, says(expression), 'yes', 'no']),
  ['a label that is not there is an error', says("namespaceObject.metadata.labels.frozen == 'yes'"), 'no', 'yes'],
  ['a variable', says("variables.place != 'b'", where('place', 'request.namespace')), 'yes', 'no'],
  [
    'a variable by another name',
    says("variables['pla' + 'ce'] != 'b'", where('place', "object.metadata['namespace']")),
    'yes',
    'no',
  ],
  ['a condition', says('false', only("request['namespace'] == 'b'")), 'yes', 'no'],
  [
    'a condition over the variables',
    says('false', { ...where('v', 'request.namespace'), ...only("variables.v == 'b'") }),
    'yes',
    'no',
  ],
  [
    'a condition that cannot be met without the namespace',
    says('false', only('namespaceObject != null')),
    'yes',
    'yes',
  ],
  [
    'what a message says does not matter',
    says('false', { validations: [{ expression: 'false', messageExpression: 'request.namespace' }] }),
    'no',
    'no',
  ],
  [
    'a binding that selects',
    says('false', {}, { matchResources: { namespaceSelector: { matchLabels: { frozen: 'yes' } } } }),
    'yes',
    'no',
  ],
  [
    'a binding that selects by name',
    says(
      'false',
      {},
      {
        matchResources: {
          namespaceSelector: {
            matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['a'] }],
          },
        },
      },
    ),
    'yes',
    'no',
  ],
  [
    'two bindings, of which the second selects',
    world(
      policy('p', { validations: [{ expression: 'false' }] }),
      policy('q', { validations: [{ expression: 'false' }] }),
      binding('p', 'p', { matchResources: { namespaceSelector: { matchLabels: { team: 'y' } } } }),
      binding('q', 'q', { matchResources: { namespaceSelector: { matchLabels: { frozen: 'yes' } } } }),
    ),
    'yes',
    'no',
  ],
  [
    'parameters of the namespace',
    world(...local(), configMap('a', 'limits', { open: 'yes' }), configMap('b', 'limits', { open: 'no' })),
    'yes',
    'no',
  ],
  ['parameters that are not there', world(...local(), configMap('a', 'limits', { open: 'yes' })), 'yes', 'no'],
  [
    'rights in the namespace',
    put(
      bare()
        .role('a', 'r', [allow('pass', 'pods')])
        .binding('a', 'r', 'Role/r', user('jane')),
      policy('p', { validations: [{ expression: "authorizer.requestResource.check('pass').allowed()" }] }),
      binding('p', 'p'),
    ).world(),
    'yes',
    'no',
  ],
  [
    'rights by group and name',
    put(
      bare()
        .role('a', 'r', [allow('pass', 'things')])
        .binding('a', 'r', 'Role/r', user('jane')),
      policy('p', {
        validations: [
          {
            expression:
              "authorizer.group('').resource('things').namespace(object.metadata['namespace']).check('pass').allowed()",
          },
        ],
      }),
      binding('p', 'p'),
    ).world(),
    'yes',
    'no',
  ],
  ['a quota', world(quota), 'yes', 'no'],
  [
    'a level of Pod Security',
    cluster().namespace('a').namespace('b', { 'pod-security.kubernetes.io/enforce': 'baseline' }).world(),
    'yes',
    'no',
  ],
  [
    'a namespace that goes',
    cluster().namespace('a').with('namespaces', { namespace: null, name: 'b', labels: {}, deleting: true }).world(),
    'yes',
    'no',
  ],
  [
    'a webhook that selects',
    world(webhooks('w', [{ namespaceSelector: { matchExpressions: [{ key: 'frozen', operator: 'Exists' }] } }])),
    'yes',
    'depends',
  ],
  [
    'a condition of a webhook',
    world(webhooks('w', [{ matchConditions: [{ name: 'c', expression: "request['name' + 'space'] == 'b'" }] }])),
    'yes',
    'depends',
  ],
  ['Kyverno: a name', kyverno(about({ namespaces: ['b*'] })), 'yes', 'no'],
  ['Kyverno: a selector', kyverno(about({ namespaceSelector: { matchLabels: { 'fro*': '*' } } })), 'yes', 'no'],
  [
    'Kyverno: an exclusion',
    kyverno(about({}, { exclude: { any: [{ resources: { namespaces: ['a'] } }] } })),
    'yes',
    'no',
  ],
  ['Kyverno: a policy of the namespace', kyverno(namespaced('b')), 'yes', 'no'],
  ['Kyverno: a variable', kyverno(denies('{{ request.namespace }}', ['b'])), 'yes', 'no'],
  ['Kyverno: a quoted variable', kyverno(denies('{{ request."namespace" }}', ['b'])), 'yes', 'no'],
  [
    'Kyverno: the namespace of the object',
    kyverno(denies('{{ request.object.metadata.namespace }}', ['b'])),
    'yes',
    'no',
  ],
  ['Kyverno: piped', kyverno(denies('{{ request.object.metadata | namespace }}', ['b'])), 'yes', 'no'],
  ['Kyverno: as text', kyverno(denies('{{ to_string(request.object.metadata) }}', ['*"namespace":"b"*'])), 'yes', 'no'],
  [
    'Kyverno: all values',
    kyverno(denies("{{ values(request.object.metadata) | [?@ == 'b'] | length(@) }}", [1])),
    'yes',
    'no',
  ],
  [
    'Kyverno: a pattern of the metadata',
    kyverno(policyOf('k', { pattern: { metadata: { namespace: '!b' } } })),
    'yes',
    'no',
  ],
  [
    'Kyverno: several patterns of the metadata',
    kyverno(...['!c', '!b'].map((namespace) => policyOf(`k${namespace}`, { pattern: { metadata: { namespace } } }))),
    'yes',
    'no',
  ],
  ['two conditions', says("request.namespace == 'b'", only("request.namespace != 'a'")), 'yes', 'yes'],
  ['one condition beside another', says("request.namespace != 'b'", only("request.namespace != 'c'")), 'yes', 'no'],
  [
    'Kyverno: where failures count',
    kyverno(
      policyWith('k', [{ name: 'r', match: { any: [{ resources: { kinds: ['Pod'] } }] }, validate: refusing }], {
        validationFailureAction: 'Audit',
        validationFailureActionOverrides: [{ action: 'Enforce', namespaces: ['b'] }],
      }),
    ),
    'yes',
    'no',
  ],
  [
    'Kyverno: where failures count by label',
    kyverno(
      policyWith('k', [{ name: 'r', match: { any: [{ resources: { kinds: ['Pod'] } }] }, validate: refusing }], {
        validationFailureAction: 'Audit',
        validationFailureActionOverrides: [
          { action: 'Enforce', namespaceSelector: { matchLabels: { frozen: 'yes' } } },
        ],
      }),
    ),
    'yes',
    'no',
  ],
  [
    'SCC: what is allotted',
    scc(
      cluster().with(
        'namespaces',
        { namespace: null, name: 'a', labels: {}, deleting: false, annotations: allotted('1000/10') },
        { namespace: null, name: 'b', labels: {}, deleting: false },
      ),
      { ...OPEN, groups: ['dev'], runAsUser: { type: 'MustRunAsRange' } },
    ),
    'yes',
    'no',
  ],
  [
    'SCC: rights in the namespace',
    scc(bare().role('a', 'r', [use]).binding('a', 'r', 'Role/r', user('jane')), OPEN),
    'yes',
    'no',
  ],
];

const named = (expression: string, builder: ClusterBuilder = bare()): World =>
  put(builder, policy('p', { validations: [{ expression }] }), binding('p', 'p')).world();
const holding = (): ClusterBuilder =>
  bare()
    .clusterRole('r', [allow('pass', 'things')])
    .clusterBinding('r', 'ClusterRole/r', user('jane'));
const USERS: readonly string[] = [
  "request.userInfo.username != 'bob'",
  "request['user' + 'Info']['user' + 'name'] != 'bob'",
  "request.userInfo.?username.orValue('') != 'bob'",
  "!('ops' in request.userInfo.groups)",
  "request.userInfo.groups.all(g, g != 'ops')",
  "[request].all(r, r.userInfo.username != 'bob')",
  "request.userInfo.exists(k, k == 'username' && request.userInfo[k] == 'jane')",
  "request.exists(k, k.startsWith('user') && 'dev' in request[k].groups)",
  "(object.kind == 'Nope' ? '' : request.userInfo.username) != 'bob'",
  "(object.kind == 'Nope' ? [''] : request.userInfo.groups).all(g, g != 'ops')",
  "[object].all(o, o.kind == 'Nope' || request.userInfo.username == 'jane')",
  "request.userInfo.username == 'jane' || object.kind == 'Nope'",
  "request.userInfo.username == 'jane' && request.namespace == 'a'",
  "[request.userInfo.username, request.namespace] == ['jane', 'a']",
  "[request.userInfo.username].all(request, request != 'bob')",
  "['x'].all(request, request == 'x') && request.userInfo.username != 'bob'",
];

/** What it comes to for jane and for bob, in namespace `a`. */
export const PEOPLE: readonly Roundabout[] = [
  ...USERS.map((expression): Roundabout => [expression, named(expression), 'yes', 'no']),
  ['a variable', says("variables.who != 'bob'", where('who', 'request.userInfo.username')), 'yes', 'no'],
  ['a condition', says('false', only("request.userInfo['username'] == 'bob'")), 'yes', 'no'],
  [
    'a condition of a webhook',
    world(webhooks('w', [{ matchConditions: [{ name: 'c', expression: "'ops' in request.userInfo.groups" }] }])),
    'yes',
    'depends',
  ],
  ['rights', named("authorizer.group('').resource('things').check('pass').allowed()", holding()), 'yes', 'no'],
  [
    'rights to a path',
    named(
      "authorizer.path('/x').check('get').allowed()",
      bare()
        .clusterRole('r', [{ ...allow('get', ''), apiGroups: [], resources: [], nonResourceURLs: ['/x'] }])
        .clusterBinding('r', 'ClusterRole/r', user('jane')),
    ),
    'yes',
    'no',
  ],
  [
    'Kyverno: a subject',
    kyverno(about({}, { exclude: { any: [{ subjects: [{ kind: 'User', name: 'jane' }] }] } })),
    'yes',
    'no',
  ],
  [
    'Kyverno: a group',
    kyverno(about({}, { exclude: { any: [{ subjects: [{ kind: 'Group', name: 'd*' }] }] } })),
    'yes',
    'no',
  ],
  [
    'Kyverno: a role',
    asked(put(holding(), ENGINE, about({}, { exclude: { any: [{ clusterRoles: ['r'] }] } })).world()),
    'yes',
    'no',
  ],
  ['Kyverno: a variable', kyverno(denies('{{ request.userInfo.username }}', ['bob'])), 'yes', 'no'],
  ['Kyverno: a variable of the rule', kyverno(defined('{{ request.userInfo.username }}', 'bob')), 'yes', 'no'],
  ['Kyverno: a variable of another rule', kyverno(twice('{{ request.userInfo.username }}', 'bob')), 'yes', 'no'],
  ['Kyverno: within a loop', kyverno(looped('{{ request.userInfo.username }}', 'bob')), 'yes', 'no'],
  [
    'Kyverno: beside what a loop is about',
    kyverno(looped("{{ element.name || '' }}{{ request.userInfo.username }}", '?*bob')),
    'yes',
    'no',
  ],
  [
    'Kyverno: beside the object',
    kyverno(denies('{{ request.userInfo.username }}-{{ request.object.kind }}', ['bob-Pod'])),
    'yes',
    'no',
  ],
  [
    'Kyverno: groups beside the object',
    kyverno(denies('{{ [request.userInfo.groups[0], request.object.kind] }}', ['ops'])),
    'yes',
    'no',
  ],
  ['Kyverno: all that is known', kyverno(denies('{{ to_string(request.userInfo) }}', ['*bob*'])), 'yes', 'no'],
  [
    'SCC: rights',
    scc(bare().clusterRole('r', [use]).clusterBinding('r', 'ClusterRole/r', user('jane')), OPEN),
    'yes',
    'no',
  ],
  [
    'SCC: rights in one namespace',
    scc(bare().role('a', 'r', [use]).binding('a', 'r', 'Role/r', user('jane')), OPEN),
    'yes',
    'no',
  ],
  ['SCC: groups', scc(bare(), { ...OPEN, groups: ['dev'] }), 'yes', 'no'],
];

/** The same of an update of a Deployment, which something holds against what it was. */
export const UPDATES: readonly Roundabout[] = [
  [
    'the old object by an index',
    says("oldObject.metadata['name' + 'space'] != 'b'", { matchConstraints: { resourceRules: [DEPLOYMENTS] } }),
    'yes',
    'no',
  ],
  [
    'all of the old object',
    says("!oldObject.metadata.exists(k, k == 'namespace' && oldObject.metadata[k] == 'b')", {
      matchConstraints: { resourceRules: [DEPLOYMENTS] },
    }),
    'yes',
    'no',
  ],
  [
    'the old object by no name that one could look for',
    says("dyn(object) == dyn(oldObject) || request.namespace != 'b'", {
      matchConstraints: { resourceRules: [DEPLOYMENTS] },
    }),
    'yes',
    'depends',
  ],
  [
    'the same of what each write is of',
    says("(request.kind.kind == 'Pod' ? request.namespace != 'b' : request.namespace != 'c') == true", {
      matchConstraints: { resourceRules: [DEPLOYMENTS, PODS] },
    }),
    'yes',
    'no',
  ],
  ['another resource', says("request.namespace != 'b'", { matchConstraints: { resourceRules: [PODS] } }), 'yes', 'no'],
];
