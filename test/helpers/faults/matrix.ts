import assert from 'node:assert/strict';
import type { Answer, Finding } from '../../../src/answer/answer.ts';
import type { Outcome } from '../plugin.ts';
import { random } from '../random.ts';
import { FAULTS, type Fault } from './faults.ts';
import { QUESTIONS, weightOf } from './questions.ts';
import type { Aim, faultyApis, Stand } from './server.ts';

/** One question, asked of a server that is well but for one fault, which happens to some requests. */
export interface Case {
  question: string;
  aim: { name: string; hits: Aim };
  fault: Fault;
}

/** What a question comes to where all is well. */
export interface Healthy {
  answers: Answer[];
  code: number;
  /** What was asked for, each once. */
  keys: string[];
  count: number;
}

/** Runs a command line to its end. */
export type Ask = (words: string[]) => Promise<Outcome>;
type Apis = Awaited<ReturnType<typeof faultyApis>>;

/** Of a request that is to hang, in milliseconds; and of one that is not, on a machine that has much to do. */
const [SHORT, LONG] = [150, 60_000];

/** Every question of a server that is well. */
export async function askHealthy(apis: Apis, ask: Ask, pod: string): Promise<Map<string, Healthy>> {
  const entries = await Promise.all(
    QUESTIONS.map(async (question): Promise<[string, Healthy]> => {
      const stand = apis.open(null, () => false);
      const { code, stdout, stderr } = await ask(commandLine(question, stand, LONG, pod));
      assert.equal(stderr, '', question);
      const keys = [...new Set(stand.received.map(({ key }) => key))];
      return [question, { answers: answersIn(stdout), code, keys, count: stand.received.length }];
    }),
  );
  return new Map(entries);
}

/**
 * All cases: each fault of each request of each question, of all requests for one kind, of all of RBAC, and of all from
 * one on.
 */
export function allCases(healthy: ReadonlyMap<string, Healthy>): Case[] {
  return [...healthy].flatMap(([question, { keys }]) =>
    aimsAt(keys).flatMap((aim) => FAULTS.map((fault) => ({ question, aim, fault }))),
  );
}

function aimsAt(keys: readonly string[]): Case['aim'][] {
  const kinds = [...new Set(keys.map(kindIn))];
  return [
    ...keys.map((key) => ({ name: key, hits: (each: string) => each === key })),
    ...kinds.map((kind) => ({ name: `all ${kind}`, hits: (each: string) => kindIn(each) === kind })),
    { name: 'all of RBAC', hits: (each) => each.includes('/rbac.authorization.k8s.io/') },
    { name: 'all lists and objects', hits: (each) => each.startsWith('GET ') && each !== 'GET /version' },
    { name: 'everything', hits: () => true },
    { name: 'everything from the fourth on', hits: (_, count) => count > 3 },
    { name: 'everything from the twelfth on', hits: (_, count) => count > 11 },
  ];
}

