import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openInput } from '../../../src/cluster/input/open.ts';
import { writeSnapshot } from '../../../src/cluster/input/snapshot/write.ts';
import { LiveSource } from '../../../src/cluster/live/live.ts';
import { ask, type Source } from '../../../src/questions/ask.ts';
import { exec, logs, portForward, proxy, who } from '../../../src/questions/index.ts';
import { pod } from '../../../src/questions/pod/pod.ts';
import { privileged } from '../../../src/questions/privileged/privileged.ts';
import type { PrivilegedTarget } from '../../../src/questions/privileged/target.ts';
import type { Options, Result } from '../../../src/questions/question.ts';
import { rawSockets } from '../../../src/questions/raw-sockets/raw-sockets.ts';
import { caller } from '../../helpers/caller.ts';
import { account, user } from '../../helpers/cluster.ts';
import type { ControlPlane } from '../../helpers/control-plane.ts';
import { folderWith } from '../../helpers/kubeconfig.ts';
import { OPTIONS, objects, right } from '../../helpers/question.ts';

type Ask = (source: Source) => Promise<Result>;
const about =
  (question: typeof exec, target: string, options: Partial<Options> = {}): Ask =>
  (source) =>
    ask(question, objects('shop', ...target.split(' ')), source, { ...OPTIONS, ...options });
const whoCan =
  (words: string, namespace: string | null = null, options: Partial<Options> = {}): Ask =>
  (source) =>
    ask(who, right(words, namespace), source, { ...OPTIONS, ...options });

function spawns(target: Partial<PrivilegedTarget>): Ask {
  return (source) => ask(privileged, { subjects: [], pods: null, namespace: null, ...target }, source, OPTIONS);
}

function sockets(namespace: string | null, selector: string | null = null): Ask {
  return (source) => ask(rawSockets, { refs: [], selector, namespace }, source, OPTIONS);
}

const QUESTIONS: Readonly<Record<string, Ask>> = {
  'port-forward': about(portForward, 'web-0'),
  'exec, a subject': about(exec, 'web-0', { subject: user('otto') }),
  'exec, an account': about(exec, 'web-0', { subject: account('ci', 'runner') }),
  'logs of several, one of them missing': about(logs, 'web-0 web-1 nothing'),
  proxy: about(proxy, 'web-0 services/web nodes/n1 nodes/n9'),
  pod: about(pod, 'web-0'),
  'who in a namespace': whoCan('get secrets', 'shop'),
  'who anywhere': whoCan('create pods/exec'),
  'who, members listed': whoCan('get pods/log', 'shop', { expand: true }),
  'who on the cluster': whoCan('get nodes'),
  'who, a custom verb': whoCan('approve signers'),
  'who on a URL': whoCan('get /metrics'),
  'raw-sockets, a pod': about(rawSockets, 'web-0'),
  'raw-sockets, a workload': about(rawSockets, 'deployments/web'),
  'raw-sockets in a namespace': sockets('shop'),
  'raw-sockets by labels': sockets('shop', 'app=web'),
  'raw-sockets anywhere': sockets(null),
  'privileged, an account': spawns({ subjects: [account('ci', 'runner')] }),
  'privileged, a pod': spawns({ pods: objects('shop', 'web-0') }),
  'privileged, everybody': spawns({}),
  'privileged, everybody in a namespace': spawns({ namespace: 'shop' }),
};

/**
 * The same questions of a snapshot as of the cluster that it was taken of, by whoever may read all, some or nothing.
 */
export function declareSnapshots(plane: ControlPlane, names: readonly string[]): void {
  for (const name of ['the administrator', ...names]) {
    test(`a snapshot by ${name} answers as the cluster does`, async (t) => {
      const { client } = await caller(t, plane, name === 'the administrator' ? plane.adminToken : `token-${name}`);
      const file = join(folderWith(t), 'snapshot.jsonl.gz');
      await writeSnapshot(file, (onRaw) => new LiveSource(client, { onRaw }));
      for (const [words, asked] of Object.entries(QUESTIONS)) {
        const live = await attempt(asked, new LiveSource(client));
        const stored = await attempt(asked, await openInput(file, OPENING));
        assert.deepEqual(stored, live, words);
      }
    });
  }
}

const OPENING = { whole: true, complete: false, serverVersion: null, namespace: null, stdin: process.stdin };

/** All of an answer but where and when it was read. One pod may be refused in other words than all pods. */
async function attempt(asked: Ask, source: Source): Promise<unknown> {
  try {
    const { asked: answers, errors, warnings } = await asked(source);
    const claims = answers.map(({ answer: { source: _, ...rest } }) => inShort(rest));
    return { claims, errors: errors.map(({ message }) => message.replace(/403 Forbidden: .*$/s, '403')), warnings };
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

/** Refusals without what exactly was asked for. */
const inShort = (answer: object): unknown =>
  JSON.parse(JSON.stringify(answer).replaceAll(/"why":"403 Forbidden: (?:[^"\\]|\\.)*"/g, '"why":"403"'));
