import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheDirectory, isExecutable } from '../../scripts/programs.mjs';
import { BadPattern } from '../../src/regex/bad-pattern.ts';
import { Regex } from '../../src/regex/regex.ts';
import type { Question } from './regex-patterns.ts';

/** What a pattern does with one text. */
interface Outcome {
  find: string | null;
  all: readonly string[] | null;
  two: readonly string[] | null;
  replaced: string;
  literal: string;
}

/** What becomes of a pattern: why it does not compile, or what it does with each text. */
export type Answer = { error: string } | { outcomes: readonly Outcome[] };

/** Go's answers. Throws where Go is not there. */
export function askGo(asked: readonly Question[]): Answer[] {
  const input = asked.map((each) => JSON.stringify(each)).join('\n');
  const output = execFileSync(program(), { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
  return output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}

/**
 * Where our answers are others: which pattern, and both. Whether a pattern compiles counts, not in which words it does
 * not.
 */
export function differences(asked: readonly Question[], answers: readonly Answer[]): string[] {
  return asked.flatMap((question, index) => {
    const [theirs, ours] = [answers[index], answer(question)].map((each) => each && comparable(each));
    return theirs === ours ? [] : [`${JSON.stringify(question)}\n  Go:   ${theirs}\n  here: ${ours}`];
  });
}

function answer({ pattern, texts, replacement }: Question): Answer {
  try {
    const regex = new Regex(pattern);
    const textsOf = (limit: number, text: string): string[] => regex.findAll(text, limit).map((match) => match.text);
    const outcomes = texts.map((text) => ({
      find: regex.find(text)?.text ?? null,
      all: textsOf(-1, text),
      two: textsOf(2, text),
      replaced: regex.replaceAll(text, replacement),
      literal: regex.replaceAllLiteral(text, replacement),
    }));
    return regexIsIn(regex, texts, outcomes) ? { outcomes } : { error: 'isIn and find disagree' };
  } catch (error) {
    if (error instanceof BadPattern) return { error: error.message };
    throw error;
  }
}

const regexIsIn = (regex: Regex, texts: readonly string[], outcomes: readonly Outcome[]): boolean =>
  texts.every((text, index) => regex.isIn(text) === (outcomes[index]?.find !== null));

const comparable = (given: Answer): string =>
  'error' in given
    ? given.error.replace(/^error parsing regexp: .*$/s, 'does not compile')
    : JSON.stringify(
        given.outcomes.map(({ find, all, two, replaced, literal }) => [find, all ?? [], two ?? [], replaced, literal]),
      );

/** Built once, into the user's cache, keyed by its source. */
function program(): string {
  const source = join(import.meta.dirname, 'go-regexp');
  const hash = createHash('sha256')
    .update(process.arch)
    .update(readFileSync(join(source, 'main.go')));
  const path = join(cacheDirectory('go-regexp', hash.digest('hex').slice(0, 16)), 'go-regexp');
  if (isExecutable(path)) return path;
  const partial = `${path}.partial-${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOTOOLCHAIN: 'local' };
  execFileSync('go', ['build', '-trimpath', '-buildvcs=false', '-o', partial, '.'], { cwd: source, env });
  renameSync(partial, path);
  return path;
}
