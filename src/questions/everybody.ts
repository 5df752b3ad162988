import { isBootstrap } from '../rbac/bootstrap.ts';
import { rbacOf } from '../rbac/rbac-of.ts';
import { accountOf, MASTERS, subjectKey } from '../rbac/subjects.ts';
import type { Subject } from '../world/objects.ts';
import type { World } from '../world/world.ts';

/** A subject that bindings name. Built in: only upstream's own bindings name it. */
export interface Named {
  subject: Subject;
  isBuiltIn: boolean;
}

/** Every subject that bindings name, each once. */
export function everySubject(world: World): Named[] {
  const rbac = rbacOf(world);
  const found = new Map<string, Named>();
  for (const binding of [...world.list('clusterrolebindings'), ...world.list('rolebindings')]) {
    const role = rbac.roleOf(binding);
    const isBuiltIn = isBootstrap(binding) && typeof role !== 'string' && isBootstrap(role);
    for (const entry of binding.subjects) {
      const key = subjectKey(entry, binding.namespace);
      if (key === undefined || (entry.kind === 'Group' && entry.name === MASTERS)) continue;
      const account = accountOf({ ...entry, namespace: entry.namespace ?? binding.namespace });
      const subject: Subject = account
        ? { kind: 'ServiceAccount', ...account }
        : { kind: entry.kind, namespace: null, name: entry.name };
      const before = found.get(key);
      found.set(key, { subject, isBuiltIn: isBuiltIn && (before?.isBuiltIn ?? true) });
    }
  }
  return [...found.values()];
}
