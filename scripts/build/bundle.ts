import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from '../licenses/contained.ts';

/**
 * Modules that only a few functions are used of, slow to load or in need of files: ours of the same name stand for them
 * in the bundle.
 */
export const STAND_INS = ['assert', 'string-width', 'y18n'];

/** What the bundler wrote. */
interface Bundle {
  file: string;
  /** What it says is in it. */
  metafile: Metafile;
}

/**
 * One CommonJS file with everything in it, in `directory`. Own modules behind `import()` stay lazy, which is what keeps
 * the start fast.
 */
export async function bundle(
  root: string,
  directory: string,
  { version, commit }: { version: string; commit: string },
): Promise<Bundle> {
  const { build } = await import('tsup'); // slow to load, and most often there is nothing to build
  await build({
    config: false,
    silent: true,
    entry: { cli: join(root, 'src', 'main.ts') },
    outDir: directory,
    format: 'cjs',
    outExtension: () => ({ js: '.cjs' }),
    platform: 'node',
    target: 'node22.19',
    noExternal: [/.*/],
    splitting: false,
    metafile: true,
    shims: true,
    removeNodeProtocol: false, // what exists only as `node:…` has to keep its name
    define: { BUILD_VERSION: JSON.stringify(version), BUILD_COMMIT: JSON.stringify(commit) },
    esbuildOptions(options) {
      // Names stay, so that a stack trace can be read; long lines don't, since Node prints the one that threw.
      Object.assign(options, { minifyWhitespace: true, minifySyntax: true, lineLimit: 200 });
      // The executable compiles the bundle as a script of its own, which nobody gives a way to import: an import()
      // becomes a require() here.
      // npm runs it as a program.
      options.banner = { js: '#!/usr/bin/env node' };
      options.supported = { ...options.supported, 'dynamic-import': false };
      options.alias = Object.fromEntries(STAND_INS.map((name) => [name, join(root, 'scripts', `${name}.mjs`)]));
    },
  });
  return {
    file: join(directory, 'cli.cjs'),
    metafile: JSON.parse(readFileSync(join(directory, 'metafile-cjs.json'), 'utf8')),
  };
}
