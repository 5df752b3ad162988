/** The attributes on which RBAC decides. Mirrors apiserver pkg/authorization/authorizer Attributes. */
export type Request = ResourceRequest | UrlRequest;

export interface ResourceRequest {
  verb: string;
  /** API group; `''` is the core group. */
  group: string;
  resource: string;
  /** `''` for the resource itself. */
  subresource: string;
  /** `''` for a cluster-scoped request. The namespace of a Namespace object is the object itself. */
  namespace: string;
  /** `''` where the request names no object: list, watch, create of a collection, deletecollection. */
  name: string;
}

export interface UrlRequest {
  /** The HTTP method in lower case. */
  verb: string;
  /** The path of a non-resource URL: `/metrics`. */
  url: string;
}

export const isUrlRequest = (request: Request): request is UrlRequest => 'url' in request;

/** A resource as kubectl spells it: `pods/portforward`, `deployments.apps`. */
export function formatResource({
  group,
  resource,
  subresource,
}: Pick<ResourceRequest, 'group' | 'resource' | 'subresource'>): string {
  return `${resource}${group === '' ? '' : `.${group}`}${subresource === '' ? '' : `/${subresource}`}`;
}

/** `create pods/portforward`, `get /metrics`. */
export const formatRequest = (request: Request): string =>
  `${request.verb} ${isUrlRequest(request) ? request.url : formatResource(request)}`;

/** The verbs of requests that the API server makes of HTTP methods; every other verb is asked for by a check alone. */
export const RESOURCE_VERBS: ReadonlySet<string> = new Set([
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
]);
