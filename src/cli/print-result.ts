import type { Result } from '../questions/question.ts';
import { visible } from '../render/escape.ts';
import { hints } from '../render/hints.ts';
import { renderPieces } from '../render/render.ts';
import { type Host, usesColor } from './host.ts';
import type { Ask } from './invocation.ts';
import { sourceWords } from './source-words.ts';

/** Prints answers on stdout, and on stderr everything else: warnings, errors and, on a terminal, what to ask next. */
export function printResult({ asked, errors, warnings }: Result, invocation: Ask, { stdout, stderr }: Host): void {
  const { view, allNamespaces, color, quiet, source } = invocation;
  for (const warning of warnings) stderr.write(`Warning: ${visible(warning)}\n`);
  const answers = asked.map(({ answer }) => answer);
  if (answers.length > 0 || (view.asList && (view.output === 'json' || view.output === 'yaml')))
    writeAll(
      stdout,
      renderPieces(answers, {
        ...view,
        kubectl: source.kind === 'live' ? sourceWords(invocation) : [],
        allNamespaces,
        color: usesColor(color, stdout),
        width: stdout.columns ?? WIDTH,
      }),
    );
  for (const error of errors) stderr.write(`${visible(error.message)}\n`);
  const isForPeople = view.output === 'default' || view.output === 'wide';
  if (quiet || !stderr.isTTY || !isForPeople) return;
  // A server's own word can only be had where there is a server.
  const claimed = source.kind === 'live' ? asked : asked.map(({ answer }) => ({ answer, checks: () => [] }));
  const lines = hints(claimed, sourceWords(invocation));
  if (lines.length > 0 && stdout.isTTY) stderr.write('\n');
  for (const line of lines) stderr.write(`${line}\n`);
}

/** Writes in blocks: what is printed may be longer than what fits into memory, and each write costs. Stops where nobody reads any more. */
function writeAll(stdout: Host['stdout'], pieces: Iterable<string>): void {
  let block = '';
  for (const piece of pieces) {
    block += piece;
    if (block.length < BLOCK) continue;
    if (stdout.destroyed) return;
    stdout.write(block);
    block = '';
  }
  if (block !== '') stdout.write(block);
}

const BLOCK = 64 * 1024;

/** Columns where there is no terminal. */
const WIDTH = 80;
