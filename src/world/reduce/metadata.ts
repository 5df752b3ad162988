import type { LabelSelector, Named, Owner, Provenance } from '../objects.ts';
import { isPathSegment } from '../path-segment.ts';
import { child, children, Malformed, type Raw, requiredText, text, textMap, texts } from '../raw.ts';

/**
 * The name and namespace of an object. Throws Malformed where the name is missing, or is one that no object can have.
 */
export function named(raw: Raw): Named {
  const metadata = child(raw, 'metadata');
  const name = requiredText(metadata, 'name');
  const namespace = text(metadata, 'namespace') || null;
  if (name === '') throw new Malformed('metadata.name is empty');
  if (!isPathSegment(name)) throw new Malformed('metadata.name is none that an object can have');
  if (namespace !== null && !isPathSegment(namespace))
    throw new Malformed('metadata.namespace is none that there can be');
  return { namespace, name };
}

/** The time of its creation, and the last write that managedFields show. */
export function provenance(raw: Raw): Provenance {
  const metadata = child(raw, 'metadata');
  let changed: string | null = null;
  let manager: string | null = null;
  for (const entry of children(metadata, 'managedFields')) {
    const time = text(entry, 'time');
    if (time === null || (changed !== null && time < changed)) continue;
    changed = time;
    manager = text(entry, 'manager');
  }
  return { created: text(metadata, 'creationTimestamp'), changed, manager };
}

export const labelsOf = (raw: Raw): Readonly<Record<string, string>> => textMap(child(raw, 'metadata'), 'labels');

export const isDeleting = (raw: Raw): boolean => text(child(raw, 'metadata'), 'deletionTimestamp') !== null;

/** The controller that owns the object, or its first owner. */
export function ownerOf(raw: Raw): Owner | null {
  const owners = children(child(raw, 'metadata'), 'ownerReferences');
  const owner = owners.find((each) => each.controller === true) ?? owners[0];
  if (!owner) return null;
  const apiVersion = text(owner, 'apiVersion') ?? '';
  const group =
    apiVersion === '' ? {} : { group: apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '' };
  return { ...group, kind: requiredText(owner, 'kind'), name: requiredText(owner, 'name') };
}

/**
 * Reads a LabelSelector. Throws Malformed for one that no server stores, since its meaning is not defined. Mirrors
 * apimachinery pkg/apis/meta/v1/validation/validation.go ValidateLabelSelector.
 */
export function labelSelector(raw: Raw): LabelSelector {
  return {
    matchLabels: textMap(raw, 'matchLabels'),
    matchExpressions: children(raw, 'matchExpressions').map((each) => {
      const [key, operator, values] = [
        requiredText(each, 'key'),
        requiredText(each, 'operator'),
        texts(each, 'values'),
      ];
      const takesValues = OPERATORS.get(operator);
      if (takesValues === undefined)
        throw new Malformed(`operator ${JSON.stringify(operator)} is none of label selectors`);
      if (takesValues !== values.length > 0)
        throw new Malformed(`operator ${operator} ${takesValues ? 'needs' : 'has no'} values`);
      return { key, operator, values };
    }),
  };
}

/** The operators, with whether each takes values. */
const OPERATORS: ReadonlyMap<string, boolean> = new Map([
  ['In', true],
  ['NotIn', true],
  ['Exists', false],
  ['DoesNotExist', false],
]);
