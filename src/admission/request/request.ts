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
  /** `''` for the resource itself. */
  subresource: string;
  /** `''` for what is cluster-scoped. A Namespace object is admitted in its own namespace. */
  namespace: string;
  /** `''` where the server makes the name (generateName). */
  name: string;
  /** With the API's defaults filled in; null for a DELETE. For a CONNECT the options, such as PodExecOptions. */
  object: Raw | null;
  /** Null for a CREATE and a CONNECT. */
  oldObject: Raw | null;
  user: UserInfo;
  /** Who notes what is read of the namespace and the user; absent where nobody does. */
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
