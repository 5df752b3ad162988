import type { Finding } from '../../answer/answer.ts';
import { isBootstrap } from '../../rbac/bootstrap.ts';
import { type Miss, type NearMiss, nearMisses } from '../../rbac/near-misses.ts';
import type { Rbac } from '../../rbac/rbac.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import { isUrlRequest } from '../../rbac/request.ts';
import { meantAs, mistakenSubject } from '../../rbac/spellings/subjects.ts';
import { appliesToAnybody, type Identity, subjectKey } from '../../rbac/subjects.ts';
import { isUpstream } from '../../rbac/upstream-grants.ts';
import { knownResources } from '../../world/known-resources.ts';
import type { Binding, Rule, Subject } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';
import type { QuestionContext } from '../context.ts';
import type { Options } from '../question.ts';
import { askedIdentity } from './asked-identity.ts';
import { grantRef, grantStep, openGrantRef } from './evidence.ts';
import { isAmong } from './holding.ts';
import { isEverybody } from './members.ts';
import { isOutdated, missSentence } from './near-miss-wording.ts';
import type { Way } from './way.ts';

/**
 * Why not: grants that allow the first way but for one part or for words that are misspelt, as findings that say no. Of
 * one subject all of them, those of entries that were meant to be it, and those of its namesakes; of everybody who
 * holds it in no other way, nor by a group, only the ones whose author was surely mistaken.
 */
export function nearMissFindings(way: Way, holders: readonly Finding[], context: QuestionContext): Finding[] {
  const { world, options } = context;
  const rbac = context.rbac;
  const misses = options.subject ? ofSubject(options.subject, way, context) : ofEverybody(way, world);
  if (misses.length === 0) return [];
  const holds = isAmong(holders);
  const told = distinct(misses.filter((near) => !holds(whoMisses(near, options))));
  return told.map((miss) => missFinding(miss, way, rbac, context)).sort(nearestFirst);
}

/**
 * Entries that were meant to be a subject and are somebody else or nobody, though they would grant it the way: the
 * sentences of them. Of an account that does not exist they tell more than that it does not. Namesakes elsewhere are
 * not among them.
 */
export function misspeltEntries(subject: Subject, way: Way, context: QuestionContext): string[] {
  const { world } = context;
  const misses = entriesMeantAs(subject, way, context).filter(({ meant }) => meant?.id !== 'other-account');
  return distinct(misses).map((near) => missSentence(near, way, context.rbac, world));
}

function ofSubject(subject: Subject, way: Way, context: QuestionContext): NearMiss[] {
  const { world, options } = context;
  const rbac = context.rbac;
  const identity = askedIdentity(subject, world, options);
  return [
    ...nearMisses(rbac, entriesOf(identity, rbac), way.queries, { known: knownResources(world), rules: true }),
    ...entriesMeantAs(subject, way, context),
  ];
}

function entriesMeantAs(subject: Subject, way: Way, context: QuestionContext): NearMiss[] {
  const { world, options } = context;
  const isMeant = meantAs(subject, askedIdentity(subject, world, options));
  return nearMisses(context.rbac, entriesInScope(world, way), way.queries, {
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

/** The subject that a miss is about: the one that is asked about, or else the one that the entry was meant for. */
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

function missFinding(near: NearMiss, way: Way, rbac: Rbac, context: QuestionContext): Finding {
  const { world, options } = context;
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
    reason: missSentence(near, way, rbac, world),
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
