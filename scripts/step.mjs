/**
 * Running the steps of `npm start` and `npm test`. Plain JavaScript for Node 20: it runs before anything is installed.
 */
import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';

export const ROOT = dirname(import.meta.dirname);
const BIN = join(ROOT, 'node_modules', '.bin');

/** PATH on which `node` is the one that the project pins, and its tools are found. */
export const PATH = [BIN, process.env.PATH].join(delimiter);

/**
 * Runs one command of the project and prints one line about it: its name, its seconds. Returns all that the command
 * printed. When it fails, prints that too and throws StepFailed.
 */
export async function step(name, command, args, { env = {}, out = process.stdout } = {}) {
  const started = performance.now();
  if (out.isTTY) out.write(`${name} …`);
  const { code, output } = await run(command, args, { PATH, ...env });
  const line = `${name.padEnd(8)} ${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s`;
  out.write(`${out.isTTY ? '\r\x1b[K' : ''}${line}${code === 0 ? '' : '  FAILED'}\n`);
  if (code === 0) return output;
  out.write(`${output}\n`);
  throw new StepFailed(name);
}

/** A step failed, and its output has been printed. */
export class StepFailed extends Error {}

async function run(command, args, env) {
  const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => child.kill();
  process.once('exit', stop);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  }).finally(() => process.off('exit', stop));
}

// Steps end with the process that started them.
for (const [signal, number] of Object.entries({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }))
  process.once(signal, () => process.exit(128 + number));
