import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { replaceFile } from '../../../src/cluster/connect/kubeconfig/replace-file.ts';
import { folderWith } from '../../helpers/kubeconfig.ts';

for (const mode of [0o600, 0o640, 0o644, 0o400])
  test(`a file of mode ${mode.toString(8)} keeps it, and nothing is left beside it`, (t) => {
    const folder = folderWith(t, { config: 'old' });
    const file = join(folder, 'config');
    chmodSync(file, mode);
    replaceFile(file, 'new');
    assert.deepEqual(
      [readFileSync(file, 'utf8'), statSync(file).mode & 0o777, readdirSync(folder)],
      ['new', mode, ['config']],
    );
  });

test('who has the file open reads the old content to its end', (t) => {
  const folder = folderWith(t, { config: 'old' });
  // A second name for the file is what another process holds.
  linkSync(join(folder, 'config'), join(folder, 'held'));
  replaceFile(join(folder, 'config'), 'new');
  assert.deepEqual(
    [readFileSync(join(folder, 'held'), 'utf8'), readFileSync(join(folder, 'config'), 'utf8')],
    ['old', 'new'],
  );
});

test('a symbolic link stays one, and the file that it names is replaced in its own folder', (t) => {
  const folder = folderWith(t, { 'real/config': 'old' });
  mkdirSync(join(folder, 'home'));
  symlinkSync('../real/config', join(folder, 'home/config'));
  replaceFile(join(folder, 'home/config'), 'new');
  assert.ok(lstatSync(join(folder, 'home/config')).isSymbolicLink());
  assert.equal(readlinkSync(join(folder, 'home/config')), '../real/config');
  assert.equal(readFileSync(join(folder, 'real/config'), 'utf8'), 'new');
  assert.deepEqual([readdirSync(join(folder, 'real')), readdirSync(join(folder, 'home'))], [['config'], ['config']]);
});

test('a file that is not there is an error, and none is made', (t) => {
  const folder = folderWith(t);
  assert.throws(() => replaceFile(join(folder, 'config'), 'new'), { code: 'ENOENT' });
  assert.deepEqual(readdirSync(folder), []);
});

test('a file in a folder where nothing can be created is written in place', (t) => {
  const folder = folderWith(t, { config: 'old' });
  const file = join(folder, 'config');
  // Root may create files anywhere: somebody else is it who cannot.
  const isRoot = process.geteuid?.() === 0;
  chmodSync(folder, 0o555);
  if (isRoot) chownSync(file, SOMEBODY, SOMEBODY);
  if (isRoot) process.seteuid?.(SOMEBODY);
  try {
    replaceFile(file, 'new');
  } finally {
    if (isRoot) process.seteuid?.(0);
    chmodSync(folder, 0o700);
  }
  assert.deepEqual([readFileSync(file, 'utf8'), readdirSync(folder)], ['new', ['config']]);
});

if (process.geteuid?.() === 0)
  test('a file of somebody else stays theirs', (t) => {
    const folder = folderWith(t, { config: 'old' });
    const file = join(folder, 'config');
    chownSync(file, SOMEBODY, SOMEBODY);
    replaceFile(file, 'new');
    const { uid, gid } = statSync(file);
    assert.deepEqual([uid, gid, readFileSync(file, 'utf8')], [SOMEBODY, SOMEBODY, 'new']);
  });

const SOMEBODY = 65_534;
