import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { Module } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Chunk } from './bundle.ts';
import { signAdHoc } from './macho/sign.ts';
import { isHost, type Platform } from './platforms.ts';
import { runtimeFor } from './runtime.ts';

/**
 * In MB. The young generation begins as large as it may become: from 1 on it would be collected again and again while
 * lists are read. The old generation is collected for the first time at 56, which most questions never reach. main.cjs
 * takes the last flag back as soon as it has had its effect: V8 compares its flags with those that cached code was made
 * with, and with this one it would compile again what Node has in itself, which takes 20 ms. Flags for the size of the
 * young generation do not count there (`v8.cachedDataVersionTag()` tells).
 */
const HEAP_FLAGS = ['--min-semi-space-size=3', '--max-semi-space-size=3', '--initial-old-space-size=56'];
/**
 * What Node warns of, in two lines each, is for programmers, and not always true: an environment variable that it calls
 * dangerous is no matter to us.
 */
const NODE_FLAGS = ['--no-warnings'];
/** An empty file. OpenSSL would load the libraries that the file of OPENSSL_CONF names, with their code. */
const opensslFlag = ({ os }: Platform): string => `--openssl-config=${os === 'windows' ? 'NUL' : '/dev/null'}`;

/** Written beside the executable, to see what is in it. */
export interface Parts {
  /** Bytes of Node, of the program, and of the code cache, which only the executable for this machine has. */
  runtime: number;
  program: number;
  cache: number;
}

/**
 * Node and the program in one file, `output`; `directory` takes what is made on the way. It takes no options from
 * NODE_OPTIONS, which could load foreign code. For other platforms than this one there is no code cache: only the
 * runtime itself can make one.
 */
export async function executable(
  platform: Platform,
  program: readonly Chunk[],
  { root, directory, output }: { root: string; directory: string; output: string },
): Promise<Parts> {
  const { build } = await import('esbuild');
  const sources = join(root, 'scripts', 'executable');
  const [code, pieces, cache, config] = ['code', 'pieces', 'cache', 'sea.json'].map((name) =>
    join(directory, name),
  ) as [string, string, string, string];
  writePieces(program, { code, pieces });
  if (isHost(platform)) await makeCache(join(sources, 'cache.cjs'), [code, pieces, cache]);
  const runtime = runtimeFor(platform, root);
  // Node keeps the path of `main`, which has to be the same wherever it is built.
  await build({
    ...{ entryPoints: ['main.cjs'], absWorkingDir: sources, outfile: join(directory, 'main.cjs') },
    ...{ bundle: true, platform: 'node', logLevel: 'error' },
  });
  const options = {
    main: 'main.cjs',
    executable: runtime,
    output,
    assets: { code, pieces, ...(isHost(platform) && { cache }) },
    execArgv: [...HEAP_FLAGS, ...NODE_FLAGS, opensslFlag(platform)],
    execArgvExtension: 'none',
    disableExperimentalSEAWarning: true,
  };
  writeFileSync(config, JSON.stringify(options));
  await run(process.execPath, ['--build-sea', config], { cwd: directory });
  if (platform.os === 'darwin') writeFileSync(output, signAdHoc(readFileSync(output), IDENTIFIER));
  const size = (path: string): number => readFileSync(path).length;
  return { runtime: size(runtime), program: size(code), cache: isHost(platform) ? size(cache) : 0 };
}

/** All code one after the other, and where each piece begins and ends. */
function writePieces([first, ...others]: readonly Chunk[], files: { code: string; pieces: string }): void {
  if (!first) throw new Error('a program without code');
  let end = 0;
  const all = [first, ...others].map(({ name, code }) => {
    const text = Module.wrap(asAscii(code));
    const at = [end, end + text.length];
    end += text.length;
    return { name, text, at };
  });
  writeFileSync(files.code, all.map(({ text }) => text).join(''));
  const pieces = Object.fromEntries(all.map(({ name, at }) => [name, { at }]));
  writeFileSync(files.pieces, JSON.stringify({ start: first.name, pieces }));
}

/**
 * The same each time: V8 would else seed its hashes and its random numbers by chance; and code that lies where other
 * code was collected has some of its bytes in the gaps between fields, so that nothing is collected.
 */
async function makeCache(script: string, files: readonly string[]): Promise<void> {
  const { SystemRoot } = process.env;
  await run(process.execPath, [...FLAGS, script, ...files], { env: SystemRoot ? { SystemRoot } : {} });
}

/**
 * Code in which a character is a byte, so that V8 takes it as it is. What the bundler leaves, in templates and regular
 * expressions, may be escaped there too.
 */
function asAscii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const run = promisify(execFile);
const FLAGS = ['--hash-seed=1', '--random-seed=1', '--initial-old-space-size=1000'];
/** Names the program in its signature. */
const IDENTIFIER = 'kubectl-whocan_escalate';
