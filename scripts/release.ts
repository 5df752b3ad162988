/**
 * Everything of a release but its publication, for every platform and from this one machine: single executables in
 * archives as krew takes them, sums, a bill of materials, the npm package, and the manifests for krew.
 *
 *   npm run release                       into dist/release
 *   npm run release -- --out DIRECTORY    elsewhere, and the manifests in krew/ stay as they are
 *   npm run release -- --platform linux/amd64    only this one (repeatable); likewise
 *
 * The same commit makes the same bytes, wherever it lies. Publishing is for people: the last lines say what is left.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import packageJson from '../package.json' with { type: 'json' };
import { bundle, type Chunk, chunks } from './build/bundle.ts';
import { currentCommit } from './build/commit.ts';
import { executable, type Parts } from './build/executable.ts';
import { executableName, nameOf, PLATFORMS, type Platform } from './build/platforms.ts';
import { lockedPackage } from './build/runtime.ts';
import { bundledPackages, nodeItself } from './licenses/contained.ts';
import type { Package } from './licenses/package.ts';
import { thirdPartyText } from './licenses/third-party.ts';
import { archiveOf } from './release/archive.ts';
import { archiveName, krewManifest, releaseBotTemplate, sizeLine, sumLines } from './release/manifest.ts';
import { npmPackage } from './release/npm.ts';
import { billOfMaterials, type Contained } from './release/sbom.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    platform: { type: 'string', multiple: true },
  },
});
const ROOT = join(import.meta.dirname, '..');
const OUT = values.out ?? join(ROOT, 'dist', 'release');
const { version } = packageJson;
const commit = currentCommit(ROOT);
const platforms = PLATFORMS.filter((each) => values.platform?.includes(nameOf(each)) ?? true);
/** An archive must not be larger, in bytes. */
const MOST = 42e6;
const LEFT_TO_DO = `Left to do, by hand:
  1. npm test, on this commit, and the workflow "release", which starts each executable on its own system
  2. commit krew/, tag v${version}, and push the tag
  3. a release on GitHub of that tag with the files of ${relative(process.cwd(), OUT)}
  4. npm publish ${relative(process.cwd(), OUT)}/kubectl-whocan-escalate-${version}.tgz
  5. the first time: krew/whocan-escalate.yaml as a pull request to krew-index; after that krew-release-bot does it`;

/** A container for what is made on the way, and a new one for what comes out: a failed release leaves none. */
const work = join(ROOT, 'node_modules', '.cache', 'release');
mkdirSync(work, { recursive: true });
const directory = mkdtempSync(join(work, 'work-'));

try {
  await release();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function release(): Promise<void> {
  const { file, metafile } = await bundle(ROOT, directory, { version, commit });
  const program = await chunks(ROOT, mkdtempSync(join(directory, 'chunks-')), { version, commit });
  const packages = [nodeItself(ROOT), ...bundledPackages(metafile, ROOT)];
  const license = readFileSync(join(ROOT, 'LICENSE'));
  const thirdParty = Buffer.from(thirdPartyText(packages));
  const partial = join(directory, 'out');
  mkdirSync(partial);
  const sums = new Map<string, string>();
  const write = (name: string, content: string | Buffer): void => {
    writeFileSync(join(partial, name), content);
    sums.set(name, createHash('sha256').update(content).digest('hex'));
  };

  // gzip works beside: while one archive is packed, the next executable is made.
  const archives = [];
  for (const platform of platforms) {
    const [parts, content] = await contentOf(platform, program);
    const entries = [
      { name: executableName(platform), content, isExecutable: true },
      { name: 'LICENSE', content: license, isExecutable: false },
      { name: 'THIRD-PARTY-LICENSES.txt', content: thirdParty, isExecutable: false },
    ];
    const packed = archiveOf(entries).then((archive) => {
      write(archiveName(platform, version), archive);
      console.log(sizeLine(platform, { archive: archive.length, executable: content.length, ...parts }));
      if (archive.length > MOST) throw new Error(`${archiveName(platform, version)} is over ${MOST / 1e6} MB`);
    });
    archives.push(packed);
  }
  await Promise.all(archives);
  const archiveSums = new Map(sums);
  write(`whocan-escalate_v${version}_sbom.cdx.json`, billOfMaterials(ourselves(), packages.flatMap(contained)));
  const npm = npmPackage({ root: ROOT, directory, version, bundle: file, thirdParty });
  write(npm.name, npm.content);
  write('SHA256SUMS', sumLines(sums));
  const isWhole = platforms.length === PLATFORMS.length;
  if (isWhole) writeManifests(archiveSums, partial);
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(join(OUT, '..'), { recursive: true });
  renameSync(partial, OUT);
  console.log(`${relative(process.cwd(), OUT)}: ${[...sums.keys()].sort().join(', ')}`);
  if (isWhole) console.log(LEFT_TO_DO);
}

/** The executable of a platform, and how large its parts are. */
async function contentOf(platform: Platform, program: readonly Chunk[]): Promise<[Parts, Buffer]> {
  const own = mkdtempSync(join(directory, 'executable-'));
  const output = join(own, executableName(platform));
  const parts = await executable(platform, program, { root: ROOT, directory: own, output });
  return [parts, readFileSync(output)];
}

/** The krew manifest among the results; and in krew/, unless the results are not those of this repository. */
function writeManifests(sums: ReadonlyMap<string, string>, partial: string): void {
  const plugin = readFileSync(join(ROOT, 'plugin.yaml'), 'utf8');
  const manifest = krewManifest(plugin, version, sums);
  writeFileSync(join(partial, 'whocan-escalate.yaml'), manifest);
  if (values.out !== undefined) return;
  writeFileSync(join(ROOT, 'krew', 'whocan-escalate.yaml'), manifest);
  writeFileSync(join(ROOT, 'krew', 'release-bot.tmpl'), releaseBotTemplate(plugin));
}

function ourselves() {
  return { name: packageJson.name, version, commit, license: packageJson.license };
}

/** Node is one component for each platform. */
function contained({ name, version: own, license }: Package): Contained[] {
  const of = (npm: string): Contained => {
    const { integrity } = lockedPackage(npm, ROOT, own);
    return { name, version: own, license, integrity, purl: `pkg:npm/${npm.replace('@', '%40')}@${own}` };
  };
  return name === 'Node.js' ? platforms.map(({ runtime }) => of(runtime)) : [of(name)];
}
