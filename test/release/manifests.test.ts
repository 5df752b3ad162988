import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { load } from 'js-yaml';
import packageJson from '../../package.json' with { type: 'json' };
import { executableName, nameOf, PLATFORMS } from '../../scripts/build/platforms.ts';
import { archiveName, krewManifest, releaseBotTemplate, sumsIn, versionIn } from '../../scripts/release/manifest.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8');
const plugin = read('plugin.yaml');
const submitted = read('krew', 'whocan-escalate.yaml');

interface Manifest {
  spec: Record<string, string> & {
    platforms: { selector: { matchLabels: { os: string; arch: string } }; uri: string; sha256: string; bin: string }[];
  };
}

describe('plugin.yaml, the manifest for krew-index and the template of krew-release-bot are in step', () => {
  test('the manifest is plugin.yaml with a version and sums', () => {
    // With the sums that it has: they are of the commit that was released, which is not this one.
    assert.equal(submitted, krewManifest(plugin, versionIn(submitted), sumsIn(submitted)), 'npm run release');
    assert.equal(versionIn(submitted), packageJson.version);
    assert.ok([...sumsIn(submitted).values()].every((sum) => /^[0-9a-f]{64}$/.test(sum) && !/^0+$/.test(sum)));
  });

  test('the template is plugin.yaml with places for them', () => {
    const template = read('krew', 'release-bot.tmpl');
    assert.equal(template, releaseBotTemplate(plugin), 'npm run release');
    // What the bot puts into these places (pkg/source/template.go), it being Go's text/template.
    const rendered = template
      .replaceAll('{{ .TagName }}"', '@TAG@"')
      .replace(/\{\{addURIAndSha "([^"]*)" \.TagName\}\}/g, (_, uri: string) => {
        const address = uri.replaceAll('{{ .TagName }}', `v${packageJson.version}`);
        return `uri: ${address}\n    sha256: ${sumsIn(submitted).get(address.slice(address.lastIndexOf('/') + 1))}`;
      })
      .replaceAll('{{ .TagName }}', `v${packageJson.version}`);
    assert.deepEqual(load(rendered), load(submitted));
  });

  test('a place without an archive, and an archive without a place, are noticed', () => {
    const [first = '', ...others] = sumsIn(submitted).keys();
    const sums = (names: readonly string[]) => new Map(names.map((name) => [name, '1'.repeat(64)]));
    assert.throws(
      () => krewManifest(plugin, packageJson.version, sums(others)),
      new RegExp(`plugin\\.yaml has ${first}`),
    );
    assert.throws(
      () => krewManifest(plugin, packageJson.version, sums([first, ...others, 'more'])),
      /does not have more/,
    );
  });
});

describe('plugin.yaml is as krew-index wants it', () => {
  const { spec } = load(plugin) as Manifest;

  test('it has exactly the platforms that are released', () => {
    assert.deepEqual(
      spec.platforms.map(({ selector: { matchLabels }, uri, bin }) => [matchLabels, uri.split('/').pop(), bin]),
      PLATFORMS.map((each) => [{ os: each.os, arch: each.arch }, archiveName(each, '0.0.0'), executableName(each)]),
    );
    for (const { uri } of spec.platforms)
      assert.ok(uri.startsWith(packageJson.homepage.replace('#readme', '/releases/download/v0.0.0/')));
    assert.equal(spec.homepage, packageJson.homepage.replace('#readme', ''));
  });

  test('it has no key that krew would pass over in silence', () => {
    const keys = new Set(['version', 'homepage', 'shortDescription', 'description', 'caveats', 'platforms']);
    assert.deepEqual(new Set(Object.keys(spec)), keys);
    for (const platform of spec.platforms)
      assert.deepEqual(Object.keys(platform).sort(), ['bin', 'selector', 'sha256', 'uri']);
  });

  test('its texts fit', () => {
    assert.ok((spec.shortDescription?.length ?? 99) <= 50 && !/kubectl|plugin/i.test(spec.shortDescription ?? ''));
    for (const text of [spec.description, spec.caveats])
      for (const line of text?.split('\n') ?? []) assert.ok(line.length <= 80, line);
  });

  test('platforms that are not there are said, with the reason', () => {
    const left = ['darwin/amd64', 'windows/arm64'].filter((name) => !PLATFORMS.some((each) => nameOf(each) === name));
    for (const text of [plugin, read('README.md')]) for (const name of left) assert.ok(text.includes(name), name);
  });
});
