/** What a runtime is asked for, as it is written: the kubelet hands names on unchanged. */
export interface Asked {
  privileged: boolean;
  add: readonly string[];
  drop: readonly string[];
}

/** What comes of it: names without `CAP_`. */
export interface Sets {
  /** Bounding, and for root effective and permitted. */
  capabilities: ReadonlySet<string>;
  /** Those that a process keeps whatever its user is. */
  ambient: ReadonlySet<string>;
  inheritable: ReadonlySet<string>;
  /** Why the runtime does not start the container at all; null where it does. */
  refusal: string | null;
  /** What is written in `drop` and drops nothing. */
  ineffectiveDrops: readonly string[];
  /** What is written in `add` and adds nothing. */
  ineffectiveAdds: readonly string[];
}

/** How one runtime counts. */
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

/** With and without `CAP_` is the same; ALL is no capability, and takes no prefix. */
export function plain(name: string): string {
  const written = upper(name);
  return written.startsWith('CAP_') && written !== 'CAP_ALL' ? written.slice('CAP_'.length) : written;
}
