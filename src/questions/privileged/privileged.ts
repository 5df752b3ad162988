import type { Finding } from '../../answer/answer.ts';
import type { TargetRef } from '../../answer/refs.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { asVerdict, likelihoodOf } from '../../answer/verdict.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import { identityOf, MASTERS } from '../../rbac/subjects.ts';
import { bypassesOf } from '../../spawn/bypasses/bypasses.ts';
import { OTHER_WAYS } from '../../spawn/other-ways/index.ts';
import { createdOutcomes, idleWays, isEverywhere, outcomesOf } from '../../spawn/outcomes/outcomes.ts';
import type { PodOutcome } from '../../spawn/outcomes/pod-outcome.ts';
import { reachesNode } from '../../spawn/probes/strongest.ts';
import { countedHolders, holdersOfAny } from '../../spawn/rights/everybody.ts';
import { type Holder, holderOf, userOf } from '../../spawn/rights/holder.ts';
import { type Scope, scopeOf } from '../../spawn/scope.ts';
import { list, type Need } from '../../world/needs.ts';
import type { Subject } from '../../world/objects.ts';
import { oncePerState } from '../../world/once.ts';
import { unseen, type World } from '../../world/world.ts';
import { type PodTarget, podNeeds, podTargets, unreadPod } from '../access/pods.ts';
import { admissionAssumptions, admissionWarnings } from '../admission-assumptions.ts';
import { answerEach } from '../answer-each.ts';
import { buildAnswer } from '../build.ts';
import { contextOf, type QuestionContext } from '../context.ts';
import { doubtfulNamespace, refuseMissingNamespace } from '../existence.ts';
import {
  absentWords,
  accountAssumption,
  accountNeeds,
  markAbsent,
  unreadAccounts,
} from '../holders/absent-accounts.ts';
import { accessAssumptions } from '../holders/access-assumptions.ts';
import { askedIdentity, askedSubject, nameAsked } from '../holders/asked-identity.ts';
import { otherAuthorizers } from '../holders/authorizers.ts';
import { misspeltEntries, nearMissFindings } from '../holders/near-miss-findings.ts';
import { refuseMissingSubject } from '../holders/subject-existence.ts';
import { type OpenRight, refOf, type Unread, unreadRights } from '../holders/unread-rights.ts';
import type { Way } from '../holders/way.ts';
import type { Asked, Check, Options, Question } from '../question.ts';
import { withChains } from '../rights/chains.ts';
import { AnswerContext } from './context.ts';
import { firstNeeds, laterNeeds, namespacesIn } from './needs.ts';
import { bypassFindings, otherWayFinding, wayFindings } from './rows.ts';
import { summarizeEverybody, summarizeOne } from './summary.ts';
import { isEverybodyAsked, type PrivilegedTarget } from './target.ts';
import { trialsOf } from './trials.ts';

/**
 * Answers who can get a pod onto the cluster that reaches the node, by which right, in which namespaces, and what stops
 * it.
 */
export const privileged: Question<PrivilegedTarget> = {
  name: 'privileged',
  everyNamespace: true,
  discovery: () => true,
  needs: (target, world, options) => {
    const context = contextFor(target, world, options);
    const holders = isEverybodyAsked(target)
      ? everybody(context)
      : subjectsOf(target, world).map(({ subject }) => oneHolder(subject, context));
    return [
      ...firstNeeds(target, world),
      ...(target.pods ? podNeeds(target.pods, world, false) : []),
      ...laterNeeds(target, holders, context.scope),
      ...(needsIndirect(target, holders, context) ? (options.indirect?.needs(world) ?? []) : []),
      ...(isEverybodyAsked(target) && world.outcome(list('clusterrolebindings')) !== null
        ? accountNeeds(countedHolders(holders, target.namespace, options), world, options)
        : []),
    ];
  },
  answer: (target, world, options) => {
    const context = contextFor(target, world, options);
    const warnings = admissionWarnings(world);
    if (isEverybodyAsked(target)) return { asked: [answerEverybody(target, context)], errors: [], warnings };
    const { pods, errors } = target.pods ? podTargets(target.pods, world, false) : { pods: [], errors: [] };
    // The account of a pod is in the pod, so that there is no answer for a pod that was not read.
    const unread = pods.filter(({ pod }) => pod === null).map((each) => unreadPod(each, world));
    const answered = answerEach(subjectsOf(target, world), (one) => answerOne(one, target, context));
    const without = pods
      .filter(({ pod }) => pod?.serviceAccount === null)
      .map((each) => answerWithoutAccount(each, context));
    return { asked: [...answered.asked, ...without], errors: [...errors, ...unread, ...answered.errors], warnings };
  },
};

