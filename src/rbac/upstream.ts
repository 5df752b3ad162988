import type { Binding, Role } from '../world/objects.ts';
import type { Raw } from '../world/raw.ts';
import { reduceBinding, reduceRole } from '../world/reduce/rbac.ts';
import { NEWEST, OLDEST, type Version } from '../world/version.ts';
import versions from './upstream.json' with { type: 'json' };

/** The RBAC objects that kube-apiserver makes by itself, by resource name. */
export interface UpstreamObjects {
  clusterroles: Role[];
  clusterrolebindings: Binding[];
  roles: Role[];
  rolebindings: Binding[];
}

/**
 * The roles and bindings that the kube-apiserver of a minor version makes when it starts, features at their defaults.
 * Roles that are aggregated have their selectors and no rules: the controller fills these in. A version outside of
 * those known here gets the objects of the nearest. Pure.
 * Source: kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata, written down by scripts/server-facts.ts.
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
