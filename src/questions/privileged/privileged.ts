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
import type { Way } from '../holders/ways.ts';
import type { Asked, Check, Options, Question } from '../question.ts';
import { withChains } from '../rights/chains.ts';
import { Scene } from './context.ts';
import { firstNeeds, laterNeeds, namespacesIn } from './needs.ts';
import { bypassFindings, otherWayFinding, wayFindings } from './rows.ts';
import { summarizeEverybody, summarizeOne } from './summary.ts';
import { isEverybodyAsked, type PrivilegedTarget } from './target.ts';
import { trialsOf } from './trials.ts';

/** Who can get a pod onto the cluster that reaches the node: by which right, in which namespaces, and what stops it. */
export const privileged: Question<PrivilegedTarget> = {
  name: 'privileged',
  discovery: () => true,
  needs: (target, world, options) => {
    const asked = subjectsOf(target, world);
    const scope = scopeFor(target, world);
    const holders = isEverybodyAsked(target)
      ? everybody(scope)
      : asked.map(({ subject }) => oneHolder(subject, world, options));
    return [
      ...firstNeeds(target, world),
      ...(target.pods ? podNeeds(target.pods, world, false) : []),
      ...laterNeeds(target, holders, scope),
      ...(isEverybodyAsked(target) && world.outcome(list('clusterrolebindings')) !== null
        ? accountNeeds(countedHolders(holders, target.namespace, options), world, options)
        : []),
    ];
  },
  answer: (target, world, options) => {
    const scope = scopeFor(target, world);
    const warnings = admissionWarnings(world);
    if (isEverybodyAsked(target)) return { asked: [answerEverybody(target, scope, options)], errors: [], warnings };
    const { pods, errors } = target.pods ? podTargets(target.pods, world, false) : { pods: [], errors: [] };
    // Whose account a pod has is in the pod: there is no answer without it.
    const unread = pods.filter(({ pod }) => pod === null).map((each) => unreadPod(each, world));
    const answered = answerEach(subjectsOf(target, world), (one) => answerOne(one, target, scope, options));
    const without = pods
      .filter(({ pod }) => pod?.serviceAccount === null)
      .map((each) => answerWithoutAccount(each, scope, options));
    return { asked: [...answered.asked, ...without], errors: [...errors, ...unread, ...answered.errors], warnings };
  },
};

/** What one subject can spawn, and what may hide more. */
export interface Spawned {
  findings: readonly Finding[];
  unknowns: readonly Unknown[];
}

/** The same for questions that ask other things as well. */
export function spawnFindings(subject: Subject, world: World, options: Options): Spawned {
  const scope = scopeFor(EVERYBODY, world);
  const holder = oneHolder(subject, world, options);
  const unread = unreadOf(holder, null, world, options);
  return {
    findings: [...findingsOf(holder, scope, new Scene(world, options, true)), ...unread.findings],
    unknowns: [...unread.unknowns, ...unseenNamespaces([holder], scope), ...otherAuthorizers(world, subject)],
  };
}

/** What has to be read for that. */
export function spawnNeeds(subjects: readonly Subject[], world: World, options: Options): Need[] {
  const target = { ...EVERYBODY, subjects };
  const holders = subjects.map((subject) => oneHolder(subject, world, options));
  return [...firstNeeds(target, world), ...laterNeeds(target, holders, scopeFor(target, world))];
}

const EVERYBODY: PrivilegedTarget = { subjects: [], pods: null, namespace: null };

/** A subject that is asked about, and the pod that stands for it. */
interface AskedSubject {
  subject: Subject;
  pod: PodTarget | null;
}

/** Pods of one account are that account, asked about once. */
function subjectsOf({ subjects, pods }: PrivilegedTarget, world: World): AskedSubject[] {
  const ofPods = pods ? podTargets(pods, world, false).pods : [];
  const accounts = ofPods.flatMap((pod): AskedSubject[] => {
    const name = pod.pod?.serviceAccount;
    return name ? [{ subject: { kind: 'ServiceAccount', namespace: pod.namespace, name }, pod }] : [];
  });
  const all = [...subjects.map((subject): AskedSubject => ({ subject, pod: null })), ...accounts];
  return [...new Map(all.map((each) => [JSON.stringify(each.subject), each])).values()];
}

