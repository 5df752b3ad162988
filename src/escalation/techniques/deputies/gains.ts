import { MASTERS } from '../../../rbac/subjects.ts';
import { createdOutcomes } from '../../../spawn/outcomes/outcomes.ts';
import type { PodOutcome } from '../../../spawn/outcomes/pod-outcome.ts';
import { covering, type Holder, holderOf, type Right, rightsTo, rightsToCreate } from '../../../spawn/rights/holder.ts';
import type { Scope } from '../../../spawn/scope.ts';
import { oncePerObject } from '../../../world/once.ts';
import type { Attacker } from '../../attacker.ts';
import { CERTAIN } from '../../derivation.ts';
import { accountPosition, type Position, writesPosition } from '../../position.ts';
import { RemainingTargets } from '../../remaining.ts';
import { isSuperuser } from '../../superusers.ts';
import { accountsOf, podsOf, positionOfAccount } from '../../targets.ts';
import { RBAC_GROUP, right } from '../../wanted.ts';
import { OTHERS } from '../admission-mutate.ts';
import { podPosition } from '../pod-exec.ts';
import { isRoot, remainingNodes } from '../pod-privileged.ts';
import { conditionOf, remainingNamespaces, spawnIn } from '../spawn-pod.ts';
import { type Condition, open } from './condition.ts';
import { flagOf, type Running } from './controllers.ts';
import { type Deputy, type Effect, nameOf } from './deputy.ts';

/** A resource that somebody may write, and the controller that acts on it. */
export interface Written<K extends Effect['kind']> {
  deputy: Deputy;
  effect: Extract<Effect, { kind: K }>;
  /** Where the writer may write it. */
  right: Pick<Right, 'namespace'>;
  /** Null where no controller was found, on which everything then depends. */
  running: Running | null;
}

/** What the writer gets by it. */
export interface Gained {
  to: Position;
  /** Completes "can". */
  words: string;
  /** The namespace in which the resource is written, where it has to be a certain one. */
  namespace?: string;
  condition: Condition;
}

type Find<K extends Effect['kind']> = (written: Written<K>, attacker: Attacker) => Iterable<Gained>;

/** What is gained by each effect, as far as it is not held yet. */
const GAINS: { readonly [K in Effect['kind']]: Find<K> } = {
  pods: podsThere,
  'own pods': podsOfController,
  manifests: manifestsOf,
  grants: grantsOf,
  tokens: tokensOf,
  exec: commandsIn,
  *secrets({ deputy }) {
    const unknown = {
      kind: 'opaque',
      what: `which Secrets the stores of ${deputy.product} hold`,
      why: 'they are outside of the cluster, or named by objects that are not read',
      affects: `what can be read by ${nameOf(deputy)}`,
    } as const;
    yield {
      to: { kind: 'secret', namespace: null, name: null },
      words: `have ${deputy.product} copy Secrets`,
      condition: open(unknown, null),
    };
  },
  *mutates({ deputy }) {
    yield {
      to: CLUSTER,
      words: `have ${deputy.product} rewrite what others write`,
      condition: open(OTHERS, 'yes'),
    };
  },
  *certificates({ deputy }) {
    const unknown = {
      kind: 'invisible',
      what: `whether the API server trusts a certificate authority of ${deputy.product} for clients`,
      why: 'its client CA is a file',
      affects: `what a certificate of ${nameOf(deputy)} is good for`,
    } as const;
    yield {
      to: CLUSTER,
      words: `have ${deputy.product} issue a certificate for system:masters`,
      condition: open(unknown, 'no'),
    };
  },
  *nodes({ deputy }) {
    const unknown = {
      kind: 'invisible',
      what: `whether ${deputy.product} makes a node of this cluster by it`,
      why: 'the cloud decides, and how many nodes are needed',
      affects: `whether code of ${nameOf(deputy)} runs on a node`,
    } as const;
    yield {
      to: { kind: 'node', name: null },
      words: `have ${deputy.product} start a node with code of the attacker`,
      condition: open(unknown, 'yes'),
    };
  },
  nothing: () => [],
};

export const gainsOf = <K extends Effect['kind']>(written: Written<K>, attacker: Attacker): Iterable<Gained> =>
  GAINS[written.effect.kind as K](written, attacker);

const CLUSTER: Position = { kind: 'cluster' };

/** What a controller that was found is named by, with the pod that shows it: `Argo CD (pod argocd/controller-0)`. */
const controllerWords = ({ product }: Deputy, running: Running | null): string =>
  running?.pod ? `${product} (pod ${running.pod.namespace}/${running.pod.name})` : product;

