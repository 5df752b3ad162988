import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Answer, AnswerList, Finding } from '../../src/answer/answer.ts';
import type { Unknown } from '../../src/answer/unknown.ts';
import { LEFT_OUT, WHY_LEFT_OUT } from '../../src/world/kept/left-out.ts';
import { type ClusterServer, type Stored, startCluster } from '../helpers/cluster-server.ts';
import { main } from '../helpers/run-main.ts';
import { CUSTOM_KINDS } from './canaries.ts';
import { place } from './inputs.ts';
import { judgedCluster } from './judged-clusters.ts';

const KINDS = [
  ...CUSTOM_KINDS,
  ...['K8sPSPPrivilegedContainer', 'K8sPSPHostNamespace', 'K8sOther'].map((kind) => ({
    group: 'constraints.gatekeeper.sh',
    version: 'v1beta1',
    resource: kind.toLowerCase(),
    kind,
    namespaced: false,
    pageSize: 500,
  })),
];
const cluster = await startCluster([], KINDS);
const folder = place({
  'pod.json': JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'x' },
    spec: { containers: [{ name: 'c', image: 'registry.example/app:1', args: ['--insecure'] }] },
  }),
});

const QUESTIONS = [
  'privileged user/jane -n dev',
  'privileged -A',
  'exec web -n dev',
  'debug web -n dev',
  'pod web -n dev',
  'raw-sockets -n dev',
  'who patch pods -n dev',
  `admit -f ${join(folder, 'pod.json')} -n dev`,
];

let same = 0;

/** Asks of the cluster and of its snapshot, and compares finding by finding. */
async function compare(from: ClusterServer, objects: readonly Stored[], questions: readonly string[]): Promise<void> {
  from.load(objects);
  const snapshot = join(folder, 'snapshot.jsonl');
  const { code, stderr } = await main(`snapshot ${snapshot} --server ${from.url}`);
  assert.equal(code, 0, stderr);
  for (const question of questions) {
    const told = await main(`${question} --server ${from.url} -o json`);
    const kept = await main(`${question} --input ${snapshot} -o json`);
    assert.equal(kept.code, told.code, `${question}: ${kept.stderr}`);
    assert.ok(
      !kept.stdout.includes(JSON.stringify(LEFT_OUT).slice(1, -1)),
      `${question} shows what stands for a value`,
    );
    if (told.code === 0) agree(answersOf(told.stdout), answersOf(kept.stdout), question);
  }
  rmSync(snapshot);
}

const answersOf = (text: string): readonly Answer[] => {
  const document = JSON.parse(text) as Answer | AnswerList;
  return document.kind === 'AnswerList' ? document.items : [document];
};

function agree(live: readonly Answer[], stored: readonly Answer[], question: string): void {
  assert.equal(stored.length, live.length, question);
  for (const [index, answer] of live.entries()) {
    const other = stored[index] ?? assert.fail();
    admits(answer, other, `${question}: ${other.summary}`);
    const found = new Map(other.findings.map((each) => [keyOf(each), each]));
    for (const finding of answer.findings) {
      const again = found.get(keyOf(finding));
      if (again) admits(finding, again, `${question}: ${keyOf(finding)}`);
      else
        assert.ok(
          finding.verdict === 'no' || isLeft(other.unknowns),
          `${question}: ${keyOf(finding)} is ${finding.verdict}, and gone from the snapshot`,
        );
    }
  }
}

const keyOf = ({ id, subject, object, scope }: Finding): string => JSON.stringify([id, subject, object, scope]);

/** The same, or open for what was left out. */
function admits(
  live: { verdict: string; unknowns: readonly Unknown[] },
  stored: { verdict: string; unknowns: readonly Unknown[] },
  what: string,
): void {
  if (stored.verdict === live.verdict) {
    same += 1;
    return;
  }
  assert.equal(stored.verdict, 'depends', `${what}: ${live.verdict} of the cluster`);
  assert.ok(isLeft(stored.unknowns), `${what}: ${JSON.stringify(stored.unknowns)}`);
}

const isLeft = (unknowns: readonly Unknown[]): boolean =>
  unknowns.some(({ what, why }) => `${what}: ${why}`.includes(WHY_LEFT_OUT));

test('a snapshot answers as its cluster does, or says what it left out', async () => {
  await fc.assert(
    fc.asyncProperty(judgedCluster, fc.subarray(QUESTIONS, { minLength: 2, maxLength: 3 }), (objects, questions) =>
      compare(cluster, objects, questions),
    ),
    { numRuns: 25 },
  );
  assert.ok(same > 50, `${same} are the same`);
});
