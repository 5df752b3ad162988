import type { Unknown } from '../../answer/unknown.ts';
import { keyOf } from '../../world/kinds.ts';
import { get, list, type Need } from '../../world/needs.ts';
import type { PersistentVolume } from '../../world/objects.ts';
import { oncePerState } from '../../world/once.ts';
import { unreadable, type World } from '../../world/world.ts';

/** What is behind a claim in the pod's namespace, by the name of the claim. */
export type Behind = (claim: string) => Claimed;

export type Claimed =
  /** A path of the node: the PersistentVolume is a hostPath or local volume. */
  | { kind: 'path'; path: string; type: string; through: string }
  /** A disk of the node as a raw device: the PersistentVolume is local. */
  | { kind: 'device'; path: string; through: string }
  /** A volume that is not on the node. */
  | { kind: 'elsewhere' }
  | { kind: 'unknown'; unknown: Unknown };

/**
 * Looks up the claims of a namespace: a bound claim names its PersistentVolume. A claim or volume that could not be
 * read, or is not bound yet, is unknown. Source: kubernetes pkg/volume/host_path and pkg/volume/local, which mount a
 * path of the node whatever admission says about hostPath.
 */
export const behindClaims =
  (namespace: string | null, world: World): Behind =>
  (claim) => {
    if (namespace === null) return { kind: 'elsewhere' };
    const found = world.find('persistentvolumeclaims', namespace, claim);
    const name = found?.volume ?? RESERVED(world).get(`${namespace}/${claim}`);
    if (name === undefined && found) return { kind: 'unknown', unknown: unbound(claim) };
    const need =
      name === undefined ? get('persistentvolumeclaims', namespace, claim) : get('persistentvolumes', null, name);
    const volume = name === undefined ? undefined : world.find('persistentvolumes', null, name);
    return volume ? claimed(volume) : missing(need, world);
  };

/**
 * The volumes by the claim for which they are reserved: such a volume names the claim before the claim names the
 * volume.
 */
const RESERVED = oncePerState(
  (world) =>
    new Map(
      world.list('persistentvolumes').flatMap(({ name, claim }) => (claim ? [[keyOf(claim), name] as const] : [])),
    ),
);

const unbound = (claim: string): Unknown => ({
  kind: 'invisible',
  what: `which volume claim ${claim} gets`,
  why: 'it is not bound yet',
  affects: AFFECTS,
});

/** A pod whose claim or volume does not exist is not started; one that could not be read may be anything. */
function missing(need: Need & { name: string }, world: World): Claimed {
  const malformed = world.malformedObject(need.kind, need.namespace, need.name);
  if (malformed) return { kind: 'unknown', unknown: malformed };
  const outcome = world.outcome(need);
  const isAbsent = outcome !== null && (outcome.read || outcome.failure.kind === 'notFound');
  return isAbsent ? { kind: 'elsewhere' } : { kind: 'unknown', unknown: unreadable(world, need, AFFECTS) };
}

function claimed({ name, source, path, type, block }: PersistentVolume): Claimed {
  const through = `PersistentVolume ${name}`;
  if (path === null) return { kind: 'elsewhere' };
  if (block) return source === 'local' ? { kind: 'device', path, through } : { kind: 'elsewhere' };
  return { kind: 'path', path, type, through };
}

/** The needs for looking up claims: each claim, and then the volume to which it is bound. */
export function claimNeeds(namespace: string | null, claims: readonly string[], world: World): Need[] {
  if (namespace === null) return [];
  return claims.flatMap((claim) => {
    const volume = world.find('persistentvolumeclaims', namespace, claim)?.volume;
    return [
      get('persistentvolumeclaims', namespace, claim),
      ...(volume ? [get('persistentvolumes', null, volume)] : []),
    ];
  });
}

/** The same needs for all pods of a namespace, or of the cluster. */
export const allClaimNeeds = (namespace: string | null): Need[] => [
  list('persistentvolumeclaims', namespace),
  list('persistentvolumes'),
];

const AFFECTS = 'whether it mounts a path of the node';
