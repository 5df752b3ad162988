import { withDefaults } from '../../src/apply/defaults.ts';
import { closureOf } from '../../src/escalation/closure.ts';
import { accountPosition, keysOfGoal, type Position } from '../../src/escalation/position.ts';
import { TECHNIQUES } from '../../src/escalation/techniques/index.ts';
import { right } from '../../src/escalation/wanted.ts';
import { rbacOf } from '../../src/rbac/rbac-of.ts';
import { parseAccountUser } from '../../src/rbac/subjects.ts';
import { type Scope, scopeOf } from '../../src/spawn/scope.ts';
import { kindOf } from '../../src/world/kinds.ts';
import { NEWEST, parseVersion } from '../../src/world/version.ts';
import type { Account, Manifest } from '../cluster/attacker/world.ts';
import { worldOf } from './world-of.ts';

/** What an identity can come to control, by the keys that attacks are compared with. */
interface Closure {
  yes: ReadonlySet<string>;
  /** What rests on facts that the objects don't show. */
  depends: ReadonlySet<string>;
}

/** What techniques are asked about: all objects of a cluster whose server has this version, such as `1.37`. */
export function clusterOf(objects: readonly Manifest[], version: string): Scope {
  const parsed = parseVersion(`v${version}.0`) ?? NEWEST;
  const setting = { version: parsed, isSilent: () => false };
  const known = objects.flatMap((object) => {
    const kind = kindOf(object.apiVersion, object.kind);
    return kind === null ? [] : [withDefaults(kind, object, object.metadata.namespace ?? null, setting)];
  });
  const world = worldOf(known, { version: parsed, origin: 'file' });
  // The server gives each namespace its account, whether that is among the objects or not.
  for (const { name } of world.list('namespaces'))
    if (!world.find('serviceaccounts', name, 'default'))
      world.put('serviceaccounts', [{ namespace: name, name: 'default', created: null }]);
  return scopeOf(
    world,
    rbacOf(world),
    world.list('namespaces').map(({ name }) => name),
  );
}

/** The closure of a start identity over all objects of a cluster whose server has this version, such as `1.37`. */
export type ClosureKeys = (objects: readonly Manifest[], start: Account, version: string) => Promise<Closure>;

export const closureKeys: ClosureKeys = async (objects, start, version) => {
  const scope = clusterOf(objects, version);
  const { namespaces } = scope;
  // With a goal that nobody reaches everything is looked for, past cluster-admin too.
  const goals = [accountPosition('no-such-namespace', 'nobody')];
  const { reached, attacker } = closureOf([accountPosition(start.namespace, start.name)], TECHNIQUES, scope, { goals });
  const yes = new Set<string>();
  const depends = new Set<string>();
  const secrets = objects.filter(({ kind }) => kind === 'Secret');
  const keysOf = (position: Position): string[] => {
    if (position.kind === 'cluster') return ['cluster-admin'];
    if (position.kind === 'secret')
      return secrets.flatMap(({ metadata: { namespace = '', name } }) =>
        keysOfGoal({ kind: 'secret', namespace, name }).some(
          (key) => key === `secret ${position.namespace ?? ''}/${position.name ?? ''}`,
        )
          ? [`secret/${namespace}/${name}`]
          : [],
      );
    if (position.kind !== 'identity') return [];
    const { user } = position.identity;
    if (user === null) return [];
    const account = parseAccountUser(user);
    return [account ? `sa/${account.namespace}/${account.name}` : `user/${user}`];
  };
  for (const { position, cost } of reached.values())
    for (const key of keysOf(position)) (cost.isOpen ? depends : yes).add(key);
  // The judge asks for every verb on every resource of a namespace.
  for (const actor of attacker.actors)
    for (const { namespace, names } of attacker.rights(actor, ALL))
      if (names === null)
        for (const each of namespace === null ? namespaces : [namespace]) yes.add(`namespace/${each}`);
  return { yes, depends };
};

const ALL = right('*', '*', '*');
