import { type Assertion, BadPattern } from './classes.ts';
import { type Pattern, parsePattern } from './syntax.ts';

export interface Match {
  start: number;
  end: number;
}

/**
 * Finds `pattern` in texts as Go's regexp does, leftmost first, in time linear in pattern and text whatever either is: a hostile policy cannot
 * make us wait. Offsets are code points. Throws BadPattern for what Go would not compile, or what grows beyond reason.
 */
export class Regex {
  readonly #program: readonly Instruction[];

  constructor(pattern: string) {
    const program: Instruction[] = [];
    emit(parsePattern(pattern), program);
    program.push({ op: 'match' });
    this.#program = program;
  }

  /** The first match at or after `from`; null where there is none. `spend` is told the steps that it takes. */
  find(text: readonly number[], from: number, spend: (steps: number) => void): Match | null {
    let threads = noThreads();
    let found: Match | null = null;
    for (let at = from; at <= text.length; at++) {
      const next = noThreads();
      if (!found) this.#follow(0, at, threads, text, at);
      spend(threads.seen.size);
      const code = text[at];
      for (const { pc, start } of threads.waiting) {
        const instruction = this.#program[pc];
        if (instruction?.op === 'match') {
          found = { start, end: at };
          break;
        }
        if (instruction?.op === 'character' && code !== undefined && instruction.test(code))
          this.#follow(pc + 1, start, next, text, at + 1);
      }
      if (found && next.waiting.length === 0) return found;
      threads = next;
    }
    return found;
  }

  /** Adds what is reached without a character, in order of preference; who is there first stays. */
  #follow(pc: number, start: number, { seen, waiting }: Threads, text: readonly number[], at: number): void {
    const stack = [pc];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      const instruction = this.#program[next];
      if (instruction?.op === 'split') stack.push(instruction.second, instruction.first);
      else if (instruction?.op === 'assert') {
        if (holds(instruction.what, text, at)) stack.push(next + 1);
      } else waiting.push({ pc: next, start });
    }
  }
}

/** Where the pattern may be at one place of the text: best first, each instruction once. */
interface Threads {
  seen: Set<number>;
  waiting: { pc: number; start: number }[];
}

const noThreads = (): Threads => ({ seen: new Set(), waiting: [] });

type Instruction =
  | { op: 'character'; test: (code: number) => boolean }
  | { op: 'split'; first: number; second: number }
  | { op: 'assert'; what: Assertion }
  | { op: 'match' };

function emit(pattern: Pattern, program: Instruction[]): void {
  if (program.length > MAX_PROGRAM) throw new BadPattern('expression too large');
  switch (pattern.op) {
    case 'character':
      program.push({ op: 'character', test: pattern.test });
      return;
    case 'assert':
      program.push({ op: 'assert', what: pattern.what });
      return;
    case 'sequence':
      for (const part of pattern.parts) emit(part, program);
      return;
    case 'either':
      emitEither(pattern.parts, program);
      return;
    default:
      emitRepeat(pattern, program);
  }
}

function emitEither(parts: readonly Pattern[], program: Instruction[]): void {
  const ends: { first: number; second: number }[] = [];
  for (const [index, part] of parts.entries()) {
    if (index === parts.length - 1) {
      emit(part, program);
      continue;
    }
    const split = push(program, program.length + 1);
    emit(part, program);
    ends.push(push(program, 0));
    split.second = program.length;
  }
  for (const end of ends) end.first = end.second = program.length;
}

function emitRepeat({ part, min, max, greedy }: Pattern & { op: 'repeat' }, program: Instruction[]): void {
  for (let count = 0; count < min; count++) emit(part, program);
  if (max === Number.POSITIVE_INFINITY) {
    const start = program.length;
    const split = push(program, 0);
    emit(part, program);
    push(program, start);
    aim(split, start + 1, program.length, greedy);
    return;
  }
  const splits: { split: { first: number; second: number }; inside: number }[] = [];
  for (let count = min; count < max; count++) {
    const split = push(program, 0);
    splits.push({ split, inside: program.length });
    emit(part, program);
  }
  for (const { split, inside } of splits) aim(split, inside, program.length, greedy);
}

/** A split whose targets are set later; both the same: a jump. */
function push(program: Instruction[], target: number): { first: number; second: number } {
  const split = { op: 'split' as const, first: target, second: target };
  program.push(split);
  return split;
}

function aim(split: { first: number; second: number }, inside: number, outside: number, greedy: boolean): void {
  split.first = greedy ? inside : outside;
  split.second = greedy ? outside : inside;
}

function holds(what: Assertion, text: readonly number[], at: number): boolean {
  switch (what) {
    case 'start':
      return at === 0;
    case 'end':
      return at === text.length;
    case 'lineStart':
      return at === 0 || text[at - 1] === 10;
    case 'lineEnd':
      return at === text.length || text[at] === 10;
    default:
      return (isWord(text[at - 1]) !== isWord(text[at])) === (what === 'boundary');
  }
}

const isWord = (code: number | undefined): boolean => code !== undefined && code < 128 && /\w/.test(String.fromCharCode(code));

const MAX_PROGRAM = 10_000;
