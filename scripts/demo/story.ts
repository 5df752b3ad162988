import type { Labels, Rule, Subject } from '../../src/world/objects.ts';
import type { Raw } from '../../src/world/raw.ts';

/** An object of the story as it is sent to the server, and who wrote it when. */
export interface Entry {
  object: Raw;
  /** Sent to the status subresource, since a server takes none with a new object. */
  status: Raw | null;
  created: string;
  changed: string;
  manager: string;
}

/**
 * The demo cluster told in the order of its history. `on` says when and by whom all that follows was written:
 *
 *     story.on('2023-09-12', 'kubectl-create').binding('shop', 'smoke-test', 'Role/smoke-test', account('ci', 'default'))
 */
export class Story {
  readonly entries: Entry[] = [];
  #created = '';
  #changed = '';
  #manager = '';

  on(created: string, manager: string, changed = created): this {
    this.#created = created;
    this.#changed = changed;
    this.#manager = manager;
    return this;
  }

  /** Any object. `body`: what stands beside its metadata; `metadata`: what stands beside name and namespace. */
  add(
    apiVersion: string,
    kind: string,
    namespace: string | null,
    name: string,
    body: Raw = {},
    metadata: Raw = {},
    status: Raw | null = null,
  ): this {
    const object = {
      apiVersion,
      kind,
      metadata: { name, ...(namespace === null ? {} : { namespace }), ...metadata },
      ...body,
    };
    const key = `${kind}/${namespace}/${name}`;
    this.entries.push({
      object,
      status,
      created: timeOn(this.#created, key),
      changed: timeOn(this.#changed, key),
      manager: this.#manager,
    });
    return this;
  }

  namespace(name: string, labels: Labels = {}): this {
    return this.add('v1', 'Namespace', null, name, {}, { labels });
  }

  accounts(namespace: string, ...names: string[]): this {
    for (const name of names) this.add('v1', 'ServiceAccount', namespace, name);
    return this;
  }

  role(namespace: string, name: string, ...rules: Rule[]): this {
    return this.add(RBAC, 'Role', namespace, name, { rules });
  }

  clusterRole(name: string, rules: readonly Rule[], labels: Labels = {}): this {
    return this.add(RBAC, 'ClusterRole', null, name, { rules }, { labels });
  }

  /** `role` is spelled `Role/builder` or `ClusterRole/edit`. */
  binding(namespace: string, name: string, role: string, ...subjects: Subject[]): this {
    return this.add(RBAC, 'RoleBinding', namespace, name, {
      roleRef: roleRef(role),
      subjects: subjects.map(asWritten),
    });
  }

  clusterBinding(name: string, role: string, ...subjects: Subject[]): this {
    return this.add(RBAC, 'ClusterRoleBinding', null, name, {
      roleRef: roleRef(role),
      subjects: subjects.map(asWritten),
    });
  }

  service(namespace: string, name: string, clusterIP: string, ports: Raw[], selector: Labels, spec: Raw = {}): this {
    return this.add('v1', 'Service', namespace, name, { spec: { clusterIP, selector, ports, ...spec } });
  }
}

const RBAC = 'rbac.authorization.k8s.io/v1';

function roleRef(role: string): Raw {
  const [kind, name] = role.split('/');
  return { apiGroup: 'rbac.authorization.k8s.io', kind, name };
}

const asWritten = ({ kind, namespace, name }: Subject): Raw => ({
  kind,
  name,
  ...(namespace === null ? {} : { namespace }),
});

/**
 * Some time on that day's morning, the same for the same object at each run. A date that says its time stays as it is.
 */
export function timeOn(date: string, key: string): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  const number = hash(key);
  return date.includes('T')
    ? date
    : `${date}T${two(6 + (number % 3))}:${two((number >>> 4) % 60)}:${two((number >>> 12) % 60)}Z`;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return value;
}
