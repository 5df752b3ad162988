import { nearest } from '../../answer/nearest.ts';
import { UserError, usageError } from '../../answer/user-error.ts';
import { COMMANDS, FLAGS, findCommand, findQuestion } from '../commands.ts';
import { parseVersion, VERSION } from '../version.ts';
import { type Command, PROGRAM } from './command.ts';
import { connectFlags } from './connect-flags.ts';
import { COLORS } from './flags.ts';
import { isFoothold, questionOf } from './footholds.ts';
import type { Invocation, Reads } from './invocation.ts';
import { oneOf, parseAsk } from './parse-ask.ts';
import { readFlags, type Values } from './parser.ts';
import { spellOut } from './spelling.ts';
import { checkNamespace } from './targets.ts';
import { parseTimeout } from './timeout.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a command line asks for; a wrong one is a `misuse`. Pure: nothing of the world outside decides but `env`. */
export function parseArgs(argv: readonly string[], env: Environment): Invocation {
  try {
    return parse(argv, env);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const command = argv.map(findCommand).find((found) => found !== undefined);
    return { action: 'misuse', message: error.message, command: command?.name };
  }
}

function parse(argv: readonly string[], env: Environment): Invocation {
  const all = spellOut(argv, FLAGS);
  const [first] = all.words;
  // A foothold that says what it is stands for its question: `sa/builder` for `sa sa/builder`.
  const implied = first !== undefined && isFoothold(first) ? questionOf(first) : undefined;
  if (first === 'help') return { action: 'help', command: namedCommand(all.words[1])?.name };
  const command = namedCommand(implied ?? first);
  if (all.flags.includes('--version=true')) return { action: 'version' };
  if (!command || all.flags.includes('--help=true')) return { action: 'help', command: command?.name };
  const { flags, words } = spellOut(argv, command.flags);
  const values = readFlags(command, flags);
  const reads = parseReads(values, env);
  const question = findQuestion(command.name);
  if (question) return { ...parseAsk(question, implied ? words : words.slice(1), values), ...reads };
  if (command === VERSION) return { ...parseVersion(words.slice(1), values), ...reads };
  const [, file = '', ...others] = words;
  if (file === '' || others.length > 0) throw usageError('error: exactly one FILE is required for snapshot');
  return { action: 'snapshot', file, ...reads };
}

function namedCommand(name: string | undefined): Command | undefined {
  const command = findCommand(name);
  if (name === undefined || command) return command;
  const meant = nearest(
    name,
    COMMANDS.map((each) => each.name),
  );
  throw usageError(`error: unknown command "${name}" for "${PROGRAM}"${meant ? `, did you mean "${meant}"?` : ''}`);
}

function parseReads(values: Values, env: Environment): Reads {
  const timeout = values.text('request-timeout');
  checkNamespace(values.text('namespace') ?? '');
  return {
    connect: connectFlags(values),
    requestTimeout: timeout ? parseTimeout(timeout) : undefined,
    color: oneOf(values, 'color', COLORS) ?? (env.NO_COLOR || env.TERM === 'dumb' ? 'never' : 'auto'),
    quiet: values.is('quiet'),
    verbosity: Number(values.text('v') ?? 0),
  };
}
