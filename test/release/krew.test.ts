import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { executableName, hostPlatform, PLATFORMS } from '../../scripts/build/platforms.ts';
import { krewTools } from '../../scripts/krew.mjs';
import { archiveOf as packed } from '../../scripts/release/archive.ts';
import {
  archiveOf,
  krewEnvironment,
  manifest,
  RELEASED,
  served,
  sha256,
  temporary,
  VERSION,
} from '../helpers/released.ts';

/* The real krew, and the check that krew-index makes, with the archives of the release. Nothing is fetched but from here. */

const tools = await krewTools();
const skip = 'missing' in tools && tools.missing;
const host = hostPlatform();
const OLD = '0.0.9';

describe('krew', { skip }, async () => {
  if ('missing' in tools) return;
  const index = join(temporary, 'index');
  const { root, bin, ...made } = krewEnvironment('user', tools);
  const env = { ...made.env, KREW_DEFAULT_INDEX_URI: index };
  const link = join(bin, executableName(host));
  const kubectl = (...args: string[]) => spawnSync('kubectl', args, { env, encoding: 'utf8' });
  const file = join(temporary, 'whocan-escalate.yaml');
  writeFileSync(file, manifest());

  /** An index as krew reads them, with our manifest or none. */
  function publish(message: string, text?: string): void {
    mkdirSync(join(index, 'plugins'), { recursive: true });
    writeFileSync(join(index, 'plugins', 'README.md'), 'An index.\n');
    if (text !== undefined) writeFileSync(join(index, 'plugins', 'whocan-escalate.yaml'), text);
    const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
    for (const words of [
      ['init', '-q'],
      ['add', '.'],
      ['commit', '-q', '-m', message],
    ])
      execFileSync('git', ['-C', index, ...who, ...words], { stdio: 'pipe' });
  }

  test('installs manifest and archive, offline, and says what to know', () => {
    const { status, stderr } = kubectl('krew', 'install', `--manifest=${file}`, `--archive=${archiveOf(host)}`);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /Use this plugin:\n.*kubectl whocan-escalate\n/);
    assert.match(stderr, /kubectl_complete-whocan_escalate/);
    assert.match(realpathSync(link), new RegExp(`/whocan-escalate/v${VERSION}/`));
    assert.match(kubectl('whocan-escalate', '--version').stdout, new RegExp(`^kubectl-whocan-escalate ${VERSION} `));
    assert.match(kubectl('whocan-escalate', 'pod').stderr, /See 'kubectl whocan-escalate pod --help' for usage\./);
    assert.match(kubectl('whocan-escalate', '--help').stdout, /^Usage:\n {2}kubectl whocan-escalate COMMAND/m);
  });

  test('an archive that is not the one of the manifest is refused', () => {
    const other = join(temporary, 'other.tar.gz');
    writeFileSync(other, Buffer.concat([readFileSync(archiveOf(host)), Buffer.from('x')]));
    const fresh = krewEnvironment('refuses', tools);
    const { status, stderr } = spawnSync('kubectl', ['krew', 'install', `--manifest=${file}`, `--archive=${other}`], {
      ...{ env: fresh.env, encoding: 'utf8' },
    });
    assert.notEqual(status, 0);
    assert.match(stderr, /checksum/);
  });

  test('uninstalls it, and leaves nothing', () => {
    // It does so only where it knows an index.
    publish('nothing yet');
    assert.equal(kubectl('krew', 'update').status, 0);
    assert.match(kubectl('krew', 'list').stdout, /^detached\/whocan-escalate$/m);
    assert.equal(kubectl('krew', 'uninstall', 'whocan-escalate').status, 0);
    assert.equal(existsSync(link), false);
    assert.deepEqual(readdirSync(join(root, 'store')), []);
    assert.notEqual(kubectl('whocan-escalate', '--version').status, 0);
  });

  test('upgrades from one version to the next, from an index, as users do', async () => {
    const url = await served();
    // The version before: a program that only knows its name.
    const archive = await packed([
      { name: executableName(host), content: Buffer.from('#!/bin/sh\necho the version before\n'), isExecutable: true },
      { name: 'LICENSE', content: Buffer.from('a licence\n'), isExecutable: false },
    ]);
    const name = `whocan-escalate_v${OLD}_${host.os}_${host.arch}.tar.gz`;
    writeFileSync(join(RELEASED, name), archive);
    const here = (text: string) => text.replace(/uri: \S+\//g, `uri: ${url}/`);
    publish(
      'old',
      here(manifest())
        .replaceAll(`v${VERSION}`, `v${OLD}`)
        .replace(new RegExp(`(${name}\\n +sha256: )"\\w+"`), `$1"${sha256(archive)}"`),
    );
    // It serves from this process, which therefore must not wait.
    const krew = (...args: string[]) => output('kubectl', ['krew', ...args], env);
    await krew('update');
    await krew('install', 'whocan-escalate');
    assert.equal(kubectl('whocan-escalate').stdout, 'the version before\n');
    publish('new', here(manifest()));
    await krew('update');
    const upgraded = await krew('upgrade', 'whocan-escalate');
    assert.match(upgraded, /Upgraded plugin: whocan-escalate/);
    assert.match(kubectl('whocan-escalate', '--version').stdout, new RegExp(`^kubectl-whocan-escalate ${VERSION} `));
    assert.deepEqual(readdirSync(join(root, 'store', 'whocan-escalate')), [`v${VERSION}`]);
    await krew('uninstall', 'whocan-escalate');
    assert.equal(existsSync(link), false);
  });

  test('the check of krew-index installs each platform, and finds nothing to object to', async () => {
    const url = await served();
    const folder = join(temporary, 'validated');
    mkdirSync(folder);
    const path = join(folder, 'whocan-escalate.yaml');
    writeFileSync(path, manifest().replace(/uri: \S+\//g, `uri: ${url}/`));
    const said = await output(tools.validator, ['-manifest', path], { ...env, KREW_ROOT: join(folder, 'krew') });
    assert.match(said, new RegExp(`all ${PLATFORMS.length} spec\\.platforms installed fine`));
  });

  test('and it objects to a manifest of another name', async () => {
    const path = join(temporary, 'plugin.yaml');
    symlinkSync(file, path);
    await assert.rejects(output(tools.validator, ['-skip-install', '-manifest', path], env));
    await output(tools.validator, ['-skip-install', '-manifest', file], env);
  });
});

/** What it prints, on both streams. Rejects with that where it fails. */
async function output(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { spawn } = await import('node:child_process');
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${args.join(' ')}: ${said}`);
  return said;
}
