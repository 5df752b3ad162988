import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type ProcessGroup = {
  /** A new directory that goes with the processes. Each logs to `<name>.log` in it. */
  dir: string;
  pids: number[];
  start(name: string, command: string, args: readonly string[]): void;
  /** Throws with the end of the log when one of them has ended. */
  check(): void;
  stop(): Promise<void>;
};

/**
 * Processes that never outlive this one, however it ends, SIGKILL included. A shell holds the other end of a pipe and
 * knows their pids: when the pipe closes, because stop() closed it or because this process is gone, it ends each by pid
 * (SIGTERM, after a second SIGKILL) and removes the directory. Nothing here keeps the event loop alive.
 */
export function processGroup(): ProcessGroup {
  const dir = mkdtempSync(join(realpathSync(tmpdir()), 'whocan-escalate-'));
  const warden = spawn('sh', ['-c', WARDEN, 'warden', dir], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  const children = new Map<string, ChildProcess>();
  unref(warden);
  return {
    dir,
    pids: [],
    start(name, command, args) {
      const log = openSync(join(dir, `${name}.log`), 'a');
      const child = spawn(command, args, { cwd: dir, env: { ...process.env, ...SELDOM }, stdio: ['ignore', log, log] });
      closeSync(log);
      unref(child);
      child.once('error', () => {});
      if (child.pid === undefined) throw new Error(`cannot start ${command}`);
      warden.stdin.write(`${child.pid}\n`);
      this.pids.push(child.pid);
      children.set(name, child);
    },
    check() {
      for (const [name, { exitCode, signalCode }] of children) {
        if (exitCode === null && signalCode === null) continue;
        throw new Error(
          `${name} ended (${exitCode ?? signalCode}):\n${readFileSync(join(dir, `${name}.log`), 'utf8').slice(-2000)}`,
        );
      }
    },
    async stop() {
      const running = [warden, ...children.values()].filter(
        (child) => child.exitCode === null && child.signalCode === null,
      );
      for (const child of running) child.ref();
      warden.stdin.end();
      await Promise.all(running.map((child) => once(child, 'exit')));
    },
  };
}

function unref(child: ChildProcess): void {
  child.unref();
  // The pipe to the warden is a socket, whose unref the type of a writable stream doesn't show.
  if (child.stdin && 'unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
}

// Newest first: an API server whose store has gone can't end in peace.
const WARDEN = `
trap '' HUP INT TERM
pids=
while read -r pid; do pids="$pid $pids"; done
for pid in $pids; do
  kill -TERM "$pid"
  for tenth in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" || break; sleep 0.1; done
  kill -KILL "$pid"
done
rm -rf "$1"
`;

/** Programs in Go collect garbage only once there is a lot of it: most of these servers have gone by then. */
const SELDOM = { GOGC: 'off', GOMEMLIMIT: '600MiB' };
