import type { Kind } from '../kinds.ts';
import type { Manifest } from '../objects.ts';
import { named } from './metadata.ts';
import { checkDepth, child, type Raw } from './raw.ts';

/** An object as it is, but for who wrote it and what became of it, which no decision reads. Throws Malformed for one that is nested too deep. */
export function reduceManifest(raw: Raw, { group, version, kind }: Kind): Manifest {
  checkDepth(raw);
  const { managedFields: _, ...metadata } = child(raw, 'metadata');
  return { ...named(raw), group, version, kind, raw: { ...raw, metadata } };
}
