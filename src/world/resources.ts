/** One resource as discovery lists it, in its preferred version. */
export interface ApiResource {
  group: string;
  version: string;
  /** The plural name, as in RBAC. */
  resource: string;
  kind: string;
  singular: string;
  shortNames: readonly string[];
  namespaced: boolean;
  verbs: readonly string[];
  /** The verbs by subresource. */
  subresources: Readonly<Record<string, readonly string[]>>;
}
