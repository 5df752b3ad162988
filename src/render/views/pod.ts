import type { Answer, Finding } from '../../answer/answer.ts';
import { count } from '../../answer/count.ts';
import type { PodFacts } from '../../answer/facts/pod.ts';
import type { RenderOptions } from '../options.ts';
import { listWithin } from '../terminal/lists.ts';
import { join, Printable, sentence } from '../terminal/printable.ts';
import { type Lines, table, widest } from '../terminal/table.ts';
import { chainWords, isReached } from './chains.ts';
import { escapeLines } from './escape-lines.ts';
import { findingsView, partition } from './findings.ts';
import { podWords } from './holders.ts';
import { holderNames } from './names.ts';
import { doneToTargets } from './overall.ts';
import { briefCard } from './pod-brief.ts';
import { nowLines } from './pod-now.ts';
import { countOf, marked } from './pod-ways.ts';
import { rightLines } from './right-lines.ts';
import { socketLines } from './socket-lines.ts';
import type { QuestionView, View } from './view.ts';
import { ACCOUNT_RIGHT, ACCOUNT_RULE, QUESTIONS, WAYS_IN } from './ways-in.ts';
import { day, gainWord } from './words.ts';

/** The incident card of a pod. */
export const podView: QuestionView = {
  body: (answer, view) => (answer.pod ? podCard(answer, answer.pod, view) : findingsView(answer, view)),
  names: (answers, showSystem) =>
    holderNames(
      answers.flatMap(({ pod, findings }) => (pod ? findings.filter(({ id }) => WAYS_IN.has(id)) : findings)),
      showSystem,
    ),
  next: nextQuestion,
  isOneScreen,
  several: doneToTargets('get into'),
};

/** A terminal gets what fits on it, unless somebody asks for all. */
function isOneScreen({ output, explain, showSystem, verbose, width }: RenderOptions): boolean {
  return output === 'default' && !explain && !showSystem && !verbose && Number.isFinite(width);
}

/** The question about the first way in that somebody can use. */
function nextQuestion({ target, findings }: Answer): string[] | null {
  if (target?.kind !== 'Pod') return null;
  const way = [...QUESTIONS].find(([id]) =>
    findings.some((finding) => finding.id === id && !finding.accepted && finding.verdict !== 'no'),
  );
  if (!way) return null;
  const [id, question] = way;
  return [id === 'node-proxy-kubelet' ? 'exec' : question, ...podWords(target), '--explain'];
}

/**
 * The incident card: what the pod is, who can get in by which subresource or change, what its account may do, and what
 * its containers can do to the node and on the network.
 */
function podCard(answer: Answer, pod: PodFacts, view: View): Lines[] {
  const isRight = ({ id }: Finding): boolean => id === ACCOUNT_RIGHT || id === ACCOUNT_RULE;
  const entries = answer.findings.filter((finding) => !isRight(finding));
  const nearMisses = answer.nearMisses.filter((finding) => !isRight(finding));
  const rights = [...answer.findings, ...answer.nearMisses].filter(isRight);
  const isOpen = hidesSomebody(answer, pod);
  const detailed = view.wide || view.explain;
  if (isOneScreen(view)) return briefCard(answer, pod, isOpen, view);
  return [
    facts(answer, pod, view),
    [view.paint('heading', sentence`Who can get in:`), ...waysIn(partition(entries).rows, isOpen, view)],
    [view.paint('heading', sentence`What its account may do:`), ...rightLines(rights, isOpen, view)],
    spawnLines(pod, view),
    becomesLines(pod, view),
    escapeLines(pod, view),
    socketLines(pod, answer.network, view),
    sharesLines(pod, view),
    nowLines(pod, false, view),
    ...findingsView(
      { nearMisses, findings: detailed ? answer.findings : entries.filter(({ accepted }) => accepted) },
      view,
    ),
  ];
}

/** Whether something unread may hide somebody; what a finding itself depends on hides nobody. */
function hidesSomebody({ unknowns, findings }: Answer, { escapes, sockets }: PodFacts): boolean {
  // What may be whole, if something unread completes it, is no more than a doubt.
  const sure = findings.filter(({ leaning }) => leaning !== 'no');
  const told = new Set([...sure, ...escapes, ...sockets].flatMap((each) => each.unknowns.map(({ what }) => what)));
  return unknowns.some(({ what }) => !told.has(what));
}

function facts({ target }: Answer, pod: PodFacts, { width }: View): Printable[] {
  const byPath = Map.groupBy(pod.token.containers, ({ path }) => path);
  const mounts = [...byPath].map(
    ([path, mounted]) => sentence`${path} (${mounted.map(({ container }) => container).join(', ')})`,
  );
  const lines: [string, string | Printable][] = [
    ['Node', pod.node ?? '<none>'],
    ['Phase', pod.phase ?? '<unknown>'],
    ['Owner', pod.owner ? `${pod.owner.kind}/${pod.owner.name}` : '<none>'],
    ['Created', day(pod.created)],
    ['Containers', pod.containers.join(', ')],
    ['Service account', pod.serviceAccount === null ? '<none>' : `${target?.namespace ?? ''}/${pod.serviceAccount}`],
    [
      'Privileges',
      `${pod.strength ?? '<unknown>'}${pod.strengthMaybe === null ? '' : `, perhaps ${pod.strengthMaybe}`}`,
    ],
    ['Token', pod.token.mounted ? sentence`mounted at ${join(mounts, ', ')}` : 'not mounted'],
  ];
  const columns = [
    { title: '', value: ([key]: (typeof lines)[number]) => sentence`${key}:` },
    { title: '', value: ([, value]: (typeof lines)[number]) => sentence`${value}`, prose: true },
  ];
  return table(columns, lines, false, width);
}

