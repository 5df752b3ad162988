import { rbacOf } from '../../../rbac/rbac-of.ts';
import { LEFT_OUT } from '../../../world/kept/left-out.ts';
import { list } from '../../../world/needs.ts';
import type { Labels, Namespace } from '../../../world/objects.ts';
import { child, children, isRaw, type Raw, text, textMap, texts } from '../../../world/raw.ts';
import { labelSelector } from '../../../world/reduce/metadata.ts';
import { matchesSelector } from '../../../world/selectors.ts';
import { unseen, type World } from '../../../world/world.ts';
import { askNamespace, askUser, isNamespaced } from '../../request/reading/ask.ts';
import type { AdmissionRequest } from '../../request/request.ts';
import type { UserInfo } from '../../request/user.ts';
import { hasWildcard, matchesWildcard } from './wildcard.ts';

/** The facts of a request that a `match` or `exclude` is compared with. */
export interface MatchSubject {
  request: AdmissionRequest;
  object: Raw;
  /** The kind that the rule sees: a rule on workloads that was generated from one on pods sees the pod's kind. */
  kind: { group: string; version: string; kind: string };
  /** Undefined where the namespace was not read. */
  namespace: Namespace | undefined;
  /** Null for a user that no rule matches, as for the old object of an update. */
  user: UserInfo | null;
  world: World;
}

/** Undefined where the answer depends on something that was not read. */
type Truth = boolean | undefined;

const all = (truths: readonly Truth[]): Truth =>
  truths.includes(false) ? false : truths.includes(undefined) ? undefined : true;
const any = (truths: readonly Truth[]): Truth =>
  truths.includes(true) ? true : truths.includes(undefined) ? undefined : false;

/**
 * Whether a rule applies to a request: `match` selects it and `exclude` does not. All conditions of a filter have to
 * hold, and a filter without conditions matches nothing. Mirrors kyverno pkg/engine/utils/match.go.
 */
export function isMatched(rule: Raw, subject: MatchSubject): Truth {
  const matched = matchBlock(child(rule, 'match'), subject);
  return matched === false ? false : all([matched, negate(matchBlock(child(rule, 'exclude'), subject))]);
}

/** Whether `match` or `exclude` of a rule, or `match` of an exception, selects a request. */
export function matchBlock(block: Raw, subject: MatchSubject): Truth {
  const [anyOf, allOf] = [children(block, 'any'), children(block, 'all')];
  const holds = (filter: Raw): Truth => (isEmpty(filter) ? false : matchesFilter(filter, subject));
  return anyOf.length > 0 ? any(anyOf.map(holds)) : allOf.length > 0 ? all(allOf.map(holds)) : holds(block);
}

const negate = (truth: Truth): Truth => (truth === undefined ? undefined : !truth);

function isEmpty(filter: Raw): boolean {
  const { roles, clusterRoles, subjects } = filter;
  return ![...Object.values(child(filter, 'resources')), roles, clusterRoles, subjects].some(isSaid);
}

const isSaid = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);

function matchesFilter(filter: Raw, subject: MatchSubject): Truth {
  const resources = child(filter, 'resources');
  // Fields that a newer Kyverno may add can only narrow what the others select.
  return all([
    ...RESOURCE_MATCHERS.map((matches) => matches(resources, subject)),
    matchesUser(filter, subject),
    unknownOf(resources) === undefined ? true : undefined,
  ]);
}

const unknownOf = (resources: Raw): string | undefined =>
  Object.keys(resources).find((field) => !RESOURCE_FIELDS.has(field) && isSaid(resources[field]));

/**
 * The path of a field of `match` or `exclude` that is not known here, such as `exclude.resources.phases`; undefined
 * where all are known.
 */
export function unknownField(rule: Raw): string | undefined {
  const fields = ['match', 'exclude'].flatMap((part) => {
    const block = child(rule, part);
    const found = [block, ...children(block, 'any'), ...children(block, 'all')].map((filter) =>
      unknownOf(child(filter, 'resources')),
    );
    return found.flatMap((field) => (field === undefined ? [] : [`${part}.resources.${field}`]));
  });
  return fields[0];
}

/** The known fields of `resources`. Mirrors kyverno api/kyverno/v1/resource_description_types.go. */
const RESOURCE_FIELDS: ReadonlySet<string> = new Set([
  ...['kinds', 'name', 'names', 'namespaces', 'annotations', 'selector', 'namespaceSelector', 'operations'],
]);

