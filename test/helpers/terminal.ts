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
  /** As if somebody had dragged the corner of the window. */
  resize(columns: number, rows: number): void;
  /** Resolves when the screen shows it; rejects when the command ends before. */
  shows(text: string): Promise<void>;
  /** The exit code; 128 and the number of the signal that ended it. */
  ended: Promise<number>;
}

/** Runs a command of the shell in a terminal of 80 columns, or of another size, which ends with the test. */
export function terminal(
  t: TestContext,
  command: string,
  env: NodeJS.ProcessEnv = {},
  { columns, rows }: { columns: number; rows: number } = { columns: 80, rows: 24 },
): Terminal {
  const child = spawn('python3', ['-c', PTY, `${rows} ${columns}`, 'sh', '-c', command], {
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
    resize: (wide, high) => child.stdin.write(`${SIZE}${high} ${wide}`),
    async shows(text) {
      while (!screen.includes(text)) {
        const more = await Promise.race([once(child.stdout, 'data'), ended.then(() => null)]);
        if (more === null && !screen.includes(text))
          throw new Error(`it ended and never showed ${JSON.stringify(text)}:\n${screen}`);
      }
    },
    ended,
  };
}

/** Typed before rows and columns: no keys, but another size. */
const SIZE = '\u0000size ';

/** Keys from stdin, the screen to stdout. Ends as the command does. */
const PTY = `
import fcntl, os, pty, select, struct, sys, termios
def resize(fd, size):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', *map(int, size.split()), 0, 0))
pid, screen = pty.fork()
if pid == 0:
    resize(0, sys.argv[1])
    os.execvp(sys.argv[2], sys.argv[2:])
keys = [0]
while True:
    ready = select.select([screen] + keys, [], [])[0]
    if 0 in ready:
        typed = os.read(0, 65536)
        if typed.startswith(b'\\0size '): resize(screen, typed[6:])
        elif typed: os.write(screen, typed)
        else: keys = []
    if screen in ready:
        try: shown = os.read(screen, 65536)
        except OSError: break
        if not shown: break
        os.write(1, shown)
status = os.waitpid(pid, 0)[1]
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
`;
