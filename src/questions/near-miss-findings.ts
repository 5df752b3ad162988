import type { Finding } from '../answer/answer.ts';
import { type Miss, type NearMiss, nearMisses } from '../rbac/near-misses.ts';
import type { Rbac } from '../rbac/rbac.ts';
import { rbacOf } from '../rbac/rbac-of.ts';
import { formatRequest, isUrlRequest } from '../rbac/request.ts';
import { appliesToAnybody, type Identity, identityKeys, identityOf, subjectKey } from '../rbac/subjects.ts';
import type { Binding, Rule, Subject } from '../world/objects.ts';
import { formatVersion, NEWEST } from '../world/version.ts';
import type { World } from '../world/world.ts';
import { isUpstreamGrant } from './acceptance.ts';
import { DOORS, verbsAt } from './access/doors.ts';
import { askedIdentity } from './asked-identity.ts';
import { describeRule, grantRef, grantStep, openGrantRef } from './evidence.ts';
import { isEverybody } from './members.ts';
import type { Options } from './question.ts';
import type { Way } from './ways.ts';

/**
 * Why not: grants that allow the first way but for one part, as findings that say no. Of one subject all of them, and those of
 * its namesakes; of everybody who holds it in no other way, nor by a group, only the ones whose author was surely mistaken.
 */
export function nearMissFindings(way: Way, holders: readonly Finding[], world: World, options: Options): Finding[] {
  const rbac = rbacOf(world);
  const misses = options.subject
    ? [
        ...nearMisses(rbac, entriesOf(askedIdentity(options.subject, world, options), rbac), way.queries),
        ...namesakes(options.subject, way, world),
      ]
    : nearMisses(rbac, entriesInScope(world, way), way.queries, isMistake(way, world)).filter(
        (near) => appliesToAnybody(near.subject, near.binding.namespace) && !isUpstreams(near),
      );
  const holding = new Set(holders.map(({ subject }) => subjectKey(subject, null)));
  const holds = (subject: Subject): boolean => identityKeys(identityOf(subject)).some((key) => holding.has(key));
  const told = distinct(misses.filter((near) => !holds(whoMisses(near, options))));
  return told.map((miss) => missFinding(miss, way, rbac, world, options)).sort(nearestFirst);
}

/** Whom a miss is about: who is asked about, else the entry as it is meant. */
const whoMisses = ({ subject, binding }: Near, options: Options): Subject =>
  options.subject ?? { ...subject, namespace: subject.kind === 'ServiceAccount' ? (subject.namespace ?? binding.namespace) : null };

/** What is meant for the subject itself before what everybody has, then by how little is missing. */
const nearestFirst = (a: Finding, b: Finding): number =>
  Number(isForEverybody(a)) - Number(isForEverybody(b)) || ORDER.indexOf(a.id) - ORDER.indexOf(b.id);

const isForEverybody = ({ evidence }: Finding): boolean =>
  evidence.some(({ grants }) => grants.some(({ subject }) => subject.kind === 'Group' && isEverybody(subject.name)));

type Near = NearMiss | (Omit<NearMiss, 'miss'> & { miss: 'other-account' | 'other-kind' });

/** Whether the author of a rule believed it to allow what it does not. */
const isMistake =
  (way: Way, world: World) =>
  (miss: Miss, rule: Rule): boolean =>
    MISTAKES.has(miss) || isOutdated(miss, rule, way, world);

const isUpstreams = ({ role, rule, ...near }: NearMiss): boolean =>
  role !== null && rule !== null && isUpstreamGrant({ ...near, role, rule, names: null });

/** What nobody grants on purpose, since it allows nothing. */
const MISTAKES: ReadonlySet<Miss> = new Set(['cluster-scope', 'star-subresource', 'nameless', 'missing-role']);

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
  const bindings = query?.reach === 'anywhere' || namespace === '' ? world.list('rolebindings') : world.list('rolebindings', namespace);
  return [...world.list('clusterrolebindings'), ...bindings].map((binding) => ({ binding, subjects: binding.subjects }));
}

/** Holders that only look like the subject: an account of that name elsewhere, a group or user of that name. */
function namesakes(subject: Subject, { queries }: Way, world: World): Near[] {
  return queries.flatMap((query) =>
    rbacOf(world)
      .holders(query)
      .grants.flatMap((grant): Near[] => {
        if (grant.subject.name !== subject.name) return [];
        const { binding, role, rule } = grant;
        if (grant.subject.kind !== subject.kind) return [{ miss: 'other-kind', binding, role, rule, subject: grant.subject }];
        const namespace = grant.subject.namespace ?? binding.namespace;
        return subject.kind === 'ServiceAccount' && namespace !== subject.namespace
          ? [{ miss: 'other-account', binding, role, rule, subject: grant.subject }]
          : [];
      }),
  );
}

function missFinding(near: Near, way: Way, rbac: Rbac, world: World, options: Options): Finding {
  const { binding, role, rule, subject } = near;
  const who = whoMisses(near, options);
  const ref =
    role && rule !== null
      ? grantRef({ binding, role, rule, subject, names: null }, rbac, world)
      : openGrantRef(binding, { kind: subject.kind, namespace: subject.namespace, name: subject.name });
  const identity = { kind: who.kind, namespace: who.namespace, name: who.name, members: null };
  return {
    id: `near-miss-${near.miss}`,
    verdict: 'no',
    leaning: null,
    direct: true,
    accepted: false,
    subject: identity,
    object: way.holding.object,
    scope: { namespace: binding.namespace, names: null },
    reason: sentence(near, way, rbac, world),
    evidence: [grantStep({ technique: way.holding.id, text: `would be ${way.holding.action}`, identity, gains: null }, [ref], options)],
    unknowns: [],
    fix: [],
  };
}

function sentence(near: Near, way: Way, rbac: Rbac, world: World): string {
  const { miss, binding, role, rule, subject } = near;
  const { queries } = way;
  const through = `${binding.kind} ${binding.namespace === null ? '' : `${binding.namespace}/`}${binding.name}`;
  const words = role && rule !== null ? rbac.rulesOf(role)[rule] : undefined;
  const to = subject.kind === 'Group' ? ` to Group ${subject.name}` : '';
  const says = `${binding.roleRef.kind} ${binding.roleRef.name}${words ? ` (${describeRule(words)})` : ''}${to}`;
  const request = queries[0]?.request;
  const wanted = [...new Set(queries.map((query) => formatRequest(query.request)))].join(' or ');
  const where = request && !isUrlRequest(request) && request.namespace !== '' ? request.namespace : null;
  switch (miss) {
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
      return `${through} grants ${says}; this request carries no name, so that resourceNames never match it`;
    case 'missing-role':
      return `${through} refers to ${binding.roleRef.kind} ${binding.roleRef.name}, which does not exist: whoever creates it decides what the binding grants`;
    case 'other-account':
      return `${through} grants ${says} to the account of that name in namespace ${subject.namespace ?? binding.namespace}`;
    case 'other-kind':
      return `${through} grants ${says}${to === '' ? ` to ${subject.kind} ${subject.name}` : ''}, which is another subject of that name`;
  }
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

function distinct(misses: readonly Near[]): Near[] {
  const seen = new Map<string, Near>();
  for (const near of misses) {
    const { binding, subject, rule, miss } = near;
    const who = [subject.kind, subjectKey(subject, binding.namespace)];
    const key = JSON.stringify([miss, binding.kind, binding.namespace, binding.name, who, rule]);
    if (!seen.has(key)) seen.set(key, near);
  }
  return [...seen.values()];
}
