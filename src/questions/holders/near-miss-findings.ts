import type { Finding } from '../../answer/answer.ts';
import { nameSubject } from '../../answer/words.ts';
import { isBootstrap } from '../../rbac/bootstrap.ts';
import { type Miss, type NearMiss, nearMisses } from '../../rbac/near-misses.ts';
import type { Rbac } from '../../rbac/rbac.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import { formatRequest, formatResource, isUrlRequest, type Request } from '../../rbac/request.ts';
import type { Misspelt } from '../../rbac/spellings/reader.ts';
import { meantAs, mistakenSubject } from '../../rbac/spellings/subjects.ts';
import { appliesToAnybody, type Identity, subjectKey } from '../../rbac/subjects.ts';
import { isUpstream } from '../../rbac/upstream-grants.ts';
import { knownResources } from '../../world/known-resources.ts';
import type { Binding, Rule, Subject } from '../../world/objects.ts';
import { formatVersion, NEWEST } from '../../world/version.ts';
import type { World } from '../../world/world.ts';
import { DOORS, verbsAt } from '../access/pod-subresources.ts';
import type { Options } from '../question.ts';
import { askedIdentity } from './asked-identity.ts';
import { describeRule, grantRef, grantStep, openGrantRef } from './evidence.ts';
import { isAmong } from './holding.ts';
import { isEverybody } from './members.ts';
import type { Way } from './ways.ts';

/**
 * Why not: grants that allow the first way but for one part or for words that are misspelt, as findings that say no. Of
 * one subject all of them, those of entries that were meant to be it, and those of its namesakes; of everybody who
 * holds it in no other way, nor by a group, only the ones whose author was surely mistaken.
 */
export function nearMissFindings(way: Way, holders: readonly Finding[], world: World, options: Options): Finding[] {
  const rbac = rbacOf(world);
  const misses = options.subject ? ofSubject(options.subject, way, world, options) : ofEverybody(way, world);
  if (misses.length === 0) return [];
  const holds = isAmong(holders);
  const told = distinct(misses.filter((near) => !holds(whoMisses(near, options))));
  return told.map((miss) => missFinding(miss, way, rbac, world, options)).sort(nearestFirst);
}

/**
 * Entries that were meant to be a subject and are somebody else or nobody, though they would grant it the way: the
 * sentences of them. Of an account that does not exist they tell more than that it does not. Namesakes elsewhere are
 * not among them.
 */
export function misspeltEntries(subject: Subject, way: Way, world: World, options: Options): string[] {
  const misses = entriesMeantAs(subject, way, world, options).filter(({ meant }) => meant?.id !== 'other-account');
  return distinct(misses).map((near) => sentence(near, way, rbacOf(world), world));
}

function ofSubject(subject: Subject, way: Way, world: World, options: Options): NearMiss[] {
  const rbac = rbacOf(world);
  const identity = askedIdentity(subject, world, options);
  return [
    ...nearMisses(rbac, entriesOf(identity, rbac), way.queries, { known: knownResources(world), rules: true }),
    ...entriesMeantAs(subject, way, world, options),
  ];
}

function entriesMeantAs(subject: Subject, way: Way, world: World, options: Options): NearMiss[] {
  const isMeant = meantAs(subject, askedIdentity(subject, world, options));
  return nearMisses(rbacOf(world), entriesInScope(world, way), way.queries, {
    known: knownResources(world),
    rules: false,
    subjects: (entry, { namespace }) => isMeant(entry, namespace),
  });
}

function ofEverybody(way: Way, world: World): NearMiss[] {
  const wanted = {
    known: knownResources(world),
    rules: isMistake(way, world),
    subjects: (entry: Subject, { namespace }: Binding) => mistakenSubject(entry, namespace),
  };
  return nearMisses(rbacOf(world), entriesInScope(world, way), way.queries, wanted).filter(
    (near) =>
      (near.miss === 'subject' || appliesToAnybody(near.subject, near.binding.namespace)) &&
      !(near.role !== null && isUpstream(near.role) && (near.miss === 'spelling' || isBootstrap(near.binding))),
  );
}

/** Whom a miss is about: who is asked about, else who was meant by the entry. */
function whoMisses({ subject, binding, meant }: NearMiss, options: Options): Subject {
  const entry = meant?.meant[0] ?? subject;
  return (
    options.subject ?? {
      ...entry,
      namespace: entry.kind === 'ServiceAccount' ? (entry.namespace ?? binding.namespace) : null,
    }
  );
}

