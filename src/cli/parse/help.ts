import { maxOf } from '../../answer/many.ts';
import { COMMANDS, findCommand } from '../commands.ts';
import { type Command, PROGRAM } from './command.ts';
import { flagsHelp } from './parser.ts';

/** The help of a command, or of the whole program. Fits 80 columns. */
export function helpOf(name: string | undefined): string {
  const command = findCommand(name);
  const lines = command ? [...describe(command), '', flagsHelp(command)] : overview();
  return `${[...lines, '', OWN_FLAGS].join('\n')}\n`;
}

const describe = (command: Command): string[] => [
  `${command.summary}.`,
  '',
  'Usage:',
  `  ${PROGRAM} ${titleOf(command)} [flags]`,
  '',
  ...command.details,
  '',
  'Examples:',
  ...command.examples.flatMap(exampleLines),
];

function overview(): string[] {
  const widest = maxOf(COMMANDS.map((command) => titleOf(command).length));
  return [
    'Who can get into this pod, and why: one question about one target, answered by',
    'the rules of the API server, with the bindings that the answer rests on.',
    'It only reads, with the rights that you have, and says what it could not see.',
    '',
    'Usage:',
    `  ${PROGRAM} COMMAND [flags]`,
    '',
    'Commands:',
    ...COMMANDS.map((command) => `  ${titleOf(command).padEnd(widest)}  ${command.summary}`),
    '',
    'Examples:',
    ...COMMANDS.filter(({ isShownFirst }) => isShownFirst).flatMap(({ examples }) =>
      examples.slice(0, 1).flatMap(exampleLines),
    ),
    `  # The same questions, asked of a built-in example`,
    `  ${PROGRAM} port-forward web-0 --demo`,
    '',
    `Use "${PROGRAM} COMMAND --help" for the flags of a command.`,
  ];
}

const titleOf = ({ name, usage }: Command): string => `${name} ${usage}`.trimEnd();

const exampleLines = ([question, words]: Command['examples'][number]): string[] => [
  `  # ${question}`,
  `  ${PROGRAM} ${words}`,
];

const OWN_FLAGS = 'kubectl\'s own flags, which "kubectl options" lists, work too, after the command.';
