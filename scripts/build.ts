/**
 * The bundle and the single executable for this machine, where sources, lockfile, commit or this script have changed
 * since.
 *
 *   node scripts/build.ts             dist/cli.cjs and dist/kubectl-whocan_escalate, with the licences of all that is in it
 *   node scripts/build.ts --bundle    dist/cli.cjs
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { Module } from 'node:module';
import { basename, join, relative } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { bundledPackages, nodeItself } from './licenses/contained.ts';
import { thirdPartyText } from './licenses/third-party.ts';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');
const SOURCES = join(import.meta.dirname, 'executable');
const BUNDLE = join(DIST, 'cli.cjs');
const EXECUTABLE = join(DIST, `kubectl-whocan_escalate${process.platform === 'win32' ? '.exe' : ''}`);
const LICENSE = join(ROOT, 'LICENSE');
/** What the bundler says is in the bundle. */
const METAFILE = join(DIST, '.cli.cjs.metafile.json');

/**
 * Modules that only a few functions are used of, slow to load or in need of files: ours of the same name stand for them
 * in the bundle.
 */
const STAND_INS = ['assert', 'string-width', 'y18n'];
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

const commit = currentCommit();
const inputs = hashOfInputs();
mkdirSync(DIST, { recursive: true });
await refresh(BUNDLE, bundle);
if (!process.argv.includes('--bundle')) {
  // First: what may not be given away is not made.
  await refresh(join(DIST, 'THIRD-PARTY-LICENSES.txt'), thirdPartyLicenses);
  await refresh(join(DIST, 'LICENSE'), ownLicense);
  await refresh(EXECUTABLE, executable);
}

/**
 * Makes `output` anew unless it was made of the same inputs. It appears by rename: a failed build leaves the old one or
 * none.
 */
async function refresh(output: string, make: (directory: string) => Promise<string>): Promise<void> {
  const stamp = join(DIST, `.${basename(output)}.inputs`);
  if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) return;
  const directory = mkdtempSync(join(DIST, '.partial-'));
  try {
    const made = await make(directory);
    rmSync(stamp, { force: true });
    renameSync(made, output);
    writeFileSync(stamp, inputs);
    console.log(relative(ROOT, output));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * One CommonJS file with everything in it. Own modules behind `import()` stay lazy, which is what keeps the start fast.
 */
async function bundle(directory: string): Promise<string> {
  const { build } = await import('tsup'); // slow to load, and most often there is nothing to build
  await build({
    config: false,
    silent: true,
    entry: { cli: join(ROOT, 'src', 'main.ts') },
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
    define: { BUILD_VERSION: JSON.stringify(packageJson.version), BUILD_COMMIT: JSON.stringify(commit) },
    esbuildOptions(options) {
      // Names stay, so that a stack trace can be read; long lines don't, since Node prints the one that threw.
      Object.assign(options, { minifyWhitespace: true, minifySyntax: true, lineLimit: 200 });
      // The executable compiles the bundle as a script of its own, which nobody gives a way to import: an import()
      // becomes a require() here.
      options.supported = { ...options.supported, 'dynamic-import': false };
      options.alias = Object.fromEntries(STAND_INS.map((name) => [name, join(import.meta.dirname, `${name}.mjs`)]));
    },
  });
  renameSync(join(directory, 'metafile-cjs.json'), METAFILE);
  return join(directory, 'cli.cjs');
}

/**
 * Throws where something is in the executable that may not be given away, or that comes without the text of its
 * licence.
 */
async function thirdPartyLicenses(directory: string): Promise<string> {
  const output = join(directory, 'third-party');
  writeFileSync(
    output,
    thirdPartyText([nodeItself(ROOT), ...bundledPackages(JSON.parse(readFileSync(METAFILE, 'utf8')), ROOT)]),
  );
  return output;
}

async function ownLicense(directory: string): Promise<string> {
  const output = join(directory, 'license');
  copyFileSync(LICENSE, output);
  return output;
}

/**
 * Node and the bundle in one file. It takes no options from NODE_OPTIONS, which could load foreign code. The code cache
 * is made with V8's flags as they are by default, which main.cjs restores: with others it would be thrown away, which
 * costs 30 ms.
 */
async function executable(directory: string): Promise<string> {
  const file = (name: string): string => join(directory, name);
  const [output, config, wrapped, cache] = [
    file(basename(EXECUTABLE)),
    file('sea.json'),
    file('bundle.js'),
    file('cache'),
  ] as const;
  writeFileSync(wrapped, Module.wrap(asAscii(readFileSync(BUNDLE, 'utf8'))));
  execFileSync(process.execPath, [join(SOURCES, 'cache.cjs'), wrapped, cache], { stdio: 'ignore' });
  const assets = { bundle: wrapped, cache };
  const options = {
    main: join(SOURCES, 'main.cjs'),
    output,
    assets,
    execArgv: [...HEAP_FLAGS, ...NODE_FLAGS],
    execArgvExtension: 'none',
    disableExperimentalSEAWarning: true,
  };
  writeFileSync(config, JSON.stringify(options));
  execFileSync(process.execPath, ['--build-sea', config]);
  return output;
}

/**
 * Code in which a character is a byte, so that V8 takes it as it is. What the bundler leaves, in templates and regular
 * expressions, may be escaped there too.
 */
function asAscii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function hashOfInputs(): string {
  const files = [
    'package.json',
    'package-lock.json',
    'LICENSE',
    ...globSync(
      [
        'scripts/build.ts',
        'scripts/licenses/*',
        ...STAND_INS.map((name) => `scripts/${name}.mjs`),
        'scripts/executable/*',
        'src/**/*.*',
      ],
      {
        cwd: ROOT,
      },
    ).sort(),
  ];
  const hash = createHash('sha256').update(`${process.version} ${process.platform} ${process.arch} ${commit}`);
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(ROOT, file)));
  return hash.digest('hex');
}

function currentCommit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--exclude=*'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  } catch {
    return 'unknown';
  }
}
