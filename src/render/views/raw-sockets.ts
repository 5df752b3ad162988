import type { Answer, Finding } from '../../answer/answer.ts';
import { count } from '../../answer/count.ts';
import type { ContainerNotes, NetworkFacts } from '../../answer/facts/raw-sockets.ts';
import type { Paint } from '../terminal/paint.ts';
import { cell, Printable, sentence } from '../terminal/printable.ts';
import { printed } from '../terminal/shell.ts';
import { type Column, type Lines, tableLines } from '../terminal/table.ts';
import { drawTree, type Tree } from '../terminal/tree.ts';
import { fixView } from './fix.ts';
import { podWords } from './holders.ts';
import { doneByTargets } from './overall.ts';
import type { QuestionView, View } from './view.ts';
import { LEANS } from './words.ts';

/** Which pods open raw sockets: what is done by the targets themselves. */
export const rawSocketsView: QuestionView = {
  body: containersView,
  names: (answers) => podNames(answers.flatMap(({ findings }) => findings)),
  next: nextQuestion,
  several: doneByTargets('open raw sockets'),
  row: ({ object }) => sentence`${cell(`pod/${object.namespace}/${object.name}`)} ${cell(object.container ?? '')}`,
};

/** `pod/web-0`, as kubectl has it, of those that can, or may; without their namespaces, as there. */
function podNames(findings: readonly Finding[]): Printable[] {
  const open = findings.filter(({ id, answer }) => id === 'raw-sockets' && answer !== 'no');
  return [...new Set(open.map(({ object }) => `pod/${object.name}`))].map((name) => Printable.of(name));
}

/** After all pods, what ends it for one of them; after one pod, its card. */
function nextQuestion({ target, findings }: Answer): string[] | null {
  if (target !== null) return ['pod', ...podWords(target)];
  const worst =
    findings.find(({ answer }) => answer === 'yes') ?? findings.find(({ verdict }) => verdict === 'depends');
  return worst ? ['raw-sockets', worst.object.name, '-n', worst.object.namespace ?? 'default', '--explain'] : null;
}

/**
 * Which containers open raw sockets, alike ones together, worst first; why the others don't; and what it is worth where
 * they are.
 */
function containersView({ findings, target, network }: Answer, view: View): Lines[] {
  const containers = findings.filter(({ id }) => id === 'raw-sockets').sort((a, b) => rank(a) - rank(b));
  const spoofing = findings.filter(({ id }) => id !== 'raw-sockets');
  const open = containers.filter(({ answer }) => answer !== 'no');
  const closed = containers.filter(({ answer }) => answer === 'no');
  if (view.wide)
    return [
      tableLines(wideColumns(view), containers, !view.noHeaders, view.width),
      ...around(open, containers, network, view),
    ];
  const shown = target ? containers : open;
  const groups = groupsOf(shown);
  return [
    view.explain
      ? groups.flatMap((group) => explained(group, target !== null, view))
      : tableLines(columnsFor(groups, target !== null, view), groups, !view.noHeaders, view.width),
    target ? [] : closedView(closed, view),
    spoofing.length > 0 ? spoofView(spoofing, target !== null, view) : [],
    ...around(open, containers, network, view),
    target || view.explain ? fixView([...open, ...spoofing], view) : [],
  ];
}

/** Equal containers of one workload. */
interface Group {
  /** The first of them. */
  finding: Finding;
  notes: ContainerNotes;
  pods: number;
}

function groupsOf(findings: readonly Finding[]): Group[] {
  const groups = new Map<string, Group>();
  for (const finding of findings) {
    const { container: notes, object, reason, answer, id } = finding;
    if (!notes) continue;
    const key = JSON.stringify([
      id,
      object.namespace,
      notes.workload.kind,
      notes.workload.name,
      object.container,
      notes.kind,
      answer,
      reason,
    ]);
    const known = groups.get(key);
    if (known) known.pods += 1;
    else groups.set(key, { finding, notes, pods: 1 });
  }
  return [...groups.values()];
}

/** What most likely can comes first: images run as root more often than not. */
const rank = ({ answer, leaning, container }: Finding): number => {
  const open = leaning === 'yes' ? 1 : leaning === null ? 2 : 4;
  const place = { yes: 0, unknown: open, 'via-binary': 3, no: 5 }[answer ?? 'no'];
  return 2 * place + Number(container?.network !== 'node');
};

