import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import packageJson from '../../package.json' with { type: 'json' };
import { executableName, hostPlatform, type Platform } from '../../scripts/build/platforms.ts';
import { krewTools } from '../../scripts/krew.mjs';
import { archiveName } from '../../scripts/release/manifest.ts';

/** Where the release lies that `scripts/test.mjs release` has made for the tests. */
export const RELEASED = process.env.RELEASED ?? join(import.meta.dirname, '../../dist/tested');

export const { version: VERSION } = packageJson;

/** Removed after the last test of the file. */
export const temporary = mkdtempSync(join(tmpdir(), 'whocan-release-'));
after(() => rmSync(temporary, { recursive: true, force: true }));

export const archiveOf = (platform: Platform): string => join(RELEASED, archiveName(platform, VERSION));

export const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');

/** The folder into which the system's tar has unpacked an archive. */
export function unpacked(platform: Platform): string {
  const folder = join(temporary, `${platform.os}-${platform.arch}`);
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', archiveOf(platform), '-C', folder]);
  return folder;
}

/** The manifest of the release. */
export const manifest = (): string => readFileSync(join(RELEASED, 'whocan-escalate.yaml'), 'utf8');

/** The environment in which krew has installed the plugin from this machine's archive, offline, and a user would ask. */
export interface Installed {
  env: NodeJS.ProcessEnv;
  /** The link that kubectl finds. */
  link: string;
}

/** As a user of this machine, with nothing installed yet. */
export function krewEnvironment(
  name: string,
  tools: Exclude<Awaited<ReturnType<typeof krewTools>>, { missing: string }>,
) {
  const home = join(temporary, name, 'home');
  const root = join(temporary, name, 'krew');
  mkdirSync(home, { recursive: true });
  const tool = join(temporary, name, 'tools');
  mkdirSync(tool);
  execFileSync('ln', ['-s', tools.krew, join(tool, 'kubectl-krew')]);
  const env = {
    ...{ HOME: home, KREW_ROOT: root, KREW_NO_UPGRADE_CHECK: '1', LANG: 'C.UTF-8', TERM: 'xterm-256color' },
    PATH: [join(root, 'bin'), tool, process.env.PATH].join(':'),
  };
  return { env, root, bin: join(root, 'bin') };
}

/** Installs it, as the README says for a manifest and an archive that one has. */
export async function installedByKrew(): Promise<Installed> {
  const tools = await krewTools();
  if ('missing' in tools) throw new Error(tools.missing);
  const { env, bin } = krewEnvironment('installed', tools);
  const file = join(temporary, 'whocan-escalate.yaml');
  writeFileSync(file, manifest());
  execFileSync('kubectl', ['krew', 'install', `--manifest=${file}`, `--archive=${archiveOf(hostPlatform())}`], {
    env,
    stdio: 'pipe',
  });
  return { env, link: join(bin, executableName(hostPlatform())) };
}

/** Serves the files of a release on loopback until the tests of the file are over. Resolves with the address. */
export async function served(): Promise<string> {
  const server = createServer((request, response) => {
    const name = (request.url ?? '').split('/').pop() ?? '';
    response.end(readFileSync(join(RELEASED, name)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
