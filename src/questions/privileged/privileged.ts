import { reachesNode } from '../../admission/strongest.ts';
import type { Finding, SubjectRef, TargetRef } from '../../answer/answer.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import { identityOf, MASTERS } from '../../rbac/subjects.ts';
import { list, type Need } from '../../world/needs.ts';
import type { Subject } from '../../world/objects.ts';
import { oncePerState } from '../../world/once.ts';
import { unreadable, type World } from '../../world/world.ts';
import { absentWords, accountAssumption, accountNeeds, markAbsent, unreadAccounts } from '../absent-accounts.ts';
import { type PodTarget, podNeeds, podTargets } from '../access/pods.ts';
import { accessAssumptions } from '../access-assumptions.ts';
import { admissionAssumptions, admissionWarnings } from '../admission-assumptions.ts';
import { answerEach } from '../answer-each.ts';
import { askedIdentity, askedSubject, nameAsked } from '../asked-identity.ts';
import { otherAuthorizers } from '../authorizers.ts';
import { buildAnswer } from '../build.ts';
import { doubtfulNamespace, refuseMissingNamespace } from '../existence.ts';
import { unreadRole } from '../holders.ts';
import { misspeltEntries, nearMissFindings } from '../near-miss-findings.ts';
import type { Asked, Check, Options, Question } from '../question.ts';
import { rbacUnknowns } from '../rbac-needs.ts';
import { withChains } from '../rights/chains.ts';
import { refuseMissingSubject } from '../subject-existence.ts';
import type { Way } from '../ways.ts';
import { detoursOf } from './around.ts';
import { BEYOND } from './beyond/index.ts';
import { type Cell, cellsOf, createdCells, type Ground, groundOf, idleWays, isEverywhere, userOf } from './cells.ts';
import { countedHolders, holdersOfAny } from './everybody.ts';
import { type Holder, holderOf } from './holder.ts';
import { firstNeeds, laterNeeds, namespacesIn } from './needs.ts';
import { beyondFinding, detourFindings, wayFindings } from './rows.ts';
import { Scene } from './scene.ts';
import { summarizeEverybody, summarizeOne } from './summary.ts';
import { isEverybodyAsked, type PrivilegedTarget } from './target.ts';
import { trialsOf } from './trials.ts';

/** Who can get a pod onto the cluster that reaches the node: by which right, in which namespaces, and what stops it. */
export const privileged: Question<PrivilegedTarget> = {
  name: 'privileged',
  discovery: () => true,
  needs: (target, world, options) => {
    const asked = subjectsOf(target, world);
    const ground = groundFor(target, world);
    const holders = isEverybodyAsked(target) ? everybody(ground) : asked.map(({ subject }) => oneHolder(subject, world, options));
    return [
      ...firstNeeds(target, world),
      ...(target.pods ? podNeeds(target.pods, world, false) : []),
      ...laterNeeds(target, holders, ground),
      ...(isEverybodyAsked(target) && world.outcome(list('clusterrolebindings')) !== null
        ? accountNeeds(countedHolders(holders, target.namespace, options), world, options)
        : []),
    ];
  },
  answer: (target, world, options) => {
    const ground = groundFor(target, world);
    const warnings = admissionWarnings(world);
    if (isEverybodyAsked(target)) return { asked: [answerEverybody(target, ground, options)], errors: [], warnings };
    const { errors } = target.pods ? podTargets(target.pods, world, false) : { errors: [] };
    const answered = answerEach(subjectsOf(target, world), (one) => answerOne(one, target, ground, options));
    return { asked: answered.asked, errors: [...errors, ...answered.errors], warnings };
  },
};

/** What one subject can spawn, for questions that ask other things as well. */
export const spawnFindings = (subject: Subject, world: World, options: Options): Finding[] =>
  findingsOf(oneHolder(subject, world, options), groundFor(EVERYBODY, world), new Scene(world, options, true));

