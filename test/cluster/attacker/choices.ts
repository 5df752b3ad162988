import { collectionPath } from '../../helpers/load.ts';
import { rolesFor } from './actions/bindings.ts';
import { readByAnybody } from './actions/secrets.ts';
import { type Attack, type Rights, secretPath } from './attack.ts';
import type { Credential } from './credentials.ts';
import { ANYTHING, binding, role, tokenSecret } from './grants.ts';
import { apply, change, create, DRY_RUN, outcomeOf } from './outcome.ts';
import { filledToken, objectPath } from './stage.ts';
import {
  accountKey,
  type BindingManifest,
  isRole,
  type Manifest,
  type RbacRule,
  type RoleManifest,
  type RoleRef,
} from './world.ts';

/**
 * A step that destroys something, such as the rules of a role, and so can close one way while it opens another. Each is
 * tried apart, after everything that destroys nothing, and undone by the administrator: what counts is that there is a
 * way to each key, not that one attacker can have all keys at once.
 */
export interface Choice {
  name: string;
  /** Whether the server allowed it. */
  make(): Promise<boolean>;
  /** What follows, after everything that destroys nothing was tried again. Whether it did anything. */
  fill?(): Promise<boolean>;
  undo(): Promise<void>;
}

/** All choices that a credential may have, of those that could give somebody more rights. The server refuses most. */
export function choicesOf(attack: Attack, credential: Credential, everybody: ReadonlyMap<string, Rights>): Choice[] {
  const rights = everybody.get(credential.id) ?? new Map();
  const concerns = (...resources: string[]) =>
    [...rights.values()]
      .flat()
      .some(({ resources: named = [] }) => named.some((name: string) => name === '*' || resources.includes(name)));
  return [
    ...(concerns('roles', 'clusterroles')
      ? [...replacedRoles(attack, credential, rights, everybody), ...emptyRoles(attack, credential, everybody)]
      : []),
    ...(concerns('rolebindings', 'clusterrolebindings') ? otherBindings(attack, credential, rights, everybody) : []),
    ...(concerns('secrets') ? replacedSecrets(attack, credential) : []),
  ];
}

/**
 * Replaces the rules of a role that somebody has by `*` rules or by what this credential has, where that is more than
 * they have. A role which the attack has made could have been made by this credential instead.
 */
function replacedRoles(
  attack: Attack,
  credential: Credential,
  rights: Rights,
  everybody: ReadonlyMap<string, Rights>,
): Choice[] {
  const upstream = new Set(attack.stage.upstream.map(objectPath));
  const roles = [...attack.roles.values()].filter((object) => !upstream.has(objectPath(object)));
  return roles.flatMap((object) => {
    const places = [...attack.bindings.values(), ...attack.bound.values()].filter(
      (each) => refersTo(each, object) && hasHeldSubject(attack, each),
    );
    const held = rights.get(object.metadata.namespace ?? '') ?? [];
    return [[ANYTHING], held]
      .filter((rules) => places.some(({ metadata }) => isNews(everybody, metadata.namespace ?? '', rules)))
      .map((rules) => replacedRole(attack, credential, object, rules));
  });
}

function replacedRole(attack: Attack, credential: Credential, object: RoleManifest, rules: RbacRule[]): Choice {
  const replaced: RoleManifest = { ...object, rules };
  const isOwn = attack.madeByName.has(objectPath(object));
  return {
    name: `replace ${objectPath(object)} by ${JSON.stringify(rules)}`,
    async make() {
      const isChanged = (await change(credential, object, { rules })) === 'done';
      if (!isChanged && !(await isRecreated(attack, credential, replaced, isOwn))) return false;
      attack.wroteRole(replaced);
      return true;
    },
    async undo() {
      await putBack(attack, object);
      attack.wroteRole(object);
    },
  };
}

/**
 * Creates roles without any rules, which whoever creates bindings may bind, and fills them afterwards: under the names
 * that rules list, where there is no such role or one of the attack's own making, and under another.
 */
