/**
 * The dependencies, Node itself among them, where they are missing or older than package-lock.json.
 *
 *   node scripts/install.mjs
 */
import { existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT, step } from './step.mjs';

/**
 * Runs `npm ci` if need be. Throws StepFailed when that fails, and an Error when it left out the Node that everything
 * else runs on.
 */
export async function install(out = process.stdout) {
  if (isInstalled()) return;
  await step('install', 'npm', ['ci', '--no-audit', '--no-fund'], { env: { PATH: outsidePath() }, out });
  if (!existsSync(NODE))
    throw new Error(
      'npm ci did not install Node: does an .npmrc omit optional packages, or is this a platform that package.json has no Node for?',
    );
}

function isInstalled() {
  const written = join(ROOT, 'node_modules', '.package-lock.json');
  return (
    existsSync(NODE) &&
    existsSync(written) &&
    statSync(written).mtimeMs >= statSync(join(ROOT, 'package-lock.json')).mtimeMs
  );
}

/** PATH without the programs that `npm ci` is about to remove. */
function outsidePath() {
  return process.env.PATH.split(delimiter)
    .filter((folder) => !folder.startsWith(join(ROOT, 'node_modules')))
    .join(delimiter);
}

const NODE = join(ROOT, 'node_modules', '.bin', 'node');

if (process.argv[1] === import.meta.filename) await install();