/** One a state of the world, whoever is asked about. */
function scopeFor(target: PrivilegedTarget, world: World): Scope {
  const namespace = isEverybodyAsked(target) ? target.namespace : null;
  const scopes = scopesOf(world);
  const scope =
    scopes.get(namespace) ?? scopeOf(world, rbacOf(world), namespace === null ? namespacesIn(world) : [namespace]);
  scopes.set(namespace, scope);
  return scope;
}

const scopesOf = oncePerState(() => new Map<string | null, Scope>());

const oneHolder = (subject: Subject, world: World, options: Options): Holder =>
  holderOf(refOf(subject), askedIdentity(subject, world, options), rbacOf(world));

/** Superusers need no binding, and are told of apart. */
const everybody = ({ rbac }: Scope): Holder[] =>
  holdersOfAny(rbac).filter(({ identity }) => !identity.groups.includes(MASTERS));

function findingsOf(holder: Holder, scope: Scope, scene: Scene): Finding[] {
  const outcomes = outcomesOf(holder, scope);
  return [
    ...wayFindings(holder, outcomes, scene),
    ...bypassFindings(holder, bypassesOf(holder, outcomes, scope), scene),
    ...OTHER_WAYS.flatMap((otherWay) => otherWay(holder, outcomes, scope)).map((each) =>
      otherWayFinding(holder, each, scene),
    ),
  ];
}

function answerOne({ subject, pod }: AskedSubject, { given }: PrivilegedTarget, scope: Scope, options: Options): Asked {
  const { world } = scope;
  const holder = oneHolder(subject, world, options);
  const unread = unreadOf(holder, null, world, options);
  const held = markAbsent([...findingsOf(holder, scope, new Scene(world, options, true)), ...unread.findings], world);
  if (pod === null)
    refuseMissingSubject(subject, held, world, (each) => misspeltEntries(each, CREATE_PODS, world, options));
  if (given) refuseMissingNamespace(given, world);
  const withSubject = { ...options, subject };
  const misses = held.length > 0 ? [] : nearMissFindings(CREATE_PODS, [], world, withSubject);
  const unknowns = [
    ...unseenNamespaces([holder], scope),
    ...otherAuthorizers(world, subject),
    ...(pod?.unknowns ?? []),
  ];
  const target: TargetRef = pod ? { kind: 'Pod', namespace: pod.namespace, name: pod.name } : refTarget(subject);
  const { answer, summaryOf } = buildAnswer(
    {
      question: 'privileged',
      target,
      scope: { namespace: null, selector: null },
      subject: askedSubject(subject, world, options),
      findings: [...held],
      unread,
      nearMisses: misses,
      unknowns,
      assumptions: [...accessAssumptions({ world, spawns: held }), ...admissionAssumptions(world, [userOf(holder)])],
      summary: (verdict, words) =>
        summarizeOne(
          nameAsked(subject, options),
          subject,
          pod && words,
          verdict,
          held,
          misses,
          idleWays(holder, scope),
          world,
        ),
    },
    world,
  );
  const outcomes = (each: Holder): PodOutcome[] => outcomesOf(each, scope);
  const told = withChains(answer, holder.identity, world, FOLLOWED);
  return {
    answer: told,
    summaryOf,
    checks: () => [],
    hint: () => hintOf(holder, outcomes(holder)),
    trials: () => trialsOf([holder], outcomes, world),
  };
}

/**
 * A static pod: the kubelet runs it from a file, and gives it no account by which it could ask the API for anything.
 */
