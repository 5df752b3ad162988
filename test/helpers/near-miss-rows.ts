import { isUrlRequest, type Request } from '../../src/rbac/request.ts';
import type { Misspelt } from '../../src/rbac/spellings/reader.ts';
import type { Rule, Subject } from '../../src/world/objects.ts';
import { account, allow, allowUrls, group, user } from './cluster.ts';
import { request } from './request.ts';

/** A rule that grants nothing of what is asked, and by which finding that is told. */
export interface RuleRow {
  id: string;
  asked: string;
  rule: Rule;
}

const APPS = { groups: ['apps'] };
const row = (id: string, asked: string, rule: Rule): RuleRow => ({ id, asked, rule });
const words = (verbs: string[], resources: string[], groups: string[] = [''], names: string[] = []): Rule => ({
  ...{ verbs, resources, apiGroups: groups, resourceNames: names, nonResourceURLs: [] },
});
const resource = (id: string, asked: string, word: string, groups: string[] = ['']): RuleRow =>
  row(id, `${asked} in shop`, words([asked.split(' ')[0] ?? ''], [word], groups));
const verb = (id: string, asked: string, word: string, on: string): RuleRow =>
  row(id, `${asked} in shop`, words([word], [on]));
const inGroup = (id: string, asked: string, word: string): RuleRow => {
  const [is = '', what = ''] = asked.split(' ');
  return row(id, `${asked} in shop`, words([is], [what.split('.')[0] ?? ''], [word]));
};
const named = (id: string, asked: string, name: string, word: string): RuleRow => {
  const [is = '', what = ''] = asked.split(' ');
  return row(id, `${asked} ${name} in shop`, words([is], [what], [''], [word]));
};

