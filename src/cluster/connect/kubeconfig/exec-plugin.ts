import { normalize } from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import { UserError } from '../../../answer/user-error.ts';
import { checkKeyPair } from '../../wire/tls.ts';
import type { ExecConfig, Target } from './config.ts';
import type { Credential, Credentials } from './credential.ts';
import type { ConnectEnvironment } from './environment.ts';
import { execCredential, execInfo } from './exec-protocol.ts';
import { lookPath } from './look-path.ts';
import { singleFlight } from './single-flight.ts';

/**
 * Credentials from a client-go credential plugin. It runs when they are first needed, and again when they have expired
 * or the server refuses them, but never twice at once. The plugin shares our stderr, and our stdin where it may be
 * interactive. Rejects with a UserError in kubectl's words. Mirrors client-go plugin/pkg/client/auth/exec/exec.go.
 */
export function execCredentials(exec: ExecConfig, target: Target, environment: ConnectEnvironment): Credentials {
  if (!/^client\.authentication\.k8s\.io\/v1(beta1)?$/.test(exec.apiVersion ?? '')) {
    throw new UserError(`error: exec plugin: invalid apiVersion "${exec.apiVersion}"`);
  }
  let held: Held | undefined;
  const run = singleFlight(async () => {
    held = await runPlugin(exec, target, environment);
    return held;
  });
  return {
    current: async () => (held && held.expires > Date.now() ? held : await run()).credential,
    renew: async (refused) => {
      if (held?.credential !== refused) return true;
      return run().then(Boolean, () => false);
    },
  };
}

interface Held {
  credential: Credential;
  expires: number;
}

async function runPlugin(
  exec: ExecConfig,
  target: Target,
  { env, stdinIsTerminal }: ConnectEnvironment,
): Promise<Held> {
  try {
    if (exec.interactiveMode === 'Always' && !stdinIsTerminal) {
      throw new Error('exec plugin cannot support interactive mode: standard input is not a terminal');
    }
    const interactive = exec.interactiveMode !== 'Never' && stdinIsTerminal;
    const variables = Object.fromEntries((exec.env ?? []).map(({ name = '', value = '' }) => [name, value]));
    const output = await capture(
      exec,
      { ...env, ...variables, KUBERNETES_EXEC_INFO: execInfo(exec, target, interactive) },
      interactive,
      env,
    );
    const { token, cert, key, expires } = execCredential(output, exec.apiVersion ?? '');
    const problem = cert && key && checkKeyPair(cert, key);
    if (problem) throw new Error(`failed parsing client key/certificate: ${problem}`);
    return {
      credential: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(cert && key && { certificate: { cert, key } }),
      },
      expires,
    };
  } catch (error) {
    throw new UserError(`Unable to connect to the server: getting credentials: ${(error as Error).message}`);
  }
}

/**
 * The output of the plugin on stdout. Rejects with an Error where the plugin cannot be started or exits with a code
 * other than 0.
 */
async function capture(
  exec: ExecConfig,
  env: NodeJS.ProcessEnv,
  interactive: boolean,
  ours: NodeJS.ProcessEnv,
): Promise<string> {
  const command = normalize(exec.command ?? '');
  // Go searches our own PATH. Node would search the PATH that the plugin gets, and on Windows the current directory
  // first.
  const program = isPath(command) ? command : lookPath(command, ours);
  if (program === null) throw new Error(notFound(exec, command));
  // Most users have no plugin, and loading these modules takes Node a while.
  const [{ spawn }, { text }] = await Promise.all([import('node:child_process'), import('node:stream/consumers')]);
  const words = [program, ...(exec.args ?? []), ...Object.entries(env).flat()];
  // Node's error would quote a word with a NUL in it, which may be a secret.
  if (words.some((word) => word?.includes('\0'))) throw new Error(`exec: fork/exec ${command}: invalid argument`);
  const child = spawn(program, exec.args ?? [], {
    env,
    stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'inherit'],
  });
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => reject(new Error(startProblem(exec, command, error))));
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [output, code] = await Promise.race([failed, Promise.all([text(child.stdout), exited])]);
  if (code !== 0) throw new Error(`exec: executable ${command} failed with exit code ${code ?? -1}`);
  return output;
}

const isPath = (command: string): boolean => (process.platform === 'win32' ? /[/\\:]/ : /\//).test(command);

function startProblem(exec: ExecConfig, command: string, error: NodeJS.ErrnoException): string {
  return isPath(command)
    ? `exec: fork/exec ${command}: ${getSystemErrorMessage(error.errno ?? 0)}`
    : notFound(exec, command);
}

const notFound = ({ installHint }: ExecConfig, command: string): string =>
  `exec: executable ${command} not found${installHint ? `: ${installHint.trim().replaceAll(/\s+/g, ' ')}` : ''}`;
