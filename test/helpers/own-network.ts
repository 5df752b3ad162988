import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { env, execPath } from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/**
 * An address of a documentation range (RFC 5737) that is no loopback address, to which the API server would not proxy.
 */
export const OWN_ADDRESS = '198.51.100.10';

/** Whether this process runs in the network namespace that `inOwnNetwork` makes. */
export const isInOwnNetwork = env.OWN_NETWORK === 'yes';

/** Why there can be no network namespace here; undefined where there can. */
export function whyNoOwnNetwork(): string | undefined {
  const { status, error, stderr } = spawnSync('unshare', [...UNSHARE, '/bin/sh', '-c', SETUP], { encoding: 'utf8' });
  return status === 0 ? undefined : `no network namespace can be made: ${error?.message ?? stderr.trim()}`;
}

/**
 * Runs a test file again in a network namespace of its own, where nothing is reached but itself. Resolves with its exit
 * code and all that it printed.
 */
export async function inOwnNetwork(file: string): Promise<{ code: number | null; output: string }> {
  // The child is a test runner of its own, and speaks to people.
  const { NODE_TEST_CONTEXT: _, ...rest } = env;
  const child = spawn(
    'unshare',
    [...UNSHARE, '/bin/sh', '-c', `${SETUP} && exec "$0" "$@"`, execPath, fileURLToPath(file)],
    {
      env: { ...rest, OWN_NETWORK: 'yes' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const [output, problems, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, output: `${output}${problems}` };
}

const UNSHARE = ['--map-root-user', '--net'];
const SETUP = `ip link set lo up && ip addr add ${OWN_ADDRESS}/32 dev lo`;
