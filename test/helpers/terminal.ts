import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { environment, HOME } from './plugin.ts';

/** Why nothing can be run in a terminal here, as node:test's `skip`; false where it can. */
export const noTerminal: string | false =
  spawnSync('python3', ['-c', 'import pty, termios']).status === 0
    ? false
    : 'no terminal to test in: python3 with its pty module is missing';

export interface Terminal {
  /** All that has been shown so far. */
  readonly screen: string;
  type(keys: string): void;
  /** Resolves when the screen shows it; rejects when the command ends before. */
  shows(text: string): Promise<void>;
  /** The exit code; 128 and the number of the signal that ended it. */
  ended: Promise<number>;
}

/** Runs a command of the shell in a terminal of 80 columns, which ends with the test. */
export function terminal(t: TestContext, command: string, env: NodeJS.ProcessEnv = {}): Terminal {
  const child = spawn('python3', ['-c', PTY, 'sh', '-c', command], {
    cwd: HOME,
    env: environment(env),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    screen += text.replaceAll('\r\n', '\n');
  });
  const ended = once(child, 'close').then(([code]) => Number(code));
  return {
    get screen() {
      return screen;
    },
    type: (keys) => child.stdin.write(keys),
    async shows(text) {
      while (!screen.includes(text)) {
        const more = await Promise.race([once(child.stdout, 'data'), ended.then(() => null)]);
        if (more === null && !screen.includes(text)) throw new Error(`it ended and never showed ${JSON.stringify(text)}:\n${screen}`);
      }
    },
    ended,
  };
}

/** Keys from stdin, the screen to stdout. Ends as the command does. */
const PTY = `
import fcntl, os, pty, select, struct, sys, termios
pid, screen = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
keys = [0]
while True:
    ready = select.select([screen] + keys, [], [])[0]
    if 0 in ready:
        typed = os.read(0, 65536)
        if typed: os.write(screen, typed)
        else: keys = []
    if screen in ready:
        try: shown = os.read(screen, 65536)
        except OSError: break
        if not shown: break
        os.write(1, shown)
status = os.waitpid(pid, 0)[1]
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
`;
