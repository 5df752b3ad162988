export interface TargetRef {
  kind: string;
  namespace: string | null;
  name: string;
}

export interface SubjectRef {
  kind: string;
  namespace: string | null;
  name: string;
  /** How many service accounts a group of accounts holds; null where the cluster does not know the members. */
  members: number | null;
}

export interface ObjectRef {
  kind: string;
  namespace: string | null;
  name: string;
  created: string | null;
  changed: string | null;
  manager: string | null;
}

export interface GrantRef {
  binding: ObjectRef;
  /** `created` and its like are null where the role was not read. */
  role: ObjectRef;
  /** Index into the role's rules; null where the role does not exist or could not be read. */
  rule: number | null;
  /** The ClusterRoles that an aggregated rule comes from. */
  aggregatedFrom: string[] | null;
  subject: { kind: string; namespace: string | null; name: string };
  /** The rule's own words: `create pods/portforward`. */
  allows: string | null;
}

export interface SourceRef {
  context: string | null;
  /** `v1.37.2`; null where nothing says it. */
  server: string | null;
  effectiveVersion: string;
  readAt: string;
  objects: number;
}