/** Whether its account gets a pod onto the cluster, and a stronger one than this. */
function spawnLines({ spawns }: PodFacts, { paint }: View): Printable[] {
  if (!spawns) return [];
  const { strongest, maybe, stronger, namespaces, ways, because, unknowns } = spawns;
  const heading = paint('heading', sentence`What pods its account can spawn:`);
  const seen = unknowns.length > 0 && maybe === null ? ', as far as could be seen' : '';
  if (strongest === null && maybe === null) return [heading, sentence`  ${because ?? 'none'}${seen}`];
  const where =
    namespaces.length === 0
      ? ''
      : ` in ${namespaces.length > 3 ? `${namespaces.length} namespaces` : namespaces.join(', ')}`;
  const more = stronger ? ', which is more than it has itself' : '';
  const sure = strongest === null ? sentence`none for sure` : sentence`${strongest}${where} (${ways.join(', ')})`;
  const open = maybe === null ? '' : sentence`, and perhaps ${maybe}`;
  const line = sentence`  ${stronger ? paint('yes', sure) : sure}${open}${more}${seen}`;
  return [heading, line, ...(because === null ? [] : [sentence`  ${because}`])];
}

/** What code in it can come to control: all of it in a line, and how it gets to the worst. */
function becomesLines({ becomes }: PodFacts, { paint, width }: View): Printable[] {
  if (!becomes) return [];
  const { sure, maybe } = becomes;
  const line = ({ count: all, words, worst }: NonNullable<typeof sure>, how: string): Printable[] => {
    const way = sentence`${gainWord(worst)}, in ${count(worst.steps, 'step')} (${chainWords(worst.techniques)})`;
    return (all === 1 ? sentence`  ${how}${way}` : sentence`  ${how}${words}; the worst is ${way}`).wrapped(width, 4);
  };
  return [
    paint('heading', sentence`What code in it can become:`),
    ...(sure ? line(sure, '') : []),
    ...(maybe ? line(maybe, 'perhaps ') : []),
    ...(sure || maybe ? [] : [sentence`  nothing else`]),
  ];
}

/** Who is on the node beside it; one that is root there has the tokens of all. */
function sharesLines({ node, shares = null }: PodFacts, { paint }: View): Printable[] {
  if (!shares || shares.length === 0) return [];
  const byStrength = Map.groupBy(shares, ({ strength }) => strength ?? 'not read');
  return [
    paint('heading', sentence`Who shares node ${node ?? ''} with it:`),
    ...[...byStrength].map(
      ([strength, pods]) =>
        sentence`  ${strength}: ${pods.map(({ namespace, name }) => `${namespace}/${name}`).join(', ')}`,
    ),
  ];
}

interface WayIn {
  name: string;
  subjects: Printable[];
}

/**
 * One line for each subresource, and one for each thing whose change lets somebody in. `+` after the number says that
 * there may be more, `?` that nobody was seen.
 */
function waysIn(findings: readonly Finding[], isOpen: boolean, view: View): Printable[] {
  const { direct = [], indirect = [] } = Object.groupBy(findings, (each) => (isReached(each) ? 'indirect' : 'direct'));
  const changed = direct.filter(({ id }) => !QUESTIONS.has(id));
  const lines: WayIn[] = [
    ...[...QUESTIONS].map(([id, name]) => ({
      name,
      subjects: marked(
        direct.filter((finding) => finding.id === id),
        view,
      ),
    })),
    ...[...Map.groupBy(changed, changeName)].map(([name, its]) => ({ name, subjects: marked(its, view) })),
    ...(indirect.length > 0 ? [{ name: 'indirectly', subjects: marked(indirect, view) }] : []),
  ];
  const columns = [
    { title: '', value: ({ name }: WayIn) => sentence`  ${name}` },
    { title: '', value: ({ subjects }: WayIn) => Printable.of(countOf(subjects.length, isOpen)) },
  ];
  const left = widest(table(columns, lines, false)) + 2;
  const who = { title: '', value: ({ subjects }: WayIn) => listWithin(subjects, view.width - left) };
  return table([...columns, who], lines, false);
}

/** `change deployment/web`, `proxy service/web`, `change image`. */
function changeName({ id, object }: Finding): string {
  const verb = THROUGH.get(object.kind === 'Pod' ? '' : id);
  return verb === undefined || object.name === ''
    ? (WAYS_IN.get(id) ?? id)
    : `${verb} ${object.kind.toLowerCase()}/${object.name}`;
}

/** What leads by way of something else, which is named. */
const THROUGH: ReadonlyMap<string, string> = new Map([
  ['workload-template-update', 'change'],
  ['service-proxy', 'proxy'],
]);
