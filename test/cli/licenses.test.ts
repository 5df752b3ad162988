import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import packageJson from '../../package.json' with { type: 'json' };
import * as contained from '../../scripts/licenses/contained.ts';
import { readPackage } from '../../scripts/licenses/package.ts';
import { thirdPartyText } from '../../scripts/licenses/third-party.ts';
import { importMutant, mistakes } from '../helpers/mutate.ts';

const ROOT = join(import.meta.dirname, '../..');
const SCRIPTS = join(ROOT, 'scripts/licenses');
const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8');
const metafile: contained.Metafile = JSON.parse(read('dist', '.cli.cjs.metafile.json'));
const shipped = read('dist', 'THIRD-PARTY-LICENSES.txt');

/**
 * Where each file of the bundle that is not ours is from: the next folder above with a package that has a name and a
 * version.
 */
const folders = Object.values(metafile.outputs)
  .flatMap(({ inputs }) => Object.keys(inputs))
  .filter((path) => !/^(src|scripts)\//.test(path))
  .map((path) => {
    let folder = dirname(path);
    while (!existsSync(join(ROOT, folder, 'package.json')) || !JSON.parse(read(folder, 'package.json')).version)
      folder = dirname(folder);
    return folder;
  });

/** What is in the bundle and not in a file of licences, with all its text. */
function missingFrom(text: string): string[] {
  return [...new Set(folders)].flatMap((folder) => {
    const { name, version } = JSON.parse(read(folder, 'package.json'));
    const texts = readdirSync(join(ROOT, folder)).filter((file) => /^(licen|copying|notice)/i.test(file));
    const isThere =
      text.includes(`\n${name} ${version}\nLicence: `) &&
      texts.every((file) => text.includes(read(folder, file).trim()));
    return texts.length > 0 && isThere ? [] : [name];
  });
}

test('beside the executable lie our licence, and those of all that is in it', () => {
  assert.equal(read('dist', 'LICENSE'), read('LICENSE'));
  assert.deepEqual(missingFrom(shipped), []);
  for (const name of Object.keys(packageJson.dependencies)) assert.match(shipped, new RegExp(`\n${name} \\d`), name);
});

test('Node and what it contains are there', () => {
  assert.ok(shipped.includes(`\nNode.js ${process.versions.node}\nLicence: MIT\n`));
  for (const part of ['V8', 'OpenSSL', 'ICU', 'libuv', 'zlib', 'nghttp2', 'c-ares', 'llhttp', 'undici'])
    assert.match(shipped, new RegExp(`^- ${part}, located at`, 'm'), part);
});

test('nothing is there that is not in it', () => {
  const named = [...shipped.matchAll(/^={80}\n(\S+) \S+\nLicence: /gm)].map(([, name]) => name);
  const known = new Set(['Node.js', ...folders.map((folder) => JSON.parse(read(folder, 'package.json')).name)]);
  assert.deepEqual(
    named.filter((name) => !known.has(name)),
    [],
  );
  assert.equal(new Set(named).size, named.length);
});

test('each that is left out is noticed', () => {
  const packages = contained.bundledPackages(metafile, ROOT);
  assert.ok(packages.length > 20);
  for (const left of packages)
    assert.ok(missingFrom(thirdPartyText(packages.filter((each) => each !== left))).includes(left.name), left.name);
});

const home = mkdtempSync(join(tmpdir(), 'whocan-licenses-'));
after(() => rmSync(home, { recursive: true }));
const MIT = {
  'package.json': { name: 'some', version: '1.0.0', license: 'MIT' },
  LICENSE: 'Permission is hereby granted',
};

describe('a package that may not be given away, or that comes without its licence, fails the build', () => {
  const rows: [why: string, files: Record<string, object | string>, refused: RegExp | null][] = [
    ['a licence and its text', MIT, null],
    ['a text of another name', { ...MIT, LICENSE: '', 'license.md': 'Permission is hereby granted' }, null],
    ['no text', { 'package.json': MIT['package.json'] }, /some 1\.0\.0: there is no text of its licence/],
    ['an empty text', { ...MIT, LICENSE: ' \n' }, /there is no text/],
    ['a notice alone', { 'package.json': MIT['package.json'], NOTICE: 'Made by somebody' }, /there is no text/],
    [
      'a licence that asks for the source',
      { ...MIT, 'package.json': { ...MIT['package.json'], license: 'GPL-3.0-only' } },
      /"GPL-3\.0-only"/,
    ],
    ['no licence', { ...MIT, 'package.json': { name: 'some', version: '1.0.0' } }, /the licence undefined/],
    [
      'a choice that nobody has made',
      { ...MIT, 'package.json': { ...MIT['package.json'], license: '(MIT OR GPL-2.0)' } },
      /OR GPL/,
    ],
    [
      'a word that every object knows',
      { ...MIT, 'package.json': { ...MIT['package.json'], license: 'constructor' } },
      /"constructor"/,
    ],
  ];
  for (const [index, [why, files, refused]] of rows.entries())
    test(why, () => {
      const folder = join(home, `node_modules/p${index}`);
      mkdirSync(folder, { recursive: true });
      for (const [name, content] of Object.entries(files))
        writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
      const bundle = {
        outputs: { 'cli.cjs': { inputs: { [`node_modules/p${index}/lib/a.js`]: { bytesInOutput: 1 } } } },
      };
      const make = () => contained.bundledPackages(bundle, home);
      if (refused) assert.throws(make, refused);
      else assert.match(thirdPartyText(make()), /some 1\.0\.0\nLicence: MIT\n\n.*Permission is hereby granted/s);
    });
});

test('notices go along, and what was not used does not', () => {
  const folder = join(home, 'node_modules/@scope/noted/node_modules/inner');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of [
    ['package.json', '{"name":"inner","version":"2.0.0","license":"Apache-2.0"}'],
    ...[
      ['LICENSE.txt', 'Apache License'],
      ['NOTICE', 'Made by somebody'],
    ],
  ] as const)
    writeFileSync(join(folder, name), text);
  assert.match(thirdPartyText([readPackage(folder)]), /Apache License.*Made by somebody/s);
  const inputs = (bytesInOutput: number) => ({
    outputs: { a: { inputs: { 'node_modules/@scope/noted/node_modules/inner/a/b.js': { bytesInOutput } } } },
  });
  assert.deepEqual(
    contained.bundledPackages(inputs(5), home).map(({ name }) => name),
    ['inner'],
  );
  assert.deepEqual(contained.bundledPackages(inputs(0), home), []);
});

