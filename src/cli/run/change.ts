import { engineKinds } from '../../admission/engines/kinds.ts';
import type { Addition, Change } from '../../apply/change.ts';
import type { Manifests } from '../../cluster/input/with-files.ts';
import { visible } from '../../render/terminal/printable.ts';
import { type GroupKind, groupKind, isStatic, kindOf } from '../../world/kinds.ts';
import { isRaw, type Raw } from '../../world/raw.ts';
import type { Ask } from '../parse/invocation.ts';
import type { Host } from './host.ts';
import { during } from './waiting.ts';

/** Reads the files of `--with`; null where nothing is changed. Rejects with a UserError. */
export async function readChange(invocation: Ask, host: Host): Promise<((home: string) => Change) | null> {
  const { change } = invocation;
  if (change === null) return null;
  const manifests = await readFiles(change.files, invocation, host);
  const [first, ...others] = manifests.ignored;
  if (first !== undefined) {
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    host.stderr.write(`Warning: ${visible(`no question reads ${first}${more}: nothing changes by it`)}\n`);
  }
  return (home) => ({
    removals: change.removals.map(({ kind, isNamespaced, namespace, name }) => ({
      ...{ kind, name },
      namespace: isNamespaced ? (namespace ?? home) : null,
    })),
    additions: placed(manifests, home),
  });
}

async function readFiles(files: readonly string[], invocation: Ask, host: Host): Promise<Manifests> {
  if (files.length === 0) return { objects: [], ignored: [] };
  const { readManifests } = await import('../../cluster/input/with-files.ts');
  return during('Reading files', invocation, host, readManifests(files, host.stdin));
}

/** An object that gives no namespace is in that of kubectl's `-n`, or of the context. */
function placed({ objects }: Manifests, home: string): Addition[] {
  const scopes = new Map([...engineKinds()].map((each) => [groupKind(each), each.namespaced]));
  for (const { kind, raw } of objects)
    if (kind === 'customresourcedefinitions')
      for (const [name, isNamespaced] of defined(raw)) scopes.set(name, isNamespaced);
  return objects.map(({ kind, raw, namespace, isNamespaced, name, at }) => {
    const isPlaced = (isStatic(kind) ? isNamespaced : (scopes.get(kind) ?? isNamespaced)) === true;
    return { kind, raw, name, at, namespace: isPlaced ? (namespace ?? home) : null };
  });
}

function defined({ spec }: Raw): [GroupKind, boolean][] {
  if (!isRaw(spec) || !isRaw(spec.names)) return [];
  const kind = kindOf(`${spec.group}/v1`, String(spec.names.kind));
  return kind === null || isStatic(kind) ? [] : [[kind, spec.scope !== 'Cluster']];
}
