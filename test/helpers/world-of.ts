import { builtInKind, type Kind, type KindName, kindOf } from '../../src/world/kinds.ts';
import type { Raw } from '../../src/world/raw.ts';
import { reduce } from '../../src/world/reduce/index.ts';
import type { Facts, World } from '../../src/world/world.ts';
import { cluster } from './cluster.ts';

/** The world of these raw objects and no others. Throws for a kind that no question reads. */
export function worldOf(objects: readonly object[], facts: Partial<Facts> = {}): World {
  const builder = cluster(facts);
  for (const raw of objects as readonly Raw[]) {
    const kind = kindOf(String(raw.apiVersion), String(raw.kind));
    if (!kind) throw new Error(`not a kind of the world: ${raw.apiVersion} ${raw.kind}`);
    builder.with(
      kind,
      reduce({ kind, api: apiOf(kind, raw), ...(kind === 'pods' ? { whole: true as const } : {}) }, raw),
    );
  }
  return builder.world();
}

/** What discovery would say of a kind: for a custom one as far as an object shows it. */
function apiOf(kind: KindName, raw: Raw): Kind {
  const [group = '', version = ''] = String(raw.apiVersion).split('/');
  const plural = `${String(raw.kind).toLowerCase()}s`;
  return (
    builtInKind(kind) ?? { group, version, resource: plural, kind: String(raw.kind), namespaced: false, pageSize: 1000 }
  );
}