describe('a mistake in what is looked for is noticed', () => {
  const all = [
    ...mistakes('contained.ts', [
      ['what lies in another package is taken for that', '(?:.*\\/)?node_modules', 'node_modules'],
      ['a package with a scope is not found', '(?:@[^/]+\\/)?[^/]+/;', '[^@/]+/;'],
      ['only large files count', 'bytesInOutput > 0', 'bytesInOutput > 500'],
      ['the first output alone', 'Object.values(outputs)', 'Object.values(outputs).slice(1)'],
    ]),
    ...mistakes('package.ts', [
      ['only one spelling of the file', '(licen[cs]e|copying|notice)\\b/i', '(LICENSE|NOTICE)\\b/'],
    ]),
  ];
  for (const mutation of all)
    test(mutation.name, async () => {
      const { bundledPackages } = await importMutant<typeof contained>(SCRIPTS, ['contained.ts'], mutation);
      const scope = { outputs: { a: { inputs: { 'node_modules/@scope/noted/a.js': { bytesInOutput: 5 } } } } };
      writeFileSync(
        join(home, 'node_modules/@scope/noted/package.json'),
        '{"name":"@scope/noted","version":"1.0.0","license":"MIT"}',
      );
      writeFileSync(join(home, 'node_modules/@scope/noted/LICENSE'), 'Permission is hereby granted');
      let found: string[];
      try {
        found = [
          ...missingFrom(thirdPartyText(bundledPackages(metafile, ROOT))),
          ...(bundledPackages(scope, home).length === 1 ? [] : ['@scope/noted']),
        ];
      } catch (error) {
        found = [(error as Error).message];
      }
      assert.notDeepEqual(found, []);
    });
});
