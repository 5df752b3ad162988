import type { Admission, Refusal } from '../../admission/layer.ts';
import { defaultsOf } from '../../admission/pod-security/cluster-default.ts';
import { evaluatePod } from '../../admission/pod-security/evaluate.ts';
import { formatLevelVersion, type LevelVersion } from '../../admission/pod-security/level.ts';
import { podTemplateOf, warnings } from '../../admission/pod-security/warnings.ts';
import { defaultFields, defaultTemplate } from '../../admission/request/defaults/pod.ts';
import type { AdmissionRequest } from '../../admission/request/request.ts';
import type { UserInfo } from '../../admission/request/user.ts';
import { requireDecodable } from '../../admission/request/validation/decodable.ts';
import { describeProblems, validatePod } from '../../admission/request/validation/pod.ts';
import type { Problem } from '../../admission/request/validation/problem.ts';
import { validateWorkload } from '../../admission/request/validation/workload.ts';
import type { Violation } from '../../answer/facts/admit.ts';
import { distinctUnknowns, type Unknown } from '../../answer/unknown.ts';
import type { Leaning, Truth } from '../../answer/verdict.ts';
import { evaluateWrites } from '../../spawn/writes/chain.ts';
import { child, type Raw, text } from '../../world/raw.ts';
import { understoodOr } from '../../world/understood.ts';
import { NEWEST, type Version } from '../../world/version.ts';
import type { World } from '../../world/world.ts';
import type { PodKind } from './kinds.ts';
import type { PodObject } from './target.ts';
import { refusalWords, violationWords } from './words.ts';
import { writesFor } from './writes.ts';

/** What becomes of the pod of one object. `yes`: it is admitted. */
export interface Judged {
  verdict: Truth;
  leaning: Leaning;
  violations: Violation[];
  /** One sentence, in the server's words where it has some. */
  reason: string;
  unknowns: readonly Unknown[];
  /** The object is accepted, its pods are refused when they are made. */
  refusedLater: boolean;
  /** The pod as it is sent, by whom, and whether that alone is admitted; null where none is ever sent. */
  sent: { pod: Raw; user: UserInfo; verdict: Truth } | null;
}

/** Whether Pod Security alone admits an object, at a level, on a server of that version. */
export function admittedAtLevel({ kind, raw }: PodObject, level: LevelVersion, version: Version): Judged {
  return orUnreadable(kind, raw, () => {
    const isPod = kind.resource === 'pods';
    // What plug-ins add beside the defaults, no check looks at.
    const pod = isPod ? defaultFields(raw) : raw;
    const problems = isPod ? validatePod(pod, NEW_POD) : validateWorkload(kind, raw);
    if (problems.length > 0) return invalidObject(problems);
    const template = isPod ? pod : defaultTemplate(podTemplateOf(kind, raw) ?? {});
    if (!isPod) {
      const made = validatePod(
        defaultFields({ ...template, metadata: { ...child(template, 'metadata'), name: 'x' } }),
        NEW_POD,
      );
      if (made.length > 0) return invalidPods(kind, made);
    }
    const { allowed, violations } = evaluatePod(template, level.level, level.version, version);
    if (allowed) return admitted(`meets ${formatLevelVersion(level)}`);
    const told = violations.map(({ check, reason, detail }) => ({ check, reason, detail }));
    return { ...refused(violationWords(formatLevelVersion(level), told), told), refusedLater: !isPod };
  });
}

