import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { lookPath } from '../../../src/cluster/connect/kubeconfig/look-path.ts';

// The current directory is somebody else's, with a program in it.
const home = process.cwd();
const here = mkdtempSync(join(tmpdir(), 'path-'));
for (const path of ['here/plugin', 'here/bin/plugin', 'good/plugin', 'data/x', 'folder/plugin/x']) {
  mkdirSync(dirname(join(here, path)), { recursive: true });
  writeFileSync(join(here, path), '', { mode: path.startsWith('data') ? 0o644 : 0o755 });
}
symlinkSync(join(here, 'good'), join(here, 'link'));
before(() => process.chdir(join(here, 'here')));
after(() => {
  process.chdir(home);
  rmSync(here, { recursive: true });
});

/** `F`: the folder of the test. */
const rows: [path: string[], command: string, found: string | null, why: string][] = [
  [['F/good'], 'plugin', 'F/good/plugin', 'an absolute folder'],
  [['F/link'], 'plugin', 'F/link/plugin', 'a folder behind a link'],
  [['F/none', 'F/good'], 'plugin', 'F/good/plugin', 'the second folder'],
  [[''], 'plugin', null, 'an empty element is the current directory'],
  [['', 'F/good'], 'plugin', null, 'an empty element at the beginning hides what comes behind it'],
  [['F/good', ''], 'plugin', 'F/good/plugin', 'an empty element behind it is not reached'],
  [['F/none', ''], 'plugin', null, 'an empty element at the end'],
  [['F/none', '', 'F/good'], 'plugin', null, 'an empty element in the middle'],
  [['.'], 'plugin', null, 'a dot'],
  [['./'], 'plugin', null, 'a dot with a slash'],
  [['.'], 'plugin', null, 'two dots with a slash'],
  [['bin'], 'plugin', null, 'a relative folder'],
  [['./bin'], 'plugin', null, 'a relative folder with a dot'],
  [['../good'], 'plugin', null, 'a relative folder above'],
  [['../here'], 'plugin', null, 'the current directory by its name'],
  [['bin', 'F/good'], 'plugin', null, 'a relative folder before an absolute one'],
  [['nowhere', 'F/good'], 'plugin', 'F/good/plugin', 'a relative folder without the program'],
  [['~'], 'plugin', null, 'nobody expands a tilde'],
  [['F/folder', 'F/good'], 'plugin', 'F/good/plugin', 'a folder of that name is no program'],
  [['F/data'], 'x', null, 'a file that nobody may run'],
  [[], 'plugin', null, 'an empty PATH is the current directory'],
  [['F/good'], '..', null, 'the folder above is no program'],
  [['F/good'], '.', null, 'the folder is no program'],
  [['F/good'], '', null, 'nothing is no program'],
];
for (const [path, command, found, why] of rows)
  test(`${command} along ${JSON.stringify(path.join(delimiter))}: ${found ?? 'nothing'}, ${why}`, () => {
    const absolute = (text: string): string => text.replace(/^F/, here);
    assert.equal(lookPath(command, { PATH: path.map(absolute).join(delimiter) }, ['']), found && absolute(found));
  });

test('no PATH at all', () => assert.equal(lookPath('plugin', {}, ['']), null));

test('extensions are tried in each folder, as on Windows', () => {
  assert.equal(lookPath('plug', { Path: join(here, 'good') }, ['', '.exe', 'in']), join(here, 'good/plugin'));
});