/** One row a spelling: what the real server refuses, and allows once the word is what it was meant to be. */
export const RULE_ROWS: readonly RuleRow[] = [
  resource('short-name', 'get pods', 'po'),
  resource('short-name', 'get configmaps', 'cm'),
  resource('short-name', 'get deployments.apps', 'deploy', ['apps']),
  resource('short-name', 'list persistentvolumeclaims', 'pvc'),
  resource('short-name', 'create pods/exec', 'po/exec'),
  resource('kind', 'get pods', 'Pod'),
  resource('kind', 'get configmaps', 'ConfigMap'),
  resource('kind', 'create pods/exec', 'Pod/exec'),
  resource('kind', 'get networkpolicies.networking.k8s.io', 'NetworkPolicy', ['networking.k8s.io']),
  resource('singular', 'get pods', 'pod'),
  resource('singular', 'get secrets', 'secret'),
  resource('singular', 'create pods/exec', 'pod/exec'),
  resource('singular', 'get endpoints', 'endpoint'),
  resource('singular', 'get ingresses.networking.k8s.io', 'ingress', ['networking.k8s.io']),
  resource('wrong-plural', 'get networkpolicies.networking.k8s.io', 'networkpolicys', ['networking.k8s.io']),
  resource('capitals', 'get pods', 'Pods'),
  resource('capitals', 'get secrets', 'SECRETS'),
  resource('capitals', 'get configmaps', 'configMaps'),
  resource('capitals', 'create pods/exec', 'pods/Exec'),
  resource('capitals', 'create pods/portforward', 'pods/portForward'),
  resource('singular', 'get secrets', 'SECRET'),
  resource('plural-subresource', 'get pods/log', 'pods/logs'),
  resource('plural-subresource', 'create pods/exec', 'pods/execs'),
  resource('plural-subresource', 'get pods/log', 'Pods/Logs'),
  resource('plural-subresource', 'patch pods/ephemeralcontainers', 'pods/ephemeralcontainer'),
  resource('hyphens', 'create pods/portforward', 'pods/port-forward'),
  resource('hyphens', 'patch pods/ephemeralcontainers', 'pods/ephemeral-containers'),
  resource('hyphens', 'get configmaps', 'config-maps'),
  resource('other-subresource', 'create pods/eviction', 'pods/evict'),
  resource('other-subresource', 'patch pods/ephemeralcontainers', 'pods/debug'),
  resource('subresource-separator', 'create pods/exec', 'pods.exec'),
  resource('subresource-separator', 'create pods/exec', 'pods:exec'),
  resource('subresource-separator', 'create pods/exec', 'pods//exec'),
  resource('subresource-alone', 'create pods/exec', 'exec'),
  resource('subresource-alone', 'create pods/portforward', 'portforward'),
  resource('plural-subresource', 'get pods/log', 'logs'),
  row('subresource-alone', 'get pods/proxy in shop', allow('get', 'pods proxy')),
  resource('group-in-resource', 'get deployments.apps', 'deployments.apps', ['apps']),
  resource('group-in-resource', 'get deployments.apps', 'deployments.apps', ['']),
  resource('group-in-resource', 'get deployments.apps', 'deployments.v1.apps', ['apps']),
  resource('group-in-resource', 'get deployments.apps', 'apps/deployments', ['apps']),
  resource('group-in-resource', 'get deployments.apps', 'apps/v1/deployments', ['']),
  resource('group-in-resource', 'patch deployments.apps/scale', 'deployments.apps/scale', ['apps']),
  resource('group-in-resource', 'get pods', 'v1/pods'),
  resource('group-in-resource', 'get pods', 'pods.v1'),
  resource('path-in-resource', 'get pods', 'namespaces/shop/pods'),
  resource('path-in-resource', 'get pods', 'api/v1/namespaces/shop/pods'),
  resource('stray-characters', 'get pods', ' pods'),
  resource('stray-characters', 'get pods', 'pods '),
  resource('stray-characters', 'get pods', '"pods"'),
  resource('stray-characters', 'get pods', '/pods'),
  resource('stray-characters', 'get pods', 'pods/'),
  resource('list-in-one-word', 'get pods', 'pods,services'),
  resource('list-in-one-word', 'get services', 'pods, services'),
  resource('star-in-word', 'get pods', '*/*'),
  resource('star-in-word', 'create pods/exec', '*/*'),
  resource('star-in-word', 'get pods', 'pod*'),
  resource('star-in-word', 'create pods/exec', 'pods*'),
  resource('star-in-word', 'create pods/exec', 'pods/e*'),
  resource('word-for-all', 'get pods', 'all'),
  row('name-in-resource', 'get secrets db in shop', allow('get', 'secrets/db')),
  row('name-in-resource', 'create pods/exec web-0 in shop', allow('create', 'pods/web-0/exec')),

  verb('http-verb', 'create pods', 'post', 'pods'),
  verb('http-verb', 'update pods', 'put', 'pods'),
  verb('http-verb', 'create pods/exec', 'POST', 'pods/exec'),
  verb('kubectl-verb', 'get pods', 'read', 'pods'),
  verb('kubectl-verb', 'list pods', 'view', 'pods'),
  verb('kubectl-verb', 'patch pods', 'edit', 'pods'),
  verb('kubectl-verb', 'get pods', 'describe', 'pods'),
  verb('kubectl-verb', 'delete pods', 'remove', 'pods'),
  verb('kubectl-verb', 'create pods', 'write', 'pods'),
  verb('subresource-verb', 'create pods/exec', 'exec', 'pods'),
  verb('subresource-verb', 'create pods/exec', 'exec', 'pods/exec'),
  verb('subresource-verb', 'create pods/portforward', 'port-forward', 'pods'),
  verb('subresource-verb', 'create pods/portforward', 'portforward', 'pods/portforward'),
  verb('subresource-verb', 'get pods/log', 'logs', 'pods'),
  verb('capitals', 'get pods', 'Get', 'pods'),
  verb('capitals', 'list pods', 'LIST', 'pods'),
  verb('list-in-one-word', 'get pods', 'get,list', 'pods'),
  verb('list-in-one-word', 'list pods', 'get list', 'pods'),
  verb('list-in-one-word', 'create pods', 'get,post', 'pods'),
  verb('stray-characters', 'get pods', ' get', 'pods'),
  verb('stray-characters', 'get pods', "'get'", 'pods'),
  verb('hyphens', 'deletecollection pods', 'delete-collection', 'pods'),
  verb('capitals', 'deletecollection pods', 'deleteCollection', 'pods'),
  verb('verb-form', 'list pods', 'lists', 'pods'),
  verb('star-in-word', 'get pods', 'get*', 'pods'),
  verb('star-in-word', 'list pods', 'l*', 'pods'),
  verb('word-for-all', 'get pods', 'all', 'pods'),

  inGroup('version-in-group', 'get deployments.apps', 'apps/v1'),
  inGroup('version-in-group', 'get pods', 'v1'),
  inGroup('version-in-group', 'get cronjobs.batch', 'batch/v1beta1'),
  inGroup('version-in-group', 'get roles.rbac.authorization.k8s.io', 'rbac.authorization.k8s.io/v1'),
  inGroup('word-for-core', 'get pods', 'core'),
  inGroup('word-for-core', 'get pods', 'core/v1'),
  inGroup('moved-group', 'get deployments.apps', 'extensions'),
  inGroup('moved-group', 'get ingresses.networking.k8s.io', 'extensions/v1beta1'),
  inGroup('short-group', 'get roles.rbac.authorization.k8s.io', 'rbac'),
  inGroup('short-group', 'get deployments.apps', 'apps.k8s.io'),
  inGroup('short-group', 'get networkpolicies.networking.k8s.io', 'networking'),
  inGroup('capitals', 'get deployments.apps', 'Apps'),
  inGroup('stray-characters', 'get pods', ' '),
  inGroup('stray-characters', 'get pods', '""'),
  inGroup('list-in-one-word', 'get deployments.apps', 'apps,batch'),
  inGroup('word-for-all', 'get pods', 'all'),
  inGroup('star-in-word', 'get deployments.apps', '*/*'),
  inGroup('star-in-word', 'get networkpolicies.networking.k8s.io', '*.k8s.io'),

  named('star-in-name', 'get pods', 'web-0', '*'),
  named('star-in-name', 'get pods', 'web-0', 'web-*'),
  named('star-in-name', 'get pods', 'web-0', 'web-.*'),
  named('star-in-name', 'create pods/exec', 'web-0', '*'),
  row('star-in-name', 'list pods in shop', allow('list', 'pods', { names: ['*'] })),
  row('star-in-name', 'watch secrets in shop', allow('watch', 'secrets', { names: ['web-*'] })),
  named('generated-name', 'get pods', 'web-7d4b9c9f6d-x2x9f', 'web-7d4b9c9f6d-zk8wq'),
  named('generated-name', 'create pods/exec', 'web-7d4b9c9f6d-x2x9f', 'web-5b6f7d9c4b-zk8wq'),
  named('generated-name', 'get pods', 'agent-x2x9f', 'agent-zk8wq'),
  named('name-of-owner', 'get pods', 'web-7d4b9c9f6d-x2x9f', 'web'),
  named('name-of-owner', 'get pods', 'web-7d4b9c9f6d-x2x9f', 'web-7d4b9c9f6d'),
  named('name-of-owner', 'get pods', 'web-7d4b9c9f6d-x2x9f', 'web-'),
  named('name-with-type', 'get pods', 'web-0', 'pod/web-0'),
  named('name-with-type', 'get pods', 'web-0', 'pods/web-0'),
  named('name-with-type', 'get pods', 'web-0', 'shop/web-0'),
  named('name-with-type', 'get serviceaccounts', 'web', 'shop:web'),
  named('name-with-type', 'impersonate serviceaccounts', 'web', 'system:serviceaccount:shop:web'),
  named('capitals', 'get pods', 'web-0', 'Web-0'),
  named('stray-characters', 'get pods', 'web-0', 'web-0 '),
  named('list-in-one-word', 'get pods', 'web-1', 'web-0,web-1'),

  row('url-without-slash', 'get /metrics', allowUrls('get', 'metrics')),
  row('url-with-slash', 'get /metrics', allowUrls('get', '/metrics/')),
  row('url-below', 'get /logs', allowUrls('get', '/logs/*')),
  row('whole-url', 'get /metrics', allowUrls('get', 'https://kubernetes.default.svc/metrics')),
  row('capitals', 'get /metrics', allowUrls('get', '/Metrics')),
  row('star-in-word', 'get /debug/pprof/heap', allowUrls('get', '/debug/*/heap')),
  row('capitals', 'get /metrics', allowUrls('GET', '/metrics')),
  row('list-in-one-word', 'get /metrics', { ...allowUrls('get', ''), nonResourceURLs: ['/logs,/metrics'] }),
  row('stray-characters', 'get /metrics', { ...allowUrls('get', ''), nonResourceURLs: [' /metrics'] }),
  row('kubectl-verb', 'get /metrics', allowUrls('read', '/metrics')),

  // Several words of one rule are one miss, told by its first.
  row('short-name', 'get pods in shop', allow('Get List', 'po deploy')),
  row('capitals', 'create pods/exec in shop', allow('post', 'Pods/Exec', { groups: ['v1'] })),
  row('singular', 'get deployments.apps in shop', allow('read', 'deployment', { groups: ['apps/v1'] })),
];