function columnsFor(groups: readonly Group[], isOnePod: boolean, { paint, allNamespaces }: View): Column<Group>[] {
  const optional = (shown: boolean, column: Column<Group>): Column<Group>[] => (shown ? [column] : []);
  return [
    ...optional(allNamespaces && !isOnePod, {
      title: 'NAMESPACE',
      value: ({ finding }) => cell(finding.object.namespace ?? ''),
    }),
    { title: 'ANSWER', value: ({ finding }) => answerWord(finding, paint) },
    ...optional(!isOnePod, { title: 'WORKLOAD', value: workloadWord }),
    { title: 'CONTAINER', value: containerWord },
    ...optional(!isOnePod, { title: 'PODS', value: ({ pods }) => cell(String(pods)) }),
    ...optional(groups.some(isOnNode), { title: 'NETWORK', value: ({ notes }) => cell(notes.network) }),
    { title: 'WHY', value: ({ finding }) => sentence`${finding.reason}`, prose: true },
  ];
}

const wideColumns = ({ paint }: View): Column<Finding>[] => {
  const note = (title: string, value: (notes: ContainerNotes) => string): Column<Finding> => ({
    title,
    value: ({ container }) => cell(container ? value(container) : ''),
  });
  return [
    { title: 'NAMESPACE', value: ({ object }) => cell(object.namespace ?? '') },
    { title: 'POD', value: ({ object }) => cell(object.name) },
    { title: 'CONTAINER', value: ({ object }) => cell(object.container ?? '') },
    note('KIND', ({ kind }) => kind),
    note('STATE', ({ state }) => state),
    { title: 'ANSWER', value: (finding) => answerWord(finding, paint) },
    note('USER', ({ uid }) => uid?.toString() ?? '<unknown>'),
    note('SOURCE', ({ source }) => (source ?? '').replaceAll(' ', '-')),
    note('RUNTIME', ({ runtime }) => runtime.replaceAll(' ', '-')),
    note('NETWORK', ({ network }) => network),
    note('NODE', ({ node }) => node ?? ''),
    note('NEIGHBOURS', ({ neighbours }) => neighbours?.toString() ?? '<unknown>'),
    { title: 'WHY', value: ({ reason }) => sentence`${reason}`, prose: true },
  ];
};

/** `yes`, `via-binary`, `unknown`; where it leans, `probably` and `unlikely`. */
const answerWord = ({ answer = 'no', leaning, verdict }: Finding, paint: Paint): Printable =>
  paint(verdict, cell(answerOf(answer, leaning)));

/** The answer in one word. */
export const answerOf = (answer: string, leaning: Finding['leaning']): string =>
  leaning === null ? answer : LEANS[leaning];

const workloadWord = ({ notes: { workload } }: Group): Printable =>
  cell(`${workload.kind.toLowerCase()}/${workload.name}`);

/** `app`, and `setup(init)` where it is none of the regular ones. */
const containerWord = ({ finding, notes: { kind } }: Group): Printable =>
  cell(`${finding.object.container}${kind === 'regular' ? '' : `(${kind})`}`);

const isOnNode = ({ notes }: Group): boolean => notes.network === 'node';

/** How many cannot, by why. */
function closedView(findings: readonly Finding[], { paint }: View): Printable[] {
  if (findings.length === 0) return [];
  const reasons = [...Map.groupBy(findings, ({ reason }) => reason)].sort(([, a], [, b]) => b.length - a.length);
  return [
    paint('heading', sentence`Cannot: ${count(findings.length, 'container')} (-o wide lists them)`),
    ...reasons.slice(0, REASONS_SHOWN).map(([reason, alike]) => sentence`  ${alike.length}: ${reason}`),
    ...(reasons.length > REASONS_SHOWN ? [sentence`  and for ${reasons.length - REASONS_SHOWN} more reasons`] : []),
  ];
}

const REASONS_SHOWN = 8;

