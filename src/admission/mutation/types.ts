import facts from './types.json' with { type: 'json' };

/** How the server merges a value, as structured-merge-diff knows it. */
export type Shape =
  | 'string'
  | 'numeric'
  | 'boolean'
  /** Any scalar: quantities, times, ports by number or name. */
  | 'untyped'
  /** A value that the schema does not describe. */
  | 'any'
  | { type: string }
  /**
   * A list whose elements are found by `keys`; a set where `keys` is empty; and without `keys` one that is replaced as
   * a whole.
   */
  | { list: Shape; keys?: readonly string[] }
  | { map: Shape; atomic?: true }
  | Struct;

/**
 * An object of the API. `defaults` are those of fields that are keys of a list. `atomic` says that it is replaced as a
 * whole.
 */
export interface Struct {
  fields: Readonly<Record<string, Shape>>;
  defaults?: Readonly<Record<string, unknown>>;
  atomic?: true;
}

/** The type of a kind; undefined for one that is not described. Written by scripts/schema-facts.ts. */
export const typeOfKind = ({
  group,
  version,
  kind,
}: {
  group: string;
  version: string;
  kind: string;
}): Shape | undefined => (NAMES.has(nameOf(group, version, kind)) ? { type: nameOf(group, version, kind) } : undefined);

/** The shape that a reference stands for. */
export function resolve(shape: Shape): Exclude<Shape, { type: string }> {
  let found: Shape = shape;
  for (
    let depth = 0;
    typeof found === 'object' && 'type' in found && typeof found.type === 'string' && !('fields' in found);
    depth += 1
  )
    found = depth > 10 ? 'any' : ((TYPES as Record<string, Shape>)[found.type] ?? 'any');
  return found as Exclude<Shape, { type: string }>;
}

const TYPES: Readonly<Record<string, Shape>> = facts as unknown as Record<string, Shape>;
const NAMES: ReadonlySet<string> = new Set(Object.keys(TYPES));
const nameOf = (group: string, version: string, kind: string): string =>
  `${group === '' ? 'core' : group}.${version}.${kind}`;
