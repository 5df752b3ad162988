import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, AnswerList, Finding } from '../../../src/answer/answer.ts';
import type { ControlPlane } from '../../helpers/control-plane.ts';
import type { Runner } from '../../helpers/in-process.ts';
import { load } from '../../helpers/load.ts';
import { waitForServiceAccount } from '../../helpers/real.ts';
import { runAs } from '../../helpers/shell.ts';
import { BAD_POD, type Case } from './cases.ts';
import { MERGE } from './plane.ts';

/**
 * Declares a test for a change: what is asked with it supposed, before anything is done, has to be what is answered
 * when kubectl has carried it out.
 */
export function declareChange(plane: ControlPlane, number: number, change: Case, runner: Runner): void {
  test(`${change.why}`, async (t) => {
    const ns = `w${number}`;
    await setUp(plane, ns, change);
    const dir = mkdtempSync(join(plane.dir, 'what-if-'));
    const file = join(dir, 'with.json');
    const bad = join(dir, 'pod.json');
    const items = change.with?.(ns) ?? [];
    const names = change.without?.(ns) ?? [];
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    writeFileSync(bad, JSON.stringify(BAD_POD));
    const flags = [...(items.length > 0 ? [`--with ${file}`] : []), ...names.map((name) => `--without ${name}`)];
    const questions = change.ask(ns).map((words) => words.replace('POD', bad));
    const ask = async (words: string) =>
      shown(await runner(`${words} -o json`, { env: { KUBECONFIG: plane.kubeconfigFile } }));
    const supposed = await inTurn(questions, (words) => ask([words, ...flags].join(' ')));
    await carryOut(plane, file, items.length > 0, names, t);
    await change.settled?.(ns, plane);
    await runPods(plane);
    for (const [index, words] of questions.entries())
      await agrees(() => ask(words), supposed[index] ?? '', `${words} ${flags.join(' ')}`);
  });
}

async function setUp(plane: ControlPlane, ns: string, change: Case): Promise<void> {
  const objects = change.setup?.(ns) ?? [];
  const own = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ns } };
  const described = objects.find(
    ({ kind, metadata }) => kind === 'Namespace' && (metadata as { name: string }).name === ns,
  );
  const isEarly = ({ kind }: { kind?: unknown }): boolean => kind === 'Namespace';
  await load(plane, [...(described ? [] : [own]), ...objects.filter(isEarly)]);
  await waitForServiceAccount(plane, ns);
  await load(
    plane,
    objects.filter((each) => !isEarly(each)),
  );
  await change.ready?.(ns, plane);
  await runPods(plane);
}

/** What the scheduler and kubelets would do: a pod that is meant for one node is bound to it, and every pod runs. */
async function runPods(plane: ControlPlane): Promise<void> {
  const { items } = (await plane.request('GET', '/api/v1/pods')).body as { items: Pod[] };
  for (const { metadata, spec } of items) {
    const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;
    const node = /"metadata.name","operator":"In","values":\["([^"]*)"/.exec(JSON.stringify(spec.affinity ?? {}))?.[1];
    if (node !== undefined && spec.nodeName === undefined)
      await plane.request('POST', `${path}/binding`, { ...BINDING, metadata, target: { kind: 'Node', name: node } });
    await plane.request('PATCH', `${path}/status`, { status: { phase: 'Running' } }, MERGE);
  }
}

interface Pod {
  metadata: { namespace: string; name: string };
  spec: { nodeName?: string; affinity?: object };
}

const BINDING = { apiVersion: 'v1', kind: 'Binding' };

/** By the real kubectl, as somebody types it. */
async function carryOut(plane: ControlPlane, file: string, applies: boolean, names: string[], t: TestContext) {
  const commands = [
    ...names
      .flatMap((each) => each.split(','))
      .map((each) => {
        const [type = '', ...rest] = each.split('/');
        const [name, namespace] = rest.reverse();
        return `kubectl delete ${type}/${name}${namespace === undefined ? '' : ` -n ${namespace}`} --grace-period=0 --force=false --wait=false`;
      }),
    ...(applies ? [`kubectl apply -f ${file}`] : []),
  ];
  for (const command of commands) {
    const { code, output } = await runAs(plane, plane.adminToken, command);
    assert.equal(code, 0, `${command}: ${output}`);
    t.diagnostic(output.trim().split('\n').at(-1) ?? '');
  }
}

/** Waits until what is answered is what was supposed: the server's own caches follow it. */
async function agrees(ask: () => Promise<string>, supposed: string, what: string): Promise<void> {
  for (const deadline = Date.now() + PATIENCE; ; await sleep(200)) {
    const now = await ask();
    if (now === supposed) return;
    if (Date.now() > deadline) assert.equal(supposed, now, `supposed and real differ: ${what}`);
  }
}

const PATIENCE = 5_000;

async function inTurn<T, U>(all: readonly T[], run: (each: T) => Promise<U>): Promise<U[]> {
  const results: U[] = [];
  for (const each of all) results.push(await run(each));
  return results;
}

/** What of an answer does not depend on the moment, nor on what names controllers generate. */
function shown({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }): string {
  if (stdout === '') return unnamed(JSON.stringify({ code, stderr }));
  const document: Answer | AnswerList = JSON.parse(stdout);
  const answers = document.kind === 'AnswerList' ? document.items : [document];
  return answers.map((answer) => answerFace(answer)).join('\n');
}

function answerFace({ target, verdict, leaning, summary, findings, nearMisses, unknowns, held }: Answer): string {
  const lines = [
    ...findings.map((each) => findingFace(each)),
    ...nearMisses.map((each) => `miss ${findingFace(each)}`),
    ...unknowns.map(({ kind, what }) => `unknown ${kind} ${what}`),
    ...(held ?? []).map((each) => `held ${each.kind} ${each.namespace} ${each.name}`),
  ].map(unnamed);
  const head = [target && `${target.kind} ${target.namespace} ${target.name}`, verdict, leaning, summary].join(' | ');
  return [unnamed(head), ...[...new Set(lines)].sort()].join('\n');
}

function findingFace(finding: Finding): string {
  const { id, verdict, leaning, direct, subject, object, scope, absent, answer, steps, evidence, reason, spawn } =
    finding;
  const grants = evidence.flatMap((step) =>
    step.grants.map(({ binding, role, rule, aggregatedFrom }) =>
      [binding.kind, binding.namespace, binding.name, role.kind, role.name, rule, aggregatedFrom].join(' '),
    ),
  );
  const techniques = evidence.map(({ technique }) => technique);
  return JSON.stringify([
    ...[id, verdict, leaning, direct, subject.kind, subject.namespace, subject.name],
    ...[object.kind, object.namespace, object.name, object.container, scope, absent, answer, steps],
    ...[spawn?.strongest, spawn?.namespaces],
    // Of several proofs of one length it does not matter which is told.
    ...(steps === undefined ? [reason, grants, techniques] : []),
  ]);
}

/** Names that controllers generate, as Kubernetes' documentation writes them. */
const unnamed = (text: string): string =>
  text
    .replaceAll(
      /\b([a-z]+)-(?:[bcdfghjklmnpqrstvwxz2456789]{8,10})-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g,
      '$1-xxxxxxxxxx-xxxxx',
    )
    .replaceAll(/\b(agent|once)-[bcdfghjklmnpqrstvwxz2456789]{5}(?:-n\d)?\b/g, '$1-xxxxx')
    .replaceAll(/[^\s"]*\/what-if-[^\s"]*/g, 'FILE');
