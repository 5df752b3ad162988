import type { ControlPlane } from './control-plane.ts';

type Raw = { apiVersion: string; kind: string; metadata?: { name?: string; namespace?: string } };

/**
 * POSTs raw objects in parallel, those first that others live in or on. Throws on the first that the server refuses,
 * with its answer.
 */
export async function load(plane: ControlPlane, objects: readonly unknown[], concurrency = 32): Promise<void> {
  const raw = objects as readonly Raw[];
  for (const stage of [0, 1, 2]) {
    const queue = raw.filter(({ kind }) => stageOf(kind) === stage).values();
    await Promise.all(Array.from({ length: concurrency }, () => post(plane, queue)));
  }
}

async function post(plane: ControlPlane, queue: Iterable<Raw>): Promise<void> {
  for (const object of queue) {
    const { status, body } = await plane.request('POST', collectionPath(object), object);
    if (status !== 201) {
      const { name, namespace } = object.metadata ?? {};
      throw new Error(`POST of ${object.kind} ${namespace ?? ''}/${name}: ${status} ${JSON.stringify(body)}`);
    }
  }
}

/** Where objects of this kind are posted: namespaced when the object names a namespace. */
export function collectionPath({ apiVersion, kind, metadata }: Raw): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = metadata?.namespace ? `/namespaces/${metadata.namespace}` : '';
  return `${root}${scope}/${plural(kind)}`;
}

function plural(kind: string): string {
  const word = kind.toLowerCase();
  if (word === 'endpoints') return word;
  if (/(s|x|ch|sh)$/.test(word)) return `${word}es`;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}

function stageOf(kind: string): number {
  if (kind === 'Namespace' || kind === 'CustomResourceDefinition') return 0;
  return kind === 'ServiceAccount' || kind === 'Node' ? 1 : 2;
}