/** Whether somebody who is asked about by name gets no pod to the node for sure, as far as is known yet. */
const needsIndirect = (target: PrivilegedTarget, holders: readonly Holder[], { scope }: AnswerContext): boolean =>
  !isEverybodyAsked(target) &&
  !holders.every((holder) => createdOutcomes(holder, scope).some(({ strongest }) => reachesNode(strongest.sure)));

/** The pods that one subject can get onto the cluster, and the unknowns that may hide more. */
export interface Spawned {
  findings: readonly Finding[];
  unknowns: readonly Unknown[];
}

/** The findings of this question about one subject, for questions that ask other things as well. */
export function spawnFindings(subject: Subject, { world, options }: QuestionContext): Spawned {
  const context = contextFor({ ...EVERYBODY, subjects: [subject] }, world, options);
  const holder = oneHolder(subject, context);
  const unread = unreadOf(holder, null, context);
  return {
    findings: [...findingsOf(holder, context), ...unread.findings],
    unknowns: [...unread.unknowns, ...unseenNamespaces([holder], context), ...otherAuthorizers(world, subject)],
  };
}

/** What has to be read before `spawnFindings` of these subjects. */
export function spawnNeeds(subjects: readonly Subject[], { world, options }: QuestionContext): Need[] {
  const target = { ...EVERYBODY, subjects };
  const context = contextFor(target, world, options);
  const holders = subjects.map((subject) => oneHolder(subject, context));
  return [...firstNeeds(target, world), ...laterNeeds(target, holders, context.scope)];
}

const EVERYBODY: PrivilegedTarget = { subjects: [], pods: null, namespace: null };

/** A subject that is asked about, and the pod by which it was named, if any. */
interface AskedSubject {
  subject: Subject;
  pod: PodTarget | null;
}

/** The subjects that are asked about, each once: those named, and the service accounts of the pods named. */
function subjectsOf({ subjects, pods }: PrivilegedTarget, world: World): AskedSubject[] {
  const ofPods = pods ? podTargets(pods, world, false).pods : [];
  const accounts = ofPods.flatMap((pod): AskedSubject[] => {
    const name = pod.pod?.serviceAccount;
    return name ? [{ subject: { kind: 'ServiceAccount', namespace: pod.namespace, name }, pod }] : [];
  });
  const all = [...subjects.map((subject): AskedSubject => ({ subject, pod: null })), ...accounts];
  return [...new Map(all.map((each) => [JSON.stringify(each.subject), each])).values()];
}

const contextFor = (target: PrivilegedTarget, world: World, options: Options): AnswerContext =>
  new AnswerContext(scopeFor(target, world), options, !isEverybodyAsked(target));

/** The scope of the namespaces that are asked about: one for each state of the world, whoever is asked about. */
function scopeFor(target: PrivilegedTarget, world: World): Scope {
  const namespace = isEverybodyAsked(target) ? target.namespace : null;
  const scopes = scopesOf(world);
  const scope =
    scopes.get(namespace) ?? scopeOf(world, rbacOf(world), namespace === null ? namespacesIn(world) : [namespace]);
  scopes.set(namespace, scope);
  return scope;
}

const scopesOf = oncePerState(() => new Map<string | null, Scope>());

const oneHolder = (subject: Subject, { scope: { rbac }, world, options }: AnswerContext): Holder =>
  holderOf(refOf(subject), askedIdentity(subject, world, options), rbac);

/** Every holder but the superusers, who need no binding and have a finding of their own. */
const everybody = ({ scope: { rbac } }: AnswerContext): Holder[] =>
  holdersOfAny(rbac).filter(({ identity }) => !identity.groups.includes(MASTERS));

function findingsOf(holder: Holder, context: AnswerContext): Finding[] {
  const { scope } = context;
  const outcomes = outcomesOf(holder, scope);
  return [
    ...wayFindings(holder, outcomes, context),
    ...bypassFindings(holder, bypassesOf(holder, outcomes, scope), context),
    ...OTHER_WAYS.flatMap((otherWay) => otherWay(holder, outcomes, scope)).map((each) =>
      otherWayFinding(holder, each, context),
    ),
  ];
}

