import type { Kind } from '../kinds.ts';
import type { Manifest } from '../objects.ts';
import { named } from './metadata.ts';
import { child, type Raw } from './raw.ts';

/** An object as it is, but for who wrote it and what became of it, which no decision reads. */
export function reduceManifest(raw: Raw, { group, version, kind }: Kind): Manifest {
  const { managedFields: _, ...metadata } = child(raw, 'metadata');
  return { ...named(raw), group, version, kind, raw: { ...raw, metadata } };
}
