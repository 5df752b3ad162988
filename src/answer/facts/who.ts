/** What `who create` adds to a finding. */
export interface WhoFacts {
  /**
   * Not by a POST, but by these requests, which name what they create: server-side apply, or a PUT of an
   * object that is not there.
   */
  onlyBy?: ('server-side apply' | 'PUT')[];
}
