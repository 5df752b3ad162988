/**
 * Writes what the program knows of Kubernetes by heart, from the real API server and from upstream's own test data:
 *
 *   src/world/resources.json   the built-in resources as discovery lists them, with all versions and features on
 *   src/rbac/bootstrap.json    digests of the roles and bindings that kube-apiserver makes, by release and after upgrades
 *   src/rbac/upstream.json     these roles and bindings themselves, by minor version
 *
 *   node scripts/server-facts.ts        (Node 26, Go; downloads k8s.io/kubernetes of each minor version from the Go module proxy)
 *
 * To be run again when the control plane in test/cluster/controlplane moves to a new minor version.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiResource } from '../src/world/resources.ts';
import { type ControlPlane, type Options, startControlPlane } from '../test/helpers/control-plane.ts';
import { bootstrapByVersion, bootstrapDigests } from './server-facts/bootstrap.ts';
import { builtInResources } from './server-facts/resources.ts';

const [resources, digests] = [await resourcesOfAllVersions(), await digestsOfAllVersions()];
write(
  'src/world/resources.json',
  ['[', ']'],
  resources.map((each) => JSON.stringify(each)),
);
write(
  'src/rbac/bootstrap.json',
  ['{', '}'],
  digests.map(([key, values]) => `${JSON.stringify(key)}: ${JSON.stringify(values)}`),
);
write(
  'src/rbac/upstream.json',
  ['[', ']'],
  bootstrapByVersion().map((each) => JSON.stringify(each)),
);

/** Those of the newest server, then those that only an older one has. */
async function resourcesOfAllVersions(): Promise<ApiResource[]> {
  const all = '--runtime-config=api/all=true';
  const newest = await ask(
    { controllers: [], extraApiserverArgs: [all, '--feature-gates=AllAlpha=true,AllBeta=true'] },
    builtInResources,
  );
  const older = await ask({ controllers: [], extraApiserverArgs: [all], emulatedVersion: '1.34' }, builtInResources);
  const keyOf = ({ group, resource }: ApiResource) => `${group}/${resource}`;
  const known = new Set(newest.map(keyOf));
  return [...newest, ...older.filter((each) => !known.has(keyOf(each)))];
}

function digestsOfAllVersions(): Promise<[string, string[]][]> {
  return ask({}, (newest) => ask({ emulatedVersion: '1.34' }, (older) => bootstrapDigests([newest, older])));
}

async function ask<T>(options: Options, question: (plane: ControlPlane) => Promise<T>): Promise<T> {
  const plane = await startControlPlane(options);
  try {
    return await question(plane);
  } finally {
    await plane.stop();
  }
}

function write(path: string, [open, close]: [string, string], entries: readonly string[]): void {
  writeFileSync(join(import.meta.dirname, '..', path), `${open}\n${entries.join(',\n')}\n${close}\n`);
  console.log(`${path}: ${entries.length} entries`);
}
