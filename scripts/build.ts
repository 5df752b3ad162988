/**
 * The bundle and the single executable for this machine, where sources, lockfile, commit or this script have changed
 * since.
 *
 *   node scripts/build.ts             dist/cli.cjs and dist/kubectl-whocan_escalate, with the licences of all that is in it
 *   node scripts/build.ts --bundle    dist/cli.cjs
 *
 * `npm run release` makes the same for every platform (scripts/release.ts).
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
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
import { basename, join, relative } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { bundle, chunks, STAND_IN_FILES } from './build/bundle.ts';
import { currentCommit } from './build/commit.ts';
import { executable } from './build/executable.ts';
import { executableName, hostPlatform } from './build/platforms.ts';
import { bundledPackages, nodeItself } from './licenses/contained.ts';
import { thirdPartyText } from './licenses/third-party.ts';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');
const BUNDLE = join(DIST, 'cli.cjs');
const LICENSE = join(ROOT, 'LICENSE');
/** What the bundler says is in the bundle. */
const METAFILE = join(DIST, '.cli.cjs.metafile.json');

const commit = currentCommit(ROOT);
const release = { version: packageJson.version, commit };
const inputs = hashOfInputs();
const platform = hostPlatform();
mkdirSync(DIST, { recursive: true });
await refresh(BUNDLE, bundled);
if (!process.argv.includes('--bundle')) {
  // First: what may not be given away is not made.
  await refresh(join(DIST, 'THIRD-PARTY-LICENSES.txt'), thirdPartyLicenses);
  await refresh(join(DIST, 'LICENSE'), ownLicense);
  await refresh(join(DIST, executableName(platform)), ownExecutable);
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

async function bundled(directory: string): Promise<string> {
  const { file, metafile } = await bundle(ROOT, directory, release);
  writeFileSync(METAFILE, JSON.stringify(metafile));
  // npm runs it.
  chmodSync(file, 0o755);
  return file;
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

async function ownExecutable(directory: string): Promise<string> {
  const output = join(directory, executableName(platform));
  await executable(platform, await chunks(ROOT, directory, release), { root: ROOT, directory, output });
  return output;
}

function hashOfInputs(): string {
  const files = [
    'package.json',
    'package-lock.json',
    'LICENSE',
    ...globSync(
      [
        'scripts/build.ts',
        'scripts/build/**/*.ts',
        'scripts/licenses/*',
        ...STAND_IN_FILES.map((name) => `scripts/${name}`),
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
