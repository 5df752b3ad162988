import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What npm gets: the bundle and the texts that belong to it. It depends on nothing: what the bundle needs is in it, and
 * the Node that this repository installs for itself is none of a user's.
 */
export function npmPackage(made: {
  root: string;
  directory: string;
  version: string;
  bundle: string;
  thirdParty: Buffer;
}): { name: string; content: Buffer } {
  const { root, version } = made;
  const folder = join(made.directory, 'npm');
  mkdirSync(join(folder, 'dist'), { recursive: true });
  writeFileSync(join(folder, 'dist', 'cli.cjs'), readFileSync(made.bundle), { mode: 0o755 });
  writeFileSync(join(folder, 'dist', 'THIRD-PARTY-LICENSES.txt'), made.thirdParty);
  for (const name of ['LICENSE', 'README.md']) copyFileSync(join(root, name), join(folder, name));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(published(root, version), null, 2)}\n`);
  // Whoever builds it may have another umask.
  for (const name of globSync('**/*.*', { cwd: folder }).concat('LICENSE', 'dist'))
    chmodSync(join(folder, name), name === 'dist' || name.endsWith('.cjs') ? 0o755 : 0o644);
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts'], { cwd: folder, encoding: 'utf8' }),
  );
  return { name: packed.filename, content: readFileSync(join(folder, packed.filename)) };
}

/** package.json without what only concerns this repository. */
function published(root: string, version: string): object {
  const { scripts, dependencies, devDependencies, optionalDependencies, allowScripts, ...rest } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  return { ...rest, version };
}
