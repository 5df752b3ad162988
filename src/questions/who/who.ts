import type { Unknown } from '../../answer/unknown.ts';
import { UserError } from '../../answer/user-error.ts';
import type { Query } from '../../rbac/rbac.ts';
import { formatResource, isUrlRequest } from '../../rbac/request.ts';
import { get, list, type Need } from '../../world/needs.ts';
import { unreadable, type World } from '../../world/world.ts';
import { answerWays, type Matter } from '../answer-ways.ts';
import { memberNeeds } from '../members.ts';
import type { Options, Question, Result } from '../question.ts';
import { rbacNeeds } from '../rbac-needs.ts';
import { rbacOf } from '../rbac-of.ts';
import { subjectNeeds } from '../subject-needs.ts';
import type { WhoTarget } from '../targets.ts';
import { holdersOf, type Way } from '../ways.ts';
import { createdByName, isNamespaceObject, ownNamespaceOnly, rightQuery } from './requests.ts';
import { type Resolved, resolve } from './resolve.ts';

/** Who holds a right, in which scope, through what, since when. */
export const who: Question<WhoTarget> = {
  name: 'who',
  discovery: true,
  needs: (target, world, options) => {
    const definitions = world.facts.origin === 'live' || world.facts.discovery ? [] : [list('customresourcedefinitions')];
    return [
      ...rbacNeeds(world, target.namespace),
      ...namespaceNeeds(target),
      ...definitions,
      ...subjectNeeds(options),
      ...followUps(target, world, options),
    ];
  },
  answer: (target, world, options) => answerWho(target, understand(target, world), world, options),
};

/** What is asked about: a URL, or a resource as the cluster knows it. */
type Asked = { url: string } | { resolved: Resolved };

const understand = (target: WhoTarget, world: World): Asked =>
  target.resource === null ? { url: target.url ?? '/' } : { resolved: resolve({ ...target, resource: target.resource }, world) };

function answerWho(target: WhoTarget, asked: Asked, world: World, options: Options): Result {
  const namespace = scopeOf(target, asked);
  const isNamespaced = 'resolved' in asked && asked.resolved.namespaced;
  if (namespace !== null && isNamespaced) refuseMissingNamespace(namespace, world);
  const ways = waysOf(target, asked, world);
  const answered = answerWays(
    {
      question: 'who',
      target: ways[0].holding.target,
      scope: { namespace, selector: null },
      ways,
      bindings: bindingsThatCount(target, asked),
      action: actionOf(target, asked, namespace),
      unknowns: namespace !== null && isNamespaced ? doubtfulNamespace(namespace, world) : [],
    },
    world,
    options,
  );
  const warnings = 'resolved' in asked ? [...asked.resolved.warnings, ...collectionWarning(target, asked.resolved)] : [];
  return { asked: [answered], errors: [], warnings };
}

/** The namespace that the answer is about; null where it is the whole cluster. */
function scopeOf({ namespace, verb }: WhoTarget, asked: Asked): string | null {
  if ('url' in asked) return null;
  const { resolved } = asked;
  if (resolved.namespaced) return namespace;
  return isNamespaceObject(verb, resolved) ? resolved.name : null;
}

function waysOf(target: WhoTarget, asked: Asked, world: World): [Way, ...Way[]] {
  const { verb } = target;
  if ('url' in asked) {
    const object = { kind: 'NonResourceURL', namespace: null, name: asked.url, container: null };
    const holding = { id: 'right', object, action: `${verb} ${asked.url}`, command: null, target: object, condition: null };
    return [{ holding, queries: [{ request: { verb, url: asked.url } }] }];
  }
  const { resolved } = asked;
  const query = rightQuery(verb, resolved, target.namespace);
  const object = {
    kind: resolved.kind,
    namespace: resolved.namespaced ? target.namespace : null,
    name: resolved.name ?? '',
    container: null,
  };
  const holding = {
    id: 'right',
    object,
    action: `${verb} ${formatResource(resolved)}`,
    command: null,
    target: resolved.name === null ? null : object,
    condition: null,
  };
  return [
    { holding, queries: [query] },
    ...ownNamespaceWay(holding, verb, resolved, target),
    ...namedCreateWay(holding, query, resolved, world),
  ];
}

