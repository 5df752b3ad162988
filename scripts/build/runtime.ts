import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheDirectory } from '../programs.mjs';
import { blankTypeScriptCompiler } from './blank.ts';
import { stripElf } from './elf/strip.ts';
import { stripMachO } from './macho/strip.ts';
import { unsignPe } from './pe/unsign.ts';
import { isHost, nodeIn, type Platform } from './platforms.ts';

/**
 * Path of the Node that the executable for a platform contains, without what only debuggers look at and without the
 * signature of its maker, which does not survive what is added. It has to go before that: `strip` of a finished
 * executable would take the bundle along. Made once for each version, in node_modules/.cache.
 */
export function runtimeFor(platform: Platform, root: string): string {
  const { version, integrity } = lockedPackage(platform.runtime, root);
  const hash = createHash('sha256').update(integrity);
  for (const file of globSync(['blank.ts', '{elf,macho,pe}/*.ts'], { cwd: import.meta.dirname }).sort())
    hash.update(readFileSync(join(import.meta.dirname, file)));
  const name = `${platform.runtime}-${version}-${hash.digest('hex').slice(0, 16)}`;
  const path = join(root, 'node_modules', '.cache', 'runtimes', name);
  if (existsSync(path)) return path;
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.partial-${process.pid}`;
  writeFileSync(partial, blankTypeScriptCompiler(STRIP[platform.os](untouchedNode(platform, root))), { mode: 0o755 });
  renameSync(partial, path);
  return path;
}

const STRIP = { linux: stripElf, darwin: stripMachO, windows: unsignPe };

/** Node as npm has it: this machine's is installed, the others are fetched, of the version and hash in the lockfile. */
export function untouchedNode(platform: Platform, root: string): Buffer {
  if (isHost(platform)) return readFileSync(join(root, 'node_modules', platform.runtime, nodeIn(platform)));
  const cache = join(root, 'node_modules', '.cache', 'runtimes');
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, '.unpacked-'));
  try {
    const file = join('package', nodeIn(platform));
    execFileSync('tar', ['-xzf', fetched(platform.runtime, root), '-C', directory, file.replaceAll('\\', '/')]);
    return readFileSync(join(directory, file));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Path of the package as the registry has it. Throws where its hash is not the one in the lockfile. */
function fetched(name: string, root: string): string {
  const { version, integrity } = lockedPackage(name, root);
  const directory = cacheDirectory('runtimes', version);
  const path = join(directory, `${name}-${version}.tgz`);
  if (!existsSync(path)) {
    mkdirSync(directory, { recursive: true });
    const partial = mkdtempSync(join(directory, '.partial-'));
    try {
      console.log(`fetching ${name}@${version} from npm`);
      execFileSync('npm', ['pack', `${name}@${version}`, '--silent', '--pack-destination', partial], {
        cwd: partial,
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      renameSync(join(partial, `${name}-${version}.tgz`), path);
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  }
  const actual = `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}`;
  if (actual === integrity) return path;
  rmSync(path);
  throw new Error(`${name}@${version} has the hash ${actual}, and package-lock.json says ${integrity}`);
}

/** What package-lock.json says of a package, of that version if one is named. Throws where it does not have it. */
export function lockedPackage(name: string, root: string, version?: string): { version: string; integrity: string } {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string; integrity?: string }>;
  };
  const found = Object.entries(packages).find(
    ([path, entry]) =>
      (path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`)) &&
      (version === undefined || entry.version === version),
  );
  const { version: locked, integrity } = found?.[1] ?? {};
  if (!locked || !integrity) throw new Error(`package-lock.json has no version and hash of ${name}`);
  return { version: locked, integrity };
}
