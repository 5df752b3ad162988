import { apiVersionOf } from '../../src/cluster/lists/asked-for.ts';
import type { KindName } from '../../src/world/kinds.ts';
import { kindOfNeed } from '../../src/world/needs.ts';

/** What the API says of every object that it sends by itself. */
export function typeOf(name: KindName): { kind: string; apiVersion: string } {
  const { kind, ...api } = kindOfNeed({ kind: name });
  return { kind, apiVersion: apiVersionOf({ kind, ...api }) };
}

/** A list as the API sends it, one page of it where it goes on with `next`. */
export const listOf = (name: KindName, items: readonly unknown[] | null, next = '') => ({
  ...typeOf(name),
  kind: `${typeOf(name).kind}List`,
  metadata: { resourceVersion: '36658', ...(next && { continue: next }) },
  items,
});

/** The review that was posted, answered. */
export const answered = ({ body }: { body: unknown }, status: object) => ({ ...(body as object), status });
