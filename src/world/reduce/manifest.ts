import { policyShape } from '../kept/policies.ts';
import type { Kind } from '../kinds.ts';
import type { Manifest } from '../objects.ts';
import { checkDepth, child, isRaw, type Raw } from '../raw.ts';
import { named } from './metadata.ts';

/**
 * The object as it is, without its managed fields; of an object that configures admission only the fields by which it
 * decides. A snapshot keeps the same fields of policies, so that a live answer cannot rest on more. Throws Malformed
 * for an object that is nested too deep.
 */
export function reduceManifest(raw: Raw, { group, version, kind }: Kind): Manifest {
  const { managedFields: _, ...metadata } = child(raw, 'metadata');
  const shaped = policyShape(kind, group)?.(raw) ?? { ...raw, metadata };
  const kept = isRaw(shaped) ? shaped : {};
  checkDepth(kept);
  return { ...named(raw), group, version, kind, raw: kept };
}
