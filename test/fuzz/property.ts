import type { Input, Ran } from './ask.ts';

/** What a terminal obeys or hides, and what Unicode has no character for. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Variation_Selector}]/u;
/** What is ours: ends of lines, and colours. */
const STYLES = new RegExp(`\n|${String.fromCharCode(27)}\\[\\d+m`, 'g');
const OURS = /internal error|Maximum call stack|nothing was answered|none can come/;
/** What JavaScript makes of something that is not there, or of an object, in a sentence. */
const SLIPS = /\bNaN\b|\[object \w+\]|\bundefined\b|\bfunction \w*\(/;

/** What is wrong with what the program printed, whatever it was given; null where all is as the contract says. */
export function wrongWith({ code, stdout, stderr, invocation }: Ran, { words, secret }: Input): string | null {
  const asked = invocation.action === 'ask' ? invocation : null;
  const codes = asked?.exitCode ? [0, 1, 2, 3, 4] : [0, 1, 2];
  if (!codes.includes(code)) return `the exit code is ${code}`;
  const ours = OURS.exec(stderr);
  if (ours) return ours[0];
  for (const text of [stdout, stderr]) {
    const unsafe = UNSAFE.exec(text.replaceAll(STYLES, ''));
    if (unsafe) return `it prints U+${unsafe[0].codePointAt(0)?.toString(16)}`;
    if (/^INJECTED/m.test(text)) return 'a line of it is not its own';
  }
  const slip = SLIPS.exec(stdout) ?? SLIPS.exec(stderr);
  if (slip && !words.some((word) => word.includes(slip[0]))) return `it says ${slip[0]}`;
  if (secret && `${stdout}${stderr}`.includes(secret)) return 'it prints a secret';
  // Of nobody there is no name.
  if (code === 0 && stdout === '' && asked?.view.output !== 'name') return 'nothing is printed, and all is well';
  if ((code === 1 || code === 2) && stderr === '') return 'it fails without a word';
  return asked?.view.output === 'json' && stdout !== '' ? wrongJson(stdout) : pollution();
}

function wrongJson(stdout: string): string | null {
  let document: { kind?: unknown; items?: unknown[]; verdict?: unknown };
  try {
    document = JSON.parse(stdout);
  } catch {
    return 'its JSON is none';
  }
  const answers = document.kind === 'AnswerList' ? (document.items ?? []) : [document];
  for (const answer of answers as { kind?: unknown; verdict?: unknown; summary?: unknown }[]) {
    if (answer.kind !== 'Answer' || !VERDICTS.has(answer.verdict) || typeof answer.summary !== 'string')
      return 'its JSON is no answer';
  }
  return pollution();
}

const VERDICTS: ReadonlySet<unknown> = new Set(['yes', 'no', 'depends']);

/** What every object has, though nobody gave it to it. */
function pollution(): string | null {
  for (const key in {}) return `every object has ${key}`;
  return Object.getOwnPropertyNames(Object.prototype).length === OWN ? null : 'something was added to every object';
}

const OWN = Object.getOwnPropertyNames(Object.prototype).length;
