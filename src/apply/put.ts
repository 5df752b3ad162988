import { requireDecodable } from '../admission/request/validation/decodable.ts';
import { builtInKind, type Kind, type KindName, type Kinds, keyOf } from '../world/kinds.ts';
import { get, type Need } from '../world/needs.ts';
import type { Labels } from '../world/objects.ts';
import { isRaw, Malformed, type Raw } from '../world/raw.ts';
import { reduce } from '../world/reduce/index.ts';
import { labelsOf } from '../world/reduce/metadata.ts';
import { understoodOr } from '../world/understood.ts';
import type { World } from '../world/world.ts';

/** An object that could not be understood. `need` is a get of it; null where its name or namespace is not known. */
export interface Problem {
  need: Need | null;
  kind: KindName;
  /** The namespace; null where it is not known, or the object is in none. */
  namespace: string | null;
  what: string;
  why: string;
  /** Null where the labels could not be understood either. */
  labels: Labels | null;
}

export interface PutOptions {
  /** The namespace of objects of namespaced kinds that give none. */
  namespace: string;
  /** Whether to keep pods complete, for questions that look at all of their fields. */
  whole: boolean;
}

/**
 * Puts a raw object into the world, reduced. An object of a namespaced kind that gives no namespace is in `namespace`;
 * an object of any other kind is in none, whatever it gives. Returns the problem of an object that does not have the
 * API's shape.
 */
export function putRaw<K extends KindName>(
  world: World,
  kind: K,
  raw: Raw,
  { namespace, whole }: PutOptions,
): Problem | null {
  const read = readRaw(kind, raw, { namespace, whole });
  if ('problem' in read) return read.problem;
  world.put(kind, [read.object]);
  return null;
}

/** The reduced object that a raw one is, or the problem of one that does not have the API's shape. Pure. */
export function readRaw<K extends KindName>(
  kind: K,
  raw: Raw,
  { namespace, whole }: PutOptions,
): { object: Kinds[K] } | { problem: Problem } {
  const known = builtInKind(kind);
  const written = metadataOf(raw, 'namespace');
  const place = known?.namespaced === false ? null : (written ?? (known ? namespace : null));
  type Read = { object: Kinds[K] } | { problem: Problem };
  return understoodOr(
    (): Read => {
      const unplaced = whyUnplaced(kind, raw);
      if (unplaced !== null || written === NO_TEXT || place === NO_TEXT)
        throw new Malformed(unplaced ?? 'metadata.namespace is not a string');
      const reduced = reduce({ kind, api: known ?? kindIn(raw), ...(whole ? { whole } : {}) }, raw);
      // This comes last, so that of several problems a file and a server's list report the same one: a server has
      // decoded the objects that it lists.
      if (kind === 'pods') requireDecodable(raw);
      return { object: { ...reduced, namespace: place } as Kinds[K] };
    },
    (error): Read => {
      const name = metadataOf(raw, 'name');
      const why = error.message;
      if (typeof name !== 'string' || place === NO_TEXT || !isOneObject(raw))
        return {
          problem: {
            need: null,
            kind,
            namespace: place === NO_TEXT || !isOneObject(raw) ? null : place,
            what: `${kind} without a name`,
            why,
            labels: null,
          },
        };
      const what = `${kind} ${keyOf({ namespace: place, name })}`;
      const need = get(kind, place, name);
      return { problem: { need, kind, namespace: place, what, why, labels: readableLabels(raw) } };
    },
  );
}

/** Why the namespace of an object is not known; null where it is known, or the object is in none. */
export function whyUnplaced(kind: KindName, raw: Raw): string | null {
  if (!isOneObject(raw)) return 'metadata is not an object';
  return builtInKind(kind)?.namespaced !== false && metadataOf(raw, 'namespace') === NO_TEXT
    ? 'metadata.namespace is not a string'
    : null;
}

/** Notes in the world that there is an object which could not be understood. `at` is its file and line, `FILE:12`. */
export function note(world: World, { need, kind, namespace, what, why, labels }: Problem, at: string): void {
  if (need === null) world.addNameless({ kind, namespace, why: `${why} (${at})` });
  else world.addMalformed(kind, what, why, labels);
  if (need !== null && !world.ownOutcome(need))
    world.add(need, { read: false, failure: { kind: 'malformed', status: null, message: why } });
}

/** The labels of an object that could not be understood; null where these could not be understood either. */
export function readableLabels(raw: Raw): Labels | null {
  return understoodOr(
    () => labelsOf(raw),
    () => null,
  );
}

/** The kind of a custom resource, as far as the object shows it. */
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
 * Null where the field is missing; NO_TEXT where it is no text (`name: 123`, `namespace: on`), which names nothing.
 */
function metadataOf(raw: Raw, field: string): string | typeof NO_TEXT | null {
  const value = isRaw(raw.metadata) ? raw.metadata[field] : null;
  if (value === undefined || value === null || value === '') return null;
  return typeof value === 'string' ? value : NO_TEXT;
}

const isOneObject = ({ metadata }: Raw): boolean => metadata === undefined || metadata === null || isRaw(metadata);

const NO_TEXT = Symbol('no text');
