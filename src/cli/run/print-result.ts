import type { Answer } from '../../answer/answer.ts';
import type { Asked, Result } from '../../questions/question.ts';
import { type RenderOptions, renderPieces, verdictLines } from '../../render/formats.ts';
import { visible } from '../../render/terminal/printable.ts';
import { hints } from '../../render/views/hints.ts';
import type { QuestionView } from '../../render/views/view.ts';
import { kindOfNeed } from '../../world/needs.ts';
import type { Ask } from '../parse/invocation.ts';
import type { Named } from '../questions/question.ts';
import { changeWords } from './change-words.ts';
import { checkOf } from './check.ts';
import { type Host, type Output, sizeOf, usesColor } from './host.ts';
import { sourceWords } from './source-words.ts';

/**
 * Prints answers on stdout, and on stderr everything else: warnings, errors and, where both are a terminal, what to ask
 * next. What scrolled away above all that is said again at the end.
 */
export function printResult(
  { asked, errors, warnings }: Result,
  invocation: Ask,
  question: QuestionView,
  { stdout, stderr, env, answered }: Host,
): void {
  const { view, quiet, source, change } = invocation;
  for (const warning of warnings) stderr.write(`Warning: ${visible(warning)}\n`);
  const answers = asked.map(({ answer }) => answer);
  const summaries = new Map(asked.map(({ answer, summaryOf }) => [answer, summaryOf]));
  const options = optionsOf(invocation, summaries, stdout, env);
  const isDocument = view.output === 'json' || view.output === 'yaml';
  const isAnswer = answers.length > 0 || (view.asList && isDocument);
  const height = isAnswer ? writeAll(stdout, renderPieces(answers, options, question)) : 0;
  if (isAnswer) answered?.();
  for (const error of errors) stderr.write(`${visible(error.message)}\n`);
  const isForPeople = view.output === 'default' || view.output === 'wide';
  if (!stdout.isTTY || !isForPeople) return;
  // A server's own word can only be had where there is a server, and about what is.
  const isLive = source.kind === 'live' && change === null;
  const checkable = asked.map((each) => ({ answer: each.answer, check: () => (isLive ? checkOf(each) : null) }));
  const lines =
    quiet || !stderr.isTTY || change?.files.includes('-') || question.isOneScreen?.(options)
      ? []
      : hints(checkable, [...sourceWords(invocation), ...changeWords(change)], question, {
          width: options.width,
          explain: view.explain,
        });
  if (lines.length > 0) stderr.write(`\n${lines.map((line) => `${line}\n`).join('')}`);
  const below = errors.length + (lines.length > 0 ? lines.length + 1 : 0);
  const { rows } = sizeOf(stdout);
  if (answers.length > 0 && rows !== null && height + below >= rows)
    stdout.write(`\n${verdictLines(answers, options, question)}`);
}

/**
 * Writes in blocks: what is printed may be longer than what fits into memory, and each write costs. Stops where nobody
 * reads any more. Returns the lines.
 */
function writeAll(stdout: Output, pieces: Iterable<string>): number {
  let block = '';
  let lines = 0;
  const write = (): void => {
    lines += block.split('\n').length - 1;
    stdout.write(block);
    block = '';
  };
  for (const piece of pieces) {
    block += piece;
    if (block.length < BLOCK) continue;
    if (stdout.destroyed) return lines;
    write();
  }
  if (block !== '') write();
  return lines;
}

const BLOCK = 64 * 1024;

function optionsOf(
  invocation: Ask,
  summaries: ReadonlyMap<Answer, Asked['summaryOf']>,
  stdout: Output,
  env: NodeJS.ProcessEnv,
): RenderOptions {
  const { asks, view, allNamespaces, color, source, verbosity, subject = null } = invocation;
  return {
    ...view,
    ...{ allNamespaces, subject, of: belongingOf(asks.named), verbose: verbosity > 0 },
    kubectl: source.kind === 'live' ? sourceWords(invocation) : [],
    summaryOf: (answer, target) => summaries.get(answer)?.(target) ?? answer.summary,
    color: usesColor(color, stdout),
    ascii: !/utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || ''),
    // Rows are not shortened in a pipe.
    width: stdout.isTTY ? (sizeOf(stdout).columns ?? WIDTH) : Number.POSITIVE_INFINITY,
  };
}

/** ` of deployment/cart`: what all targets were found by. */
function belongingOf({ objects }: Named): string {
  if (!objects) return '';
  if (objects.selector !== null) return ` with labels ${objects.selector}`;
  const [only, ...others] = objects.refs;
  if (!only || others.length > 0 || only.kind === 'pods') return '';
  return ` of ${kindOfNeed(only).kind.toLowerCase()}/${only.name}`;
}

/** Columns of a terminal that does not say. */
const WIDTH = 80;
