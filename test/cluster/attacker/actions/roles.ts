import type { Action, Attack } from '../attack.ts';
import { ANYTHING, role } from '../grants.ts';
import { change, create, type Outcome } from '../outcome.ts';
import { objectPath } from '../stage.ts';
import { isRole, type RbacRule, type RoleManifest, unique } from '../world.ts';

/**
 * Creates roles: in each namespace and in the cluster, under a new name, under the names that bindings miss and under
 * those that rules list. Each has `*` rules, or else exactly the rights of who creates it. A ClusterRole aggregates to
 * admin, edit and view.
 */
export const createRoles: Action = {
  name: 'create a role',
  resources: ['roles', 'clusterroles'],
  async run(attack, credential, rights) {
    for (const place of [null, ...attack.namespaces]) {
      const choices = [[ANYTHING], rights.get(place ?? '') ?? []].filter((rules) => rules.length > 0);
      await firstAllowed(
        choices.filter((rules) => !attack.done.has(newRole(place, rules))),
        async (rules) => {
          const object = labelled(role(place, attack.freshName(), rules));
          const outcome = await create(credential, object, false);
          if (outcome !== 'done') return outcome;
          attack.done.add(newRole(place, rules));
          attack.wroteRole(object);
          return outcome;
        },
      );
      const names = unique([...missingRoles(attack, place), ...attack.names.listed('roles', 'clusterroles')]);
      for (const name of names.filter((each) => !attack.exists(role(place, each, []))))
        await firstAllowed(choices, async (rules) => {
          const object = labelled(role(place, name, rules));
          const outcome = await create(credential, object, true);
          if (outcome !== 'done') return outcome;
          attack.madeByName.add(objectPath(object));
          attack.wroteRole(object);
          return outcome;
        });
    }
  },
};

const newRole = (place: string | null, rules: RbacRule[]): string => JSON.stringify(['new role', place, rules]);

/** Adds `*` rules to each role, or else the rights of who changes it; and lets it aggregate to admin, edit and view. */
export const editRoles: Action = {
  name: 'edit a role',
  resources: ['roles', 'clusterroles'],
  async run(attack, credential, rights) {
    for (const object of [...attack.roles.values(), ...everybodysRole(attack)]) {
      const held = rights.get(object.metadata.namespace ?? '') ?? [];
      const edited = [[ANYTHING], held].map((more) => labelled({ ...object, rules: union(object.rules, more) }));
      const different = edited.filter((each) => JSON.stringify(each) !== JSON.stringify(object));
      if (different.length < edited.length && object.rules.some(isAnything)) continue;
      await firstAllowed(different, async ({ rules, metadata }) => {
        const outcome = await change(credential, object, { rules, metadata });
        if (outcome === 'done') attack.wroteRole({ ...object, rules, metadata });
        return outcome;
      });
    }
  },
};

/** Tries one choice after the other as long as the server says that it grants too much. */
async function firstAllowed<T>(choices: readonly T[], attempt: (choice: T) => Promise<Outcome>): Promise<void> {
  for (const choice of choices) if ((await attempt(choice)) !== 'uncovered') return;
}

/** The names of roles that bindings of this place speak of and that do not exist. */
function missingRoles(attack: Attack, place: string | null): string[] {
  const kind = place === null ? 'ClusterRole' : 'Role';
  return [...attack.bindings.values()]
    .filter(({ roleRef, metadata }) => roleRef.kind === kind && (place === null || metadata.namespace === place))
    .map(({ roleRef }) => roleRef.name)
    .filter((name) => !attack.exists(role(place, name, [])));
}

/** The server's own role that is bound to everybody; nothing where the attack has edited it. */
function everybodysRole({ stage, roles }: Attack): RoleManifest[] {
  return stage.upstream
    .filter(isRole)
    .filter((object) => object.metadata.name === 'system:basic-user' && !roles.has(objectPath(object)))
    .map(({ metadata, rules }) => role(null, metadata.name, rules));
}

const labelled = (object: RoleManifest): RoleManifest =>
  object.kind === 'Role'
    ? object
    : { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...AGGREGATES } } };

/** The rules of both, each once. */
function union(rules: readonly RbacRule[], more: readonly RbacRule[]): RbacRule[] {
  return unique([...rules, ...more].map((rule) => JSON.stringify(rule))).map((rule) => JSON.parse(rule) as RbacRule);
}

const isAnything = (rule: RbacRule): boolean => JSON.stringify(rule) === JSON.stringify(ANYTHING);

const AGGREGATES = Object.fromEntries(
  ['admin', 'edit', 'view'].map((name) => [`rbac.authorization.k8s.io/aggregate-to-${name}`, 'true']),
);
