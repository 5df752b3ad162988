import { createReadStream } from 'node:fs';
import { ObjectReader } from '../../src/cluster/input/objects.ts';
import { filesOf } from '../../src/cluster/input/paths.ts';
import { Empty, readPieces } from '../../src/cluster/input/pieces.ts';
import { isRaw, type Raw } from '../../src/world/raw.ts';

/** An object of a folder, with what a path in the API is made of. */
export interface Manifest {
  apiVersion: string;
  group: string;
  kind: string;
  name: string;
  /** As written. */
  namespace: string | null;
  raw: Raw;
}

/** All objects in the files of a folder, as the program finds them. Rejects where a file cannot be read. */
export async function readManifests(folder: string): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const file of (await filesOf(folder)).files) {
    const reader = new ObjectReader();
    try {
      for await (const piece of readPieces(createReadStream(file), file.endsWith('.gz')))
        for (const { apiVersion, kind, raw } of reader.add(piece))
          manifests.push(manifestOf({ ...raw, apiVersion, kind }));
    } catch (error) {
      if (!(error instanceof Empty)) throw error;
    }
  }
  return manifests;
}

function manifestOf(raw: Raw & { apiVersion: string; kind: string }): Manifest {
  const { apiVersion, kind } = raw;
  const { name, namespace } = isRaw(raw.metadata) ? raw.metadata : {};
  return {
    ...{ apiVersion, kind, raw },
    group: apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '',
    name: typeof name === 'string' ? name : '',
    namespace: typeof namespace === 'string' && namespace !== '' ? namespace : null,
  };
}

/** `Deployment shop/web`. */
export const nameOf = ({ kind, namespace, name }: Pick<Manifest, 'kind' | 'namespace' | 'name'>): string =>
  `${kind} ${namespace === null ? '' : `${namespace}/`}${name}`;
