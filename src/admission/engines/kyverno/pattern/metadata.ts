import { isRaw, type Raw } from '../../../../world/raw.ts';
import { hasWildcard, matchesWildcard } from '../wildcard.ts';
import { formatAnchor, parseAnchor } from './anchor.ts';
import { Whatever } from './value.ts';

/**
 * A pattern in which wildcards in the keys of `metadata.labels` and `metadata.annotations` are replaced by the first
 * key of the object that they match. Values that are not texts are dropped, as Kyverno drops them. Mirrors kyverno
 * pkg/engine/wildcards/wildcards.go ExpandInMetadata.
 */
export function expandMetadata(pattern: Raw, resource: Raw): Raw {
  const key = findKey(pattern, 'metadata');
  const [metadata, actual] = [key === undefined ? undefined : pattern[key], resource.metadata];
  if (key === undefined || !isRaw(metadata) || !isRaw(actual)) return pattern;
  const expanded = { ...metadata };
  for (const tag of ['labels', 'annotations']) {
    const [place, has] = [findKey(metadata, tag), findKey(actual, tag)];
    const [wanted, found] = [
      place === undefined ? undefined : metadata[place],
      has === undefined ? undefined : actual[has],
    ];
    if (place !== undefined && isRaw(wanted) && isRaw(found)) expanded[place] = expandKeys(wanted, found);
  }
  return { ...pattern, [key]: expanded };
}

const findKey = (raw: Raw, name: string): string | undefined =>
  Object.keys(raw).find((key) => key === name || parseAnchor(key)?.key === name);

function expandKeys(wanted: Raw, found: Raw): Raw {
  const entries = Object.entries(wanted).filter(([, value]) => typeof value === 'string' || value instanceof Whatever);
  const names = Object.keys(found).filter((name) => typeof found[name] === 'string');
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (!hasWildcard(key)) return [key, value];
      const anchor = parseAnchor(key);
      const glob = anchor?.key ?? key;
      const name = names.find((each) => matchesWildcard(glob, each)) ?? glob;
      return [anchor ? formatAnchor({ ...anchor, key: name }) : name, value];
    }),
  );
}
