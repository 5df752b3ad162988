import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askServer } from '../../../src/cluster/live/reviews.ts';
import { debug } from '../../../src/questions/access/debug.ts';
import { attach, exec, logs, portForward, proxy, who } from '../../../src/questions/index.ts';
import { pod } from '../../../src/questions/pod/pod.ts';
import type { Result } from '../../../src/questions/question.ts';
import { verify } from '../../../src/questions/verify.ts';
import { type Caller, caller } from '../../helpers/caller.ts';
import { user } from '../../helpers/cluster.ts';
import type { ControlPlane } from '../../helpers/control-plane.ts';
import { objects, right } from '../../helpers/question.ts';

const QUESTIONS: Readonly<Record<string, (asks: Caller['ask']) => Promise<Result>>> = {
  ...Object.fromEntries(
    [portForward, exec, attach, debug, logs, proxy, pod].map((question) => [
      question.name,
      (ask) => ask(question, objects('shop', 'web-0')),
    ]),
  ),
  'proxy to a service and a node': (ask) => ask(proxy, objects('shop', 'services/web', 'nodes/n1')),
  'who get secrets -n shop': (ask) => ask(who, right('get secrets', 'shop')),
  'who create pods/exec -A': (ask) => ask(who, right('create pods/exec')),
  'who create configmaps -n shop': (ask) => ask(who, right('create configmaps', 'shop')),
  'who get namespaces': (ask) => ask(who, right('get namespaces')),
  'who get nodes': (ask) => ask(who, right('get nodes')),
  'who get /metrics': (ask) => ask(who, right('get /metrics')),
  'exec --subject user/otto': (ask) => ask(exec, objects('shop', 'web-0'), { subject: user('otto') }),
  'exec --subject user/una': (ask) => ask(exec, objects('shop', 'web-0'), { subject: user('una') }),
};

/** `--verify` where RBAC alone decides: the server agrees with every row, and with at least twenty noes. */
export function declareVerification(plane: ControlPlane): void {
  for (const [words, question] of Object.entries(QUESTIONS)) {
    test(`--verify of ${words}: all agree`, async (t) => {
      const { ask, client } = await caller(t, plane, plane.adminToken);
      for (const asked of (await question(ask)).asked) {
        const { answer } = asked;
        const checks = asked.checks();
        const { verification, verdict } = await verify(asked, (identity, request) =>
          askServer(client, identity, request),
        );
        assert.deepEqual(verification?.contradictions, []);
        assert.deepEqual([verification?.unanswered, verification?.agreed, verdict], [0, checks.length, answer.verdict]);
        const noes = checks.filter(({ expected }) => expected === 'no').length;
        assert.ok(noes >= 20, `${noes} noes`);
        const yeses = answer.findings.filter(
          ({ verdict, direct, evidence }) =>
            verdict === 'yes' && direct && evidence.some(({ grants }) => grants.length > 0),
        );
        assert.ok(
          checks.length - noes >= new Set(yeses.map(({ subject }) => JSON.stringify(subject))).size,
          'every row is asked about',
        );
      }
    });
  }
}