/**
 * What is no misspelling of what is asked: it works, is a word for something else, or more is wrong than its spelling.
 */
export const NO_MISSPELLINGS: readonly [asked: string, rule: Rule, why: string][] = [
  ['get pods in shop', allow('get', 'pods'), 'it allows it'],
  ['get pods in shop', allow('get', 'po pods'), 'another word of the rule allows it'],
  ['get pods/log in shop', allow('get', '*/log'), 'a star before a subresource is a wildcard'],
  ['get pods in shop', allow('*', '*', { groups: ['*'] }), 'stars are wildcards'],
  ['create pods/exec in shop', allow('create', 'pods/*'), 'this mistake has a finding of its own'],
  ['get pods in shop', allow('get', 'secret'), 'another resource'],
  ['get pods in shop', allow('list', 'po'), 'the verb is another one, too'],
  ['get pods in shop', allow('post', 'pods'), 'POST is no get'],
  ['delete pods in shop', allow('update', 'po'), 'both are wrong'],
  ['get pods in shop', allow('get', 'po', APPS), 'the group is another one, too'],
  ['create pods/binding in shop', allow('create', 'bindings'), 'bindings are a resource'],
  ['get pods/log in shop', allow('get', 'pods/exec'), 'another subresource'],
  ['get pods/proxy in shop', allow('get', 'services proxy'), 'of which resource the subresource is, nobody knows'],
  ['create nodes/proxy', allow('proxy', 'nodes/proxy'), 'proxy was a verb'],
  ['get pods/status in shop', allow('get', 'status'), 'many resources have one'],
  ['get events.events.k8s.io in shop', allow('get', 'events'), 'the core group has events of its own'],
  ['get ingresses.networking.k8s.io in shop', allow('get', 'ingresses', { groups: ['apps'] }), 'another group'],
  ['get pods web-0 in shop', allow('get', 'pods', { names: ['web-1'] }), 'another pod'],
  ['get pods web-0 in shop', allow('get', 'pods', { names: ['web'] }), 'pods of a StatefulSet have names that last'],
  ['get pods web-front in shop', allow('get', 'pods', { names: ['web-proxy'] }), 'nobody generated these'],
  [
    'get secrets web-7d4b9c9f6d-x2x9f in shop',
    allow('get', 'secrets', { names: ['web'] }),
    'no Secret is generated by a workload',
  ],
  ['get pods web-0 in shop', allow('get', 'pods', { names: ['api-*'] }), 'the pattern is of others'],
  ['get pods web-0 in shop', allow('get', 'pods', { names: ['web-*x'] }), 'the pattern ends otherwise'],
  [
    'get deployments.apps in shop',
    allow('get', 'deployments.apps', { groups: ['batch'] }),
    'the group is another one, too',
  ],
  ['get pods web-0 in shop', allow('get', 'pods', { names: ['dev/web-0'] }), 'of another namespace'],
  ['get /healthz', allowUrls('get', '/livez'), 'another path'],
  ['get /healthz', allowUrls('put', '/healthz/'), 'the method is another one, too'],
];

