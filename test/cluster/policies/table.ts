type Fields = Record<string, unknown>;

/**
 * A policy as people write them. It is bound to a namespace of its own, labelled `case: <id>` and what `labels` says.
 */
export interface Case {
  id: string;
  spec: Fields;
  binding?: Fields;
  labels?: Record<string, string>;
  /** Parameters, and what else it needs; `NS` stands for its namespace. */
  objects?: readonly Fields[];
}

const deny = (expression: string, more: Fields = {}): Fields => ({ validations: [{ expression, ...more }] });
const simple = (id: string, expression: string, more: Fields = {}): Case => ({ id, spec: deny(expression, more) });

const configMap = (name: string, data: Record<string, string>, labels: Record<string, string> = {}): Fields => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'NS', labels }, data },
});
const CONFIG = { apiVersion: 'v1', kind: 'ConfigMap' };
const named = (name: string, action = 'Deny', more: Fields = {}): Fields => ({
  paramRef: { name, parameterNotFoundAction: action, ...more },
});
const PODS_RULE = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
const ALL = 'object.spec.containers + object.spec.?initContainers.orValue([])';

export const CASES: readonly Case[] = [
  simple(
    'privileged',
    'object.spec.containers.all(c, !has(c.securityContext) || !has(c.securityContext.privileged) || !c.securityContext.privileged)',
    { message: '  no privileged containers ' },
  ),
  simple('host-path', '!has(object.spec.volumes) || object.spec.volumes.all(v, !has(v.hostPath))', {
    message: 'hostPath is not allowed',
    reason: 'Forbidden',
  }),
  simple(
    'host-namespaces',
    '!(object.spec.?hostNetwork.orValue(false) || object.spec.?hostPID.orValue(false) || object.spec.?hostIPC.orValue(false))',
  ),
  simple(
    'host-ports',
    'object.spec.containers.all(c, !has(c.ports) || c.ports.all(p, !has(p.hostPort) || p.hostPort == 0))',
  ),
  {
    id: 'capabilities',
    spec: {
      variables: [
        { name: 'containers', expression: ALL },
        { name: 'allowed', expression: "['NET_BIND_SERVICE', 'CHOWN']" },
        {
          name: 'bad',
          expression:
            'variables.containers.filter(c, has(c.securityContext) && has(c.securityContext.capabilities) && has(c.securityContext.capabilities.add) && c.securityContext.capabilities.add.exists(x, !(x in variables.allowed))).map(c, c.name)',
        },
      ],
      validations: [
        {
          expression: 'variables.bad.size() == 0',
          messageExpression: "'containers ' + variables.bad.join(', ') + ' add capabilities'",
        },
      ],
    },
  },
  simple('drop-all', "object.spec.containers.all(c, 'ALL' in c.?securityContext.?capabilities.?drop.orValue([]))", {
    messageExpression:
      "'containers must drop ALL: ' + object.spec.containers.filter(c, !('ALL' in c.?securityContext.?capabilities.?drop.orValue([]))).map(c, c.name).join(',')",
  }),
  simple('labels', "has(object.metadata.labels) && ['app', 'team', 'env'].all(k, k in object.metadata.labels)", {
    message: 'app, team and env labels are required',
  }),
  simple(
    'label-values',
    "has(object.metadata.labels) && object.metadata.labels[?'env'].orValue('none') in ['prod', 'staging']",
  ),
  simple('label-shape', "object.metadata.?labels.orValue({}).all(k, v, v.matches('^[a-z0-9.-]+$') && size(v) < 20)", {
    messageExpression:
      "'labels: ' + object.metadata.labels.transformList(k, v, !v.matches('^[a-z0-9.-]+$'), k + '=' + v).join(' ')",
  }),
  simple('registries', `(${ALL}).all(c, c.image.startsWith('registry.example.com/'))`, {
    messageExpression: `'images from elsewhere: ' + (${ALL}).map(c, c.image).filter(i, !i.startsWith('registry.example.com/')).join(', ')`,
  }),
  simple('no-latest', "object.spec.containers.all(c, c.image.contains(':') && !c.image.endsWith(':latest'))", {
    messageExpression: "'image %s has no version'.format([object.spec.containers[0].image])",
  }),
  simple(
    'tag-regex',
    "object.spec.containers.all(c, c.image.matches('^[a-z0-9./_-]+(:v?[0-9]+([.][0-9]+)*|@sha256:[a-f0-9]{64})$'))",
  ),
  simple('tag-find', "object.spec.containers.all(c, c.image.find(':[^:/]+$') != '')", {
    messageExpression: "object.spec.containers.map(c, c.image.findAll('[a-z]+').join('+')).join(' ')",
  }),
  simple(
    'limits',
    "object.spec.containers.all(c, has(c.resources) && has(c.resources.limits) && 'memory' in c.resources.limits)",
    {
      message: 'memory limits are required',
    },
  ),
  simple('limits-error', "object.spec.containers.all(c, c.resources.limits.memory != '')"),
  {
    id: 'limits-error-ignored',
    spec: { failurePolicy: 'Ignore', ...deny("object.spec.containers.all(c, c.resources.limits.memory != '')") },
  },
  simple(
    'quantity',
    "object.spec.containers.all(c, !('memory' in c.?resources.?limits.orValue({})) || quantity(c.resources.limits.memory).compareTo(quantity('1Gi')) <= 0)",
    { message: 'too much memory' },
  ),
  simple(
    'quantity-sum',
    "object.spec.containers.map(c, quantity(c.?resources.?limits.?cpu.orValue('0')).asApproximateFloat()).sum() < 2.0",
  ),
  simple(
    'quantity-add',
    "object.spec.containers.all(c, quantity(c.?resources.?limits.?memory.orValue('1Mi')).sub(quantity(c.?resources.?requests.?memory.orValue('1Mi'))).isLessThan(quantity('2Gi')))",
  ),
  simple(
    'non-root',
    'object.spec.?securityContext.?runAsNonRoot.orValue(false) == true && object.spec.?securityContext.?runAsUser.orValue(0) > 999',
  ),
  simple(
    'seccomp',
    "has(object.spec.securityContext.seccompProfile) && object.spec.securityContext.seccompProfile.type == 'RuntimeDefault'",
    { message: 'seccomp' },
  ),
  simple('missing-field', "object.spec.nodeSelector.pool == 'cpu'", { message: 'never said' }),
  simple('missing-index', 'object.spec.containers[1].image != ""'),
  simple(
    'ternary',
    "has(object.metadata.labels) && 'env' in object.metadata.labels ? (object.metadata.labels.env == 'prod' ? object.spec.containers.size() == 1 : true) : false",
  ),
  simple(
    'or-looks-past-errors',
    "object.spec.hostAliases[0].ip == '10.1.2.3' || object.spec.containers[0].image.startsWith('registry')",
  ),
  simple(
    'and-looks-past-errors',
    "object.spec.hostAliases[0].ip == '10.1.2.3' && object.spec.containers[0].image.startsWith('registry')",
  ),
  simple(
    'ip',
    "object.spec.?hostAliases.orValue([]).all(a, isIP(a.ip) && cidr('10.0.0.0/8').containsIP(a.ip) && ip(a.ip).family() == 4)",
    {
      messageExpression:
        "'alias ' + string(ip(object.spec.hostAliases[0].ip)) + ' in ' + string(cidr(object.spec.hostAliases[0].ip + '/24').masked())",
    },
  ),
  simple(
    'url',
    "object.spec.containers.all(c, c.?env.orValue([]).all(e, !isURL(e.value) || url(e.value).getScheme() == 'http'))",
    {
      messageExpression:
        "[url(object.spec.containers[0].env[0].value)].map(u, u.getHost() + u.getEscapedPath() + u.getPort() + u.getHostname() + u.getQuery()['debug'][0])[0]",
    },
  ),
  simple(
    'sets',
    "sets.contains(['app', 'env', 'team', 'version'], object.metadata.?labels.orValue({}).map(k, k)) && !sets.intersects(['root'], object.metadata.?labels.orValue({}).map(k, object.metadata.labels[k]))",
  ),
  simple(
    'semver',
    "!has(object.metadata.labels) || !('version' in object.metadata.labels) || semver(object.metadata.labels.version).isLessThan(semver('2.0.0'))",
    {
      messageExpression:
        "'version %d.%d.%d'.format([semver(object.metadata.labels.version).major(), semver(object.metadata.labels.version).minor(), semver(object.metadata.labels.version).patch()])",
    },
  ),
  simple(
    'format',
    'object.metadata.?labels.orValue({}).all(k, !format.dns1123Label().validate(object.metadata.labels[k]).hasValue())',
  ),
  simple('unique-images', 'object.spec.containers.map(c, c.image).distinct().size() == object.spec.containers.size()', {
    messageExpression: "object.spec.containers.map(c, c.image).sort().join('<')",
  }),
  simple(
    'sorted',
    'object.spec.containers.map(c, c.name).isSorted() && object.spec.containers.map(c, c.image).indexOf("b:2") < 1',
    {
      messageExpression: "object.spec.containers.sortBy(c, c.image).map(c, c.name).reverse().join('')",
    },
  ),
  simple('strings', "object.metadata.name.upperAscii().lowerAscii().replace('a', 'b').substring(1).charAt(0) != 'o'", {
    messageExpression:
      "' %s|%s|%s|%d '.format([object.metadata.name.split('s')[0], strings.quote(object.metadata.name + '\"'), object.metadata.name.trim(), object.metadata.name.indexOf('s')])",
  }),
  simple(
    'numbers',
    'object.spec.?priority.orValue(0) < 1000000000.5 && int("3") + 2 == 5 && 7 / 2 == 3 && 7 % 4 == 3 && uint(5) == 5u && double(3) == 3.0',
  ),
  simple('conversion-fails', 'int(object.metadata.labels.replicas) < 10'),
  simple(
    'maps',
    "{'a': object.spec.containers.size(), 'b': 2}.exists_one(k, v, v == 2) && object.spec.containers.transformMap(i, c, c.name).size() > 0",
  ),
  simple(
    'types',
    "type(object.spec.containers) == list && type(object.spec) == map && type(object.metadata.name) == string && dyn(object.spec.containers[0].image) != 'nginx'",
  ),
  simple(
    'duration',
    "duration('90m') > duration('1h') && timestamp('2026-01-01T00:00:00Z').getFullYear() == 2026 && object.spec.terminationGracePeriodSeconds <= 30",
  ),
  simple('user', "request.userInfo.username != 'jane' || object.spec.containers.size() == 1", {
    messageExpression: "request.userInfo.username + ' may run one container'",
  }),
  simple(
    'break-glass',
    "'break-glass' in request.userInfo.groups || request.operation == 'CREATE' && !has(request.subResource) && request.namespace == 'never'",
    { message: 'only break-glass' },
  ),
  simple(
    'service-account',
    "request.userInfo.username.startsWith('system:serviceaccount:ci:') || request.resource.resource != 'pods'",
  ),
  simple(
    'authorizer',
    "authorizer.group('example.com').resource('exceptions').namespace(request.namespace).name('privileged').check('use').allowed()",
    { message: 'no exception for you' },
  ),
  simple(
    'authorizer-path',
    "authorizer.path('/metrics').check('get').allowed() || authorizer.requestResource.check('delete').allowed()",
  ),
  simple(
    'authorizer-account',
    "authorizer.serviceAccount('ci', 'bot').group('').resource('secrets').namespace('NS').check('get').allowed()",
  ),
  simple('strings-have-no-reverse', 'object.metadata.name.reverse().size() > 0'),
  {
    id: 'conditions',
    spec: {
      matchConditions: [
        { name: 'people', expression: "!request.userInfo.username.startsWith('system:serviceaccount:')" },
        { name: 'prod', expression: "has(object.metadata.labels) && object.metadata.labels.env == 'prod'" },
      ],
      ...deny('false', { message: 'people run nothing in prod' }),
    },
  },
  {
    id: 'conditions-mixed',
    spec: {
      matchConditions: [
        { name: 'fails', expression: "object.spec.nodeSelector.pool == 'gpu'" },
        { name: 'decides', expression: "object.metadata.name != 'tidy'" },
      ],
      ...deny('object.spec.containers.size() > 5', { message: 'mixed' }),
    },
  },
  {
    id: 'conditions-ignored',
    spec: {
      failurePolicy: 'Ignore',
      matchConditions: [{ name: 'fails', expression: "object.spec.nodeSelector.pool == 'gpu'" }],
      ...deny('false', { message: 'gpu pool is closed' }),
    },
  },
  {
    id: 'conditions-no-namespace',
    spec: {
      matchConditions: [
        { name: 'fails', expression: "has(namespaceObject.metadata) || object.metadata.name == 'bare'" },
      ],
      ...deny('false', { message: 'seen' }),
    },
  },
  {
    id: 'namespace-object',
    labels: { tier: 'gold' },
    spec: deny(
      "namespaceObject.metadata.labels[?'tier'] == optional.of('gold') && !('env' in object.metadata.?labels.orValue({}))",
      {
        messageExpression:
          "namespaceObject.metadata.name + ' is ' + namespaceObject.metadata.labels.tier + ', ' + namespaceObject.status.phase",
      },
    ),
  },
  {
    id: 'lazy-variables',
    spec: {
      variables: [
        { name: 'never', expression: 'object.spec.nothing.here' },
        { name: 'count', expression: 'object.spec.containers.size()' },
        { name: 'twice', expression: 'variables.count * 2' },
      ],
      validations: [
        { expression: 'variables.twice < 4' },
        { expression: 'variables.twice < 6 || variables.never == 1' },
      ],
    },
  },
  {
    id: 'several',
    spec: {
      validations: [
        { expression: "object.metadata.name != 'bare'", message: 'first' },
        { expression: 'has(object.metadata.labels)', message: 'second' },
        { expression: 'object.spec.containers.size() < 3', messageExpression: "'a\\nb'", message: 'third' },
      ],
    },
  },
  {
    id: 'message-fails',
    spec: deny('object.spec.containers.size() < 2', {
      messageExpression: 'string(object.spec.nothing)',
      message: 'said instead',
    }),
  },
  {
    id: 'params',
    spec: {
      paramKind: CONFIG,
      ...deny('object.spec.containers.size() <= int(params.data.max)', {
        messageExpression: "'at most ' + params.data.max + ' of ' + params.kind",
      }),
    },
    binding: named('limits'),
    objects: [configMap('limits', { max: '1' })],
  },
  { id: 'params-missing-deny', spec: { paramKind: CONFIG, ...deny('true') }, binding: named('absent') },
  { id: 'params-missing-allow', spec: { paramKind: CONFIG, ...deny('false') }, binding: named('absent', 'Allow') },
  {
    id: 'params-missing-audit',
    spec: { paramKind: CONFIG, ...deny('true') },
    binding: { ...named('absent'), validationActions: ['Audit'] },
  },
  {
    id: 'params-selector',
    spec: {
      paramKind: CONFIG,
      ...deny("!(object.metadata.name in params.data.banned.split(','))", { message: 'banned by a list' }),
    },
    binding: { paramRef: { selector: { matchLabels: { list: 'banned' } }, parameterNotFoundAction: 'Deny' } },
    objects: [
      configMap('a', { banned: 'big,host' }, { list: 'banned' }),
      configMap('b', { banned: 'bare' }, { list: 'banned' }),
      configMap('c', { banned: 'tidy' }, { list: 'other' }),
    ],
  },
  {
    id: 'params-unreferenced',
    spec: { paramKind: CONFIG, ...deny('params == null && object.spec.containers.size() == 1') },
  },
  {
    id: 'params-key',
    spec: { paramKind: CONFIG, ...deny("params.data.absent == 'x'") },
    binding: named('limits', 'Deny', { namespace: 'NS' }),
    objects: [configMap('limits', { max: '1' })],
  },
  { id: 'warns', spec: deny('false'), binding: { validationActions: ['Warn', 'Audit'] } },
  {
    id: 'annotation-fails',
    spec: {
      ...deny('true'),
      auditAnnotations: [{ key: 'pool', valueExpression: 'string(object.spec.nodeSelector.pool)' }],
    },
    binding: { validationActions: ['Audit'] },
  },
  {
    id: 'annotation-fails-ignored',
    spec: {
      failurePolicy: 'Ignore',
      ...deny('true'),
      auditAnnotations: [{ key: 'pool', valueExpression: 'string(object.spec.nodeSelector.pool)' }],
    },
  },
  {
    id: 'excluded',
    spec: {
      ...deny('false', { message: 'all but tidy' }),
      matchConstraints: {
        resourceRules: [PODS_RULE],
        excludeResourceRules: [{ ...PODS_RULE, resourceNames: ['tidy'] }],
      },
    },
  },
  {
    id: 'resource-names',
    spec: {
      ...deny('false', { message: 'host alone' }),
      matchConstraints: { resourceRules: [{ ...PODS_RULE, resourceNames: ['host'] }] },
    },
  },
  {
    id: 'object-selector',
    spec: {
      ...deny('false', { message: 'prod is frozen' }),
      matchConstraints: {
        resourceRules: [PODS_RULE],
        objectSelector: {
          matchExpressions: [
            { key: 'env', operator: 'In', values: ['prod'] },
            { key: 'team', operator: 'DoesNotExist' },
          ],
        },
      },
    },
  },
  {
    id: 'binding-selector',
    spec: deny('false', { message: 'unlabelled' }),
    binding: {
      matchResources: { objectSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] } },
    },
  },
  {
    id: 'other-operation',
    spec: {
      ...deny('false'),
      matchConstraints: { resourceRules: [{ ...PODS_RULE, operations: ['UPDATE', 'DELETE'] }] },
    },
  },
  {
    id: 'wildcards',
    spec: {
      ...deny("object.metadata.name != 'forked'", { message: 'by wildcards' }),
      matchConstraints: {
        resourceRules: [
          { apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'], scope: 'Namespaced' },
        ],
      },
    },
  },
  {
    id: 'cluster-scope',
    spec: { ...deny('false'), matchConstraints: { resourceRules: [{ ...PODS_RULE, scope: 'Cluster' }] } },
  },
];
