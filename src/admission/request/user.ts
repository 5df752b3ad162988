/** The user who makes a request. */
export interface UserInfo {
  /** The name; null for a member of a group of whom nothing else is known. */
  name: string | null;
  groups: readonly string[];
}