function answerWithoutAccount(pod: PodTarget, scope: Scope, options: Options): Asked {
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
      // It holds nothing, whatever bindings could not be read.
      unread: unreadRights({ who: nobody, bindings: 'none', open: OPEN }, scope.world, options),
      unknowns: [],
      assumptions: [],
      summary: (_, pod) => `${pod} cannot get a pod onto the cluster: it is a static pod, which has no service account`,
    },
    scope.world,
  );
  return { answer, summaryOf, checks: () => [] };
}

/** The ways to become an account that are looked into here. */
const FOLLOWED = ['create serviceaccounts/token', 'impersonate serviceaccounts'];

/** A right that counts everywhere counts in namespaces that could not be listed, whatever is enforced there. */
function unseenNamespaces(holders: readonly Holder[], scope: Scope): Unknown[] {
  const unread = unseen(scope.world, list('namespaces'), 'what is enforced in namespaces that are not known');
  return unread.length > 0 && holders.some((holder) => isEverywhere(holder, scope)) ? unread : [];
}

/** The right by which the best way to a pod begins. */
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

/** What could not be read of the rights of one holder, or of everybody's (null), in a namespace or anywhere. */
const unreadOf = (holder: Holder | null, namespace: string | null, world: World, options: Options): Unread =>
  unreadRights({ who: holder, bindings: { namespace }, open: OPEN }, world, options);

/** A role that could not be read may hold any way to a pod, and any way around admission. */
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

function answerEverybody(target: PrivilegedTarget, scope: Scope, options: Options): Asked {
  const { world } = scope;
  if (target.namespace !== null) refuseMissingNamespace(target.namespace, world);
  const scene = new Scene(world, options, false);
  const unread = unreadOf(null, target.namespace, world, options);
  const found = markAbsent(
    [...everybody(scope).flatMap((holder) => findingsOf(holder, scope, scene)), ...unread.findings],
    world,
  );
  const findings = [...found, ...mastersFinding(scope, scene)];
  const { answer, summaryOf } = buildAnswer(
    {
      question: 'privileged',
      target: null,
      scope: { namespace: target.namespace, selector: null },
      findings,
      unread,
      unknowns: [
        ...(target.namespace === null
          ? unseenNamespaces(everybody(scope), scope)
          : doubtfulNamespace(target.namespace, world)),
        ...otherAuthorizers(world, null),
      ],
      remarks: unreadAccounts(found, world),
      assumptions: [
        ...accountAssumption(found, world),
        ...accessAssumptions({ world, spawns: found }),
        ...admissionAssumptions(world, everybody(scope).map(userOf)),
      ],
      summary: (verdict) => `${summarizeEverybody(target.namespace, verdict, findings)}${absentWords(findings)}`,
    },
    world,
  );
  const counted = new Set(findings.flatMap(({ accepted, subject }) => (accepted ? [] : [JSON.stringify(subject)])));
  const holders = everybody(scope).filter(({ subject }) => counted.has(JSON.stringify(subject)));
  const outcomes = (each: Holder): PodOutcome[] => outcomesOf(each, scope);
  const first = findings.find(({ accepted, verdict }) => !accepted && verdict === 'yes');
  const hint = () => {
    const holder = first && holders.find(({ subject }) => JSON.stringify(subject) === JSON.stringify(first.subject));
    return holder ? hintOf(holder, outcomes(holder)) : null;
  };
  return { answer, summaryOf, checks: () => [], hint, trials: () => trialsOf(holders, outcomes, world) };
}

/** Admission asks about the superusers too; authorization does not. */
function mastersFinding(scope: Scope, scene: Scene): Finding[] {
  const subject: Subject = { kind: 'Group', namespace: null, name: MASTERS };
  const holder = holderOf(refOf(subject), identityOf(subject), scope.rbac);
  // What they can change, and their ways around admission, are looked at only where nothing that they create is enough.
  const created = wayFindings(holder, createdOutcomes(holder, scope), scene);
  const all = created.some(({ verdict }) => verdict === 'yes') ? created : findingsOf(holder, scope, scene);
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
