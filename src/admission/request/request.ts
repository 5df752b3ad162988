import type { Raw } from '../../world/raw.ts';
import type { Reader } from './reading/reader.ts';
import type { UserInfo } from './user.ts';

/**
 * A write (or CONNECT) as admission sees it, after authorization. Mirrors apiserver pkg/admission/interfaces.go
 * Attributes.
 */
export interface AdmissionRequest {
  operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  kind: GroupVersionKind;
  resource: GroupVersionResource;
  /** The subresource; `''` for the resource itself. */
  subresource: string;
  /** The namespace; `''` for what is cluster-scoped. A Namespace object is admitted in its own namespace. */
  namespace: string;
  /** The name; `''` where the server generates it (generateName). */
  name: string;
  /**
   * The object with the API's defaults filled in; null for a DELETE. For a CONNECT it is the options, such as
   * PodExecOptions.
   */
  object: Raw | null;
  /** The object before the write; null for a CREATE and a CONNECT. */
  oldObject: Raw | null;
  user: UserInfo;
  /** The reader that notes what is read of the namespace and the user; absent where there is none. */
  reader?: Reader;
}

export interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}

interface GroupVersionResource {
  group: string;
  version: string;
  resource: string;
}
