import type { Answer, Finding } from '../../src/answer/answer.ts';
import type { PodFacts } from '../../src/answer/facts/pod.ts';
import type { Result } from '../../src/questions/question.ts';
import type { Asking } from './questions.ts';

/**
 * What a result claims, a line each, sorted: where pods are made by controllers their names, and how many of them are
 * alike, do not count.
 */
export function claimsOf({ asked, errors }: Result, { isOfPods }: Asking): string[] {
  const lines = [...errors.map(({ message }) => message), ...asked.flatMap(({ answer }) => linesOf(answer, isOfPods))];
  return [...new Set(lines)].sort();
}

function linesOf(answer: Answer, isOfPods: boolean): string[] {
  const { verdict, leaning, findings, nearMisses, pod, target } = answer;
  const about = target && !(isOfPods && target.kind === 'Pod') ? `${target.kind} ${target.name}: ` : '';
  return [
    `${about}${verdict} ${leaning ?? ''}`,
    ...findings.map((each) => lineOf(each)),
    ...nearMisses.map((each) => `near miss: ${lineOf(each)}`),
    ...(pod ? factsOf(pod) : []),
  ];
}

/**
 * What a pod has, but for what only a pod that runs has: a name of its own, when it began, and who is beside it; nor
 * the pod that is an example.
 */
function factsOf({
  serviceAccount,
  token,
  containers,
  strength,
  strengthMaybe,
  spawns,
  escapes,
  sockets,
}: PodFacts): string[] {
  const because = spawns?.because?.replace(/, such as [^ ,]+/, '');
  const facts = { serviceAccount, token, containers, strength, strengthMaybe, spawns: { ...spawns, because } };
  return [
    ...Object.entries(facts).map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
    ...escapes.map(({ id, container, gain, verdict }) => `escape ${id} ${container}: ${verdict} ${gain}`),
    ...sockets.map(({ id, container, answer, network }) => `${id} ${container}: ${answer} ${network}`),
  ];
}

function lineOf({ id, verdict, leaning, accepted, subject, scope, object, spawn, answer }: Finding): string {
  // Offline nobody asks in particular.
  const who =
    id === 'pod-admission'
      ? `${object.kind} ${object.name}`
      : [subject.kind, subject.namespace, subject.name].filter((part) => part !== null).join('/');
  const where = `${scope.namespace ?? '*'} ${scope.names?.toSorted().join() ?? ''}`;
  const spawned = spawn ? `${spawn.strongest} ${spawn.maybe} ${spawn.namespaces?.toSorted().join() ?? '*'}` : '';
  return [id, verdict, leaning, accepted && 'accepted', who, where, object.container, answer, spawned]
    .filter(Boolean)
    .join(' ');
}

/**
 * Whether both sides can be asked: a server knows no resource whose definition is not among the manifests, and refuses
 * to answer, where offline it is taken at its word.
 */
export const isServed = ({ errors }: Result): boolean =>
  !errors.some(({ message }) => message.includes("the server doesn't have a resource type"));

/** What one side says and the other does not. */
export function differences(
  here: readonly string[],
  there: readonly string[],
  names: readonly [string, string],
): string[] {
  const only = (some: readonly string[], others: readonly string[], name: string): string[] =>
    some.filter((line) => !others.includes(line)).map((line) => `only ${name}: ${line}`);
  return [...only(here, there, names[0]), ...only(there, here, names[1])];
}
