import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Package, readPackage } from './package.ts';

/**
 * What the bundler says of its work: of each file that it wrote, how many bytes come from which. Paths are relative to
 * the project.
 */
export interface Metafile {
  outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>;
}

/** The packages of which there is code in the bundle, by name. Throws as readPackage does. */
export function bundledPackages({ outputs }: Metafile, root: string): Package[] {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
  );
  const folders = new Set(files.flatMap(([path]) => PACKAGE.exec(path)?.[0] ?? []));
  // The same version may lie in several folders.
  const packages = new Map(
    [...folders].map((folder) => readPackage(join(root, folder))).map((each) => [`${each.name} ${each.version}`, each]),
  );
  return [...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

/** Up to the package's own folder, however deep it lies in others. */
const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;

/**
 * Node itself, with all that is in it, whose texts stand one after the other in its LICENSE. Throws where that is of
 * another version.
 */
export function nodeItself(root: string): Package {
  const folder = join(root, 'node_modules', PLATFORM);
  const node = readPackage(folder);
  if (node.version !== process.versions.node)
    throw new Error(
      `the licences of Node ${node.version} are there, and ${process.versions.node} is what the executable contains`,
    );
  if (!readFileSync(join(folder, 'LICENSE'), 'utf8').startsWith('Node.js is licensed for use as follows'))
    throw new Error(`${folder} has a LICENSE that is not Node's`);
  return { ...node, name: 'Node.js' };
}

/** The package in which Node comes: see optionalDependencies in package.json. */
const PLATFORM = [
  process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node',
  process.platform === 'win32' ? 'win' : process.platform,
  process.arch,
].join('-');