/** A RoleBinding may grant rights over its own Namespace object. */
function ownNamespaceWay(holding: Way['holding'], verb: string, resolved: Resolved, { namespace }: WhoTarget): Way[] {
  if (!isNamespaceObject(verb, resolved) || resolved.name !== null) return [];
  const query = rightQuery(verb, { ...resolved, namespaced: true }, namespace);
  return [{ holding, queries: [query], adapt: ownNamespaceOnly }];
}

/** `create` limited to names never matches a POST, and yet creates by server-side apply. */
function namedCreateWay(holding: Way['holding'], query: Query, resolved: Resolved, world: World): Way[] {
  const { request } = query;
  if (isUrlRequest(request) || request.verb !== 'create' || request.subresource !== '') return [];
  const names = (listed: string): boolean => listed !== '' && (resolved.name === null || listed === resolved.name);
  const byApply = { ...holding, id: 'right-by-apply', action: `${holding.action} by server-side apply`, target: null };
  return [{ holding: byApply, queries: [{ ...query, names }], adapt: (grants) => createdByName(grants, query, rbacOf(world)) }];
}

function actionOf({ verb, resource }: WhoTarget, asked: Asked, namespace: string | null): string {
  if ('url' in asked) return `${verb} ${asked.url}`;
  const { resolved } = asked;
  const what = `${verb} ${resource === '*' ? '*' : formatResource(resolved)}${resolved.name === null ? '' : ` ${JSON.stringify(resolved.name)}`}`;
  if (!resolved.namespaced) return what;
  return `${what} in ${namespace === null ? 'any namespace' : `namespace ${namespace}`}`;
}

const collectionWarning = ({ verb }: WhoTarget, { name, subresource }: Resolved): string[] =>
  name !== null && verb === 'deletecollection' && subresource === ''
    ? ['deletecollection carries no name: asked about the whole collection']
    : [];

/** Cluster-scoped rights rest on ClusterRoleBindings alone, but for a Namespace object's. */
function bindingsThatCount({ verb, namespace }: WhoTarget, asked: Asked): Matter['bindings'] {
  if ('url' in asked) return 'cluster';
  if (isNamespaceObject(verb, asked.resolved)) return { namespace: asked.resolved.name ?? namespace };
  return asked.resolved.namespaced ? { namespace } : 'cluster';
}

const namespaceNeeds = ({ namespace }: WhoTarget): Need[] => (namespace === null ? [] : [get('namespaces', null, namespace)]);

function followUps(target: WhoTarget, world: World, options: Options): Need[] {
  if (!world.isRead(list('clusterrolebindings')) || world.facts.readAt === '') return [];
  const asked = tryUnderstand(target, world);
  if (!asked) return [];
  const held = holdersOf(waysOf(target, asked, world), world, options);
  const elsewhere = options.subject && held.findings.length === 0 ? rbacNeeds(world, null) : [];
  return [...memberNeeds(held.groups), ...elsewhere];
}

/** While needs are collected, a wrong name is no error yet. */
function tryUnderstand(target: WhoTarget, world: World): Asked | null {
  try {
    return understand(target, world);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function refuseMissingNamespace(namespace: string, world: World): void {
  const outcome = world.outcome(get('namespaces', null, namespace));
  const missing = outcome && !world.find('namespaces', null, namespace) && (outcome.read || outcome.failure.kind === 'notFound');
  if (missing && !isMentioned(namespace, world)) throw new UserError(`Error from server (NotFound): namespaces "${namespace}" not found`);
}

/** A misspelt namespace has no bindings either: a no about one that nothing shows to exist is none. */
function doubtfulNamespace(namespace: string, world: World): Unknown[] {
  const need = get('namespaces', null, namespace);
  return world.isRead(need) || isMentioned(namespace, world) ? [] : [unreadable(world, need, 'whether it exists at all')];
}

const isMentioned = (namespace: string, world: World): boolean =>
  world.list('rolebindings', namespace).length > 0 || world.list('roles', namespace).length > 0 || world.list('pods', namespace).length > 0;
