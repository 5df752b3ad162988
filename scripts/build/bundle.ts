import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import type { Metafile } from '../licenses/contained.ts';

/**
 * Modules that only a few functions are used of, slow to load or in need of files, each with what stands for it in the
 * bundle: a file of scripts/.
 */
const STAND_INS = {
  assert: 'assert.mjs',
  'escalade/sync': 'escalade.mjs',
  'string-width': 'string-width.mjs',
  y18n: 'y18n.mjs',
};
export const STAND_IN_FILES = Object.values(STAND_INS);

/** What the bundler wrote. */
interface Bundle {
  file: string;
  /** What it says is in it. */
  metafile: Metafile;
}

/** What the program says of itself. */
export interface Release {
  version: string;
  commit: string;
}

/** A piece of the program: modules that are loaded together. It requires others as `./NAME`. */
export interface Chunk {
  name: string;
  code: string;
}

/**
 * One CommonJS file with everything in it, in `directory`: what npm gets. Own modules behind `import()` stay lazy,
 * which is what keeps the start fast.
 */
export async function bundle(root: string, directory: string, release: Release): Promise<Bundle> {
  const { build } = await import('esbuild'); // slow to load, and most often there is nothing to build
  const file = join(directory, 'cli.cjs');
  const options = optionsFor(root, release);
  const { metafile } = await build({
    ...{ ...options, ...AS_REQUIRED },
    define: { ...options.define, ...AS_REQUIRED.define },
    entryPoints: [ENTRY],
    outfile: file,
    banner: { js: `#!/usr/bin/env node\n${OWN_URL}` },
  });
  return { file, metafile };
}

/**
 * The same in pieces, for the executable, the one that it starts with first: most of the program is not needed for a
 * question, and is never looked at.
 */
export async function chunks(root: string, directory: string, release: Release): Promise<Chunk[]> {
  const { build, transform } = await import('esbuild');
  const { metafile } = await build({
    ...optionsFor(root, release),
    entryPoints: [{ in: ENTRY, out: START }],
    outdir: directory,
    format: 'esm',
    splitting: true,
  });
  const names = Object.keys(metafile.outputs).map((path) => path.slice(path.lastIndexOf('/') + 1));
  const start = `${START}.js`;
  return Promise.all(
    [start, ...names.filter((name) => name !== start).sort()].map(async (name) => {
      const text = readFileSync(join(directory, name), 'utf8');
      const { code } = await transform(text, {
        ...SMALL,
        ...AS_REQUIRED,
        lineLimit: 0,
        platform: 'node',
        target: TARGET,
      });
      const settled = withPlainExports(code);
      return { name, code: settled.includes('importMetaUrl') ? `${OWN_URL}${settled}` : settled };
    }),
  );
}

/**
 * esbuild gives out what a piece exports by a getter behind a getter, which costs a tenth of a question. One is enough,
 * and the loader takes it away once there is a function behind it. Throws where esbuild writes it in another way.
 */
function withPlainExports(code: string): string {
  if (!code.includes('__export(stdin_exports')) return code;
  const parts = code.split('module.exports=__toCommonJS(stdin_exports);');
  const plain = parts.join('module.exports=stdin_exports;').replace(GETTER, '{get:$1,enumerable:!0,configurable:!0}');
  if (parts.length !== 2 || !plain.includes('configurable:!0')) throw new Error('esbuild exports in another way');
  return plain;
}

const GETTER = /\{get:(all\d*\[name\d*\]),enumerable:!0\}/;

const ENTRY = 'src/main.ts';
const START = 'start';
const TARGET = 'node22.19';

/** Names stay, so that a stack trace can be read; long lines don't, since Node prints the one that threw. */
const SMALL = { minifyWhitespace: true, minifySyntax: true, lineLimit: 200 };

/** Nobody gives the executable's scripts a way to import, so that every import() becomes a require(). */
const AS_REQUIRED = {
  format: 'cjs',
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': 'importMetaUrl' },
} as const;

const OWN_URL = 'const importMetaUrl=require("node:url").pathToFileURL(__filename).href;';

const optionsFor = (root: string, { version, commit }: Release) =>
  ({
    ...SMALL,
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: TARGET,
    mainFields: ['module', 'main'],
    metafile: true,
    logLevel: 'error',
    define: { BUILD_VERSION: JSON.stringify(version), BUILD_COMMIT: JSON.stringify(commit) },
    alias: Object.fromEntries(Object.entries(STAND_INS).map(([name, file]) => [name, join(root, 'scripts', file)])),
  }) satisfies BuildOptions;
