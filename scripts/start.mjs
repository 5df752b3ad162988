/**
 * `npm start [-- QUESTION…]`: from a fresh checkout to an answer about the built-in demo cluster.
 * Installs and bundles what is missing, reporting on stderr: stdout has the answer alone.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { install } from './install.mjs';
import { PATH, ROOT, StepFailed, step } from './step.mjs';

const given = process.argv.slice(2);
const question = given.length > 0 ? given : ['port-forward', 'web-0'];

try {
  await install(process.stderr);
  await step('build', 'node', ['scripts/build.ts', '--bundle'], { out: process.stderr });
  process.exitCode = await ask([...question, '--demo']);
} catch (error) {
  if (!(error instanceof StepFailed)) console.error(`error: ${error.message}`);
  process.exitCode = 1;
}

async function ask(args) {
  const child = spawn('node', [join(ROOT, 'dist', 'cli.cjs'), ...args], {
    env: { ...process.env, PATH },
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  return code ?? 1;
}
