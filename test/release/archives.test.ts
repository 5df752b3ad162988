import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import packageJson from '../../package.json' with { type: 'json' };
import { executableName, isHost, nameOf, PLATFORMS } from '../../scripts/build/platforms.ts';
import { archiveName, sumsIn } from '../../scripts/release/manifest.ts';
import { archiveOf, manifest, RELEASED, sha256, unpacked, VERSION } from '../helpers/released.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('each archive is one that krew takes, and holds nothing else', () => {
  for (const platform of PLATFORMS)
    test(nameOf(platform), () => {
      const listing = execFileSync('tar', ['--utc', '--full-time', '-tvzf', archiveOf(platform)], { encoding: 'utf8' });
      const entries = listing
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ +/));
      const rows = entries.map(([mode, owner, , date, time, name]) => [mode, owner, date, time, name]);
      const of = (mode: string, name: string) => [mode, 'root/root', '2000-01-01', '00:00:00', name];
      assert.deepEqual(rows, [
        of('-rw-r--r--', 'LICENSE'),
        of('-rw-r--r--', 'THIRD-PARTY-LICENSES.txt'),
        of('-rwxr-xr-x', executableName(platform)),
      ]);
      const folder = unpacked(platform);
      assert.equal(readFileSync(join(folder, 'LICENSE'), 'utf8'), readFileSync(join(ROOT, 'LICENSE'), 'utf8'));
      const texts = readFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
      for (const name of ['Node.js', 'yargs', 'js-yaml']) assert.match(texts, new RegExp(`^${name} \\d`, 'm'));
      assert.ok(statSync(archiveOf(platform)).size <= 42e6, 'over 42 MB');
      // Name and time are not in gzip's header.
      assert.deepEqual([...readFileSync(archiveOf(platform)).subarray(0, 8)], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
    });
});

test('the executable for this machine is the one that `npm run build` makes and all other tests run', () => {
  const own = PLATFORMS.find(isHost);
  if (!own) return;
  const built = readFileSync(join(ROOT, 'dist', executableName(own)));
  assert.equal(sha256(readFileSync(join(unpacked(own), executableName(own)))), sha256(built));
});

test("the sums are those of the files, by the system's own program and in the manifest", () => {
  assert.doesNotThrow(() =>
    execFileSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: RELEASED }),
  );
  const listed = readFileSync(join(RELEASED, 'SHA256SUMS'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('  '));
  const files = readdirSync(RELEASED).filter((name) => !['SHA256SUMS', 'whocan-escalate.yaml'].includes(name));
  assert.deepEqual(
    listed.map(([, name]) => name),
    files.sort(),
  );
  const archives = new Set(PLATFORMS.map((platform) => archiveName(platform, VERSION)));
  assert.deepEqual(
    sumsIn(manifest()),
    new Map(listed.flatMap(([sum = '', name = '']) => (archives.has(name) ? [[name, sum]] : []))),
  );
});

test('the bill of materials names what is in the bundle, and each Node, with its hash', () => {
  const bom = JSON.parse(readFileSync(join(RELEASED, `whocan-escalate_v${VERSION}_sbom.cdx.json`), 'utf8'));
  assert.deepEqual(
    [bom.bomFormat, bom.metadata.component.name, bom.metadata.component.version],
    ['CycloneDX', packageJson.name, VERSION],
  );
  const components: {
    name: string;
    version: string;
    purl: string;
    licenses: unknown[];
    hashes: { content: string }[];
  }[] = bom.components;
  const [own] = PLATFORMS;
  assert.ok(own);
  const texts = readFileSync(join(unpacked(own), 'THIRD-PARTY-LICENSES.txt'), 'utf8');
  const licensed = new Set([...texts.matchAll(/^={80}\n(\S+ \S+)\nLicence: /gm)].map(([, name]) => name));
  assert.deepEqual(new Set(components.map(({ name, version }) => `${name} ${version}`)), licensed);
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const hashes = new Set(Object.values<{ integrity?: string }>(packages).map(({ integrity }) => integrity));
  for (const { purl, licenses, hashes: own } of components) {
    const [hash] = own.map(({ content }) => `sha512-${Buffer.from(content, 'hex').toString('base64')}`);
    assert.ok(hashes.has(hash), `${purl} has a hash that the lockfile does not have`);
    assert.equal(licenses.length, 1);
  }
  const nodes = components.filter(({ name }) => name === 'Node.js').map(({ purl }) => purl);
  assert.deepEqual(nodes.sort(), PLATFORMS.map(({ runtime }) => `pkg:npm/${runtime}@${process.versions.node}`).sort());
  // Each is a dependency of the program.
  const [root] = bom.dependencies.filter((each: { ref: string }) => each.ref === packageJson.name);
  assert.equal(root.dependsOn.length, components.length);
});
