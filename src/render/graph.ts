import type { Answer, EvidenceStep, Finding } from '../answer/answer.ts';
import type { SubjectRef, TargetRef } from '../answer/refs.ts';
import { Printable } from './terminal/printable.ts';
import { subjectWord } from './views/words.ts';

/**
 * The proofs of answers as one graph: whoever begins, each step, and what it gains. Steps that several proofs share are
 * one node. What is accepted or refused has no node. Pure.
 */
interface Graph {
  nodes: { id: string; label: string; kind: 'start' | 'step' | 'gain' }[];
  edges: { from: string; to: string; label: string }[];
}

/** A flowchart of Mermaid: what stands in quotes is text, in which only quotes and brackets have a meaning. */
export function* toMermaid(answers: readonly Answer[]): Generator<string> {
  const { nodes, edges } = graphOf(answers);
  yield 'flowchart TD\n';
  for (const { id, label, kind } of nodes) {
    const [open, close] = kind === 'start' ? ['([', '])'] : kind === 'gain' ? ['[[', ']]'] : ['[', ']'];
    yield `  ${id}${open}"${mermaidText(label)}"${close}\n`;
  }
  for (const { from, to, label } of edges)
    yield label === '' ? `  ${from} --> ${to}\n` : `  ${from} -->|"${mermaidText(label)}"| ${to}\n`;
}

/** A digraph of Graphviz. */
export function* toDot(answers: readonly Answer[]): Generator<string> {
  const { nodes, edges } = graphOf(answers);
  yield 'digraph proof {\n  node [shape=box];\n';
  for (const { id, label, kind } of nodes)
    yield `  ${id} [label="${dotText(label)}"${kind === 'step' ? '' : ` shape=${kind === 'start' ? 'ellipse' : 'doubleoctagon'}`}];\n`;
  for (const { from, to, label } of edges)
    yield `  ${from} -> ${to}${label === '' ? '' : ` [label="${dotText(label)}"]`};\n`;
  yield '}\n';
}

function graphOf(answers: readonly Answer[]): Graph {
  const ids = new Map<string, string>();
  const graph: Graph = { nodes: [], edges: [] };
  const edges = new Set<string>();
  const node = (key: string, label: string, kind: Graph['nodes'][number]['kind']): string => {
    const known = ids.get(key);
    if (known) return known;
    const id = `n${ids.size + 1}`;
    ids.set(key, id);
    graph.nodes.push({ id, label, kind });
    return id;
  };
  const edge = (from: string, to: string, label: string): void => {
    const key = `${from} ${to} ${label}`;
    if (!edges.has(key)) graph.edges.push({ from, to, label });
    edges.add(key);
  };
  const told = answers.flatMap(({ findings }) =>
    findings.filter(({ verdict, accepted }) => verdict !== 'no' && !accepted),
  );
  for (const finding of told) addProof(finding, node, edge);
  return graph;
}

function addProof(
  { subject, object, evidence, verdict }: Finding,
  node: (key: string, label: string, kind: Graph['nodes'][number]['kind']) => string,
  edge: (from: string, to: string, label: string) => void,
): void {
  const start = node(`start ${wordOf(subject)}`, wordOf(subject), 'start');
  const own = new Map<string, { id: string; key: string }>();
  for (const step of evidence) {
    const before = step.uses.flatMap((id) => own.get(id) ?? []);
    const key = JSON.stringify([step.technique, step.step, step.identity, before.map((each) => each.key)]);
    const id = node(key, labelOf(step), 'step');
    own.set(step.id, { id, key });
    if (before.length === 0) edge(start, id, '');
    for (const each of before) edge(each.id, id, '');
  }
  const last = own.get(evidence.at(-1)?.id ?? '');
  const goal = node(`gain ${wordOf(object)}`, wordOf(object), 'gain');
  edge(last?.id ?? start, goal, verdict === 'yes' ? '' : 'depends');
}

const labelOf = ({ technique, step, identity }: EvidenceStep): string =>
  `${technique}: ${step}${identity ? ` (as ${subjectWord(identity).text})` : ''}`;

/** `sa/ci/builder`, `node/n1`, `cluster-admin`. */
function wordOf({ kind, namespace, name }: TargetRef | SubjectRef): string {
  if (kind === 'Cluster') return 'cluster-admin';
  if (kind === 'ServiceAccount') return subjectWord({ kind, namespace, name }).text;
  return [kind.toLowerCase(), ...(namespace === null ? [] : [namespace]), ...(name === '' ? [] : [name])].join('/');
}

/** Text between quotes: control characters by the one door, quotes and signs of markup as entities. */
const mermaidText = (text: string): string =>
  Printable.of(text).shown.replace(/["#&;<>]/g, (sign) => `#${sign.codePointAt(0) ?? 0};`);

const dotText = (text: string): string => Printable.of(text).shown.replace(/["\\]/g, '\\$&');
