import type { Finding } from '../../answer/answer.ts';
import type { Verdict } from '../../answer/verdict.ts';
import { count, joinAnd } from '../../answer/words.ts';
import type { PodWay } from '../../spawn/rights/ways.ts';
import type { Subject } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';
import { absenceOf } from '../holders/subject-existence.ts';

/** `ServiceAccount ci/builder can get a pod onto a node as root, in namespaces ci and dev`. */
export function summarizeOne(
  named: string,
  subject: Subject,
  /** The pod that stands for it, as the sentence names it. */
  pod: string | null,
  verdict: Verdict,
  held: readonly Finding[],
  misses: readonly Finding[],
  idle: readonly PodWay[],
  world: World,
): string {
  const who = `${pod ? `${pod}, as ` : ''}${named}${absenceOf(subject, held.length > 0, world)}`;
  const sure = held.filter((each) => each.verdict === 'yes');
  if (sure.length > 0)
    return `${who} can get a pod with ${strongestOf(sure)} onto the cluster${placesOf(sure)}${isAccepted(sure)}`;
  const open = held.filter((each) => each.verdict === 'depends');
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

/** `it may change deployments.apps, but nothing of the kind is there to be changed`. */
function idleWords(idle: readonly PodWay[]): string {
  const shown = idle.length > 3 ? idle.slice(0, 2) : idle;
  const words = [
    ...shown.map((way) => way.words),
    ...(shown.length < idle.length ? [`${idle.length - shown.length} more`] : []),
  ];
  return `it may ${joinAnd(words)}, but nothing of the kind is there to be changed`;
}

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

/** Strongest first, as the findings are told. */
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

/** Of `create pods, but nothing stronger than …` what it comes to. */
const boundOf = (reason: string): string => reason.replace(/^.*?, but /s, '');

/** `Pod Security and ValidatingAdmissionPolicy own-images stop it`. */
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

/** What it hangs on, the first by name. */
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
