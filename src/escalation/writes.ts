import { isUrlRequest, type Request } from '../rbac/request.ts';
import type { Holder } from '../spawn/rights/holder.ts';
import type { Writes } from './position.ts';

/**
 * The rights of an account as far as its controller uses them for whoever writes its custom resource: to create and to
 * change objects, as manifests say. The controller shows nobody what it reads, and asks for no subresource, so that it
 * neither executes commands nor requests tokens. Of a Secret that exists nothing is learned by changing it.
 */
export const asWritten = (holder: Holder, writes: Writes): Holder => ({
  ...holder,
  grants: (query) => (isWritten(query.request, writes) ? holder.grants(query) : []),
});

function isWritten(request: Request, { only }: Writes): boolean {
  if (isUrlRequest(request) || request.subresource !== '') return false;
  const { verb, group, resource } = request;
  // The API server asks for these when the controller writes a role or a binding.
  if (verb === 'bind' || verb === 'escalate') return true;
  if (only !== null && !only.includes(resource)) return false;
  return verb === 'create' || ((verb === 'update' || verb === 'patch') && !(group === '' && resource === 'secrets'));
}