/** What the request would be as a rule once its misspelt words are as they were meant. */
export function repaired(rule: Rule, misspelt: readonly Misspelt[], asked: Request): Rule {
  const result = { ...rule };
  for (const { part, written, meant, implies } of misspelt) {
    result[part] = result[part].map((word) => (word === written ? meant : word));
    if (isUrlRequest(asked)) continue;
    if (implies.has('group')) result.apiGroups = [asked.group];
    if (implies.has('subresource')) result.resources = [`${asked.resource}/${asked.subresource}`];
  }
  return result;
}

export const requestOf = ({ asked }: Pick<RuleRow, 'asked'>): Request => request(asked);

/** An entry of a binding that is not the subject that is asked about, and by which finding that is told. */
export interface SubjectRow {
  id: string;
  written: Subject;
  asked: Subject;
  /** By a ClusterRoleBinding. */
  everywhere?: true;
  /** The API server refuses to store it, so that only manifests hold it. */
  unstorable?: true;
}

const entry = (
  id: string,
  written: Subject,
  asked: Subject,
  more: Pick<SubjectRow, 'everywhere' | 'unstorable'> = {},
): SubjectRow => ({
  ...{ id, written, asked },
  ...more,
});
const kindOf = (kind: string, name: string): Subject => ({ kind, namespace: null, name });
const WEB = account('shop', 'web');

