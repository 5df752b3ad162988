import { askServer } from '../cluster/reviews.ts';
import type { ApiClient } from '../cluster/transport.ts';
import { ask, type Source } from '../questions/ask.ts';
import * as questions from '../questions/index.ts';
import type { Options, Question, Result } from '../questions/question.ts';
import type { ObjectsTarget } from '../questions/targets.ts';
import { verify } from '../questions/verify.ts';
import { readAccepted } from './accept.ts';
import type { ObjectsQuestion } from './commands.ts';
import { exitCodeOf, strictly } from './exit-code.ts';
import type { Host } from './host.ts';
import type { Ask, Asks } from './invocation.ts';
import { printResult } from './print-result.ts';
import { openSource } from './source.ts';
import { parseSubject } from './subject.ts';
import { during } from './waiting.ts';

/** Asks a question and prints the answers. Resolves with the exit code; rejects with a UserError where there is nothing to answer from. */
export async function runAsk(invocation: Ask, host: Host, open = openSource): Promise<number> {
  const { source, namespace: home, name, client, close } = await open(invocation, host);
  try {
    const options = await optionsOf(invocation, home);
    const namespace = invocation.allNamespaces ? null : home;
    const result = await during(`Reading ${name}`, invocation, host, askAbout(invocation.asks, home, namespace, source, options));
    const checked = client && invocation.verify ? await during(`Asking ${name}`, invocation, host, verifyAll(result, client)) : result;
    const outcome = invocation.strict ? strictly(checked) : checked;
    printResult(outcome, invocation, host);
    return exitCodeOf(outcome, invocation.exitCode);
  } finally {
    close();
  }
}

async function optionsOf({ subject, subjectGroups, accept, direct, expand }: Ask, namespace: string): Promise<Options> {
  return {
    subject: subject === undefined ? null : parseSubject(subject, namespace),
    subjectGroups,
    accepts: await readAccepted(accept, namespace),
    direct,
    expand,
  };
}

/** `home`: where a target is that does not say; `namespace`: null under `-A`. */
function askAbout(asks: Asks, home: string, namespace: string | null, source: Source, options: Options): Promise<Result> {
  if (asks.question === 'who') return ask(questions.who, { ...asks.target, namespace }, source, options);
  if (asks.question !== 'privileged') return ask(QUESTIONS[asks.question], { ...asks.target, namespace }, source, options);
  const { subjects, pods } = asks.target;
  const target = { subjects: subjects.map((each) => parseSubject(each, home)), pods: pods && { ...pods, namespace }, namespace };
  return ask(questions.privileged, target, source, options);
}

const QUESTIONS: Readonly<Record<ObjectsQuestion, Question<ObjectsTarget>>> = {
  'port-forward': questions.portForward,
  exec: questions.exec,
  attach: questions.attach,
  debug: questions.debug,
  logs: questions.logs,
  proxy: questions.proxy,
  pod: questions.pod,
};

async function verifyAll(result: Result, client: ApiClient): Promise<Result> {
  const verified = result.asked.map(async (asked) => ({
    ...asked,
    answer: await verify(asked, (identity, request) => askServer(client, identity, request)),
  }));
  return { ...result, asked: await Promise.all(verified) };
}