type Matcher = (resources: Raw, subject: MatchSubject) => Truth;

const RESOURCE_MATCHERS: readonly Matcher[] = [
  (resources, { request }) => oneOf(texts(resources, 'operations'), (each) => each === request.operation),
  (resources, subject) => matchesKinds(texts(resources, 'kinds'), subject),
  (resources, { object, request }) =>
    oneOf(
      [text(resources, 'name') ?? ''].filter((each) => each !== ''),
      (each) => matchesWildcard(each, nameOf(object, request)),
    ),
  (resources, { object, request }) =>
    oneOf(texts(resources, 'names'), (each) => matchesWildcard(each, nameOf(object, request))),
  matchesNamespaceName,
  (resources, { object }) =>
    isAnnotated(textMap(resources, 'annotations'), textMap(child(object, 'metadata'), 'annotations')),
  (resources, { object }) =>
    !isRaw(resources.selector) || matchesLabels(resources.selector, textMap(child(object, 'metadata'), 'labels')),
  matchesNamespaceLabels,
];

const oneOf = (values: readonly string[], matches: (value: string) => boolean): boolean =>
  values.length === 0 || values.some(matches);

function matchesNamespaceName(resources: Raw, { request, world }: MatchSubject): Truth {
  const globs = texts(resources, 'namespaces');
  const isOne = (name: string): boolean => oneOf(globs, (each) => matchesWildcard(each, name));
  if (globs.length === 0) return true;
  return request.kind.kind === 'Namespace'
    ? isOne(request.name)
    : askNamespace(request, world, `matches ${JSON.stringify(globs)}`, isOne);
}

function nameOf(object: Raw, { name }: AdmissionRequest): string {
  const metadata = child(object, 'metadata');
  return text(metadata, 'name') || name || text(metadata, 'generateName') || '';
}

/**
 * A connection is made to a subresource. Versions of Kyverno differ on whether the kind of its options selects it too.
 */
function matchesKinds(kinds: readonly string[], { kind, request }: MatchSubject): Truth {
  if (oneOf(kinds, (each) => matchesKind(each, kind, request.subresource))) return true;
  const isOptions = request.operation === 'CONNECT' && kinds.some((each) => matchesKind(each, request.kind, ''));
  return isOptions ? undefined : false;
}

/**
 * Whether a selector of kinds matches: `Pod`, `v1/Pod`, `apps/v1/Deployment`, `Pod/exec`, `*`. Rules on pods also apply
 * to their ephemeral containers.
 */
export function matchesKind(
  selector: string,
  { group, version, kind }: MatchSubject['kind'],
  subresource: string,
): boolean {
  const [wantedGroup, wantedVersion, wantedKind, wantedSub] = parseKind(selector);
  if (
    !matchesWildcard(wantedGroup, group) ||
    !matchesWildcard(wantedVersion, version) ||
    !matchesWildcard(wantedKind, kind)
  )
    return false;
  return (
    matchesWildcard(wantedSub, subresource) || (group === '' && kind === 'Pod' && subresource === 'ephemeralcontainers')
  );
}

/** Splits a selector of kinds. Mirrors kyverno pkg/utils/kube/kind.go ParseKindSelector. */
function parseKind(selector: string): [group: string, version: string, kind: string, subresource: string] {
  const slashed = selector.split('/');
  const parts = [...slashed.slice(0, -1), ...(slashed.at(-1) ?? '').split('.')];
  const [first = '', second = '', third = '', fourth = ''] = parts;
  const isVersion = /^(v\d((alpha|beta)\d)?|\*)$/.test(first);
  switch (parts.length) {
    case 1:
      return ['*', '*', first, ''];
    case 2:
      if (first === '*' && second === '*') return ['*', '*', '*', '*'];
      if (first === '*' && second.toLowerCase() === second) return ['*', '*', first, second];
      return isVersion ? ['*', first, second, ''] : ['*', '*', first, second];
    case 3:
      return isVersion ? ['*', first, second, third] : [first, second, third, ''];
    case 4:
      return [first, second, third, fourth];
    default:
      return ['', '', '', ''];
  }
}

/** Only the keys are known of annotations that a snapshot left out. */
function isAnnotated(wanted: Labels, actual: Labels): Truth {
  if (hasLabels(wanted, actual)) return true;
  return hasLabels(wanted, actual, (text) => text === LEFT_OUT) ? undefined : false;
}

