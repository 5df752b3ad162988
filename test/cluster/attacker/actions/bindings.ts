import type { Action, Attack } from '../attack.ts';
import type { Credential } from '../credentials.ts';
import { binding } from '../grants.ts';
import { change, create, type Outcome } from '../outcome.ts';
import { objectPath } from '../stage.ts';
import {
  type BindingManifest,
  isBinding,
  isRole,
  type RbacRule,
  type RbacSubject,
  type RoleManifest,
  type RoleRef,
} from '../world.ts';

/**
 * Binds every role to everybody who is held: in each namespace and in the cluster, under a new name and under those that
 * rules list. Such a name can bind one role only: the others are choices, which are tried later.
 */
export const createBindings: Action = {
  name: 'create a binding',
  resources: ['rolebindings', 'clusterrolebindings'],
  async run(attack, credential, rights) {
    const subjects = attack.heldSubjects();
    for (const place of [null, ...attack.namespaces]) {
      const probe = await bind(attack, credential, place, CLUSTER_ADMIN_ROLE, subjects);
      if (probe === 'done') continue;
      const roles = rolesFor(attack, place, rights.get(place ?? '') ?? []);
      if (probe === 'uncovered')
        for (const some of chunks(roles))
          await Promise.all(some.map((roleRef) => bind(attack, credential, place, roleRef, subjects)));
      if (probe === 'unauthorized')
        for (const name of attack.names.listed('rolebindings', 'clusterrolebindings'))
          await bindByName(attack, credential, place, name, roles, subjects);
    }
  },
};

async function bind(
  attack: Attack,
  credential: Credential,
  place: string | null,
  roleRef: Bound,
  subjects: RbacSubject[],
): Promise<Outcome> {
  const bound = JSON.stringify(['bound', place, roleRef, subjects]);
  if (attack.bound.has(bound)) return 'done';
  const object = binding(place, attack.freshName(), roleRef, ...subjects);
  const outcome = await create(credential, object, false);
  if (outcome !== 'done') return outcome;
  attack.bound.set(bound, object);
  attack.wroteRbac();
  return outcome;
}

async function bindByName(
  attack: Attack,
  credential: Credential,
  place: string | null,
  name: string,
  roles: readonly Bound[],
  subjects: RbacSubject[],
): Promise<void> {
  for (const roleRef of [CLUSTER_ADMIN_ROLE, ...roles]) {
    const object = binding(place, name, roleRef, ...subjects);
    if (attack.exists(object)) return;
    const outcome = await create(credential, object, true);
    if (outcome === 'unauthorized') return;
    if (outcome !== 'done') continue;
    attack.wroteBinding(object);
    attack.madeByName.add(objectPath(object));
    attack.version += 1;
    return;
  }
}

/** Adds everybody who is held to each binding of the world, and to those of the server itself. */
export const extendBindings: Action = {
  name: 'extend a binding',
  resources: ['rolebindings', 'clusterrolebindings'],
  async run(attack, credential, rights) {
    for (const object of attack.bindings.values()) await extend(attack, credential, object);
    const roles = rolesFor(attack, null, rights.get('') ?? []).map(({ name }) => name);
    const [first, ...others] = attack.stage.upstream
      .filter(isBinding)
      .filter((object) => object.kind === 'ClusterRoleBinding' && !attack.bindings.has(objectPath(object)))
      .sort((a) => (a.metadata.name === 'cluster-admin' ? -1 : 1))
      .map(({ metadata, roleRef, subjects }) => binding(null, metadata.name, roleRef, ...(subjects ?? [])));
    if (!first || (await extend(attack, credential, first)) !== 'uncovered') return;
    const coverable = others.filter(({ roleRef }) => roles.includes(roleRef.name));
    for (const some of chunks(coverable)) await Promise.all(some.map((object) => extend(attack, credential, object)));
  },
};

async function extend(attack: Attack, credential: Credential, object: BindingManifest): Promise<Outcome> {
  const known = new Set((object.subjects ?? []).map(identityOf));
  const added = attack.heldSubjects().filter((subject) => !known.has(identityOf(subject)));
  if (added.length === 0) return 'done';
  const subjects = [...(object.subjects ?? []), ...added];
  const outcome = await change(credential, object, { subjects });
  if (outcome === 'done') attack.wroteBinding({ ...object, subjects });
  return outcome;
}

const identityOf = ({ kind, namespace, name }: RbacSubject): string => JSON.stringify([kind, namespace, name]);

type Bound = Pick<RoleRef, 'kind' | 'name'>;

/**
 * What can be bound in this place: roles of the world, made or missing; and of the server's own those that rules name,
 * and those that somebody with these rights could cover, because each of their resources is named by some right.
 */
export function rolesFor({ roles, bindings, names, stage }: Attack, place: string | null, rights: RbacRule[]): Bound[] {
  const named = new Set(rights.flatMap(({ resources = [] }) => resources));
  const hasStar = [...named].some((name) => name.startsWith('*'));
  const isCoverable = ({ rules }: RoleManifest) =>
    (rules ?? []).every(({ resources = [] }) => hasStar || resources.every((resource) => named.has(resource)));
  const listed = names.listed('roles', 'clusterroles');
  const upstream = stage.upstream
    .filter(isRole)
    .filter((object) => !isEverybodys(object))
    .filter((object) => listed.includes(object.metadata.name) || isCoverable(object));
  const existing = [...roles.values(), ...upstream].filter(
    ({ kind, metadata }) => kind === 'ClusterRole' || metadata.namespace === place,
  );
  const missing = [...bindings.values()]
    .filter(({ roleRef, metadata }) => roleRef.kind === 'ClusterRole' || metadata.namespace === place)
    .map(({ roleRef }) => roleRef);
  const all = [...existing.map(({ kind, metadata }) => ({ kind, name: metadata.name })), ...missing];
  return [...new Map(all.map(({ kind, name }) => [`${kind}/${name}`, { kind, name }])).values()];
}

/** Whether a role grants nothing but what everybody has. */
const isEverybodys = ({ rules }: RoleManifest): boolean =>
  (rules ?? []).every(({ resources = [] }) => resources.every((name) => name.startsWith('selfsubject')));

function* chunks<T>(items: readonly T[], size = 16): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

const CLUSTER_ADMIN_ROLE = { kind: 'ClusterRole', name: 'cluster-admin' } as const;
