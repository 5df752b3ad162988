import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pid } from 'node:process';
import { promisify } from 'node:util';
import { kernelTools } from '../../scripts/kernel.mjs';
import { CAPABILITIES } from '../../src/runtime/capabilities/names.ts';
import { configOf, ownerOf, type Seccomp } from './bundle.ts';
import type { Process, Sandbox } from './process.ts';
import { type Copy, checkProcess, named, opensRawSockets, type Report } from './seen.ts';

/** Whether each way to start a program opens raw and packet sockets, and what was seen. */
export type Outcome = Record<Copy, boolean> & { details: Report };

const tools = await kernelTools();

/**
 * Why there can be no containers here, as node:test's `skip`; false where there can. With CI=true, importing this
 * throws instead.
 */
export const skipReason: string | false = 'missing' in tools && tools.missing;

/** What this process does not have itself, and runc can't give. */
export const WITHHELD: readonly string[] = withheld();

/**
 * Why just this container can't be made here, as node:test's `skip`; false where it can. What WITHHELD has besides is
 * left out of it.
 */
export function whyNot({ capabilities }: Process, { ownUserNamespace }: Sandbox): string | false {
  if (ownUserNamespace) return NO_USER_NAMESPACE;
  const lacking = DECISIVE.filter((name) => WITHHELD.includes(name) && capabilities.bounding.includes(name));
  return lacking.length > 0 && `this process itself has no ${lacking.join(', ')}`;
}

/**
 * Starts the probe by runc as the first process of a container, and resolves with what it opened. Throws where it did
 * not come to that. All of it is in a mount and a network namespace that are gone with the last process in them: there
 * is nothing to clean up, the network of the machine is not touched, and several can run at once. About 0.1 s.
 */
export async function run(
  process: Process,
  sandbox: Sandbox,
  { seccomp }: { seccomp?: Seccomp } = {},
): Promise<Outcome> {
  if ('missing' in tools) throw new Error(tools.missing);
  const possible = sandbox.ownUserNamespace ? process : without(WITHHELD, process);
  const id = `whocan-escalate-${pid}-${++started}`;
  const args = ['--mount', '--net', 'sh', '-euc', SCRIPT, tools.runc, tools.probe, `${ownerOf(sandbox)}`, id];
  const stdout = await output('unshare', args, JSON.stringify(configOf(possible, sandbox, seccomp)));
  const report = JSON.parse(stdout) as Report;
  checkProcess(possible, report.plain);
  return {
    plain: opensRawSockets(report.plain),
    setuid: opensRawSockets(report.setuid),
    fileCapability: opensRawSockets(report.fileCapability),
    details: report,
  };
}

/** Of a command that reads `input`. Throws with its complaint where it fails. */
async function output(command: string, args: readonly string[], input: string): Promise<string> {
  const running = promisify(execFile)(command, args, { timeout: DEADLINE });
  // It may be gone before it has read any.
  running.child.stdin?.on('error', () => {}).end(input);
  try {
    return (await running).stdout;
  } catch (error) {
    const { code, signal, stderr } = error as { code?: number | string; signal?: string; stderr?: string };
    throw new Error(`no container (${signal ?? code}): ${stderr?.trim()}`);
  }
}

function without(names: readonly string[], process: Process): Process {
  const sets = Object.entries(process.capabilities).map(([set, all]) => [
    set,
    all.filter((name) => !names.includes(name)),
  ]);
  return { ...process, capabilities: Object.fromEntries(sets) as Process['capabilities'] };
}

function withheld(): string[] {
  if (skipReason) return [];
  const own = named(/^CapBnd:\t(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]).split(',');
  return CAPABILITIES.filter((name) => !own.includes(name));
}

function whyNoUserNamespace(): string | false {
  if (skipReason) return skipReason;
  const { status, stderr, error } = spawnSync('unshare', ['--user', 'true'], { encoding: 'utf8' });
  return status !== 0 && `no user namespace can be made: ${error?.message ?? stderr.trim()}`;
}

const NO_USER_NAMESPACE = whyNoUserNamespace();
if (WITHHELD.length > 0)
  console.error(`kernel: containers go without what this process has not itself: ${WITHHELD.join(', ')}`);
/** What the tests are about: without the rest they say the same. */
const DECISIVE = ['NET_RAW', 'NET_ADMIN'];
/** Milliseconds; then runc is told to end, and passes it on. The probe gives up by itself before. */
const DEADLINE = 20_000;
let started = 0;

/**
 * The root is a tmpfs: /tmp may be mounted nosuid, or keep the container's root out. The probe is opened first: the
 * mount might hide it.
 */
const SCRIPT = `
exec 3<"$1"
mount -t tmpfs -o mode=755 tmpfs /mnt
/proc/self/fd/3 prepare /mnt/rootfs "$2"
cat >/mnt/config.json
exec "$0" --root /mnt/state run --bundle /mnt "$3" 3<&- </dev/null
`;