/** The account of a controller as the holder of its rights; a controller inside the server has all. */
export const holderOfRunning = oncePerObject((scope: Scope) =>
  oncePerObject(({ account }: Running): Holder => {
    if (account === null) {
      const subject = { kind: 'Group', namespace: null, name: MASTERS, members: null };
      return holderOf(subject, { user: null, groups: [MASTERS] }, scope.rbac);
    }
    const { subject, identity } = accountPosition(account.namespace, account.name);
    return holderOf({ ...subject, members: null }, identity, scope.rbac);
  }),
);

/** The outcomes of the pods that a controller makes, by namespace. */
const outcomesOf = (running: Running, makes: readonly string[], scope: Scope): ReadonlyMap<string, PodOutcome[]> => {
  const known = outcomesIn(scope)(running);
  const key = makes.join();
  const found = known.get(key) ?? byNamespace(running, makes, scope);
  known.set(key, found);
  return found;
};

const outcomesIn = oncePerObject((_scope: Scope) =>
  oncePerObject((_running: Running) => new Map<string, ReadonlyMap<string, PodOutcome[]>>()),
);

function byNamespace(running: Running, makes: readonly string[], scope: Scope): ReadonlyMap<string, PodOutcome[]> {
  const found = new Map<string, PodOutcome[]>();
  for (const outcome of createdOutcomes(holderOfRunning(scope)(running), scope)) {
    if (!makes.includes(outcome.way.maker.resource)) continue;
    for (const namespace of outcome.namespaces) {
      const there = found.get(namespace);
      if (there) there.push(outcome);
      else found.set(namespace, [outcome]);
    }
  }
  return found;
}

/** The condition under which a pod of a strength runs in a namespace: the likeliest of those of each kind of workload. */
function conditionIn(
  namespace: string,
  running: Running | null,
  makes: readonly string[],
  scope: Scope,
  isEnough: (strength: string | null) => boolean,
): Condition | null {
  if (running === null) return CERTAIN;
  const outcomes = outcomesOf(running, makes, scope).get(namespace) ?? [];
  const all = outcomes.flatMap(({ strongest }) => conditionOf(strongest, isEnough) ?? []);
  return all.find(({ unknowns }) => unknowns.length === 0) ?? all[0] ?? null;
}

const isAny = (strength: string | null): boolean => strength !== null;

function* podsThere({ deputy, effect, right: { namespace: place }, running }: Written<'pods'>, attacker: Attacker) {
  const { scope } = attacker;
  const { makes, isWhole } = effect;
  const who = controllerWords(deputy, running);
  for (const namespace of place === null ? remainingNamespaces(attacker) : [place]) {
    const condition = conditionIn(namespace, running, makes, scope, isAny);
    if (!condition) continue;
    yield { to: spawnIn(scope)(namespace), words: `have ${who} run a pod of it`, namespace, condition };
  }
  if (!isWhole) return;
  const nodes = remainingNodes(attacker);
  if (nodes.length === 0) return;
  const best = bestPlace(place === null ? scope.namespaces : [place], (namespace) =>
    conditionIn(namespace, running, makes, scope, isRoot),
  );
  if (best)
    for (const to of nodes)
      yield {
        ...{ to, namespace: best.namespace, condition: best.condition },
        words: `have ${who} run a pod of it, as root on the node${to.kind === 'node' && to.name !== null ? ` ${to.name}` : ''}`,
      };
}

/** The first namespace where something is certain; else the first where it is possible. */
function bestPlace(
  namespaces: readonly string[],
  conditionAt: (namespace: string) => Condition | null,
): { namespace: string; condition: Condition } | null {
  let possible: { namespace: string; condition: Condition } | null = null;
  for (const namespace of namespaces) {
    const condition = conditionAt(namespace);
    if (condition?.unknowns.length === 0) return { namespace, condition };
    if (condition) possible ??= { namespace, condition };
  }
  return possible;
}

function* podsOfController({ deputy, effect, running }: Written<'own pods'>, { scope }: Attacker): Generator<Gained> {
  const words = `have ${controllerWords(deputy, running)} run a pod of the attacker's beside it`;
  const home = running?.account?.namespace;
  if (home === undefined) yield { to: CLUSTER, words, condition: CERTAIN };
  else {
    const condition = conditionIn(home, running, effect.makes, scope, isAny);
    if (condition) yield { to: spawnIn(scope)(home), words, condition };
  }
}

