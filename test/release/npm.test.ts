import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import packageJson from '../../package.json' with { type: 'json' };
import { RELEASED, temporary, VERSION } from '../helpers/released.ts';

describe('the npm package, installed into an empty folder without a network', () => {
  const folder = join(temporary, 'npm');
  mkdirSync(folder);
  const archive = join(RELEASED, `kubectl-whocan-escalate-${VERSION}.tgz`);
  const env = { HOME: folder, PATH: process.env.PATH, LANG: 'C.UTF-8' };
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', '--prefix', folder, archive], {
    env,
    stdio: 'pipe',
  });
  const installed = join(folder, 'node_modules', 'kubectl-whocan-escalate');
  const bin = join(folder, 'node_modules', '.bin');

  test('it has what it needs and nothing else', () => {
    const files = execFileSync('tar', ['-tzf', archive], { encoding: 'utf8' }).trimEnd().split('\n').sort();
    const names = ['LICENSE', 'README.md', 'dist/THIRD-PARTY-LICENSES.txt', 'dist/cli.cjs', 'package.json'];
    assert.deepEqual(
      files,
      names.map((name) => `package/${name}`),
    );
    const own = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    for (const key of ['dependencies', 'optionalDependencies', 'devDependencies', 'scripts', 'private'])
      assert.ok(!(key in own), key);
    assert.deepEqual(
      [own.name, own.version, own.engines, own.bin],
      [packageJson.name, VERSION, packageJson.engines, packageJson.bin],
    );
    assert.deepEqual(
      execFileSync('ls', ['-A', join(folder, 'node_modules')], { encoding: 'utf8' })
        .trimEnd()
        .split('\n'),
      ['.bin', '.package-lock.json', 'kubectl-whocan-escalate'],
    );
  });

  for (const name of ['kubectl-whocan_escalate', 'kubectl-whocan-escalate'])
    test(`${name} answers`, () => {
      const run = (...args: string[]) =>
        spawnSync(join(bin, name), args, { env: { ...env, PATH: `${NODE}:${env.PATH}` }, encoding: 'utf8' });
      assert.match(run('--version').stdout, new RegExp(`^kubectl-whocan-escalate ${VERSION} \\(commit \\S+, Node `));
      const { status, stdout, stderr } = run('port-forward', 'web-0', '-n', 'shop', '--demo');
      assert.deepEqual([status, stderr], [0, '']);
      assert.match(stdout, /^yes: 11 subjects can port-forward to pod shop\/web-0/);
    });

  test('kubectl finds it, and its completion', () => {
    const here = { ...env, PATH: [bin, NODE, env.PATH].join(':') };
    const kubectl = (...args: string[]) => spawnSync('kubectl', args, { env: here, encoding: 'utf8' }).stdout;
    assert.match(kubectl('whocan-escalate', '--version'), /^kubectl-whocan-escalate /);
    assert.match(kubectl('__complete', 'whocan-escalate', 'port-f'), /^port-forward\t.*\n:4\n/);
  });

  test('npx runs it', () => {
    const { stdout, stderr } = spawnSync('npx', ['--offline', 'kubectl-whocan-escalate', '--version'], {
      ...{ cwd: folder, env: { ...env, PATH: `${NODE}:${env.PATH}` }, encoding: 'utf8' },
    });
    assert.match(stdout, /^kubectl-whocan-escalate /, stderr);
  });
});

/** Where the Node that the project pins lies; an older one than `engines` says may be before it on PATH. */
const NODE = join(process.execPath, '..');
