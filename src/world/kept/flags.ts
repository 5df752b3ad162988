import { LEFT_OUT } from './left-out.ts';

/**
 * Flags of the API server that tell how it decides. Others may name anything: files with keys, addresses with
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

/** Whether a word of a command line is one of these flags, with a value or without. */
export const isReadFlag = (word: string): boolean => READ.has(/^--([\w-]+)(?:=|$)/.exec(word)?.[1] ?? '');

/** A command line of `--name=value` with what tells how the server decides. */
export const keepFlags = (flags: readonly string[]): string[] =>
  flags.map((each) => (isReadFlag(each) ? each : LEFT_OUT));