function answerOne({ subject, pod }: AskedSubject, { given }: PrivilegedTarget, context: AnswerContext): Asked {
  const { scope, world, options } = context;
  const holder = oneHolder(subject, context);
  const unread = unreadOf(holder, null, context);
  const all = markAbsent([...findingsOf(holder, context), ...unread.findings], world);
  const own = all.filter(({ direct }) => direct);
  const indirect = options.indirect?.spawning({ subject, findings: own }, world, options);
  // What takes another account is part of its chains, where they could be followed.
  const isFollowed = indirect !== undefined && (indirect.isFollowed || indirect.findings.length > 0);
  const held = options.direct || isFollowed ? own : all;
  if (pod === null)
    refuseMissingSubject(subject, held, world, (each) => misspeltEntries(each, CREATE_PODS, contextOf(world, options)));
  if (given) refuseMissingNamespace(given, world);
  const withSubject = { ...options, subject };
  const misses = held.length > 0 ? [] : nearMissFindings(CREATE_PODS, [], contextOf(world, withSubject));
  const unknowns = [
    ...unseenNamespaces([holder], context),
    ...otherAuthorizers(world, subject),
    ...(pod?.unknowns ?? []),
    ...(indirect?.unseen ?? []),
  ];
  const target: TargetRef = pod ? { kind: 'Pod', namespace: pod.namespace, name: pod.name } : refTarget(subject);
  const { answer, summaryOf } = buildAnswer(
    {
      question: 'privileged',
      target,
      scope: { namespace: null, selector: null },
      subject: askedSubject(subject, world, options),
      findings: [...held, ...(indirect?.findings ?? [])],
      unread,
      nearMisses: misses,
      unknowns,
      assumptions: [...accessAssumptions({ world, spawns: held }), ...admissionAssumptions(world, [userOf(holder)])],
      summary: (verdict, words) =>
        summarizeOne(
          { named: nameAsked(subject, options), subject, pod: pod && words },
          { verdict, held, indirect, misses, idle: idleWays(holder, scope) },
          world,
        ),
    },
    world,
  );
  const outcomes = (each: Holder): PodOutcome[] => outcomesOf(each, scope);
  const told = indirect?.isFollowed
    ? answer
    : withChains(answer, holder.identity, world, options.direct ? [] : FOLLOWED);
  return {
    answer: told,
    summaryOf,
    checks: () => [],
    hint: () => hintOf(holder, outcomes(holder)),
    trials: () => trialsOf([holder], outcomes, world),
  };
}

/**
 * The answer for a static pod: the kubelet runs it from a file, and gives it no service account by which it could ask
 * the API for anything.
 */
function answerWithoutAccount(pod: PodTarget, { world, options }: AnswerContext): Asked {
  const { namespace, name } = pod;
  const nobody = {
    subject: refOf({ kind: 'ServiceAccount', namespace, name: '' }),
    identity: { user: null, groups: [] },
  };
  const { answer, summaryOf } = buildAnswer(
    {
      question: 'privileged',
      target: { kind: 'Pod', namespace, name },
      scope: { namespace: null, selector: null },
      findings: [],
      // A pod without an account has no rights, whichever bindings could not be read.
      unread: unreadRights({ who: nobody, bindings: 'none', open: OPEN }, contextOf(world, options)),
      unknowns: [],
      assumptions: [],
      summary: (_, pod) => `${pod} cannot get a pod onto the cluster: it is a static pod, which has no service account`,
    },
    world,
  );
  return { answer, summaryOf, checks: () => [] };
}

/** The ways to become an account whose further rights are followed in the answer. */
const FOLLOWED = ['create serviceaccounts/token', 'impersonate serviceaccounts'];

/**
 * The unknown that namespaces could not be listed, if a holder has a way in the whole cluster: it counts in these
 * namespaces too, where it is not known what is enforced.
 */
function unseenNamespaces(holders: readonly Holder[], { scope }: AnswerContext): Unknown[] {
  const unread = unseen(scope.world, list('namespaces'), 'what is enforced in namespaces that are not known');
  return unread.length > 0 && holders.some((holder) => isEverywhere(holder)) ? unread : [];
}

/** The request that the best way to a pod needs first; null if there is no way. */
function hintOf({ identity }: Holder, outcomes: readonly PodOutcome[]): Pick<Check, 'identity' | 'request'> | null {
  const outcome = outcomes.find(({ strongest }) => reachesNode(strongest.sure)) ?? outcomes[0];
  if (!outcome) return null;
  const {
    way,
    right,
    namespaces: [namespace],
  } = outcome;
  const { group, resource } = way.maker;
  const name = right.names?.[0] ?? '';
  return { identity, request: { verb: right.verb, group, resource, subresource: way.subresource, namespace, name } };
}

