import type { AdmissionRequest } from '../../admission/request/request.ts';
import type { UserInfo } from '../../admission/request/user.ts';
import type { Raw } from '../../world/raw.ts';

/** The request that updates a pod, or a subresource of it that carries the whole pod. */
export function podUpdate(
  object: Raw,
  oldObject: Raw,
  { namespace, name }: { namespace: string; name: string },
  subresource: string,
  user: UserInfo,
): AdmissionRequest {
  return {
    operation: 'UPDATE',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    ...{ subresource, namespace, name, object, oldObject, user },
  };
}