export const SUBJECT_ROWS: readonly SubjectRow[] = [
  entry('subject-capitals', user('Jane'), user('jane')),
  entry('subject-capitals', user('Ana@Example.com'), user('ana@example.com')),
  entry('subject-capitals', group('Devs'), group('devs')),
  entry('subject-prefix', user('oidc:jane'), user('jane')),
  entry('subject-prefix', user('jane'), user('oidc:jane')),
  entry('subject-prefix', user('https://issuer.example/realms/x#jane'), user('jane')),
  entry('subject-prefix', group('keycloak:devs'), group('devs')),
  entry('subject-prefix', user('CORP\\jane'), user('jane')),
  entry('subject-slash', group('/devs'), group('devs')),
  entry('subject-slash', group('devs'), group('/devs')),
  entry('subject-slash', group('/corp/devs'), group('devs')),
  entry('subject-slash', group('oidc:/devs'), group('devs')),
  entry('subject-domain', user('jane@corp.example'), user('jane')),
  entry('subject-domain', user('jane'), user('jane@corp.example')),
  entry('subject-domain', group('gke-security-groups'), group('gke-security-groups@corp.example')),
  entry('subject-domain', user('oidc:jane@corp.example'), user('jane')),
  entry('subject-dn', group('cn=devs,ou=groups,dc=corp'), group('devs')),
  entry('subject-dn', group('devs'), group('cn=devs,ou=groups,dc=corp')),
  entry('subject-stray', user(' jane'), user('jane')),
  entry('subject-stray', group('devs '), group('devs')),
  entry('subject-stray', user('"jane"'), user('jane')),
  entry('star-subject', user('*'), user('jane')),
  entry('star-subject', group('*'), WEB),
  entry('star-subject', group('dev*'), group('devs')),
  entry('other-kind', user('web'), WEB),
  entry('other-kind', user('devs'), group('devs')),
  entry('other-kind', group('jane'), user('jane')),
  entry('other-account', account('dev', 'web'), WEB),
  entry('account-as-user', user('shop:web'), WEB),
  entry('account-as-user', user('shop/web'), WEB),
  entry('account-as-group', group('system:serviceaccount:shop:web'), WEB),
  entry('account-as-group', group('system:serviceaccounts:shop:web'), WEB),
  entry('account-as-group', user('system:serviceaccounts:shop:web'), WEB),
  entry('account-as-group', user('system:serviceaccount:shop/web'), WEB),
  entry('account-user-name', user('system:serviceaccount:shop-web'), WEB),
  entry('account-user-name', user('system:serviceaccount:web'), WEB),
  entry('account-as-group', group('system:serviceaccount:shop:web'), user('system:serviceaccount:shop:web')),
  entry('group-of-accounts', group('system:serviceaccount:shop'), group('system:serviceaccounts:shop')),
  entry('group-of-accounts', group('system:serviceaccount:shop'), WEB),
  entry('group-of-accounts', group('system:serviceaccounts/shop'), WEB),
  entry('group-of-accounts', group('system:serviceaccounts:shop:*'), WEB),
  entry('group-of-accounts', group('system:serviceaccount'), WEB),
  entry('group-as-user', user('system:serviceaccounts:shop'), WEB),
  entry('group-as-user', user('system:authenticated'), user('jane')),
  entry('group-as-user', user('system:unauthenticated'), user('system:anonymous')),
  entry('user-as-group', group('system:anonymous'), user('system:anonymous')),
  entry('user-as-group', group('system:node:n1'), user('system:node:n1')),
  entry('subject-capitals', group('System:Authenticated'), user('jane')),
  entry('account-name', account('shop', 'shop:web'), WEB, { unstorable: true }),
  entry('account-name', account('shop', 'system:serviceaccount:shop:web'), WEB, { unstorable: true }),
  entry('account-name', account('shop', 'Web'), WEB, { unstorable: true }),
  entry('account-name', account('shop', 'sa/web'), WEB, { unstorable: true }),
  entry('account-name', account('shop', '*'), WEB, { unstorable: true }),
  entry('account-without-namespace', account(null, 'web'), WEB, { everywhere: true, unstorable: true }),
  entry('subject-kind', kindOf('user', 'jane'), user('jane'), { unstorable: true }),
  entry('subject-kind', kindOf('Groups', 'devs'), group('devs'), { unstorable: true }),
  entry('subject-kind', { ...WEB, kind: 'serviceaccount' }, WEB, { unstorable: true }),
];

