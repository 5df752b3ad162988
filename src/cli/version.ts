import { usageError } from '../answer/user-error.ts';
import type { Command } from './parse/command.ts';
import { flag, taking } from './parse/flags.ts';
import type { Versions } from './parse/invocation.ts';
import type { Values } from './parse/parser.ts';

const FORMATS = ['json', 'yaml'] as const;

/** As kubectl has it. */
export const VERSION: Command = {
  name: 'version',
  usage: '',
  summary: "Show this program's version and the cluster's",
  details: ['With its commit, the Node that it runs on, and whose rules it applies.'],
  examples: [
    ['What is installed here, and which server does it ask?', 'version'],
    ['No server is asked', 'version --client -o json'],
  ],
  flags: [
    ...taking(),
    flag('client', 'boolean', 'Question', "This program's version only (no server required)."),
    flag('output', 'string', 'Output', 'One of: json, yaml.', { short: 'o', values: FORMATS }),
  ],
};

/** Throws a usage error. */
export function parseVersion(
  words: readonly string[],
  values: Values,
): Pick<Versions, 'action' | 'isClientOnly' | 'output'> {
  if (words.length > 0) throw usageError(`error: extra arguments: [${words.join(' ')}]`);
  const text = values.text('output') || 'default';
  const output = (['default', ...FORMATS] as const).find((format) => format === text);
  if (!output) throw usageError("error: --output must be 'yaml' or 'json'");
  return { action: 'versions', isClientOnly: values.is('client'), output };
}