/** Whether everything that decides in a namespace admits an object. */
export function admittedInNamespace(
  { kind, raw }: PodObject,
  namespace: string,
  author: UserInfo,
  world: World,
): Judged {
  return orUnreadable(kind, raw, () => {
    const writes = writesFor(kind, raw, namespace, author, world.facts.version ?? NEWEST);
    const [first] = writes.requests;
    const { admission: whole, writes: judged } = evaluateWrites(writes.requests, world);
    const isChanged = judged[0]?.results.some(({ request }) => request !== first) ?? false;
    // What mutators have changed is validated afterwards, and by whoever judges the write.
    const problems = isChanged
      ? []
      : kind.resource === 'pods'
        ? validatePod(first.object ?? {}, NEW_POD)
        : validateWorkload(kind, first.object ?? {});
    if (problems.length > 0) return invalidObject(problems);
    const last = judged.at(-1);
    const sent = last ? { pod: writes.sent, user: last.request.user, verdict: last.admission.value } : null;
    const { value: verdict, leaning } = whole;
    const decisive = judged.find(({ admission }) => admission.value === 'no');
    const isPodChanged = last?.results.some(({ request }) => request !== last.request) ?? false;
    const ofPods =
      decisive || !last || last.request === first || isPodChanged
        ? []
        : validatePod(last.request.object ?? {}, NEW_POD);
    if (ofPods.length > 0) return invalidPods(kind, ofPods);
    return {
      verdict,
      leaning,
      violations: violationsOf(whole.evidence),
      reason: reasonOf(whole, decisive, first, world),
      unknowns: whole.unknowns,
      refusedLater: decisive !== undefined && decisive.request !== first,
      sent,
    };
  });
}

/** One write of several, and what is decided over it. */
interface JudgedWrite {
  request: AdmissionRequest;
  admission: Admission;
}

function reasonOf(whole: Admission, decisive: JudgedWrite | undefined, first: AdmissionRequest, world: World): string {
  const { namespace, kind } = first;
  if (whole.value === 'yes') {
    const { offBecause } = defaultsOf(world);
    return `nothing in namespace ${namespace} refuses it${offBecause === null ? '' : ` (Pod Security: ${offBecause})`}`;
  }
  if (!decisive) {
    const [unknown, ...others] = distinctUnknowns(whole.unknowns);
    return `it depends on ${unknown?.what ?? 'what is not known'}${others.length > 0 ? ` and ${others.length} more` : ''}`;
  }
  const { request, admission } = decisive;
  const words = refusalWords(admission.evidence, namespace, world);
  if (request === first) return words;
  const made = request.kind.kind;
  const warned = warnings(first, world).length > 0 ? ' with a warning' : '';
  return `the ${kind.kind} is accepted${warned}, but its ${made === 'Pod' ? 'pods are' : `${made} is`} refused: ${words}`;
}

function orUnreadable(kind: PodKind, raw: Raw, judge: () => Judged): Judged {
  return understoodOr(
    () => {
      for (const field of ['name', 'namespace']) text(child(raw, 'metadata'), field);
      requireDecodable(kind.resource === 'pods' ? raw : (podTemplateOf(kind, raw) ?? {}));
      return judge();
    },
    (error) =>
      refused(`the server could not read it: ${error.message}`, [
        { check: 'malformed', reason: `not a ${kind.kind}`, detail: error.message },
      ]),
  );
}

const invalidObject = (problems: readonly Problem[]): Judged =>
  refused(
    `the server would refuse it as invalid before admission: ${describeProblems(problems)}`,
    problems.map(({ field, message }) => ({ check: 'validation', reason: field, detail: message })),
  );

/** What only pods must not have, or what is filled in when they are made. */
const invalidPods = (kind: PodKind, problems: readonly Problem[]): Judged => ({
  ...invalidObject(problems),
  reason: `the ${kind.kind} is accepted, but the server would refuse its pods as invalid: ${describeProblems(problems)}`,
  refusedLater: true,
});

function violationsOf(refusals: readonly Refusal[]): Violation[] {
  const distinct = new Map(
    refusals.map(({ check, reason, detail }) => [JSON.stringify([check, reason, detail]), { check, reason, detail }]),
  );
  return [...distinct.values()];
}

const admitted = (reason: string): Judged => ({
  verdict: 'yes',
  leaning: null,
  violations: [],
  reason,
  unknowns: [],
  refusedLater: false,
  sent: null,
});
const refused = (reason: string, violations: Violation[]): Judged => ({
  ...admitted(reason),
  verdict: 'no',
  violations,
});

/** Whether the server lets privileged containers be is a layer of its own. */
const NEW_POD = { isNew: true, allowPrivileged: true } as const;
