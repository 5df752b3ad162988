import type { Command } from './parse/command.ts';
import type { Flag } from './parse/flags.ts';
import { admit } from './questions/admit.ts';
import { attach } from './questions/attach.ts';
import { debug } from './questions/debug.ts';
import { exec } from './questions/exec.ts';
import { group, me, node, sa, token, user } from './questions/footholds.ts';
import { logs } from './questions/logs.ts';
import { pod } from './questions/pod.ts';
import { portForward } from './questions/port-forward.ts';
import { privileged } from './questions/privileged.ts';
import { proxy } from './questions/proxy.ts';
import type { QuestionCommand } from './questions/question.ts';
import { rawSockets } from './questions/raw-sockets.ts';
import { reach } from './questions/reach.ts';
import { who } from './questions/who.ts';
import { SNAPSHOT } from './snapshot.ts';
import { VERSION } from './version.ts';

/** Every question, in the order of the help. */
export const QUESTIONS: readonly QuestionCommand[] = [
  ...[pod, portForward, exec, attach, debug, logs, proxy],
  ...[who, privileged, rawSockets, admit],
  ...[sa, user, group, node, me, token, reach],
];

/** What the program can be asked to do. */
export const COMMANDS: readonly Command[] = [...QUESTIONS, SNAPSHOT, VERSION];

/** Every flag of the program. Commands may say different things of one that is spelled alike. */
export const FLAGS: readonly Flag[] = [
  ...new Map(
    COMMANDS.flatMap(({ flags }) => flags).map((flag) => [`${flag.name} ${flag.short} ${flag.type}`, flag]),
  ).values(),
];

export const findCommand = (name: string | undefined): Command | undefined =>
  COMMANDS.find((command) => command.name === name);

/** Null where the name is that of no question. */
export const findQuestion = (name: string): QuestionCommand | null =>
  QUESTIONS.find((question) => question.name === name) ?? null;
