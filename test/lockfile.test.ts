import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import packageJson from '../package.json' with { type: 'json' };

/*
 * `npm ci` installs what the lockfile says, and checks each package against its hash there. One without is taken as it
 * comes, and that is easily overlooked: npm leaves the hashes of packages for other platforms out when it writes a
 * lockfile from what is installed.
 */

interface Entry {
  link?: boolean;
  inBundle?: boolean;
  version?: string;
  resolved?: string;
  integrity?: string;
}

/** What is wrong with an entry, in words; null where `npm ci` gets exactly this package or nothing. */
function flaw(path: string, { link, inBundle, version, resolved, integrity }: Entry): string | null {
  // Ourselves, and what comes in the package of somebody else, whose hash covers it.
  if (path === '' || inBundle) return null;
  if (link) return 'is a link';
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version ?? '')) return 'has no exact version';
  // Without an address it is taken from the registry, by name and version.
  if (resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/')) return `comes from ${resolved}`;
  if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '')) return 'has no SHA-512 integrity';
  return null;
}

const { packages } = JSON.parse(readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8')) as {
  packages: Record<string, Entry>;
};

test('each package in the lockfile has an exact version, comes from the registry and has a hash', () => {
  const flaws = Object.entries(packages).flatMap(([path, entry]) => {
    const what = flaw(path, entry);
    return what === null ? [] : [`${path} ${what}`];
  });
  assert.deepEqual(flaws, []);
  assert.ok(Object.keys(packages).length > 200);
});

test('the Node that the executable contains is one of them, and the same on every platform', () => {
  const nodes = Object.entries(packageJson.optionalDependencies).filter(([name]) =>
    /^node-(bin-)?(linux|darwin|win)-/.test(name),
  );
  assert.ok(nodes.length >= 5);
  assert.deepEqual(new Set(nodes.map(([, version]) => version)), new Set([process.versions.node]));
  // Its install script would fetch Node past the lockfile.
  assert.ok(!Object.hasOwn(packages, 'node_modules/node'));
  for (const [name] of nodes) assert.ok(Object.hasOwn(packages, `node_modules/${name}`), name);
});

describe('one that is taken as it comes is found', () => {
  const integrity = `sha512-${'A'.repeat(86)}==`;
  const good: Entry = { version: '1.2.3', integrity };
  const rows: [why: string, entry: Entry, flaw: string | null][] = [
    ['by name and version, with its hash', good, null],
    ['from the registry', { ...good, resolved: 'https://registry.npmjs.org/a/-/a-1.2.3.tgz' }, null],
    ['a version before the first', { ...good, version: '1.2.3-rc.1' }, null],
    ['inside another package', { version: '1.2.3', inBundle: true }, null],
    ['an optional one without a hash', { version: '1.2.3' }, 'has no SHA-512 integrity'],
    [
      'a hash that is no longer one',
      { ...good, integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' },
      'has no SHA-512 integrity',
    ],
    ['a hash that was cut off', { ...good, integrity: integrity.slice(0, 40) }, 'has no SHA-512 integrity'],
    ['no version', { integrity }, 'has no exact version'],
    ['a range', { ...good, version: '^1.2.3' }, 'has no exact version'],
    [
      'without TLS',
      { ...good, resolved: 'http://registry.npmjs.org/a.tgz' },
      'comes from http://registry.npmjs.org/a.tgz',
    ],
    [
      'another registry',
      { ...good, resolved: 'https://registry.npmjs.org.example/a' },
      'comes from https://registry.npmjs.org.example/a',
    ],
    [
      'a repository',
      { ...good, resolved: 'git+ssh://git@github.com/a/b.git#1' },
      'comes from git+ssh://git@github.com/a/b.git#1',
    ],
    ['a folder', { ...good, resolved: 'file:../a' }, 'comes from file:../a'],
    ['a link to a folder', { link: true, resolved: '../a' }, 'is a link'],
  ];
  for (const [why, entry, expected] of rows) test(why, () => assert.equal(flaw('node_modules/a', entry), expected));
});
