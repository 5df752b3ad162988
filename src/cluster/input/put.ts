import { KINDS, type KindName } from '../../world/kinds.ts';
import { get } from '../../world/needs.ts';
import { REDUCE } from '../../world/reduce/index.ts';
import { isRaw, Malformed, type Raw } from '../../world/reduce/raw.ts';
import type { World } from '../../world/world.ts';

/**
 * Puts a raw object into the world, reduced; one without the API's shape is noted as malformed instead. Of a namespaced kind it is in
 * `namespace` where it does not say; of any other kind in none, whatever it says.
 */
export function putRaw<K extends KindName>(world: World, kind: K, raw: Raw, namespace: string): void {
  const place = KINDS[kind].namespaced ? (metadataOf(raw, 'namespace') ?? namespace) : null;
  try {
    world.put(kind, [{ ...REDUCE[kind](raw), namespace: place }]);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const name = metadataOf(raw, 'name');
    const parts = [place, name].filter((part) => part !== null);
    world.addMalformed(kind, `${kind} ${parts.join('/') || 'without a name'}`, error.message);
    if (name !== null)
      world.add(get(kind, place, name), { read: false, failure: { kind: 'malformed', status: null, message: error.message } });
  }
}

function metadataOf(raw: Raw, field: string): string | null {
  const value = isRaw(raw.metadata) ? raw.metadata[field] : null;
  return typeof value === 'string' && value !== '' ? value : null;
}