/** `roles`, whatever the namespace, one of them or all. */
function kindIn(key: string): string {
  const parts =
    key
      .split(' ')[1]
      ?.replace(/^\/apis?\//, '')
      .replace(/\/namespaces\/[^/]+\/(?=\w)/, '/')
      .split('/') ?? [];
  return parts.find((part) => /^[a-z]+s$/.test(part)) ?? key;
}

/**
 * A sample of each question, in which every aim and fault is as likely as its likes; the same for the same seed. Of
 * questions that take long there are few.
 */
export function sample(cases: readonly Case[], size: number, seed: number): Case[] {
  const numbers = random(seed);
  const byQuestion = Map.groupBy(cases, ({ question }) => question);
  const questions = [...byQuestion.keys()].flatMap((question) => Array<string>(weightOf(question)).fill(question));
  const drawn = Array.from({ length: size }, () => numbers.pick(questions));
  return [...byQuestion.keys(), ...drawn]
    .slice(0, size)
    .map((question) => numbers.pick(byQuestion.get(question) ?? []));
}

/** Asks, and throws an AssertionError where the answer is one that may not be. Returns what came of it. */
async function check(apis: Apis, ask: Ask, each: Case, healthy: Healthy, pod: string): Promise<'answer' | 'error'> {
  const stand = apis.open(each.fault, each.aim.hits);
  const outcome = await ask(commandLine(each.question, stand, each.fault.isHang ? SHORT : LONG, pod));
  stand.close();
  try {
    judge(outcome, each, healthy, stand);
  } catch (error) {
    const what = `${each.question} | ${each.aim.name} | ${each.fault.name}`;
    throw new Error(`${what}: ${(error as Error).message}\n${JSON.stringify(outcome).slice(0, 3000)}`, {
      cause: error,
    });
  }
  return outcome.code === 1 ? 'error' : 'answer';
}

/** Asks all of them, so many at a time. What disagrees, and how often there was an answer or an error. */
export async function checkAll(
  apis: Apis,
  ask: Ask,
  cases: readonly Case[],
  healthy: ReadonlyMap<string, Healthy>,
  pod: string,
  atOnce = 32,
) {
  const counts = { answer: 0, error: 0 };
  const wrong: string[] = [];
  const rest = cases.values();
  const work = async () => {
    for (const each of rest) {
      try {
        counts[await check(apis, ask, each, healthy.get(each.question) as Healthy, pod)] += 1;
      } catch (error) {
        wrong.push((error as Error).message);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { counts, wrong };
}

function judge({ code, stdout, stderr }: Outcome, { fault }: Case, healthy: Healthy, { received }: Stand): void {
  assert.ok(
    !/internal error|Maximum call stack|nothing was answered|none can come|undefined|\bNaN\b/.test(stderr),
    'no mistake of ours',
  );
  const hits = received.filter(({ isHit }) => isHit).length;
  // Each of those that are asked in any case may fail, with 20 that come instead or again.
  const most = fault.isEndless ? 3 * (healthy.count + EXTRAS) + PAGES : healthy.count + EXTRAS;
  assert.ok(hits <= most, `${hits} requests that failed, of ${received.length}; ${healthy.count} where all is well`);
  if (fault.isHang && hits === 0) return;
  if (hits === 0 || fault.isHarmless) {
    assert.equal(stderr, '');
    assert.deepEqual([code, answersIn(stdout)], [healthy.code, healthy.answers]);
    return;
  }
  if (code === 1) {
    // Of several targets some may be answered.
    const answered = answersIn(stdout);
    const [lines, most] = [stderr.split('\n').length - 1, Math.max(1, healthy.answers.length - answered.length)];
    assert.ok(lines >= 1 && lines <= most, 'one line for each cause');
    for (const answer of answered) compare(answer, sameTarget(answer, healthy));
    return;
  }
  assert.deepEqual(
    stderr.split('\n').filter((line) => line !== '' && !line.startsWith('Warning: ')),
    [],
  );
  const answers = answersIn(stdout);
  assert.equal(code, codeOf(answers), 'the exit code says what the answer says');
  assert.equal(answers.length, healthy.answers.length, 'as many answers');
  for (const answer of answers) compare(answer, sameTarget(answer, healthy));
}

function sameTarget({ target }: Answer, { answers }: Healthy): Answer {
  const same = answers.find((each) => JSON.stringify(each.target) === JSON.stringify(target));
  assert.ok(same, `an answer about ${JSON.stringify(target)}`);
  return same;
}

/** What is sure is what is sure where all is well. */
function compare(answer: Answer, full: Answer): void {
  if (answer.verdict !== 'depends')
    assert.equal(answer.verdict, full.verdict, `a ${answer.verdict} that the full answer has not: ${answer.summary}`);
  else assert.ok(full.verdict === 'depends' || unknownsOf(answer) > 0, 'what it depends on is said');
  const known = Map.groupBy(full.findings, findingKey);
  for (const each of answer.findings.filter(({ verdict }) => verdict === 'no')) {
    const same = known.get(findingKey(each)) ?? [];
    const isKnown = same.length === 0 || same.some(({ verdict }) => verdict === 'no');
    assert.ok(isKnown, `a finding that is no: ${findingKey(each)}: ${each.reason}`);
  }
}

const unknownsOf = ({ unknowns, findings }: Answer): number =>
  unknowns.length + findings.reduce((sum, each) => sum + each.unknowns.length, 0);

const findingKey = ({ id, subject, object, scope }: Finding): string => JSON.stringify([id, subject, object, scope]);

function codeOf(answers: readonly Answer[]): number {
  const isGate = answers.some(({ question }) => question === 'admit');
  if (answers.some(({ verdict }) => verdict === (isGate ? 'no' : 'yes'))) return 3;
  return answers.some(({ verdict }) => verdict === 'depends') ? 4 : 0;
}

const commandLine = (question: string, { url }: Pick<Stand, 'url'>, timeout: number, pod: string): string[] => [
  ...question.split(' ').map((word) => (word === 'POD' ? pod : word)),
  ...['-o', 'json', '--exit-code', '--server', url, '--request-timeout', `${timeout}ms`],
];

/** Without what depends on the moment, and on where the API is. */
function answersIn(stdout: string): Answer[] {
  if (stdout === '') return [];
  const document: Answer | { kind: 'AnswerList'; items: Answer[] } = JSON.parse(
    stdout.replaceAll(/stand-\d+/g, 'stand'),
  );
  const answers = document.kind === 'AnswerList' ? document.items : [document];
  return answers.map((answer) => ({ ...answer, source: { ...answer.source, readAt: '' } }));
}

/** What `admit` is asked about: it may be anywhere but where namespaces are restricted. */
export const POD = {
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'probe' } },
  spec: { containers: [{ name: 'app', image: 'registry.example/app', securityContext: { privileged: true } }] },
};

/**
 * Retries, other starts and narrower reads, with the kinds of policy engines, which are asked for where discovery does
 * not tell; and pages that bring nothing.
 */
const [EXTRAS, PAGES] = [20 + 10, 101];
