import type { Binding, Role } from '../../src/world/objects.ts';
import type { Raw } from '../../src/world/raw.ts';
import { reduceBinding, reduceRole } from '../../src/world/reduce/rbac.ts';
import type { ControlPlane } from './control-plane.ts';
import { waitForAggregation } from './real.ts';

/**
 * All roles and bindings of a control plane; right after its start, these are those that kube-apiserver itself made.
 */
export async function bootstrapObjects(plane: ControlPlane): Promise<(Role | Binding)[]> {
  await waitForAggregation(plane);
  const list = async (resource: string) => {
    const { body } = await plane.request('GET', `/apis/rbac.authorization.k8s.io/v1/${resource}`);
    return (body as { items: Raw[] }).items;
  };
  return [
    ...(await list('clusterroles')).map((raw) => reduceRole(raw, 'ClusterRole')),
    ...(await list('roles')).map((raw) => reduceRole(raw, 'Role')),
    ...(await list('clusterrolebindings')).map((raw) => reduceBinding(raw, 'ClusterRoleBinding')),
    ...(await list('rolebindings')).map((raw) => reduceBinding(raw, 'RoleBinding')),
  ];
}