const refTarget = ({ kind, namespace, name }: Subject): TargetRef => ({ kind, namespace, name });

/** What could not be read of the rights of one holder (null: of everybody) in one namespace (null: in all). */
const unreadOf = (holder: Holder | null, namespace: string | null, { world, options }: AnswerContext): Unread =>
  unreadRights({ who: holder, bindings: { namespace }, open: OPEN }, contextOf(world, options));

/** The right that a role may give that could not be read: any way to a pod, and any way around admission. */
const OPEN: OpenRight = {
  id: 'pod-create',
  object: { kind: 'Pod', namespace: null, name: '', container: null },
  step: (subject, role) => ({
    technique: 'pod-create',
    text: `whatever ${role} allows`,
    identity: subject,
    gains: null,
  }),
  spawn: (namespace) => ({
    ...{
      strongest: null,
      maybe: 'node root',
      namespaces: namespace === null ? null : [namespace],
      escapes: [],
      refusals: [],
    },
    accounts: { count: null, powerful: [] },
  }),
};

function answerEverybody(target: PrivilegedTarget, context: AnswerContext): Asked {
  const { scope, world } = context;
  if (target.namespace !== null) refuseMissingNamespace(target.namespace, world);
  const unread = unreadOf(null, target.namespace, context);
  const all = everybody(context);
  const found = markAbsent([...all.flatMap((holder) => findingsOf(holder, context)), ...unread.findings], world);
  const findings = [...found, ...mastersFinding(context)];
  const { answer, summaryOf } = buildAnswer(
    {
      question: 'privileged',
      target: null,
      scope: { namespace: target.namespace, selector: null },
      findings,
      unread,
      unknowns: [
        ...(target.namespace === null ? unseenNamespaces(all, context) : doubtfulNamespace(target.namespace, world)),
        ...otherAuthorizers(world, null),
      ],
      remarks: unreadAccounts(found, world),
      assumptions: [
        ...accountAssumption(found, world),
        ...accessAssumptions({ world, spawns: found }),
        ...admissionAssumptions(world, all.map(userOf)),
      ],
      summary: (verdict) => `${summarizeEverybody(target.namespace, verdict, findings)}${absentWords(findings)}`,
    },
    world,
  );
  const counted = new Set(findings.flatMap(({ accepted, subject }) => (accepted ? [] : [JSON.stringify(subject)])));
  const holders = all.filter(({ subject }) => counted.has(JSON.stringify(subject)));
  const outcomes = (each: Holder): PodOutcome[] => outcomesOf(each, scope);
  const first = findings.find(({ accepted, verdict }) => !accepted && verdict === 'yes');
  const hint = () => {
    const holder = first && holders.find(({ subject }) => JSON.stringify(subject) === JSON.stringify(first.subject));
    return holder ? hintOf(holder, outcomes(holder)) : null;
  };
  return { answer, summaryOf, checks: () => [], hint, trials: () => trialsOf(holders, outcomes, world) };
}

/** The likeliest finding of the superusers, whom authorization lets do everything; admission decides about them too. */
function mastersFinding(context: AnswerContext): Finding[] {
  const { scope } = context;
  const subject: Subject = { kind: 'Group', namespace: null, name: MASTERS };
  const holder = holderOf(refOf(subject), identityOf(subject), scope.rbac);
  // Changes, bypasses and other ways are only looked for if no pod that they create reaches the node.
  const created = wayFindings(holder, createdOutcomes(holder, scope), context);
  const all = created.some(({ verdict }) => verdict === 'yes') ? created : findingsOf(holder, context);
  const [first] = all.toSorted((a, b) => likelihoodOf(asVerdict(b)) - likelihoodOf(asVerdict(a)));
  return first ? [{ ...first, accepted: true, reason: `superuser: ${first.reason}` }] : [];
}

const CREATE_PODS: Way = {
  holding: {
    id: 'pod-create',
    object: { kind: 'Pod', namespace: null, name: '', container: null },
    action: 'create pods',
    attack: null,
    target: null,
    condition: null,
  },
  queries: [
    {
      request: { verb: 'create', group: '', resource: 'pods', subresource: '', namespace: '', name: '' },
      names: 'any',
      reach: 'anywhere',
    },
  ],
};
