import type { Binding, Role } from '../world/objects.ts';
import type { Raw } from '../world/raw.ts';
import { reduceBinding, reduceRole } from '../world/reduce/rbac.ts';
import { NEWEST, OLDEST, type Version } from '../world/version.ts';
import versions from './upstream.json' with { type: 'json' };

/** The RBAC objects that kube-apiserver creates by itself, by resource name. */
export interface UpstreamObjects {
  clusterroles: Role[];
  clusterrolebindings: Binding[];
  roles: Role[];
  rolebindings: Binding[];
}

/**
 * The roles and bindings that the kube-apiserver of a minor version creates when it starts, with default feature gates.
 * Aggregated roles have their selectors and no rules, which the controller fills in. A version that is not known gets
 * the objects of the nearest one. Pure. Source: kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata,
 * recorded by scripts/server-facts.ts.
 */
export function upstreamObjects(version: Version): UpstreamObjects {
  const minor = version.major > 1 ? NEWEST.minor : Math.min(Math.max(version.minor, OLDEST.minor), NEWEST.minor);
  const objects = versions
    .filter(({ since, until }) => since <= minor && minor <= until)
    .map(({ object }): Raw => object);
  const ofKind = (kind: string): Raw[] => objects.filter((object) => object.kind === kind);
  return {
    clusterroles: ofKind('ClusterRole').map((raw) => reduceRole(raw, 'ClusterRole')),
    clusterrolebindings: ofKind('ClusterRoleBinding').map((raw) => reduceBinding(raw, 'ClusterRoleBinding')),
    roles: ofKind('Role').map((raw) => reduceRole(raw, 'Role')),
    rolebindings: ofKind('RoleBinding').map((raw) => reduceBinding(raw, 'RoleBinding')),
  };
}
