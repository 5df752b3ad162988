import type { TargetRef } from '../answer/refs.ts';
import { type Identity, identityOf } from '../rbac/subjects.ts';
import type { Subject } from '../world/objects.ts';
import { oncePerObject } from '../world/once.ts';

/** Something that an attacker controls, or what is worth having. */
export type Position =
  | IdentityPosition
  /** Code in a pod, in any of its containers. */
  | { kind: 'pod'; namespace: string; name: string }
  /** Root on a node; null: on one that the attacker cannot choose. */
  | { kind: 'node'; name: string | null }
  /** Pods that the attacker creates in a namespace, as any account of it and with any of its Secrets. */
  | { kind: 'spawn'; namespace: string }
  /** What ClusterRole admin allows in a namespace. */
  | { kind: 'namespace'; name: string }
  /** Everything in the whole cluster. */
  | { kind: 'cluster' }
  /** The content of a Secret; without a name of every one in the namespace, and without that in the cluster. */
  | { kind: 'secret'; namespace: string | null; name: string | null }
  /** Rights that are handed to other identities which are held. */
  | { kind: 'rights'; id: string }
  | RequestPosition;

/** A request that is asked about, once somebody who is held may make it. `object`: what it is about, if it names one. */
export interface RequestPosition {
  kind: 'request';
  id: string;
  object: TargetRef | null;
}

/** A position that is worth having for itself. */
export type Gain = Exclude<Position, { kind: 'rights' | 'spawn' | 'request' }>;

/** What somebody may want to get to. */
export type Goal = Gain | RequestPosition;

export const isGain = (position: Position): position is Gain =>
  position.kind !== 'rights' &&
  position.kind !== 'spawn' &&
  position.kind !== 'request' &&
  !(position.kind === 'identity' && position.writes);

export interface IdentityPosition {
  kind: 'identity';
  subject: Subject;
  identity: Identity;
  /** It is only impersonated: without a credential of its own it cannot impersonate further. */
  borrowed: boolean;
  /** A controller writes objects for the attacker by the rights of this identity, which is all that is held of it. */
  writes?: Writes;
}

/** The objects that a controller writes for somebody. */
export interface Writes {
  /** Their resources; null: of every one. */
  only: readonly string[] | null;
}

/** A position that is another identity than the attacker's own, with the groups that Kubernetes adds. */
export function identityPosition(
  subject: Subject,
  { borrowed = false, groups = [] }: { borrowed?: boolean; groups?: readonly string[] } = {},
): IdentityPosition {
  return { kind: 'identity', subject, identity: identityOf(subject, groups), borrowed };
}

export const accountPosition = (namespace: string, name: string, borrowed = false): IdentityPosition =>
  identityPosition({ kind: 'ServiceAccount', namespace, name }, { borrowed });

/** What a controller writes by the rights of an account. */
export const writesPosition = (namespace: string, name: string, writes: Writes): IdentityPosition => ({
  ...accountPosition(namespace, name, true),
  writes,
});

/** The key of a position: equal for equal ones. */
export const keyOfPosition = oncePerObject(findKey);

function findKey(position: Position): string {
  switch (position.kind) {
    case 'identity':
      return `${position.writes ? `writes ${position.writes.only ?? ''} as` : position.borrowed ? 'as' : 'is'} ${identityKey(position)}`;
    case 'pod':
      return `pod ${position.namespace}/${position.name}`;
    case 'node':
      return `node ${position.name ?? ''}`;
    case 'spawn':
      return `spawn ${position.namespace}`;
    case 'namespace':
      return `namespace ${position.name}`;
    case 'cluster':
      return 'cluster';
    case 'secret':
      return `secret ${position.namespace ?? ''}/${position.name ?? ''}`;
    case 'rights':
      return `rights ${position.id}`;
    case 'request':
      return `request ${position.id}`;
  }
}

/** A user by its name alone, with groups that somebody chose after it. */
function identityKey({ subject, identity }: IdentityPosition): string {
  const own = identityOf(subject).groups;
  const chosen = identity.groups.filter((group) => !own.includes(group));
  const { user } = identity;
  return [user === null ? `Group/${subject.name}` : `User/${user}`, ...chosen.sort()].join('\0');
}

/** The keys of the positions of which each is enough for the goal, or is the goal. */
export function keysOfGoal(goal: Goal): string[] {
  const own = keyOfPosition(goal);
  if (goal.kind === 'identity') return [own, keyOfPosition({ ...goal, borrowed: true })];
  if (goal.kind === 'secret' && goal.name !== null)
    return [
      own,
      ...[
        { namespace: goal.namespace, name: null },
        { namespace: null, name: goal.name },
        { namespace: null, name: null },
      ].map((wider) => keyOfPosition({ kind: 'secret', ...wider })),
    ];
  return [own];
}
