import { builtInKind, type Kind } from '../../world/kinds.ts';
import { kindOfNeed, type Need } from '../../world/needs.ts';
import type { Named } from '../../world/objects.ts';
import { isRaw, type Raw } from '../../world/raw.ts';
import { isMetadataOnly, METADATA_ITEM, METADATA_LIST, METADATA_VERSION } from './token-secrets.ts';

/*
 * Checks whether an answer is the one that was asked for. API servers give everything that they send a kind, and a
 * proxy that answers in their place may send anything: its lists do not count as empty ones. Shapes: apimachinery
 * pkg/apis/meta/v1/types.go (TypeMeta, ListMeta, ObjectMeta).
 */

/**
 * Why a body, whose items may be missing, is not the list that a need asks for; null where it is. `listKind` is the
 * kind of the list, where that is not the object's kind followed by `List`.
 */
export function notTheList(need: Need, head: Raw, listKind = listKindOf(need)): string | null {
  const { metadata } = head;
  const problem = isMetadataOnly(need)
    ? notOfType(head, METADATA_VERSION, METADATA_LIST)
    : notOfType(head, apiVersionOf(kindOfNeed(need)), listKind);
  if (problem !== null) return problem;
  if (!isRaw(metadata)) return 'metadata is not an object';
  if (metadata.continue !== undefined && typeof metadata.continue !== 'string')
    return 'metadata.continue is not a string';
  const { remainingItemCount: remaining } = metadata;
  const isLast = metadata.continue === undefined || metadata.continue === '';
  return isLast && remaining !== undefined && remaining !== null && remaining !== 0
    ? 'a page that says that there are others, and not where they are'
    : null;
}

/**
 * Why an object is not of the kind that a need asks for; null where it is. Only an item of a list may lack its kind.
 */
export function notTheKind(need: Need, object: Raw): string | null {
  if (isMetadataOnly(need))
    return notOfType({ kind: METADATA_ITEM, apiVersion: METADATA_VERSION, ...object }, METADATA_VERSION, METADATA_ITEM);
  const kind = kindOfNeed(need);
  const version = apiVersionOf(kind);
  return notOfType(
    need.name === null ? { kind: kind.kind, apiVersion: version, ...object } : object,
    version,
    kind.kind,
  );
}

/**
 * Whether the kind is one whose objects look like any other: all other fields of a role may be those of any object, and
 * without rules it would grant nothing.
 */
const isRole = ({ kind }: Need): boolean => kind === 'roles' || kind === 'clusterroles';

/**
 * Why an object with a name is not one that a need asks for: it has another name, is in another namespace, or is no
 * role. Null where it is one.
 */
export function notTheObject(need: Need, { name, namespace }: Named, raw: Raw): string | null {
  const { kind, namespaced } = kindOfNeed(need);
  if (need.name !== null && name !== need.name) return `a ${kind} of another name`;
  if (need.namespace !== null && namespace !== null && namespace !== need.namespace)
    return `a ${kind} of another namespace`;
  if (namespaced && namespace === null) return `a ${kind} without a namespace`;
  if (isRole(need) && !('rules' in raw)) return `not a ${kind}, which has rules, be they null`;
  return !namespaced && namespace !== null && builtInKind(need.kind) ? `a ${kind} that is in a namespace` : null;
}

/** Why an object does not have this type; null where it does. */
export function notOfType({ kind, apiVersion }: Raw, version: string, name: string): string | null {
  if (kind === undefined) return `a body that does not say that it is a ${name}`;
  if (kind !== name) return `not a ${name} but ${said(kind, 'a ')}`;
  if (apiVersion === undefined) return `a ${name} that does not say its apiVersion`;
  return apiVersion === version ? null : `a ${name} of ${said(apiVersion)} and not of ${version}`;
}

/** The kind of lists of a kind, unless its CustomResourceDefinition sets another. */
export const listKindOf = (need: Need): string => `${kindOfNeed(need).kind}List`;

export const apiVersionOf = ({ group, version }: Kind): string => (group === '' ? version : `${group}/${version}`);

/** The value in words, as far as it is a name: an answer may contain anything. */
const said = (value: unknown, article = ''): string =>
  typeof value === 'string' && /^[\w./-]{1,100}$/.test(value) ? `${article}${value}` : 'something without a name';
