import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer, EvidenceStep, Finding } from '../../src/answer/answer.ts';
import { toDot, toMermaid } from '../../src/render/graph.ts';
import { main } from '../helpers/run-main.ts';

test('a proof as a flowchart: who begins, each step, what is gained', async () => {
  const { stdout } = await main('sa/web -n shop --to sa/checkout --demo -o mermaid');
  assert.equal(
    stdout,
    `flowchart TD
  n1(["sa/shop/web"])
  n2["pod-create: create pods in namespace dev (as sa/shop/web)"]
  n3["pod-create: run a pod as ServiceAccount dev/default (as sa/shop/web)"]
  n4["pod-exec: run commands in pod shop/checkout-dmzffll57h-m2n4z (as sa/dev/default)"]
  n5["pod-token: read the token of ServiceAccount shop/checkout in pod shop/checkout-dmzffll57h-m2n4z"]
  n6[["sa/shop/checkout"]]
  n1 --> n2
  n2 --> n3
  n3 --> n4
  n4 --> n5
  n5 --> n6
`,
  );
});

test('the same for Graphviz', async () => {
  const { stdout } = await main('sa/web -n shop --to secret/web-db --demo -o dot');
  assert.equal(
    stdout,
    `digraph proof {
  node [shape=box];
  n1 [label="sa/shop/web" shape=ellipse];
  n2 [label="secret-read: read Secret web-db in namespace shop (as sa/shop/web)"];
  n3 [label="secret/shop/web-db" shape=doubleoctagon];
  n1 -> n2;
  n2 -> n3;
}
`,
  );
});

const step = (id: string, words: string, uses: string[]): EvidenceStep => ({
  ...{ id, technique: 't', step: words, identity: null, gains: null, uses, grants: [], command: null },
});
const finding = (name: string, evidence: EvidenceStep[], more: Partial<Finding> = {}): Finding => ({
  ...{ id: 't', verdict: 'yes', leaning: null, direct: false, accepted: false },
  subject: { kind: 'User', namespace: null, name, members: null },
  object: { kind: 'Node', namespace: null, name: 'n', container: null },
  ...{ scope: { namespace: null, names: null }, reason: '', evidence, unknowns: [], fix: [] },
  ...more,
});
const answer = (...findings: Finding[]): Answer => ({ findings }) as Answer;
const mermaid = (...findings: Finding[]): string => [...toMermaid([answer(...findings)])].join('');

test('a step that rests on two has two edges, and one that two proofs share is one node', () => {
  const proof = [step('e1', 'a', []), step('e2', 'b', []), step('e3', 'c', ['e1', 'e2'])];
  const once = mermaid(finding('x', proof));
  assert.match(once, /n2 --> n4\n {2}n3 --> n4\n/);
  assert.equal(mermaid(finding('x', proof), finding('x', proof)), once);
});

test('what is refused or accepted has no node, and what depends says so', () => {
  assert.equal(mermaid(finding('x', [], { verdict: 'no' }), finding('y', [], { accepted: true })), 'flowchart TD\n');
  assert.match(mermaid(finding('x', [step('e1', 'a', [])], { verdict: 'depends' })), /-->\|"depends"\|/);
});

test('names of a cluster stay text, in both', () => {
  const hostile = finding('x"]\n  evil --> y\u001b[31m', [step('e1', '"; <script>', [])]);
  const shown = mermaid(hostile);
  assert.ok(!shown.includes('\u001b') && !shown.includes('<') && !/^ {2}evil/m.test(shown), shown);
  const dot = [...toDot([answer(hostile)])].join('');
  assert.ok(!dot.includes('\u001b') && !/^ {2}evil/m.test(dot), dot);
  assert.match(dot, /label="t: \\"; <script>"/);
});