function emptyRoles(attack: Attack, credential: Credential, everybody: ReadonlyMap<string, Rights>): Choice[] {
  const names = [...attack.names.listed('roles', 'clusterroles'), `${attack.world.prefix}-empty`];
  return [null, ...attack.namespaces].flatMap((place) =>
    names.flatMap((name): Choice[] => {
      const empty = role(place, name, []);
      const path = objectPath(empty);
      const before = attack.roles.get(path);
      if (before ? !attack.madeByName.has(path) : attack.exists(empty)) return [];
      return [emptyRole(attack, credential, empty, before, everybody)];
    }),
  );
}

function emptyRole(
  attack: Attack,
  credential: Credential,
  empty: RoleManifest,
  before: RoleManifest | undefined,
  everybody: ReadonlyMap<string, Rights>,
): Choice {
  const path = objectPath(empty);
  return {
    name: `create ${path} without any rules`,
    async make() {
      if (before) await attack.plane.request('DELETE', path);
      if ((await create(credential, empty, true)) === 'done') {
        attack.wroteRole(empty);
        return true;
      }
      if (before) await putBack(attack, before);
      return false;
    },
    async fill() {
      if (![...attack.bound.values()].some((each) => refersTo(each, empty))) return false;
      for (const rules of [[ANYTHING], ...[...everybody.values()].flatMap((rights) => [...rights.values()])])
        for (const each of attack.credentials.values()) {
          const filled: RoleManifest = { ...empty, rules };
          if (rules.length === 0 || !(await isRecreated(attack, each, filled))) continue;
          attack.wroteRole(filled);
          return true;
        }
      return false;
    },
    async undo() {
      for (const [key, each] of attack.bound)
        if (refersTo(each, empty)) {
          await attack.plane.request('DELETE', objectPath(each));
          attack.bound.delete(key);
        }
      await attack.plane.request('DELETE', path);
      if (before) await putBack(attack, before);
      if (before) attack.wroteRole(before);
      else attack.removedRole(empty);
    },
  };
}

const refersTo = ({ roleRef, metadata }: BindingManifest, { kind, metadata: role }: RoleManifest): boolean =>
  roleRef.kind === kind &&
  roleRef.name === role.name &&
  (kind === 'ClusterRole' || role.namespace === metadata.namespace);

/** Whether anybody who is held, or any group, is a subject of a binding. */
function hasHeldSubject(attack: Attack, { subjects, metadata }: BindingManifest): boolean {
  const held = new Set(attack.heldSubjects().map(({ kind, namespace, name }) => `${kind} ${namespace} ${name}`));
  return (subjects ?? []).some(
    ({ kind, namespace = kind === 'ServiceAccount' ? metadata.namespace : undefined, name }) =>
      kind === 'Group' || name.startsWith('system:') || held.has(`${kind} ${namespace} ${name}`),
  );
}

/** Whether somebody lacks some of these rules in a namespace. */
const isNews = (everybody: ReadonlyMap<string, Rights>, place: string, rules: readonly RbacRule[]): boolean =>
  [...everybody.values()].some((rights) => {
    const had = new Set((rights.get(place) ?? []).map((rule) => JSON.stringify(rule)));
    return rules.some((rule) => !had.has(JSON.stringify(rule)));
  });

/** Binds another role by a name that rules list: in place of what the attack, or the world, has bound by it. */
function otherBindings(
  attack: Attack,
  credential: Credential,
  rights: Rights,
  everybody: ReadonlyMap<string, Rights>,
): Choice[] {
  return [null, ...attack.namespaces].flatMap((place) =>
    attack.names.listed('rolebindings', 'clusterrolebindings').flatMap((name) => {
      const object = attack.bindings.get(objectPath(binding(place, name, CLUSTER_ADMIN_ROLE)));
      if (!object) return [];
      return [CLUSTER_ADMIN_ROLE, ...rolesFor(attack, place, rights.get(place ?? '') ?? [])]
        .filter((roleRef) => roleRef.kind !== object.roleRef.kind || roleRef.name !== object.roleRef.name)
        .filter((roleRef) => isNews(everybody, place ?? '', rulesOf(attack, place, roleRef)))
        .map((roleRef) => boundOtherwise(attack, credential, object, roleRef));
    }),
  );
}

