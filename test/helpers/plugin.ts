import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after } from 'node:test';

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

const DIST = join(import.meta.dirname, '../../dist');

/** What `npm run build` makes. */
export const EXECUTABLE = join(DIST, `kubectl-whocan_escalate${process.platform === 'win32' ? '.exe' : ''}`);

/** A home of the test file's own, which has no kubeconfig: what a developer has must not be read, let alone asked. */
export const HOME = mkdtempSync(join(tmpdir(), 'whocan-cli-'));
after(() => rmSync(HOME, { recursive: true, force: true }));

/** What a child gets of this process's environment: the built program before all else on the path, and no cluster. */
export const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  ...{ HOME, PATH: [DIST, process.env.PATH].join(delimiter), LANG: 'C.UTF-8', TERM: 'xterm-256color' },
  ...more,
});

/** A command as somebody types it into a pipe, run to its end. */
export async function run(
  command: string,
  args: readonly string[],
  { env = {}, stdin = '' }: { env?: NodeJS.ProcessEnv; stdin?: string | Buffer } = {},
): Promise<Outcome> {
  const child = spawn(command, args, { cwd: HOME, env: environment(env), stdio: 'pipe' });
  // What is not read to its end is no matter of the test.
  child.stdin.on('error', () => {}).end(stdin);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}

type Call = (words: string | readonly string[], options?: Parameters<typeof run>[2]) => Promise<Outcome>;

/**
 * The built program by way of the real kubectl: `kubectl whocan-escalate …`, words separated by blanks, or in a list.
 */
export const plugin: Call = (words, options) => run('kubectl', ['whocan-escalate', ...split(words)], options);

/** The same without kubectl, for what kubectl has no part in. */
export const program: Call = (words, options) => run('kubectl-whocan_escalate', split(words), options);

export const split = (words: string | readonly string[]): readonly string[] =>
  typeof words === 'string' ? words.split(' ').filter((word) => word !== '') : words;
