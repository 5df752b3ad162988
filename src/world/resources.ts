/** One resource as discovery lists it, in its preferred version. */
export interface ApiResource {
  group: string;
  version: string;
  /** Plural: what RBAC calls the resource. */
  resource: string;
  kind: string;
  singular: string;
  shortNames: readonly string[];
  namespaced: boolean;
  verbs: readonly string[];
  /** Verbs by subresource. */
  subresources: Readonly<Record<string, readonly string[]>>;
}
