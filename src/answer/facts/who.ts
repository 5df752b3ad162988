/** What `who create` adds to a finding. */
export interface WhoFacts {
  /**
   * The only requests by which the subject can create: server-side apply, or a PUT of an object that does not exist.
   * Both name what they create, as a POST does not. Absent if a POST is allowed.
   */
  onlyBy?: ('server-side apply' | 'PUT')[];
}