/** What has to be read for that. */
export function spawnNeeds(subjects: readonly Subject[], world: World, options: Options): Need[] {
  const target = { ...EVERYBODY, subjects };
  const holders = subjects.map((subject) => oneHolder(subject, world, options));
  return [...firstNeeds(target, world), ...laterNeeds(target, holders, groundFor(target, world))];
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
function groundFor(target: PrivilegedTarget, world: World): Ground {
  const namespace = isEverybodyAsked(target) ? target.namespace : null;
  const grounds = groundsOf(world);
  const ground = grounds.get(namespace) ?? groundOf(world, rbacOf(world), namespace === null ? namespacesIn(world) : [namespace]);
  grounds.set(namespace, ground);
  return ground;
}

const groundsOf = oncePerState(() => new Map<string | null, Ground>());

const refOf = ({ kind, namespace, name }: Subject): SubjectRef => ({ kind, namespace, name, members: null });

const oneHolder = (subject: Subject, world: World, options: Options): Holder =>
  holderOf(refOf(subject), askedIdentity(subject, world, options), rbacOf(world));

/** Superusers need no binding, and are told of apart. */
const everybody = ({ rbac }: Ground): Holder[] => holdersOfAny(rbac).filter(({ identity }) => !identity.groups.includes(MASTERS));

function findingsOf(holder: Holder, ground: Ground, scene: Scene): Finding[] {
  const cells = cellsOf(holder, ground);
  return [
    ...wayFindings(holder, cells, scene),
    ...detourFindings(holder, detoursOf(holder, cells, ground), scene),
    ...BEYOND.flatMap((beyond) => beyond(holder, cells, ground)).map((each) => beyondFinding(holder, each, scene)),
  ];
}

function answerOne({ subject, pod }: AskedSubject, { given }: PrivilegedTarget, ground: Ground, options: Options): Asked {
  const { world } = ground;
  const holder = oneHolder(subject, world, options);
  const held = markAbsent(
    [...findingsOf(holder, ground, new Scene(world, options, true)), ...openFindings(holder, ground, options)],
    world,
  );
  if (pod === null) refuseMissingSubject(subject, held, world, (each) => misspeltEntries(each, CREATE_PODS, world, options));
  if (given) refuseMissingNamespace(given, world);
  const withSubject = { ...options, subject };
  const misses = held.length > 0 ? [] : nearMissFindings(CREATE_PODS, [], world, withSubject);
  const unknowns = [
    ...rbacUnknowns(world, { namespace: null }),
    ...unseenNamespaces([holder], ground),
    ...otherAuthorizers(world, subject),
    ...(pod?.unknowns ?? []),
  ];
  const target: TargetRef = pod ? { kind: 'Pod', namespace: pod.namespace, name: pod.name } : refTarget(subject);
  const answer = buildAnswer(
    {
      question: 'privileged',
      target,
      scope: { namespace: null, selector: null },
      subject: askedSubject(subject, world, options),
      findings: [...held],
      nearMisses: misses,
      unknowns,
      assumptions: [...accessAssumptions({ world, spawns: held }), ...admissionAssumptions(world, [userOf(holder)])],
      summary: (verdict) => summarizeOne(nameAsked(subject, options), subject, pod, verdict, held, misses, idleWays(holder, ground), world),
    },
    world,
  );
  const cells = (each: Holder): Cell[] => cellsOf(each, ground);
  const told = withChains(answer, holder.identity, world, FOLLOWED);
  return { answer: told, checks: () => [], hint: () => hintOf(holder, cells(holder)), trials: () => trialsOf([holder], cells, world) };
}

/** The ways to become an account that are looked into here. */
const FOLLOWED = ['create serviceaccounts/token', 'impersonate serviceaccounts'];

/** A right that counts everywhere counts in namespaces that could not be listed, whatever is enforced there. */
function unseenNamespaces(holders: readonly Holder[], ground: Ground): Unknown[] {
  const need = list('namespaces');
  if (ground.world.isRead(need) || !holders.some((holder) => isEverywhere(holder, ground))) return [];
  return [unreadable(ground.world, need, 'what is enforced in namespaces that are not known')];
}

/** The right by which the best way to a pod begins. */
function hintOf({ identity }: Holder, cells: readonly Cell[]): Pick<Check, 'identity' | 'request'> | null {
  const cell = cells.find(({ strongest }) => reachesNode(strongest.sure)) ?? cells[0];
  if (!cell) return null;
  const {
    way,
    right,
    namespaces: [namespace],
  } = cell;
  const { group, resource } = way.maker;
  const name = right.names?.[0] ?? '';
  return { identity, request: { verb: right.verb, group, resource, subresource: way.subresource, namespace, name } };
}

const refTarget = ({ kind, namespace, name }: Subject): TargetRef => ({ kind, namespace, name });

/** Whatever a role allows that could not be read. */
function openFindings(holder: Holder, { rbac, world }: Ground, options: Options): Finding[] {
  const open = rbac.entriesOf(holder.identity).filter(({ binding }) => rbac.roleOf(binding) === 'unreadable');
  return open.map(({ binding }): Finding => {
    const unknown = unreadRole(binding, world);
    return {
      id: 'pod-create',
      verdict: 'depends',
      leaning: null,
      direct: true,
      accepted: options.accepts(holder.subject),
      subject: holder.subject,
      object: { kind: 'Pod', namespace: binding.namespace, name: '', container: null },
      scope: { namespace: binding.namespace, names: null },
      reason: `bound to ${unknown.what}, which could not be read`,
      evidence: [],
      unknowns: [unknown],
      fix: [],
    };
  });
}

function answerEverybody(target: PrivilegedTarget, ground: Ground, options: Options): Asked {
  const { world } = ground;
  if (target.namespace !== null) refuseMissingNamespace(target.namespace, world);
  const scene = new Scene(world, options, false);
  const found = markAbsent(
    everybody(ground).flatMap((holder) => findingsOf(holder, ground, scene)),
    world,
  );
  const findings = [...found, ...mastersFinding(ground, scene)];
  const answer = buildAnswer(
    {
      question: 'privileged',
      target: null,
      scope: { namespace: target.namespace, selector: null },
      findings,
      unknowns: [
        ...rbacUnknowns(world, { namespace: target.namespace }),
        ...(target.namespace === null ? unseenNamespaces(everybody(ground), ground) : doubtfulNamespace(target.namespace, world)),
        ...otherAuthorizers(world, null),
      ],
      remarks: unreadAccounts(found, world),
      assumptions: [
        ...accountAssumption(found, world),
        ...accessAssumptions({ world, spawns: found }),
        ...admissionAssumptions(world, everybody(ground).map(userOf)),
      ],
      summary: (verdict) => `${summarizeEverybody(target.namespace, verdict, findings)}${absentWords(findings)}`,
    },
    world,
  );
  const counted = new Set(findings.flatMap(({ accepted, subject }) => (accepted ? [] : [JSON.stringify(subject)])));
  const holders = everybody(ground).filter(({ subject }) => counted.has(JSON.stringify(subject)));
  const cells = (each: Holder): Cell[] => cellsOf(each, ground);
  const first = findings.find(({ accepted, verdict }) => !accepted && verdict === 'yes');
  const hint = () => {
    const holder = first && holders.find(({ subject }) => JSON.stringify(subject) === JSON.stringify(first.subject));
    return holder ? hintOf(holder, cells(holder)) : null;
  };
  return { answer, checks: () => [], hint, trials: () => trialsOf(holders, cells, world) };
}

/** Admission asks about the superusers too; authorization does not. */
function mastersFinding(ground: Ground, scene: Scene): Finding[] {
  const subject: Subject = { kind: 'Group', namespace: null, name: MASTERS };
  const holder = holderOf(refOf(subject), identityOf(subject), ground.rbac);
  const isSure = ({ verdict }: Finding): boolean => verdict === 'yes';
  // What they can change is looked at only where nothing that they create is enough: it would be all that there is.
  const created = wayFindings(holder, createdCells(holder, ground), scene);
  const all = created.some(isSure) ? created : wayFindings(holder, cellsOf(holder, ground), scene);
  const first = all.find(isSure) ?? all[0];
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
    { request: { verb: 'create', group: '', resource: 'pods', subresource: '', namespace: '', name: '' }, names: 'any', reach: 'anywhere' },
  ],
};
