/** Who makes a request. */
export interface UserInfo {
  /** Null for a member of a group of whom nothing else is known. */
  name: string | null;
  groups: readonly string[];
}
