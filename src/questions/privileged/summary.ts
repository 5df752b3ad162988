import type { Finding } from '../../answer/answer.ts';
import type { Verdict } from '../../answer/verdict.ts';
import { count, joinAnd } from '../../answer/words.ts';
import type { PodWay } from '../../spawn/rights/ways.ts';
import type { Subject } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';
import { absenceOf } from '../holders/subject-existence.ts';
import type { Indirect } from '../question.ts';

/** A subject that is asked about, in words. */
interface NamedSubject {
  /** `ServiceAccount ci/builder`. */
  named: string;
  subject: Subject;
  /** The pod by which the subject was named, as the sentence names it; null if no pod was. */
  pod: string | null;
}

/** What an answer about one subject found. */
interface OneResult {
  verdict: Verdict;
  /** Findings of what the subject holds, strongest first. */
  held: readonly Finding[];
  /** How it becomes somebody who gets a pod to the node; absent where nobody looked. */
  indirect: Indirect | undefined;
  misses: readonly Finding[];
  /** Ways without any object to change. */
  idle: readonly PodWay[];
}

/** The first sentence about one subject: `ServiceAccount ci/builder can get a pod with node root onto the cluster`. */
export function summarizeOne({ named, subject, pod }: NamedSubject, result: OneResult, world: World): string {
  const { verdict, held, indirect, misses, idle } = result;
  const who = `${pod ? `${pod}, as ` : ''}${named}${absenceOf(subject, held.length > 0, world)}`;
  const sure = held.filter((each) => each.verdict === 'yes');
  if (sure.length > 0)
    return `${who} can get a pod with ${strongestOf(sure)} onto the cluster${placesOf(sure)}${isAccepted(sure)}`;
  const [way] = indirect?.findings ?? [];
  const steps = `indirectly, in ${count(way?.steps ?? 0, 'step')}`;
  if (way?.verdict === 'yes')
    return `${who} can get a pod onto the cluster that reaches the node, ${steps}${isAccepted([way])}`;
  const open = held.filter((each) => each.verdict === 'depends');
  if (way && open.length === 0)
    return `${who} may be able to get a pod onto the cluster that reaches the node, ${steps}: it depends on ${hingesOf([way])}`;
  if (open.length > 0)
    return `${who} may be able to get a pod onto the cluster that reaches the node${placesOf(open)}: it depends on ${hingesOf(open)}`;
  const seen = verdict.value === 'depends' ? ' as far as could be seen' : '';
  if (held.length > 0) {
    const [first, ...more] = held;
    const stops = more.length === 0 ? boundOf(first?.reason ?? '') : stoppersOf(held);
    return `${who} cannot reach a node through pods${seen}: it can create or change pods${placesOf(held)}, but ${stops}`;
  }
  const nothing =
    idle.length > 0 ? idleWords(idle) : 'no binding allows it to create or change pods, or anything that makes them';
  const why = misses[0]?.reason ?? nothing;
  return `${who} cannot get a pod onto the cluster${seen}: ${why}`;
}

/** The ways that have nothing to change: `it may change deployments.apps, but nothing of the kind is there …`. */
function idleWords(idle: readonly PodWay[]): string {
  const shown = idle.length > 3 ? idle.slice(0, 2) : idle;
  const words = [
    ...shown.map((way) => way.words),
    ...(shown.length < idle.length ? [`${idle.length - shown.length} more`] : []),
  ];
  return `it may ${joinAnd(words)}, but nothing of the kind is there to be changed`;
}

/** The first sentence about everybody: how many subjects can, may, and are held back by admission. */
export function summarizeEverybody(namespace: string | null, verdict: Verdict, findings: readonly Finding[]): string {
  const where = namespace === null ? '' : ` in namespace ${namespace}`;
  const what = `get a pod onto the cluster${where} that reaches the node`;
  const counted = findings.filter(({ accepted }) => !accepted);
  const sure = subjects(counted.filter((each) => each.verdict === 'yes'));
  const maybe = subjects(counted.filter((each) => each.verdict === 'depends')).difference(sure);
  const held = subjects(counted).difference(sure).difference(maybe);
  const also = maybe.size > 0 ? `, and ${count(maybe.size, 'more subject')} may` : '';
  const stopped = held.size > 0 ? `; admission holds back ${held.size} more` : '';
  if (sure.size > 0) return `${count(sure.size, 'subject')} can ${what}${also}${stopped}`;
  if (maybe.size > 0) return `${count(maybe.size, 'subject')} may be able to ${what}: it depends${stopped}`;
  const seen = verdict.value === 'depends' ? 'nobody that could be seen' : 'nobody but built-in or accepted holders';
  return `${seen} can ${what}${stopped}`;
}

/** The stronger of the two ways to reach the node among these findings. */
function strongestOf(findings: readonly Finding[]): string {
  const strengths = new Set(findings.map(({ spawn }) => spawn?.strongest));
  return strengths.has('node root') ? 'node root' : 'host namespaces only';
}

function placesOf(findings: readonly Finding[]): string {
  const places = new Set(findings.flatMap(({ spawn }) => spawn?.namespaces ?? []));
  if (places.size === 0) return '';
  const names = [...places].sort();
  return names.length > 3
    ? `, in ${names.length} namespaces`
    : `, in namespace${names.length > 1 ? 's' : ''} ${joinAnd(names)}`;
}

/** The end of a reason such as `create pods, but nothing stronger than …`. */
const boundOf = (reason: string): string => reason.replace(/^.*?, but /s, '');

/** What refuses the pods: `Pod Security and ValidatingAdmissionPolicy own-images stop it`. */
function stoppersOf(findings: readonly Finding[]): string {
  const refusals = findings.flatMap(({ spawn }) => spawn?.refusals ?? []);
  const names = [
    ...new Set(
      refusals.map(({ layer, by, reason }) =>
        layer === 'pod-security' ? 'Pod Security' : by ? `${by.kind} ${by.name}` : reason,
      ),
    ),
  ];
  if (names.length === 0) return 'nothing is there that reaches it';
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} others`] : names;
  return `${joinAnd(shown)} ${names.length > 1 ? 'stop' : 'stops'} it`;
}

/** What the verdict depends on: the first unknown, and the number of the others. */
function hingesOf(findings: readonly Finding[]): string {
  const [first = 'what could not be seen', ...more] = new Set(
    findings.flatMap(({ unknowns }) => unknowns.map(({ what }) => what)),
  );
  return more.length > 0 ? `${first}, and ${more.length} more` : first;
}

const isAccepted = (findings: readonly Finding[]): string =>
  findings.every(({ accepted }) => accepted) ? ', which is accepted' : '';

const subjects = (findings: readonly Finding[]): Set<string> =>
  new Set(findings.map(({ subject }) => JSON.stringify(subject)));
