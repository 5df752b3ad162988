import { namespaceNeed } from '../../admission/pod-security/layer.ts';
import type { LevelVersion } from '../../admission/pod-security/level.ts';
import type { UserInfo } from '../../admission/request/user.ts';
import { allSccs } from '../../admission/scc/candidates.ts';
import type { Answer, Finding } from '../../answer/answer.ts';
import type { SubjectRef } from '../../answer/refs.ts';
import { distinctUnknowns } from '../../answer/unknown.ts';
import { UserError } from '../../answer/user-error.ts';
import { allOf, depends } from '../../answer/verdict.ts';
import { AUTHENTICATED, parseAccountUser } from '../../rbac/subjects.ts';
import { formatVersion, NEWEST } from '../../world/version.ts';
import type { World } from '../../world/world.ts';
import { admissionAssumptions, admissionWarnings } from '../admission-assumptions.ts';
import { admissionNeeds } from '../admission-needs.ts';
import { sourceRef, versionAssumptions } from '../build.ts';
import { namespaceNeeds, refuseMissingNamespace } from '../existence.ts';
import { rbacNeeds } from '../holders/rbac-needs.ts';
import type { Question } from '../question.ts';
import { accountNeeds, missingAccount } from './accounts.ts';
import { admittedAtLevel, admittedInNamespace, type Judged } from './admitted.ts';
import { nameOf, namespaceOf, ownNamespace, placesOf } from './places.ts';
import { summaryOf } from './summary.ts';
import type { AdmitTarget, PodObject } from './target.ts';
import { trialsOf } from './trials.ts';

/**
 * Whether the pods in files, and the pods of workloads in them, would be admitted: into a namespace, or at a level of
 * Pod Security. A gate: yes where all of them are, no where one is refused.
 */
export const admit: Question<AdmitTarget> = {
  name: 'admit',
  discovery: ({ level }) => level === null,
  needs: (target, world) => {
    if (target.level !== null) return [];
    const places = placesOf(target);
    return [
      ...places.map(namespaceNeed),
      ...(target.given === null ? [] : namespaceNeeds(target.given, world)),
      ...admissionNeeds(world),
      ...accountNeeds(target),
      // Which SCCs there are for a pod is a matter of rights.
      ...(hasSccs(world) ? places.flatMap((namespace) => rbacNeeds(world, namespace)) : []),
    ];
  },
  answer: (target, world) => {
    const { objects, level, warnings } = target;
    // The one that was asked about; one that a file names is the file's matter.
    if (level === null && target.given !== null && !target.namespaces.some(({ name }) => name === target.given))
      refuseMissingNamespace(target.given, world);
    const misplaced = objects.flatMap((each) => misplacedError(each, target));
    const asked = objects.filter((each) => misplacedError(each, target).length === 0);
    const errors = [...target.errors, ...new Map(misplaced.map((error) => [error.message, error])).values()];
    if (asked.length === 0) return { asked: [], errors, warnings: [...warnings] };
    const there = level === null ? withNamespaces(target, world) : world;
    const judged = asked.map((object) => ({ object, judged: admittedOne(object, target, there) }));
    const answer = answerOf(judged, { ...target, objects: asked }, there);
    return {
      asked: [
        {
          answer,
          isGate: true,
          summaryOf: () => answer.summary,
          checks: () => [],
          trials: () => trialsOf(judged, { ...target, objects: asked }, world),
        },
      ],
      errors,
      warnings: [...warnings, ...(level === null ? admissionWarnings(world) : [])],
    };
  },
};

function admittedOne(object: PodObject, target: AdmitTarget, world: World): Judged {
  if (target.level !== null) return admittedAtLevel(object, target.level, world.facts.version ?? NEWEST);
  const namespace = namespaceOf(object, target);
  const judged = admittedInNamespace(object, namespace, authorOf(world), world);
  return missingAccount(judged, object, target, world) ?? judged;
}

/** The caller, or anybody at all. */
const authorOf = ({ facts: { self } }: World): UserInfo => self?.user ?? { name: null, groups: [AUTHENTICATED] };

