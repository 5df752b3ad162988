import type { Binding, Role } from '../world/objects.ts';
import digests from './bootstrap.json' with { type: 'json' };
import { bootstrapDigest, bootstrapKey } from './bootstrap-digest.ts';

/**
 * Whether a role or binding is one that kube-apiserver itself creates, unchanged: it has the same kind, namespace, name
 * and content as in a version from 1.29 to 1.37, or as an upgrade between two of them leaves it. Labels and
 * annotations, which anybody can write, do not count. The digests are made by scripts/server-facts.ts. Pure.
 */
export function isBootstrap(object: Role | Binding): boolean {
  const known = KNOWN.get(bootstrapKey(object));
  const digest = known && bootstrapDigest(object);
  return !!digest && known.includes(digest);
}

const KNOWN: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(digests));
