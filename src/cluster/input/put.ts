import { requireDecodable } from '../../admission/request/validation/decodable.ts';
import { builtInKind, type Kind, type KindName, keyOf } from '../../world/kinds.ts';
import { get, type Need } from '../../world/needs.ts';
import type { Labels } from '../../world/objects.ts';
import { isRaw, Malformed, type Raw } from '../../world/raw.ts';
import { reduce } from '../../world/reduce/index.ts';
import { labelsOf } from '../../world/reduce/metadata.ts';
import { understoodOr } from '../../world/understood.ts';
import type { World } from '../../world/world.ts';

/** An object that could not be understood. `need`: a get of it; null where nothing tells its name, or its namespace. */
export interface Problem {
  need: Need | null;
  kind: KindName;
  /** Where it is; null where that is not told, or it is in none. */
  namespace: string | null;
  what: string;
  why: string;
  /** Null where they could not be understood either. */
  labels: Labels | null;
}

export interface PutOptions {
  /** Where an object of a namespaced kind is that does not say so. */
  namespace: string;
  /** Keep pods as they are, for questions that look at all of them. */
  whole: boolean;
}

/**
 * Puts a raw object into the world, reduced. Of a namespaced kind it is in `namespace` where it does not say; of any
 * other kind in none, whatever it says. Returns what is wrong with an object that has not the API's shape.
 */
export function putRaw<K extends KindName>(
  world: World,
  kind: K,
  raw: Raw,
  { namespace, whole }: PutOptions,
): Problem | null {
  const known = builtInKind(kind);
  const written = metadataOf(raw, 'namespace');
  const place = known?.namespaced === false ? null : (written ?? (known ? namespace : null));
  return understoodOr(
    () => {
      const unplaced = whyUnplaced(kind, raw);
      if (unplaced !== null || written === NO_TEXT || place === NO_TEXT)
        throw new Malformed(unplaced ?? 'metadata.namespace is not a string');
      const reduced = reduce({ kind, api: known ?? kindIn(raw), ...(whole ? { whole } : {}) }, raw);
      // Last, so that of several faults a file and a server's list tell the same one: a server has decoded what it lists.
      if (kind === 'pods') requireDecodable(raw);
      world.put(kind, [{ ...reduced, namespace: place }]);
      return null;
    },
    (error) => {
      const name = metadataOf(raw, 'name');
      const why = error.message;
      if (typeof name !== 'string' || place === NO_TEXT || !isOneObject(raw))
        return {
          need: null,
          kind,
          namespace: place === NO_TEXT || !isOneObject(raw) ? null : place,
          what: `${kind} without a name`,
          why,
          labels: null,
        };
      const what = `${kind} ${keyOf({ namespace: place, name })}`;
      return { need: get(kind, place, name), kind, namespace: place, what, why, labels: readableLabels(raw) };
    },
  );
}

/** Why nothing tells where an object is; null where that is told, or it is in no namespace. */
export function whyUnplaced(kind: KindName, raw: Raw): string | null {
  if (!isOneObject(raw)) return 'metadata is not an object';
  return builtInKind(kind)?.namespaced !== false && metadataOf(raw, 'namespace') === NO_TEXT
    ? 'metadata.namespace is not a string'
    : null;
}

/** Lets the world know that there is an object that nobody understands. `at`: where it stands, `FILE:12`. */
export function note(world: World, { need, kind, namespace, what, why, labels }: Problem, at: string): void {
  if (need === null) world.addNameless({ kind, namespace, why: `${why} (${at})` });
  else world.addMalformed(kind, what, why, labels);
  if (need !== null && !world.ownOutcome(need))
    world.add(need, { read: false, failure: { kind: 'malformed', status: null, message: why } });
}

/** The labels of an object that could not be understood; null where these could not either. */
export function readableLabels(raw: Raw): Labels | null {
  return understoodOr(
    () => labelsOf(raw),
    () => null,
  );
}

/** A custom resource's kind as far as the object tells it. */
const kindIn = (raw: Raw): Kind => {
  const [version = '', group = ''] = String(raw.apiVersion).split('/').reverse();
  const kind = String(raw.kind);
  return {
    group,
    version,
    kind,
    resource: kind.toLowerCase(),
    namespaced: metadataOf(raw, 'namespace') !== null,
    pageSize: 0,
  };
};

/**
 * Null where it says nothing; NO_TEXT where what it says is no text (`name: 123`, `namespace: on`), which names
 * nothing.
 */
function metadataOf(raw: Raw, field: string): string | typeof NO_TEXT | null {
  const value = isRaw(raw.metadata) ? raw.metadata[field] : null;
  if (value === undefined || value === null || value === '') return null;
  return typeof value === 'string' ? value : NO_TEXT;
}

const isOneObject = ({ metadata }: Raw): boolean => metadata === undefined || metadata === null || isRaw(metadata);

const NO_TEXT = Symbol('no text');