function spoofView(findings: readonly Finding[], isOnePod: boolean, view: View): Printable[] {
  const lines = groupsOf(findings).map((group) => {
    const where = isOnePod ? '' : sentence`${workloadWord(group)}, `;
    const pods = isOnePod ? '' : ` (${count(group.pods, 'pod')})`;
    return sentence`  ${where}container ${containerWord(group)}${pods}  ${answerWord(group.finding, view.paint)}: ${group.finding.reason}`;
  });
  return [view.paint('heading', sentence`Can pretend to be others without a raw socket, by NET_ADMIN:`), ...lines];
}

/** What it is worth, and what only looks like protection. */
function around(
  open: readonly Finding[],
  all: readonly Finding[],
  network: NetworkFacts | undefined,
  view: View,
): Printable[][] {
  return [idleView(all, view), open.length > 0 && network ? networkView(open, network, view) : []];
}

function idleView(findings: readonly Finding[], { paint }: View): Printable[] {
  const idle = groupsOf(findings.filter(({ container }) => container && container.ineffectiveDrops.length > 0));
  if (idle.length === 0) return [];
  const lines = idle.map((group) => {
    const { notes } = group;
    const why = notes.source === 'privileged' ? 'it is privileged' : `${notes.runtime} does not drop by that name`;
    return sentence`  ${workloadWord(group)}, container ${containerWord(group)}: drop ${notes.ineffectiveDrops.join(', ')}: ${why}`;
  });
  return [paint('heading', sentence`Ineffective drops:`), ...lines];
}

/** What is known of the plug-in. */
export const networkLines = ({ plugins, unknown }: NetworkFacts): Printable[] => [
  ...plugins.map(({ name, effect, daemonSet }) => {
    const from = daemonSet ? sentence` (daemonset/${daemonSet.name} in ${daemonSet.namespace ?? ''})` : '';
    return sentence`  ${name}${from}: ${effect}`;
  }),
  ...(unknown === null ? [] : [sentence`  the plug-in is not known: ${unknown}`]),
];

function networkView(open: readonly Finding[], network: NetworkFacts, { paint }: View): Printable[] {
  const onNode = open.filter(({ container }) => container?.network === 'node').length;
  const lines = [
    ...networkLines(network),
    ...(onNode > 0
      ? [sentence`  ${onNode} of ${open.length} use hostNetwork: they see all pods of the node, and its network`]
      : []),
    ...neighbourLines(open),
  ];
  return [paint('heading', sentence`Impact on this network:`), ...lines];
}

/** How many share a node with one of them. */
function neighbourLines(open: readonly Finding[]): Printable[] {
  const nodes = new Map<string, number | null>();
  for (const { container } of open) if (container?.node != null) nodes.set(container.node, container.neighbours);
  const known = [...nodes].filter(([, neighbours]) => neighbours !== null);
  const [only] = known;
  if (!only) return [];
  if (nodes.size === 1) return [sentence`  other pods on node ${only[0]}: ${only[1] ?? 0}`];
  const most = known.reduce((best, each) => ((each[1] ?? 0) > (best[1] ?? 0) ? each : best));
  // If not all pods of the cluster were read, those of a few nodes were.
  const among = known.length < nodes.size ? ` of the ${known.length} nodes looked at` : '';
  return [
    sentence`  they are on ${nodes.size} nodes; most neighbours${among}: ${count(most[1] ?? 0, 'other pod')} on ${most[0]}`,
  ];
}

function explained(group: Group, isOnePod: boolean, view: View): Printable[] {
  const { paint } = view;
  const { finding, notes, pods } = group;
  const leaf = (line: Printable): Tree => ({ line, children: [] });
  const many = isOnePod || pods === 1 ? '' : ` (${pods} pods, such as ${finding.object.name})`;
  return drawTree(
    {
      line: sentence`${paint('heading', sentence`${workloadWord(group)} ${containerWord(group)}`)}${many}  ${answerWord(finding, paint)}: ${finding.reason}`,
      children: [
        ...finding.evidence.map(
          ({ step, command }): Tree => ({
            line: sentence`${step}`,
            children: command === null ? [] : [leaf(printed(command))],
          }),
        ),
        ...finding.unknowns.map(({ what, why }) => leaf(sentence`not known: ${what}: ${why}`)),
        ...notes.notEnough.map(({ change, because }) => leaf(sentence`not enough: ${change}: ${because}`)),
      ],
    },
    view,
  );
}
