import { formatLevelVersion } from '../../admission/pod-security/level.ts';
import { joinAnd } from '../../answer/words.ts';
import { isRaw } from '../../world/raw.ts';
import type { AdmitTarget, PodObject } from './target.ts';

/** The namespace of an object: its own, or the one that the others go to. */
export const namespaceOf = (object: PodObject, { namespace }: Pick<AdmitTarget, 'namespace'>): string =>
  ownNamespace(object) ?? namespace;

/** What the object itself says. */
export function ownNamespace({ raw: { metadata } }: PodObject): string | null {
  const written = isRaw(metadata) ? metadata.namespace : null;
  return typeof written === 'string' && written !== '' ? written : null;
}

/** `''` where it has none; of several pods to come the beginning. */
export function nameOf({ raw: { metadata } }: PodObject): string {
  const { name, generateName } = isRaw(metadata) ? metadata : {};
  return typeof name === 'string' && name !== '' ? name : typeof generateName === 'string' ? generateName : '';
}

/** The namespaces that are asked about. */
export const placesOf = (target: AdmitTarget): string[] => [
  ...new Set(target.objects.map((each) => namespaceOf(each, target))),
];

/**
 * `into namespace shop`, `at restricted:latest`. `preposition`: pods are admitted into a namespace, and refused in it.
 */
export function placesWords(target: AdmitTarget, preposition: 'into' | 'in'): string {
  if (target.level !== null) return `at ${formatLevelVersion(target.level)}`;
  const places = placesOf(target).sort();
  if (places.length > 3) return `${preposition} ${places.length} namespaces`;
  return `${preposition} namespace${places.length === 1 ? '' : 's'} ${joinAnd(places)}`;
}