/** Whether the cluster has SCCs: discovery tells, or the objects in a file, which has no discovery. */
const hasSccs = (world: World): boolean => {
  const { objects, unknowns } = allSccs(world);
  return (
    objects.length > 0 ||
    unknowns.length > 0 ||
    world.facts.discovery?.some(({ group }) => group === 'security.openshift.io') === true
  );
};

/** Namespaces that are in the files and surely not in the cluster come with them. */
function withNamespaces(target: AdmitTarget, world: World): World {
  const places = new Set(placesOf(target));
  const missing = target.namespaces.filter(({ name }) => places.has(name) && isAbsent(name, world));
  return missing.length === 0 ? world : world.fork('namespaces', { put: missing });
}

function isAbsent(namespace: string, world: World): boolean {
  const outcome = world.outcome(namespaceNeed(namespace));
  const isKnown = world.find('namespaces', null, namespace) || world.malformedObject('namespaces', null, namespace);
  return !isKnown && outcome !== null && (outcome.read || outcome.failure.kind === 'notFound');
}

/** Mirrors cli-runtime pkg/resource/visitor.go RequireNamespace. */
function misplacedError(object: PodObject, { given }: AdmitTarget): UserError[] {
  const own = ownNamespace(object);
  if (given === null || own === null || own === given) return [];
  const message = `error: the namespace from the provided object "${own}" does not match the namespace "${given}". You must pass '--namespace=${own}' to perform this operation.`;
  return [new UserError(message)];
}

/** An object with what becomes of its pod. */
interface JudgedObject {
  object: PodObject;
  judged: Judged;
}

function answerOf(judged: readonly JudgedObject[], target: AdmitTarget, world: World): Answer {
  const findings = judged.map((each) => findingOf(each, target, world));
  const { unknowns: hidden, remarks } = target.unread ?? { unknowns: [], remarks: [] };
  const verdict = allOf([
    ...(hidden.length > 0 ? [depends<never>(hidden)] : []),
    ...judged.map(({ judged: { verdict: value, leaning, unknowns } }) => ({ value, leaning, evidence: [], unknowns })),
  ]);
  const [only, ...more] = target.level === null ? placesOf(target) : [];
  const place = more.length === 0 ? (only ?? null) : null;
  return {
    apiVersion: 'whocan-escalate/v1alpha1',
    kind: 'Answer',
    question: 'admit',
    target: place === null ? null : { kind: 'Namespace', namespace: null, name: place },
    scope: { namespace: place, selector: null },
    verdict: verdict.value,
    leaning: verdict.leaning,
    summary: summaryOf(findings, target),
    findings,
    nearMisses: [],
    unknowns: distinctUnknowns([...findings.flatMap(({ unknowns }) => unknowns), ...hidden, ...remarks]),
    assumptions: [
      ...(target.level === null ? admissionAssumptions(world) : latestOf(target.level, world)),
      ...versionAssumptions(world),
    ],
    source: sourceRef(world),
  };
}

function findingOf({ object, judged }: JudgedObject, target: AdmitTarget, world: World): Finding {
  const namespace = target.level === null ? namespaceOf(object, target) : ownNamespace(object);
  const { verdict, leaning, reason, unknowns, violations, refusedLater } = judged;
  return {
    id: 'pod-admission',
    verdict,
    leaning,
    direct: true,
    accepted: false,
    subject: subjectOf(authorOf(world)),
    object: { kind: object.kind.kind, namespace, name: nameOf(object), container: null },
    scope: { namespace, names: null },
    reason,
    evidence: [],
    unknowns: [...unknowns],
    fix: [],
    violations,
    ...(refusedLater ? { refusedLater } : {}),
    from: object.from,
  };
}

function subjectOf({ name }: UserInfo): SubjectRef {
  if (name === null) return { kind: 'Group', namespace: null, name: AUTHENTICATED, members: null };
  const account = parseAccountUser(name);
  return account
    ? { kind: 'ServiceAccount', ...account, members: null }
    : { kind: 'User', namespace: null, name, members: null };
}

/** The assumption about the version that `latest` means, which only a cluster could tell. */
const latestOf = ({ version }: LevelVersion, { facts }: World): string[] =>
  version === 'latest' && facts.version === null
    ? [`latest is v${formatVersion(NEWEST)}, the newest version known here (--server-version)`]
    : [];
