import type { Finding } from '../../../answer/answer.ts';
import type { SubjectRef } from '../../../answer/refs.ts';
import { asVerdict, likelihoodOf } from '../../../answer/verdict.ts';
import { closureOf } from '../../../escalation/closure.ts';
import { identityPosition, keyOfPosition, type Position, type RequestPosition } from '../../../escalation/position.ts';
import { tellWays } from '../../../escalation/reachers.ts';
import { makesRequest } from '../../../escalation/request-goal.ts';
import type { Technique } from '../../../escalation/technique.ts';
import { TECHNIQUES } from '../../../escalation/techniques/index.ts';
import { identityOf } from '../../../rbac/subjects.ts';
import type { Subject } from '../../../world/objects.ts';
import { spawnScope } from '../../become/closure.ts';
import { type Evidence, evidenceOf, joined } from '../../become/evidence.ts';
import { reasonOf } from '../../become/findings.ts';
import { contextOf, type QuestionContext } from '../../context.ts';
import { everySubject, type Named } from '../../everybody.ts';
import type { IndirectWays } from '../../question.ts';
import { refOf } from '../unread-rights.ts';
import type { Way } from '../way.ts';
import { allowedBy } from './allowed.ts';
import { areGrantsRead, unseenChains } from './unseen.ts';

/** Who can become somebody that may make one of these requests, or hand the right to somebody who is held. */
export const findIndirect: IndirectWays['find'] = ({ ways, findings }, world, options) => {
  const context = contextOf(world, options);
  // Then nothing was read for it, and the answer says so itself.
  if (!areGrantsRead(world)) return { findings: [], unseen: [], isFollowed: false };
  const goal: RequestPosition = { kind: 'request', id: 'asked', object: ways[0]?.holding.target ?? null };
  const techniques = [makesRequest(goal, allowedBy(ways, context)), ...TECHNIQUES];
  const holders = new Set(findings.filter(({ verdict }) => verdict === 'yes').map(({ subject }) => keyOf(subject)));
  const scene: Scene = { goal, techniques, ways, holders, context };
  const { subject } = options;
  // Then nothing was read for it.
  if (subject && holders.has(keyOf(subject))) return { findings: [], unseen: [], isFollowed: true };
  return {
    findings: subject ? ofSubject(subject, scene) : ofEverybody(scene),
    ...unseenChains(ways, context),
  };
};

interface Scene {
  goal: RequestPosition;
  techniques: readonly Technique[];
  ways: readonly Way[];
  /** Who holds it directly, for sure. */
  holders: ReadonlySet<string>;
  context: QuestionContext;
}

/** The shortest way of one subject that does not hold it itself. */
function ofSubject(subject: Subject, { goal, techniques, ways, context }: Scene): Finding[] {
  const { world, options } = context;
  const start = identityPosition(subject, { groups: options.subjectGroups });
  const closure = closureOf([start], techniques, spawnScope(world), { goals: [goal] });
  const key = keyOfPosition(goal);
  const found = closure.reached.has(key) ? evidenceOf(key, closure, options) : null;
  return found && isIndirect(found) ? [findingOf(refOf(subject), found, ways, context)] : [];
}

/** The way of each subject that bindings name and that does not hold it itself. */
function ofEverybody({ goal, techniques, ways, holders, context }: Scene): Finding[] {
  const { world, options } = context;
  const starts = new Map<Position, Named>(everySubject(world).map((each) => [identityPosition(each.subject), each]));
  const known = new Map<string, Evidence>();
  const findings: Finding[] = [];
  tellWays(goal, [...starts.keys()], { techniques, scope: spawnScope(world) }, ({ start, closure, end }) => {
    const rest = known.get(end);
    const own = evidenceOf(end, closure, options);
    const evidence = rest ? joined(own, rest) : own;
    known.set(keyOfPosition(start), evidence);
    const named = starts.get(start);
    if (!named || holders.has(keyOf(named.subject)) || !isIndirect(evidence)) return;
    const finding = findingOf(refOf(named.subject), evidence, ways, context);
    findings.push({ ...finding, accepted: finding.accepted || named.isBuiltIn });
  });
  return withoutMembers(findings).sort((a, b) => likelihood(b) - likelihood(a) || stepsOf(a) - stepsOf(b));
}

/** Without those who are in a group that gets there as surely and in as few steps: its row stands for its members. */
function withoutMembers(findings: readonly Finding[]): Finding[] {
  const groups = new Map(
    findings.flatMap((each) => (each.subject.kind === 'Group' ? [[each.subject.name, each] as const] : [])),
  );
  return findings.filter(
    (finding) =>
      !identityOf(finding.subject).groups.some((name) => {
        const group = name === finding.subject.name ? undefined : groups.get(name);
        return group && likelihood(group) >= likelihood(finding) && stepsOf(group) <= stepsOf(finding);
      }),
  );
}

const likelihood = (finding: Finding): number => likelihoodOf(asVerdict(finding));
const stepsOf = ({ steps = 0 }: Finding): number => steps;

/** Whether it takes more than the right itself. */
const isIndirect = ({ steps }: Evidence): boolean => steps.length > 1;

function findingOf(
  subject: SubjectRef,
  { steps, unknowns, leaning }: Evidence,
  ways: readonly Way[],
  { options }: QuestionContext,
): Finding {
  const id = steps.at(-1)?.technique ?? '';
  const { object } = (ways.find(({ holding }) => holding.id === id) ?? ways[0] ?? NO_WAY).holding;
  return {
    id,
    verdict: unknowns.length > 0 ? 'depends' : 'yes',
    leaning,
    direct: false,
    accepted: options.accepts(subject),
    ...{ subject, object },
    scope: { namespace: object.namespace, names: null },
    reason: reasonOf(steps.map(({ step }) => step)),
    evidence: steps,
    unknowns: [...unknowns],
    fix: [],
    steps: steps.length,
  };
}

const NO_WAY: Pick<Way, 'holding'> = {
  holding: {
    ...{ id: '', action: '', attack: null, target: null, condition: null },
    object: { kind: '', namespace: null, name: '', container: null },
  },
};

const keyOf = ({ kind, namespace, name }: Subject | SubjectRef): string => JSON.stringify([kind, namespace, name]);
