/** The settings that the runtime gets, spelled as in the pod: the kubelet passes names on unchanged. */
export interface Asked {
  privileged: boolean;
  add: readonly string[];
  drop: readonly string[];
}

/** The resulting sets of capabilities, with names without `CAP_`. */
export interface Sets {
  /** The bounding set, which for root is also the effective and the permitted set. */
  capabilities: ReadonlySet<string>;
  /** The capabilities that a process keeps whatever its user is. */
  ambient: ReadonlySet<string>;
  inheritable: ReadonlySet<string>;
  /** The reason why the runtime does not start the container at all; null where it does. */
  refusal: string | null;
  /** The entries of `drop` that drop nothing. */
  ineffectiveDrops: readonly string[];
  /** The entries of `add` that add nothing. */
  ineffectiveAdds: readonly string[];
}

/** How one runtime computes capabilities. */
export interface Arithmetic {
  defaults: ReadonlySet<string>;
  count(asked: Asked): Sets;
}

export const EMPTY: ReadonlySet<string> = new Set();

export const without = (set: ReadonlySet<string>, names: Iterable<string>): Set<string> =>
  set.difference(new Set(names));

export const refused = (refusal: string): Sets => ({
  ...{ capabilities: EMPTY, ambient: EMPTY, inheritable: EMPTY, ineffectiveDrops: [], ineffectiveAdds: [] },
  refusal,
});

export const upper = (name: string): string => name.toUpperCase();

/** A name without `CAP_`. ALL is no capability, and has no prefix. */
export function plain(name: string): string {
  const written = upper(name);
  return written.startsWith('CAP_') && written !== 'CAP_ALL' ? written.slice('CAP_'.length) : written;
}
