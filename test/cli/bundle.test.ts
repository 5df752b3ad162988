import assert from 'node:assert/strict';
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { chunks } from '../../scripts/build/bundle.ts';
import { foreignCode } from '../helpers/foreign-code.ts';
import { program, run } from '../helpers/plugin.ts';

const ROOT = join(import.meta.dirname, '../..');
const DIST = join(ROOT, 'dist');
const NAME = 'kubectl-whocan_escalate';

/**
 * yargs wants to know where it lies, for translations that the bundle goes without, and what its own program is called,
 * which it is told.
 */
const WITHOUT_EFFECT = ['__filename', '__dirname', 'execPath'];

test('nothing is left in the bundle that the executable cannot do, or does otherwise than the sources', () => {
  const found = foreignCode(readFileSync(join(DIST, 'cli.cjs'), 'utf8'));
  const left = found.filter((text) => !WITHOUT_EFFECT.some((end) => text.endsWith(end)));
  assert.deepEqual(left, []);
});

test('nor in the pieces that the executable has of it, which require each other', async (t) => {
  const folder = mkdtempSync(join(DIST, '.pieces-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const pieces = await chunks(ROOT, folder, { version: '1.0.0', commit: 'none' });
  const each = new Set(pieces.map(({ name }) => `require("./${name}")`));
  const found = pieces.flatMap(({ code }) => foreignCode(code));
  assert.deepEqual(
    found.filter((text) => !each.has(text) && !WITHOUT_EFFECT.some((end) => text.endsWith(end))),
    [],
  );
  assert.ok(found.some((text) => each.has(text)));
  const [start, ...others] = pieces.map(({ code }) => code.length);
  const rest = others.reduce((sum, length) => sum + length, 0);
  assert.ok(start && start < rest / 5, `what it starts with is ${start} of ${rest} characters`);
});

test('nor in what starts it, which hands its paths on to the program', () => {
  const foreign = (name: string): string[] => foreignCode(readFileSync(join(ROOT, 'scripts/executable', name), 'utf8'));
  assert.deepEqual(foreign('main.cjs'), ["require('./loader.cjs')", '__filename', '__dirname']);
  assert.deepEqual(foreign('loader.cjs'), []);
});

test('files that lie about where it is installed are nothing to it', async (t) => {
  const folder = mkdtempSync(join(DIST, '.installed-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'store/whocan/bin'), { recursive: true });
  linkSync(join(DIST, NAME), join(folder, 'store/whocan/bin', NAME));
  for (const above of ['store', '.']) {
    mkdirSync(join(folder, above, 'locales'));
    for (const language of ['en', 'en_US']) writeFileSync(join(folder, above, 'locales', `${language}.json`), '{');
    writeFileSync(join(folder, above, 'package.json'), '{');
  }
  for (const words of [['exec', '--help'], ['exec', 'web-0', '--demo'], ['--version'], ['exec', '--nope']])
    assert.deepEqual(await run(join(folder, 'store/whocan/bin', NAME), words), await program(words), words.join(' '));
});