function boundOtherwise(
  attack: Attack,
  credential: Credential,
  object: BindingManifest,
  roleRef: Pick<RoleRef, 'kind' | 'name'>,
): Choice {
  const { name, namespace = null } = object.metadata;
  return {
    name: `bind ${roleRef.kind} ${roleRef.name} by ${objectPath(object)}`,
    async make() {
      const other = binding(namespace, name, roleRef, ...attack.heldSubjects());
      // A binding is checked for what it grants before its role is found to be immutable.
      const posted = await credential.send('POST', `${collectionPath(other)}?${DRY_RUN}`, other);
      const isLetThrough =
        posted.status === 409 ||
        (await apply(credential, other, DRY_RUN)).status === 422 ||
        (await credential.send('PUT', `${objectPath(other)}?${DRY_RUN}`, other)).status === 422;
      if (!isLetThrough) return false;
      const isOwn = attack.madeByName.has(objectPath(object));
      if (!(await isRecreated(attack, credential, other, isOwn))) return false;
      attack.wroteBinding(other);
      return true;
    },
    async undo() {
      await putBack(attack, object);
      attack.wroteBinding(object);
    },
  };
}

function rulesOf({ roles, stage }: Attack, place: string | null, { kind, name }: Pick<RoleRef, 'kind' | 'name'>) {
  const found = [...roles.values(), ...stage.upstream.filter(isRole)].find(
    (each) => each.kind === kind && each.metadata.name === name && (each.metadata.namespace ?? place) === place,
  );
  return found?.rules ?? [];
}

/** Puts a token Secret in the place of a Secret whose name rules list. */
function replacedSecrets(attack: Attack, credential: Credential): Choice[] {
  const secrets = attack.world.objects.filter(
    ({ kind, metadata }) => kind === 'Secret' && attack.names.listed('secrets').includes(metadata.name),
  );
  return secrets.flatMap((object) => {
    const { namespace = '', name } = object.metadata;
    const wanted = attack
      .accountsIn(namespace)
      .filter((account) => !attack.holdsToken(accountKey({ namespace, name: account })));
    return wanted.map((account) => ({
      name: `a token of ${account} in ${objectPath(object)}`,
      async make() {
        if (!(await isRecreated(attack, credential, tokenSecret(namespace, name, account)))) return false;
        if ((await filledToken(attack.plane, secretPath({ namespace, name }))) !== null)
          await readByAnybody(attack, 'replace a Secret', { namespace, name, account });
        return true;
      },
      undo: () => putBack(attack, object),
    }));
  });
}

/**
 * Whether somebody can delete an object and this credential create another in its place; the place is then taken by the
 * new one. An object of the attack's own making needs no deletion: another could have been made at first.
 */
async function isRecreated(attack: Attack, credential: Credential, object: Manifest, isOwn = false): Promise<boolean> {
  const path = objectPath(object);
  if (!isOwn && !(await canDelete(attack, object))) return false;
  const { body } = await attack.plane.request('GET', path);
  await attack.plane.request('DELETE', path);
  // Rights that went with it are not used before the authorizer has followed.
  attack.wroteRbac();
  await attack.settle();
  if ((await create(credential, object, true)) === 'done') return true;
  const { resourceVersion: _, ...metadata } = (body as Manifest).metadata;
  await attack.plane.request('POST', collectionPath(object), { ...(body as Manifest), metadata });
  return false;
}

/** By its name, or out of the collection. */
async function canDelete({ credentials }: Attack, object: Manifest): Promise<boolean> {
  const all = `${collectionPath(object)}?fieldSelector=metadata.name%3D${object.metadata.name}&${DRY_RUN}`;
  for (const { send } of credentials.values())
    for (const path of [`${objectPath(object)}?${DRY_RUN}`, all])
      if (outcomeOf(await send('DELETE', path)) === 'done') return true;
  return false;
}

async function putBack({ plane }: Attack, object: Manifest): Promise<void> {
  await plane.request('DELETE', objectPath(object));
  const { status, body } = await plane.request('POST', collectionPath(object), object);
  if (status !== 201) throw new Error(`cannot put back ${objectPath(object)}: ${JSON.stringify(body)}`);
}

const CLUSTER_ADMIN_ROLE = { kind: 'ClusterRole', name: 'cluster-admin' } as const;
