import { LEFT_OUT } from './left-out.ts';

/**
 * The flags of the API server that show how it decides. Other flags may hold secrets: files with keys, addresses with
 * passwords.
 */
const READ: ReadonlySet<string> = new Set([
  'admission-control-config-file',
  'allow-privileged',
  'anonymous-auth',
  'authorization-mode',
  'disable-admission-plugins',
  'enable-admission-plugins',
  'feature-gates',
]);

/** Whether a word of a command line is one of these flags, with or without a value. */
export const isReadFlag = (word: string): boolean => READ.has(/^--([\w-]+)(?:=|$)/.exec(word)?.[1] ?? '');

/** The flags of a command line (as `--name=value`) that show how the server decides. */
export const keepFlags = (flags: readonly string[]): string[] =>
  flags.map((each) => (isReadFlag(each) ? each : LEFT_OUT));