/** What is meant for the subject itself before what everybody has, then by how little is missing. */
const nearestFirst = (a: Finding, b: Finding): number =>
  Number(isForEverybody(a)) - Number(isForEverybody(b)) || nearness(a) - nearness(b);

/** Misspellings, of which there are many kinds, come before all others. */
const nearness = ({ id }: Finding): number => ORDER.indexOf(id);

const isForEverybody = ({ evidence }: Finding): boolean =>
  evidence.some(({ grants }) => grants.some(({ subject }) => subject.kind === 'Group' && isEverybody(subject.name)));

/** Whether the author of a rule believed it to allow what it does not. */
const isMistake =
  (way: Way, world: World) =>
  (miss: Miss, rule: Rule): boolean =>
    MISTAKES.has(miss) || isOutdated(miss, rule, way, world);

/** What nobody grants on purpose, since it allows nothing. */
const MISTAKES: ReadonlySet<Miss> = new Set([
  'spelling',
  'cluster-scope',
  'star-subresource',
  'nameless',
  'missing-role',
]);

const ORDER: string[] = [
  'verb',
  'subresource',
  'star-subresource',
  'name',
  'nameless',
  'cluster-scope',
  'namespace',
  'api-group',
  'missing-role',
  'other-account',
  'other-kind',
].map((miss) => `near-miss-${miss}`);

interface Entries {
  binding: Binding;
  subjects: readonly Subject[];
}

const entriesOf = (identity: Identity, rbac: Rbac): Entries[] =>
  rbac.entriesOf(identity).map(({ binding, subject }) => ({ binding, subjects: [subject] }));

function entriesInScope(world: World, { queries: [query] }: Way): Entries[] {
  const namespace = query && !isUrlRequest(query.request) ? query.request.namespace : '';
  const bindings =
    query?.reach === 'anywhere' || namespace === ''
      ? world.list('rolebindings')
      : world.list('rolebindings', namespace);
  return [...world.list('clusterrolebindings'), ...bindings].map((binding) => ({
    binding,
    subjects: binding.subjects,
  }));
}

function missFinding(near: NearMiss, way: Way, rbac: Rbac, world: World, options: Options): Finding {
  const { binding, role, rule, subject } = near;
  const who = whoMisses(near, options);
  const ref =
    role && rule !== null
      ? grantRef({ binding, role, rule, subject, names: null }, rbac, world)
      : openGrantRef(binding, { kind: subject.kind, namespace: subject.namespace, name: subject.name });
  const identity = { kind: who.kind, namespace: who.namespace, name: who.name, members: null };
  return {
    id: `near-miss-${idOf(near)}`,
    verdict: 'no',
    leaning: null,
    direct: true,
    accepted: false,
    subject: identity,
    object: way.holding.object,
    scope: { namespace: binding.namespace, names: null },
    reason: sentence(near, way, rbac, world),
    evidence: [
      grantStep(
        { technique: way.holding.id, text: `would be ${way.holding.action}`, identity, gains: null },
        [ref],
        options,
      ),
    ],
    unknowns: [],
    fix: [],
  };
}

/** Misspellings are told apart by their kind. */
const idOf = ({ miss, misspelt, meant }: NearMiss): string => misspelt[0]?.id ?? meant?.id ?? miss;

