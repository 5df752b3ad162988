import { shellWord, singleQuoted } from './shell-word.ts';

/**
 * What a command does to the cluster when somebody pastes it: `reads` changes nothing, `dry-run` is tried by the server
 * as a named subject and not stored, `fixes` mends something, `changes` is an attack.
 */
export type Effect = 'reads' | 'dry-run' | 'fixes' | 'changes';

/** Runs of kubectl, one after the other. */
export interface Command<E extends Effect = Effect> {
  readonly effect: E;
  readonly runs: readonly Run[];
}

interface Run {
  /** What follows `kubectl`: values that a cluster names may stand anywhere but first. */
  readonly words: readonly string[];
  /** The object that it reads from its standard input. */
  readonly input?: unknown;
  /** What prints it. */
  readonly from?: Run;
  /** A request for a certificate that is made before, with a key of its own: it takes the place of `REQUEST`. */
  readonly request?: CertificateRequest;
}

/** Who is named by a certificate. */
export interface CertificateRequest {
  user: string;
  groups: readonly string[];
}

/** What may be printed at any time. */
export type Safe = Command<'reads' | 'dry-run'>;

declare const CLASS: unique symbol;
/** The text of a command that nobody regrets to have pasted; only `safeText` makes one. */
export type SafeText = string & { readonly [CLASS]: 'safe' };
/** The text of a command that mends something. */
export type FixText = string & { readonly [CLASS]: 'fix' };
/** The text of a command that does what an attacker would; only printed where somebody asked for it. */
export type AttackText = string & { readonly [CLASS]: 'attack' };

/**
 * A command that changes nothing, whoever runs it. Throws for any that is not known to be one: that would be a mistake
 * of ours.
 */
export function reads(...words: string[]): Command<'reads'> {
  if (!READS.some((verb) => verb.every((word, index) => words[index] === word)) || words.includes('--raw'))
    throw new Error(`kubectl ${words.join(' ')} is not known to change nothing`);
  return { effect: 'reads', runs: [{ words }] };
}

/**
 * What reaches a server as GET or as a review that stores nothing. A raw GET is none: through a proxy it reaches
 * whatever listens.
 */
const READS: readonly (readonly string[])[] = [
  ['get'],
  ['describe'],
  ['logs'],
  ['auth', 'can-i'],
  ['auth', 'whoami'],
  ['whocan-escalate'],
];

/** A command that somebody who has the right would use to do harm. */
export const changes = (words: readonly string[], input?: unknown): Command<'changes'> => ({
  effect: 'changes',
  runs: [input === undefined ? { words } : { words, input }],
});

/** The same with a request for a certificate in it, where the object has `REQUEST`. */
export const requests = ({ effect, runs }: Command<'changes'>, request: CertificateRequest): Command<'changes'> => ({
  effect,
  runs: runs.map((run) => ({ ...run, request })),
});

export const REQUEST = 'REQUEST';

/** The key stays where the command is run, beside the request. */
const KEY_FILE = 'whocan-escalate';

/** `kubectl get rolebinding NAME -n NAMESPACE`. A name that would read as a flag is given as `TYPE/NAME`. */
export function getObject(kind: string, name: string, namespace: string | null, ...more: string[]): Command<'reads'> {
  const type = kind.toLowerCase();
  const object = name.startsWith('-') ? [`${type}/${name}`] : [type, name];
  return reads('get', ...object, ...(namespace === null ? [] : ['-n', namespace]), ...more);
}

/** A command that mends one object. */
export const fixes = (...words: string[]): Command<'fixes'> => ({ effect: 'fixes', runs: [{ words }] });

/** One after the other, each only if the one before succeeded. None: null. */
export function inTurn<E extends Effect>(commands: readonly Command<E>[]): Command<E> | null {
  const [first] = commands;
  return first ? { effect: first.effect, runs: commands.flatMap(({ runs }) => runs) } : null;
}

/**
 * The same as the server would try it for `as`, the flags that impersonate somebody; null where kubectl cannot: of
 * `--raw` it ignores `--dry-run`, and tunnels, sessions and tokens know none.
 */