function* manifestsOf(
  { deputy, effect, right: place, running }: Written<'manifests'>,
  attacker: Attacker,
): Generator<Gained> {
  const { only = null, unlessFlag } = effect;
  const who = controllerWords(deputy, running);
  const what = only === null ? 'any object' : only.join(' or ');
  if (!running?.account) {
    yield { to: CLUSTER, words: `have ${who} write ${what}`, condition: CERTAIN };
    return;
  }
  const { account, pod } = running;
  const flag = unlessFlag === undefined || pod === null ? { value: null } : flagOf(pod, unlessFlag);
  const by = ({ namespace, name }: { namespace: string; name: string }, condition: Condition): Gained[] =>
    isHeld(namespace, name, attacker)
      ? []
      : [
          {
            to: writesPosition(namespace, name, { only }),
            words: `have ${who} write ${what} as ServiceAccount ${namespace}/${name}`,
            condition,
          },
        ];
  if (flag === 'unknown') yield* by(account, open(flagUnknown(deputy, running, unlessFlag ?? ''), 'yes'));
  else if (!flag.value) yield* by(account, CERTAIN);
  else {
    const allowed = rightsTo(IMPERSONATE, holderOfRunning(attacker.scope)(running));
    for (const each of accountsOf(attacker.world).within({ namespace: place.namespace, names: null }))
      if (each.exists !== false && covering(allowed, each.namespace, each.name))
        for (const gained of by(each, CERTAIN)) yield { ...gained, namespace: each.namespace };
  }
}

const IMPERSONATE = right('impersonate', 'serviceaccounts');

const isHeld = (namespace: string, name: string, attacker: Attacker): boolean =>
  attacker.has(accountPosition(namespace, name)) || attacker.has(accountPosition(namespace, name, true));

const flagUnknown = (deputy: Deputy, { pod }: Running, flag: string) =>
  ({
    kind: 'invisible',
    what: `whether the controller of ${deputy.product} has ${flag}`,
    why: `the arguments of pod ${pod?.namespace}/${pod?.name} are not known`,
    affects: `as which account it writes what ${nameOf(deputy)} says`,
  }) as const;

/** A controller that may not grant the role cannot hand it to anybody. */
function* grantsOf({ deputy, effect, running }: Written<'grants'>, { scope }: Attacker): Generator<Gained> {
  const { role } = effect;
  if (running?.account && !mayGrant(role, running, scope)) return;
  yield {
    to: CLUSTER,
    words: `have ${controllerWords(deputy, running)} create an account, bind it to ClusterRole ${role} and run code as it`,
    condition: CERTAIN,
  };
}

function mayGrant(role: string, running: Running, scope: Scope): boolean {
  const { account } = running;
  if (account === null || isSuperuser(accountPosition(account.namespace, account.name), scope)) return true;
  const holder = holderOfRunning(scope)(running);
  return (
    covering(rightsTo(BIND, holder), null, role) !== undefined &&
    rightsToCreate(BINDINGS, holder).some(({ namespace }) => namespace === null)
  );
}

const BIND = right('bind', 'clusterroles', RBAC_GROUP, true);
const BINDINGS = right('create', 'clusterrolebindings', RBAC_GROUP, true);

function* tokensOf({ deputy, right: place, running }: Written<'tokens'>, attacker: Attacker): Generator<Gained> {
  const allowed = running && rightsTo(TOKEN, holderOfRunning(attacker.scope)(running));
  const who = controllerWords(deputy, running);
  const accounts = remainingAccounts(attacker).within(accountsOf(attacker.world), {
    namespace: place.namespace,
    names: null,
  });
  for (const account of accounts) {
    const { namespace, name, exists } = account;
    if (exists === false || (allowed && !covering(allowed, namespace, name))) continue;
    yield {
      to: positionOfAccount(account),
      words: `have ${who} send a token of ServiceAccount ${namespace}/${name} to an address of the attacker`,
      ...(deputy.clusterScoped ? {} : { namespace }),
      condition: CERTAIN,
    };
  }
}

const TOKEN = right('create', 'serviceaccounts/token');
const remainingAccounts = oncePerObject((attacker: Attacker) => new RemainingTargets(positionOfAccount, attacker));

function* commandsIn({ deputy, running }: Written<'exec'>, attacker: Attacker): Generator<Gained> {
  const who = controllerWords(deputy, running);
  const allowed = running === null ? [EVERYWHERE] : rightsTo(EXEC, holderOfRunning(attacker.scope)(running));
  for (const place of allowed)
    for (const pod of remainingPods(attacker).within(podsOf(attacker.world), place)) {
      if (pod.deleting || pod.phase === 'Pending') continue;
      yield {
        to: podPosition(pod),
        words: `have ${who} run a command in pod ${pod.namespace}/${pod.name}`,
        condition: CERTAIN,
      };
    }
}

const EXEC = right('create', 'pods/exec');
const EVERYWHERE = { namespace: null, names: null };
const remainingPods = oncePerObject((attacker: Attacker) => new RemainingTargets(podPosition, attacker));
