import { builtInKind, type Kind, type KindName } from '../../world/kinds.ts';
import { get, type Need } from '../../world/needs.ts';
import { reduce } from '../../world/reduce/index.ts';
import { isRaw, Malformed, type Raw } from '../../world/reduce/raw.ts';
import type { World } from '../../world/world.ts';

/** An object that could not be understood. `need`: a get of it; null where it has no name. */
export interface Problem {
  need: Need | null;
  kind: KindName;
  what: string;
  why: string;
}

export interface PutOptions {
  /** Where an object of a namespaced kind is that does not say so. */
  namespace: string;
  /** Keep pods as they are, for questions that look at all of them. */
  whole: boolean;
}

/**
 * Puts a raw object into the world, reduced. Of a namespaced kind it is in `namespace` where it does not say; of any other kind in none,
 * whatever it says. Returns what is wrong with an object that has not the API's shape.
 */
export function putRaw<K extends KindName>(world: World, kind: K, raw: Raw, { namespace, whole }: PutOptions): Problem | null {
  const known = builtInKind(kind);
  const written = metadataOf(raw, 'namespace');
  const place = known ? (known.namespaced ? (written ?? namespace) : null) : written;
  try {
    world.put(kind, [{ ...reduce({ kind, api: known ?? kindIn(raw), ...(whole ? { whole } : {}) }, raw), namespace: place }]);
    return null;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const name = metadataOf(raw, 'name');
    const parts = [place, name].filter((part) => part !== null);
    return {
      need: name === null ? null : get(kind, place, name),
      kind,
      what: `${kind} ${parts.join('/') || 'without a name'}`,
      why: error.message,
    };
  }
}

/** Lets the world know that there is an object that nobody understands. */
export function note(world: World, { need, kind, what, why }: Problem): void {
  world.addMalformed(kind, what, why);
  if (need && !world.ownOutcome(need)) world.add(need, { read: false, failure: { kind: 'malformed', status: null, message: why } });
}

/** A custom resource's kind as far as the object tells it. */
const kindIn = (raw: Raw): Kind => {
  const [version = '', group = ''] = String(raw.apiVersion).split('/').reverse();
  const kind = String(raw.kind);
  return { group, version, kind, resource: kind.toLowerCase(), namespaced: metadataOf(raw, 'namespace') !== null, pageSize: 0 };
};

function metadataOf(raw: Raw, field: string): string | null {
  const value = isRaw(raw.metadata) ? raw.metadata[field] : null;
  return typeof value === 'string' && value !== '' ? value : null;
}