export function asDryRun({ runs }: Command<'changes'>, as: readonly string[]): Command<'dry-run'> | null {
  const isTried = ({ words, input }: Run): boolean =>
    input !== undefined && TRIED.has(words[0] ?? '') && !words.includes('--raw');
  if (as.length === 0 || !as[0]?.startsWith('--as=') || !runs.every(isTried)) return null;
  return { effect: 'dry-run', runs: runs.map((run) => ({ ...run, words: [...run.words, '--dry-run=server', ...as] })) };
}

const TRIED: ReadonlySet<string> = new Set(['create', 'apply']);

/**
 * A fix as it is tried first, and then carried out. What makes it a trial stands in front, so that no half of the line
 * is the whole change.
 */
export const fixTexts = ({ runs }: Command<'fixes'>, kubectl: readonly string[] = []): FixText[] =>
  [['--dry-run=server'], []].map((trial) => {
    const tried = runs.map(({ words: [verb = '', ...words] }) => ({ words: [verb, ...trial, ...words] }));
    return textOf({ effect: 'fixes', runs: tried }, kubectl) as FixText;
  });

/**
 * The same for an object that only another can take the place of: what it would be is printed first. The server has no
 * dry run of it, since kubectl knows none of `replace --force`.
 */
export function replacementTexts(patch: readonly string[], kubectl: readonly string[] = []): FixText[] {
  const run = { words: [...patch, '--dry-run=client', '-o', 'json'] };
  return [
    { effect: 'fixes', runs: [run] } as const,
    { effect: 'fixes', runs: [{ words: ['replace', '--force', '-f', '-'], from: run }] } as const,
  ].map((command) => textOf(command, kubectl) as FixText);
}

/** A line for a shell. `kubectl`: the flags that lead to the cluster that was asked. */
export const safeText = (command: Safe, kubectl: readonly string[] = []): SafeText =>
  textOf(command, kubectl) as SafeText;

/**
 * The line that finds what somebody did in an audit log, and what others did by impersonating them. `-a` spells what a
 * terminal must not see: whoever writes to the cluster writes into its log.
 */
export const auditText = (user: string): SafeText =>
  ['jq', '-ac', '--arg', 'u', user, USES, 'audit.log'].map(shellWord).join(' ') as SafeText;

const USES = 'select(.user.username==$u or .impersonatedUser.username==$u)';

/** The same of a command that changes something. */
export const attackText = (command: Command<'changes'>, kubectl: readonly string[] = []): AttackText =>
  textOf(command, kubectl) as AttackText;

const textOf = ({ runs }: Command, kubectl: readonly string[]): string =>
  runs.map((run) => runText(run, kubectl)).join(' && ');

function runText({ words, input, from, request }: Run, kubectl: readonly string[]): string {
  const line = ['kubectl', ...withFlags(words, kubectl), ...(input === undefined ? [] : ['-f', '-'])]
    .map(shellWord)
    .join(' ');
  if (from) return `${runText(from, kubectl)} | ${line}`;
  if (input === undefined) return line;
  const object = singleQuoted(asciiJson(input));
  if (!request) return `printf %s ${object} | ${line}`;
  const inlined = object.replace(REQUEST, () => `'"$(base64 < ${KEY_FILE}.csr | tr -d '\\n')"'`);
  return `${openssl(request)} && printf %s ${inlined} | ${line}`;
}

/** Makes a key and a request. In a subject `/` parts names, and `+` joins them. */
function openssl({ user, groups }: CertificateRequest): string {
  const named = [...groups.map((group) => ['O', group]), ['CN', user]];
  const subject = named.map(([field, value = '']) => `/${field}=${value.replace(/[/+\\]/g, '\\$&')}`).join('');
  const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${KEY_FILE}.key`, '-out', `${KEY_FILE}.csr`];
  return ['openssl', 'req', '-new', ...made, '-utf8', '-subj', subject].map(shellWord).join(' ');
}

/** Before what is handed on to a container. */
function withFlags(words: readonly string[], flags: readonly string[]): string[] {
  const end = words.indexOf('--');
  return end === -1 ? [...words, ...flags] : [...words.slice(0, end), ...flags, ...words.slice(end)];
}

/**
 * JSON spells by itself what a terminal must not see. `printf %s`, and not `echo`, which in some shells reads the
 * backslashes of it.
 */
const asciiJson = (object: unknown): string => JSON.stringify(object).replace(/[^ -~]/gu, unicode);

const unicode = (text: string): string =>
  Array.from({ length: text.length }, (_, index) => `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`).join(
    '',
  );