/** Entries that nobody meant to be the subject that is asked about, or that are it. */
export const NO_MISSPELT_SUBJECTS: readonly [written: Subject, asked: Subject, why: string][] = [
  [user('jane'), user('jane'), 'it is she'],
  [user('system:serviceaccount:shop:web'), WEB, 'a user name that spells an account is the account'],
  [group('system:serviceaccounts:shop'), WEB, 'it is one of them'],
  [group('*'), group('*'), 'it is that group, whatever it was meant to be'],
  [group('Jane'), user('jane'), 'the kind is another one, too'],
  [user('janet'), user('jane'), 'another name'],
  [user('jane@one.example'), user('jane@two.example'), 'another domain'],
  [user('github:jane'), user('google:jane'), 'another provider'],
  [group('/corp/devs'), group('/other/devs'), 'another path'],
  [user('system:jane'), user('jane'), "names of Kubernetes' own have no prefix"],
  [user('system:serviceaccount:dev:web'), WEB, 'the account of another namespace'],
  [group('system:serviceaccount:dev'), WEB, 'the accounts of another namespace'],
  [user('dev:web'), WEB, 'of another namespace'],
  [group('dev*'), group('ops'), 'the pattern is of others'],
  [account('shop', 'api'), WEB, 'another account'],
];
