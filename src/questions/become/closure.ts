import { type Closure, closureOf } from '../../escalation/closure.ts';
import { identityPosition, keyOfPosition, type Position } from '../../escalation/position.ts';
import { TECHNIQUES } from '../../escalation/techniques/index.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import { type Scope, scopeOf } from '../../spawn/scope.ts';
import { oncePerState } from '../../world/once.ts';
import type { World } from '../../world/world.ts';
import type { QuestionContext } from '../context.ts';
import { askedIdentity } from '../holders/asked-identity.ts';
import { namespacesIn } from '../privileged/needs.ts';
import type { BecomeTarget, Start } from './target.ts';

/** The position that a foothold is; null where it is not known who the caller is. */
export function positionOf(start: Start, { world, options }: QuestionContext): Position | null {
  if (start.kind === 'pod') return { kind: 'pod', namespace: start.namespace, name: start.name };
  if (start.kind === 'node') return { kind: 'node', name: start.name };
  if (start.kind === 'subject')
    return { ...identityPosition(start.subject), identity: askedIdentity(start.subject, world, options) };
  const user = world.facts.self?.user ?? null;
  if (user === null) return null;
  const subject = { kind: 'User', namespace: null, name: user.name };
  return { ...identityPosition(subject), identity: askedIdentity(subject, world, options) };
}

/**
 * Everything that these footholds lead to, found once for a state of the world; of no more than `most` identities where
 * that is enough.
 */
export function closureFor(
  { starts, goals }: BecomeTarget,
  context: QuestionContext,
  most = Number.POSITIVE_INFINITY,
): Closure {
  const positions = starts.flatMap((start) => positionOf(start, context) ?? []);
  const key = JSON.stringify([
    positions.map(keyOfPosition),
    goals.map(keyOfPosition),
    context.options.subjectGroups,
    most,
  ]);
  const known = closuresOf(context.world);
  const closure = known.get(key) ?? closureOf(positions, TECHNIQUES, spawnScope(context.world), { goals, most });
  known.set(key, closure);
  return closure;
}

const closuresOf = oncePerState((_world: World) => new Map<string, Closure>());

/** The whole cluster, in which pods are spawned. */
export const spawnScope = oncePerState((world: World): Scope => scopeOf(world, rbacOf(world), namespacesIn(world)));
