import { performance } from 'node:perf_hooks';
import { type Random, random } from '../helpers/random.ts';
import { ask, type Input, type Ran } from './ask.ts';
import { bodyOf } from './inputs/bodies.ts';
import { commandLineOf } from './inputs/command-lines.ts';
import { documentOf } from './inputs/documents.ts';
import { expressionOf, LANGUAGES } from './inputs/expressions.ts';
import { kubeconfigOf, tokenOf } from './inputs/kubeconfigs.ts';
import { manifestOf } from './inputs/manifests.ts';
import { weighted } from './inputs/questions.ts';
import { TOPICS } from './inputs/scenes.ts';
import { wrongWith } from './property.ts';

/** Something that is fuzzed, how often, and what makes its inputs. */
export type Piece = readonly [name: string, weight: number, make: (choose: Random) => Input];

const documents = Object.keys(TOPICS).map(
  (topic): Piece => [`documents about ${topic}`, 0.8, (choose) => documentOf(topic, choose)],
);
const languages = Object.keys(LANGUAGES).map(
  (language): Piece => [language, 0.7, (choose) => expressionOf(language, choose)],
);

/** What is fuzzed, and how often. */
export const PIECES: readonly Piece[] = [
  ...documents,
  ...languages,
  ['manifests', 20, manifestOf],
  ['bodies of a server', 12, bodyOf],
  ['kubeconfigs', 18, kubeconfigOf],
  ['tokens', 2, tokenOf],
  ['command lines', 26, commandLineOf],
];

export interface Failure {
  /** Makes the same input again. */
  seed: number;
  piece: string;
  what: string;
  input: Input;
  outcome: Ran | null;
}

export interface Report {
  tried: number;
  failures: Failure[];
  /** How often each piece was, and how it ended. */
  counts: Map<string, { tried: number; answered: number; milliseconds: number }>;
  slowest: { milliseconds: number; seed: number; piece: string };
}

/** The input of a number, and what made it. */
export function inputOf(seed: number, pieces: readonly string[] = []): { piece: string; input: Input } {
  const choose = random(seed);
  const among = PIECES.filter(([name]) => pieces.length === 0 || pieces.some((each) => name.includes(each)));
  const [piece, make] = weighted(
    among.map(([name, weight, each]) => [weight, [name, each] as const] as const),
    choose,
  );
  return { piece, input: make(choose) };
}

/** Tries as many inputs, one after the other. */
export async function fuzz(
  count: number,
  seed: number,
  {
    pieces = [],
    onEach = () => undefined,
  }: { pieces?: readonly string[]; onEach?: (tried: number, failure: Failure | null) => void } = {},
): Promise<Report> {
  const report: Report = { tried: 0, failures: [], counts: new Map(), slowest: { milliseconds: 0, seed, piece: '' } };
  for (let number = 0; number < count; number += 1) {
    const own = seed * 1_000_003 + number;
    const started = performance.now();
    const { piece, failure, isAnswered } = await tryOne(own, pieces);
    const milliseconds = performance.now() - started;
    if (failure) report.failures.push(failure);
    const counted = report.counts.get(piece) ?? { tried: 0, answered: 0, milliseconds: 0 };
    report.counts.set(piece, {
      tried: counted.tried + 1,
      answered: counted.answered + Number(isAnswered),
      milliseconds: counted.milliseconds + milliseconds,
    });
    if (milliseconds > report.slowest.milliseconds) report.slowest = { milliseconds, seed: own, piece };
    report.tried += 1;
    onEach(report.tried, failure);
  }
  return report;
}

async function tryOne(
  seed: number,
  pieces: readonly string[],
): Promise<{ piece: string; failure: Failure | null; isAnswered: boolean }> {
  const { piece, input } = inputOf(seed, pieces);
  let outcome: Ran | null = null;
  let what: string | null;
  try {
    outcome = await ask(input);
    what = wrongWith(outcome, input);
  } catch (error) {
    what = `it throws ${(error as Error).stack ?? String(error)}`;
  }
  return {
    piece,
    failure: what === null ? null : { seed, piece, what, input, outcome },
    isAnswered: (outcome?.stdout ?? '') !== '',
  };
}
