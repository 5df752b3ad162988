import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchRule, type NameMode, type Names } from '../../src/rbac/match.ts';
import type { Rule } from '../../src/world/objects.ts';
import { allow, allowUrls } from '../helpers/cluster.ts';
import { request } from '../helpers/request.ts';

const matches: [rule: Rule, request: string, allowed: boolean, why: string][] = [
  [allow('get', 'pods'), 'get pods', true, 'equal'],
  [allow('get list', 'pods secrets'), 'list secrets', true, 'any of the lists will do'],
  [allow('*', 'pods'), 'frobnicate pods', true, 'the star is every verb, even one that nobody has invented yet'],
  [
    allow('*', 'roles', { groups: ['rbac.authorization.k8s.io'] }),
    'escalate roles.rbac.authorization.k8s.io',
    true,
    'escalate is a verb',
  ],
  [allow('*', 'users'), 'impersonate users', true, 'impersonate is a verb'],
  [allow('Get', 'pods'), 'get pods', false, 'verbs are compared with their case'],
  [allow('', 'pods'), 'get pods', false, 'no verbs, no right'],
  [allow('get', 'pods'), 'get pods.metrics.k8s.io', false, 'the same word in another group is another resource'],
  [allow('get', 'pods', { groups: ['metrics.k8s.io'] }), 'get pods', false, 'and the other way round'],
  [allow('get', 'pods', { groups: ['*'] }), 'get pods.metrics.k8s.io', true, 'the star is every group'],
  [
    allow('get', 'pods', { groups: ['core'] }),
    'get pods',
    false,
    'the core group is spelled as the empty string, and no other way',
  ],
  [allow('get', 'pods', { groups: [] }), 'get pods', false, 'no groups, no right'],
  [allow('get', ''), 'get pods', false, 'no resources, no right'],
  [allow('create', 'pods'), 'create pods/portforward', false, 'a resource does not include its subresources'],
  [
    allow('create', '*/portforward'),
    'create pods/portforward',
    true,
    'star slash subresource is the one wildcard with a slash',
  ],
  [allow('create', '*/exec'), 'create pods/portforward', false, 'for that one subresource'],
  [allow('get', '*/exec'), 'get pods', false, 'and not for the resource itself'],
  [
    allow('create', 'pods/*'),
    'create pods/portforward',
    false,
    'this spelling grants nothing, whatever its author believed',
  ],
  [allow('create', 'pods/*'), 'create pods/*', true, 'but for a subresource that is called a star'],
  [allow('create', '*/*'), 'create pods/portforward', false, 'nor does this one'],
  [allow('create', '*'), 'create pods/portforward', true, 'the star includes every subresource'],
  [allow('*', 'pods/portforward'), 'create pods/portforward', true, 'every verb on one subresource'],
  [allow('get', 'Pods'), 'get pods', false, 'resources are compared with their case'],
  [allow('get', 'pod'), 'get pods', false, 'the singular is no resource'],
  [allowUrls('get', '/metrics'), 'get /metrics', true, 'equal'],
  [allowUrls('get', '/metrics'), 'get /metrics/', false, 'to the letter'],
  [allowUrls('get', '*'), 'get /metrics', true, 'the star is every URL'],
  [allowUrls('get', '/api/*'), 'get /api/v1/x', true, 'a star at the end is a prefix, of any depth'],
  [allowUrls('get', '/api/*'), 'get /api', false, 'and its slash belongs to it'],
  [allowUrls('get', '/log*'), 'get /logs/kubelet', true, 'in the middle of a word too'],
  [allowUrls('get', '/x/**'), 'get /x/y', true, 'all stars at the end are cut off'],
  [allowUrls('get', '/x/**'), 'get /x/*y', true, 'so that a literal one is no more than any letter'],
  [allowUrls('get', '/apis/*/status'), 'get /apis/batch/status', false, 'a star inside is literal'],
  [allowUrls('get', '/apis/*/s*'), 'get /apis/*/status', true, 'also before a prefix'],
  [allowUrls('post', '/metrics'), 'get /metrics', false, 'verbs count for URLs too'],
  [allow('get', '*'), 'get /metrics', false, 'resources are no URLs'],
  [allowUrls('*', '*'), 'get pods', false, 'URLs are no resources'],
];

for (const [rule, asked, allowed, why] of matches) {
  const { verbs, apiGroups, resources, nonResourceURLs } = rule;
  test(`${verbs} ${resources}${nonResourceURLs} (${apiGroups}) ${allowed ? 'allows' : 'refuses'} ${asked}: ${why}`, () => {
    assert.deepEqual(matchRule(rule, request(asked)), allowed ? { names: null } : undefined);
  });
}

const never = undefined;
const spelled: NameMode = (listed) => ['web', 'https:web:443'].includes(listed);

const names: [
  listed: string[],
  request: string,
  name: string,
  mode: NameMode,
  names: Names | undefined,
  why: string,
][] = [
  [[], 'get pods', 'web', 'exact', null, 'no names, no limit'],
  [['web', 'db'], 'get pods', 'web', 'exact', ['web'], 'limited to the name that was asked for'],
  [['db'], 'get pods', 'web', 'exact', never, 'another name'],
  [['web'], 'get pods', '', 'exact', never, 'a request without a name meets no name'],
  [['web'], 'list pods', 'web', 'exact', ['web'], 'a list that selects metadata.name carries it'],
  [[''], 'list pods', '', 'exact', [''], 'the empty name meets requests that name nothing'],
  [[''], 'get pods', 'web', 'exact', never, 'and no others'],
  [['*'], 'get pods', 'web', 'exact', never, 'a star is a name'],
  [
    ['*'],
    'impersonate:associated-node nodes.authentication.k8s.io',
    '*',
    'exact',
    ['*'],
    'that is asked for now and then',
  ],
  [['web*'], 'get pods', 'web-0', 'exact', never, 'names know no prefixes'],
  [['Web'], 'get pods', 'web', 'exact', never, 'names are compared with their case'],
  [['https:web:443'], 'get pods/proxy', 'web', 'exact', never, 'each spelling of a proxied name is a name of its own'],
  [['web', 'db'], 'get pods', '', 'any', ['web', 'db'], 'asked for no name: whatever it is limited to'],
  [['web'], 'list pods', '', 'any', ['web'], 'a list can be limited, by field selector'],
  [['web'], 'deletecollection pods', '', 'any', never, 'the deletion of a collection cannot'],
  [['web'], 'create pods/exec', '', 'any', ['web'], 'the creation of a subresource can'],
  [['', 'web'], 'list pods', '', 'any', null, 'the empty name means all of a list'],
  [['', 'web'], 'create pods', '', 'any', null, 'and of a creation'],
  [['', 'web'], 'get pods', '', 'any', ['web'], 'but nothing that always has a name'],
  [[''], 'create pods/exec', '', 'any', never, 'as every subresource has'],
  [
    ['web', 'db', 'https:web:443'],
    'get pods/proxy',
    '',
    spelled,
    ['web', 'https:web:443'],
    'all spellings of one target',
  ],
  [['db'], 'get pods/proxy', '', spelled, never, 'and nothing else'],
];

for (const [listed, asked, name, mode, expected, why] of names) {
  test(`names ${JSON.stringify(listed)} on ${asked} ${JSON.stringify(name)} (${typeof mode === 'function' ? 'spelled' : mode}): ${why}`, () => {
    const rule = allow('*', '*', { groups: ['*'], names: listed });
    assert.deepEqual(
      matchRule(rule, { ...request(asked), name }, mode),
      expected === undefined ? undefined : { names: expected },
    );
  });
}
