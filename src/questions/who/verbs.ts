import { before } from '../../answer/ends.ts';
import { nearest } from '../../answer/nearest.ts';
import { ownValue } from '../../answer/own-value.ts';
import { joinAnd } from '../../answer/words.ts';
import { RESOURCE_VERBS } from '../../rbac/request.ts';

/** The part of a resource that tells which verbs and subresources it has. */
export interface Verbed {
  group: string;
  resource: string;
  verbs: readonly string[];
  subresources: Readonly<Record<string, readonly string[]>>;
}

/**
 * Whether some part of Kubernetes asks for this verb: the API server for its methods, a check of its own for the
 * others, each over its resources.
 */
export function isUsedVerb(
  verb: string,
  { group, resource, verbs, subresources }: Verbed,
  subresource: string,
): boolean {
  const listed = subresource === '' ? verbs : (ownValue(subresources, subresource) ?? []);
  if (RESOURCE_VERBS.has(verb) || listed.includes(verb)) return true;
  return SPECIAL_VERBS.some(
    (each) =>
      each.verb.test(verb) && (resource === '*' || each.over === null || each.over.includes(`${resource}.${group}`)),
  );
}

/**
 * What to say in the first line of a method that the API does not have for this resource: rules may name it, and no
 * request carries it. `''` where it has it, or where nothing tells. Discovery lists the methods.
 */
export function unservedNote(verb: string, { resource, verbs, subresources }: Verbed, subresource: string): string {
  const served = subresource === '' ? verbs : (ownValue(subresources, subresource) ?? []);
  if (!RESOURCE_VERBS.has(verb) || served.length === 0 || served.includes(verb)) return '';
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  return `; no request does: the API has no ${verb} of ${what}, only ${joinAnd([...served].sort())}`;
}

/** Verbs of requests to URLs: HTTP's methods, in lower case. Mirrors apiserver pkg/endpoints/request/requestinfo.go. */
export const isUrlVerb = (verb: string): boolean => URL_VERBS.has(verb);

/**
 * What to say of a verb that nothing asks for, in the first line of the answer: custom authorizers and controllers may
 * ask for any verb.
 */
export function unusedVerbNote(verb: string, over: 'resource' | 'url'): string {
  const elsewhere = SPECIAL_VERBS.find((each) => each.verb.test(verb))?.over;
  if (over === 'resource' && elsewhere) {
    const resources = [...new Set(elsewhere.map((each) => before(each, '.')))];
    return `; Kubernetes asks for the verb ${JSON.stringify(verb)} of ${joinAnd(resources)} alone`;
  }
  const meant = over === 'url' ? METHODS_OF.get(verb) : (MEANT.get(verb.toLowerCase()) ?? nearestMethod(verb));
  const perhaps = meant ? ` (perhaps ${joinOr(meant)})` : '';
  return `; no part of Kubernetes uses the verb ${JSON.stringify(verb)}${over === 'url' ? ' of URLs' : ''}${perhaps}`;
}

function nearestMethod(verb: string): string[] | undefined {
  const near = nearest(verb, RESOURCE_VERBS);
  return near === undefined ? undefined : [near];
}

const joinOr = (words: readonly string[]): string => joinAnd(words).replace(/ and (?=[^ ]+$)/, ' or ');

const URL_VERBS: ReadonlySet<string> = new Set(['get', 'put', 'post', 'head', 'options', 'delete', 'patch', '*']);

/** The verbs by which a URL is asked for, by the words that people write for them. */
const METHODS_OF: ReadonlyMap<string, readonly string[]> = new Map([
  ...['list', 'watch', 'read', 'view', 'GET'].map((verb): [string, string[]] => [verb, ['get']]),
  ['create', ['post']],
  ['update', ['put']],
]);

const RBAC = 'rbac.authorization.k8s.io';
const AUTHENTICATION = 'authentication.k8s.io';
const IMPERSONATED = ['users', 'groups', 'uids', 'userextras', 'nodes', 'serviceaccounts'];

/**
 * Verbs that are no method of an object, and what they are asked of; null: of anything. Free text to RBAC, meant by
 * some check of the API server. Sources: kubernetes pkg/registry/rbac/helpers.go, pkg/certauthorization, apiserver
 * pkg/endpoints/filters/impersonation and pkg/endpoints/handlers/delete.go, plugin/pkg/admission/noderestriction,
 * component-helpers' resourceclaim authorization.
 */
const SPECIAL_VERBS: readonly { verb: RegExp; over: readonly string[] | null }[] = [
  { verb: /^\*$/, over: null },
  { verb: /^(bind|escalate)$/, over: [`roles.${RBAC}`, `clusterroles.${RBAC}`] },
  { verb: /^impersonate(:.+)?$/, over: IMPERSONATED.flatMap((each) => [`${each}.`, `${each}.${AUTHENTICATION}`]) },
  { verb: /^impersonate-on:.+$/, over: null },
  { verb: /^(approve|sign|attest)$/, over: ['signers.certificates.k8s.io'] },
  {
    verb: /^use$/,
    over: [
      'securitycontextconstraints.security.openshift.io',
      'podsecuritypolicies.policy',
      'podsecuritypolicies.extensions',
    ],
  },
  { verb: /^(associated|arbitrary)-node:.+$/, over: ['resourceclaims.resource.k8s.io'] },
  { verb: /^(unsafe-delete-ignore-read-errors|request-serviceaccounts-token-audience)$/, over: null },
];

/** What people write for the methods: of HTTP, of kubectl, of plain English. */
const MEANT: ReadonlyMap<string, readonly string[]> = new Map([
  ['post', ['create']],
  ['put', ['update']],
  ['read', ['get', 'list', 'watch']],
  ['view', ['get', 'list', 'watch']],
  ['show', ['get', 'list']],
  ['describe', ['get', 'list']],
  ['head', ['get']],
  ['write', ['create', 'update', 'patch', 'delete']],
  ['modify', ['update', 'patch']],
  ['change', ['update', 'patch']],
  ['edit', ['update', 'patch']],
  ['apply', ['create', 'patch']],
  ['replace', ['update']],
  ['set', ['patch']],
  ['label', ['patch']],
  ['annotate', ['patch']],
  ['add', ['create']],
  ['insert', ['create']],
  ['new', ['create']],
  ['deploy', ['create', 'patch']],
  ['install', ['create']],
  ['remove', ['delete']],
  ['rm', ['delete']],
  ['destroy', ['delete']],
  ['purge', ['delete', 'deletecollection']],
  ['deleteall', ['deletecollection']],
  ['delete-collection', ['deletecollection']],
  ['all', ['*']],
  ['any', ['*']],
  ['manage', ['*']],
  ['admin', ['*']],
]);
