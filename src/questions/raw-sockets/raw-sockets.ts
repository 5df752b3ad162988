import type { Answer, Finding } from '../../answer/answer.ts';
import type { TargetRef } from '../../answer/refs.ts';
import { distinctUnknowns, type Unknown } from '../../answer/unknown.ts';
import { UserError } from '../../answer/user-error.ts';
import { anyOf, asVerdict, depends } from '../../answer/verdict.ts';
import { nameObject } from '../../answer/words.ts';
import { containersOf } from '../../runtime/container.ts';
import { networkPowers } from '../../runtime/network-powers.ts';
import { surroundingsOf } from '../../runtime/surroundings.ts';
import { list } from '../../world/needs.ts';
import type { Pod } from '../../world/objects.ts';
import { matchesSelector, parseSelector } from '../../world/selectors.ts';
import { unreadable, type World } from '../../world/world.ts';
import { nothingSelected, podTargets, selectedPods, unreadPod } from '../access/pods.ts';
import { sourceRef, versionAssumptions } from '../build.ts';
import { contextOf, type QuestionContext } from '../context.ts';
import { unreadNamespaces } from '../every-namespace.ts';
import { doubtfulNamespace, refuseMissingNamespace } from '../existence.ts';
import type { Asked, Question } from '../question.ts';
import type { ObjectsTarget } from '../targets.ts';
import { runtimeAssumptions } from './assumptions.ts';
import { findingsOf, RAW_SOCKETS } from './finding.ts';
import { isNamed, rawSocketNeeds } from './needs.ts';
import { networkFacts } from './network.ts';
import { summaryOf } from './summary.ts';

/**
 * Which containers can open raw and packet sockets, and why: of named pods one answer each, else one for the namespace,
 * or the cluster.
 */
export const rawSockets: Question<ObjectsTarget> = {
  name: 'raw-sockets',
  discovery: () => false,
  needs: (target, world) => rawSocketNeeds(target, podsIn(target, world), world),
  answer: (target, world, options) => {
    if (!isNamed(target)) {
      const unread = unreadPods(target, world);
      const pods = podsIn(target, world);
      if (pods.length === 0 && target.namespace !== null) refuseMissingNamespace(target.namespace, world);
      const refusal = pods.length === 0 ? unread[0] : undefined;
      if (refusal)
        return {
          asked: [],
          errors: [new UserError(`error: could not read ${refusal.what}: ${refusal.why}`)],
          warnings: [],
        };
      if (pods.length === 0 && target.selector !== null)
        return { asked: [], errors: [nothingSelected(target.namespace, world)], warnings: [] };
      const doubts = pods.length === 0 && target.namespace !== null ? doubtfulNamespace(target.namespace, world) : [];
      return {
        asked: [asked(null, pods, [...unread, ...doubts], target, contextOf(world, options))],
        errors: [],
        warnings: [],
      };
    }
    const { pods, errors } = podTargets(target, world, false);
    const readable = pods.flatMap(({ pod }) => pod ?? []);
    // What a pod may do is in the pod: there is no answer without it.
    const unreadErrors = pods.filter(({ pod }) => pod === null).map((each) => unreadPod(each, world));
    const answers = readable.map((pod) =>
      asked({ kind: 'Pod', namespace: pod.namespace, name: pod.name }, [pod], [], target, contextOf(world, options)),
    );
    return { asked: answers, errors: [...errors, ...unreadErrors], warnings: [] };
  },
};

function podsIn(target: ObjectsTarget, world: World): readonly Pod[] {
  if (isNamed(target)) return podTargets(target, world, false).pods.flatMap(({ pod }) => pod ?? []);
  const all = world.list('pods', target.namespace);
  if (target.selector === null) return all;
  const selector = parseSelector(target.selector);
  return all.filter(({ labels }) => matchesSelector(selector, labels));
}

/** The pods of the scope that could not be read, or understood: any of them may be one. */
function unreadPods({ namespace, selector }: ObjectsTarget, world: World): Unknown[] {
  const affects = 'pods that may open raw sockets';
  const isElsewhere = ({ what }: Unknown): boolean => namespace !== null && !what.startsWith(`pods ${namespace}/`);
  const malformed = world.malformed('pods').filter((each) => !isElsewhere(each));
  const need = selector === null ? list('pods', namespace) : selectedPods(namespace, selector);
  if (world.isRead(need)) return malformed;
  const unread = namespace === null ? unreadNamespaces('pods', affects, world) : [unreadable(world, need, affects)];
  return [...unread, ...malformed];
}

function asked(
  target: TargetRef | null,
  pods: readonly Pod[],
  hidden: readonly Unknown[],
  { namespace, selector }: ObjectsTarget,
  context: QuestionContext,
): Asked {
  const { world } = context;
  const findings = pods.flatMap((pod) => {
    const surroundings = surroundingsOf(pod, world);
    return containersOf(pod).flatMap((each) => findingsOf(each, networkPowers(each, surroundings), context));
  });
  const verdicts = findings.filter(({ id }) => id === RAW_SOCKETS).map(asVerdict);
  const verdict = anyOf([...verdicts, ...(hidden.length > 0 ? [depends(hidden)] : [])]);
  const summary = (words: string | null): string =>
    summaryOf(findings, words, { namespace, selector }, pods.length, hidden.length > 0);
  const answer: Answer = {
    apiVersion: 'whocan-escalate/v1alpha1',
    kind: 'Answer',
    question: 'raw-sockets',
    target,
    scope: { namespace, selector },
    verdict: verdict.value,
    leaning: verdict.leaning,
    summary: summary(target && nameObject(target)),
    findings,
    nearMisses: [],
    unknowns: distinctUnknowns([...hidden, ...findings.flatMap(({ unknowns }) => unknowns)]),
    assumptions: [...runtimeAssumptions(pods, world), ...versionAssumptions(world)],
    source: sourceRef(world),
    network: networkFacts(world),
    pods: worstOfPods(findings),
  };
  return { answer, summaryOf: summary, checks: () => [] };
}

/** What is not known may be yes, which is more than a program that has to be there first. */
const WORST_FIRST = ['yes', 'unknown', 'via-binary', 'no'] as const;

function worstOfPods(findings: readonly Finding[]): NonNullable<Answer['pods']> {
  const pods = new Map<string, NonNullable<Answer['pods']>[number]>();
  for (const { id, object, answer = 'no' } of findings) {
    if (id !== RAW_SOCKETS) continue;
    const { namespace, name } = object;
    const key = `${namespace}/${name}`;
    const before = pods.get(key);
    if (!before) pods.set(key, { namespace, name, answer });
    else if (WORST_FIRST.indexOf(answer) < WORST_FIRST.indexOf(before.answer)) before.answer = answer;
  }
  return [...pods.values()];
}
