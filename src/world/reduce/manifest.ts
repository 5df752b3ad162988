import { policyShape } from '../kept/policies.ts';
import type { Kind } from '../kinds.ts';
import type { Manifest } from '../objects.ts';
import { checkDepth, child, isRaw, type Raw } from '../raw.ts';
import { named } from './metadata.ts';

/**
 * An object as it is, but for who wrote it; of what admission is made of, what it decides by. A snapshot keeps the same
 * of policies, so that nothing can be decided by more. Throws Malformed for one that is nested too deep.
 */
export function reduceManifest(raw: Raw, { group, version, kind }: Kind): Manifest {
  const { managedFields: _, ...metadata } = child(raw, 'metadata');
  const shaped = policyShape(kind, group)?.(raw) ?? { ...raw, metadata };
  const kept = isRaw(shaped) ? shaped : {};
  checkDepth(kept);
  return { ...named(raw), group, version, kind, raw: kept };
}