/** Whether a rule matches by the value of an annotation that a snapshot left out. */
export function isLeftOutOf(rule: Raw, object: Raw): boolean {
  const actual = textMap(child(object, 'metadata'), 'annotations');
  const filters = ['match', 'exclude'].flatMap((part) => {
    const block = child(rule, part);
    return [block, ...children(block, 'any'), ...children(block, 'all')];
  });
  return filters.some(
    (filter) => isAnnotated(textMap(child(filter, 'resources'), 'annotations'), actual) === undefined,
  );
}

/** Whether all wanted labels are there. `orElse` accepts a value whatever is wanted. */
const hasLabels = (wanted: Labels, actual: Labels, orElse: (text: string) => boolean = () => false): boolean =>
  Object.entries(wanted).every(([key, value]) =>
    Object.entries(actual).some(
      ([name, text]) =>
        matchesWildcard(key, name) && (orElse(text) || (text !== LEFT_OUT && matchesWildcard(value, text))),
    ),
  );

/** Whether a selector matches, whose `matchLabels` may have wildcards. */
function matchesLabels(selector: Raw, labels: Labels): boolean {
  const { matchLabels, matchExpressions } = labelSelector(selector);
  const isWild = ([key, value]: [string, string]): boolean => hasWildcard(key) || hasWildcard(value);
  const [wild, plain] = [
    Object.entries(matchLabels).filter(isWild),
    Object.entries(matchLabels).filter((each) => !isWild(each)),
  ];
  return (
    hasLabels(Object.fromEntries(wild), labels) &&
    matchesSelector({ matchLabels: Object.fromEntries(plain), matchExpressions }, labels)
  );
}

function matchesNamespaceLabels(resources: Raw, { request, namespace, world }: MatchSubject): Truth {
  if (!isRaw(resources.namespaceSelector)) return true;
  if (request.kind.kind === 'Namespace') return false;
  const { namespaceSelector: selector } = resources;
  if (!isNamespaced(request)) return matchesLabels(selector, {});
  return (
    namespace &&
    askNamespace(request, world, `labels match ${JSON.stringify(selector)}`, (name, there) =>
      matchesLabels(selector, there.find('namespaces', null, name)?.labels ?? {}),
    )
  );
}

function matchesUser(filter: Raw, { user, world }: MatchSubject): Truth {
  const [roles, clusterRoles, subjects] = [
    texts(filter, 'roles'),
    texts(filter, 'clusterRoles'),
    children(filter, 'subjects'),
  ];
  return all([
    roles.length === 0 || holdsOne(roles, user, world),
    clusterRoles.length === 0 || holdsOne(clusterRoles, user, world),
    subjects.length === 0 || isOneOf(subjects, user, world),
  ]);
}

const holdsOne = (roles: readonly string[], user: UserInfo | null, world: World): Truth =>
  user !== null &&
  askUser(user, world, `holds one of ${JSON.stringify(roles)}`, (each, there) =>
    rolesOf(each, there)?.some((role) => roles.includes(role)),
  );

const isOneOf = (subjects: readonly Raw[], user: UserInfo | null, world: World): boolean =>
  user !== null &&
  askUser(user, world, `is one of ${JSON.stringify(subjects)}`, (one) => subjects.some((each) => isSubject(each, one)));

/** A member of a group is only matched by what applies to every member. */
function isSubject(subject: Raw, user: UserInfo): boolean {
  const name = text(subject, 'name') ?? '';
  const is = (glob: string): boolean => (user.name === null ? glob === '*' : matchesWildcard(glob, user.name));
  switch (text(subject, 'kind')) {
    case 'ServiceAccount':
      return is(`system:serviceaccount:${text(subject, 'namespace') ?? ''}:${name}`);
    case 'Group':
      return user.groups.some((each) => matchesWildcard(name, each));
    case 'User':
      return is(name);
    default:
      return false;
  }
}

/** The roles bound to a user anywhere, as `namespace:name` and `name`; undefined where bindings were not read. */
function rolesOf(user: UserInfo, world: World): readonly string[] | undefined {
  const lists = [list('clusterrolebindings'), list('rolebindings')];
  if (lists.some((each) => unseen(world, each, '').length > 0)) return undefined;
  const entries = rbacOf(world).entriesOf({ user: user.name, groups: user.groups });
  return entries.map(({ binding: { roleRef, namespace } }) =>
    roleRef.kind === 'Role' ? `${namespace}:${roleRef.name}` : roleRef.name,
  );
}