function sentence(near: NearMiss, way: Way, rbac: Rbac, world: World): string {
  const { miss, binding, role, rule, subject, misspelt } = near;
  const { queries } = way;
  const through = `${binding.kind} ${binding.namespace === null ? '' : `${binding.namespace}/`}${binding.name}`;
  const words = role && rule !== null ? rbac.rulesOf(role)[rule] : undefined;
  const to = subject.kind === 'Group' ? ` to Group ${subject.name}` : '';
  const says = `${binding.roleRef.kind} ${binding.roleRef.name}${words ? ` (${describeRule(words)})` : ''}${to}`;
  const request = queries[0]?.request;
  const wanted = [...new Set(queries.map((query) => formatRequest(query.request)))].join(' or ');
  const where = request && !isUrlRequest(request) && request.namespace !== '' ? request.namespace : null;
  switch (miss) {
    case 'spelling':
      return `${through} grants ${says}: ${misspelt.map((word) => ofWord(word, request)).join('; ')}`;
    case 'subject':
      return `${through} grants ${says}${otherSubject(near)}`;
    case 'namespace':
      return `${through} grants ${says} in namespace ${binding.namespace}${where ? `, not in ${where}` : ', not cluster-wide'}`;
    case 'cluster-scope':
      return request && !isUrlRequest(request) && request.resource === 'namespaces'
        ? `${through} grants ${says}, but a RoleBinding grants rights over no namespace but its own, and none to list or create them`
        : `${through} grants ${says}, but a RoleBinding never grants what is cluster-scoped`;
    case 'verb':
      return `${through} grants ${says}; needed is ${wanted}${words && isOutdated(miss, words, way, world) ? outdated(world) : ''}`;
    case 'api-group':
      return `${through} grants ${says}, which is another API group than that of ${wanted}`;
    case 'subresource':
      return `${through} grants ${says}; a resource does not include its subresources, needed is ${wanted}`;
    case 'star-subresource':
      return `${through} grants ${says}; a trailing /* is no wildcard and matches nothing`;
    case 'name':
      return `${through} grants ${says}, which names other objects`;
    case 'nameless':
      return `${through} grants ${says}; ${nameless(request)}`;
    case 'missing-role':
      return `${through} refers to ${binding.roleRef.kind} ${binding.roleRef.name}, which does not exist${meantRole(binding, world)}: whoever creates it decides what the binding grants`;
  }
}

/**
 * The role that a binding to none was surely meant to refer to: one of that name of the other kind, or in lower case.
 */
function meantRole({ namespace, roleRef: { name } }: Binding, world: World): string {
  for (const each of new Set([name, name.trim().toLowerCase()])) {
    if (namespace !== null && world.find('roles', namespace, each)) return ` (there is Role ${each})`;
    if (world.find('clusterroles', null, each)) return ` (there is ClusterRole ${each})`;
  }
  return '';
}

/** What creates by name is told besides. */
const nameless = (request: Request | undefined): string =>
  request?.verb === 'create'
    ? 'a request to create carries no name, so that resourceNames never match it, but for server-side apply, which needs patch as well'
    : 'this request carries no name, so that resourceNames never match it';

/** To whom the entry grants it that was meant to be somebody else. */
function otherSubject({ subject, binding, meant }: NearMiss): string {
  const to = subject.kind === 'Group' ? '' : ` to ${nameSubject(subject)}`;
  if (meant?.id === 'other-account')
    return ` to the account of that name in namespace ${subject.namespace ?? binding.namespace}`;
  return meant?.id === 'other-kind' ? `${to}, which is another subject of that name` : `${to}: ${meant?.says ?? ''}`;
}

/** `"po" is a short name of kubectl, RBAC wants "pods"`. */
function ofWord({ part, written, says, meant, implies }: Misspelt, request: Request | undefined): string {
  if (part === 'resourceNames' && meant === '') return `${JSON.stringify(written)} ${says}`;
  const on =
    implies.has('subresource') && request && !isUrlRequest(request)
      ? ` on ${JSON.stringify(formatResource(request))}`
      : '';
  return `${JSON.stringify(written)} ${says}, RBAC wants ${JSON.stringify(meant)}${on}`;
}

const outdated = ({ facts }: World): string =>
  `: get was enough until Kubernetes 1.34, this server is ${formatVersion(facts.version ?? NEWEST)}`;

/** Grants of the one verb that used to open a door, where create is asked for. */
function isOutdated(miss: Miss, { verbs }: Rule, { queries }: Way, { facts }: World): boolean {
  const request = queries[0]?.request;
  if (miss !== 'verb' || !request || isUrlRequest(request)) return false;
  const { verb, group, resource, subresource } = request;
  const door = DOORS.find((each) => group === '' && resource === 'pods' && each.subresource === subresource);
  if (!door || verb !== 'create' || verbsAt(door, facts.version).sure.includes('get')) return false;
  return door.verbs.some(({ any }) => any.includes('get')) && verbs.includes('get');
}

function distinct(misses: readonly NearMiss[]): NearMiss[] {
  const seen = new Map<string, NearMiss>();
  for (const near of misses) {
    const { binding, subject, rule } = near;
    const who = [subject.kind, subjectKey(subject, binding.namespace)];
    const key = JSON.stringify([idOf(near), binding.kind, binding.namespace, binding.name, who, rule]);
    if (!seen.has(key)) seen.set(key, near);
  }
  return [...seen.values()];
}
