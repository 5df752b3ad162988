import type { FixText } from '../../answer/command.ts';
import { type Contained, containersOf } from '../../runtime/container.ts';
import { type Fix, fixOf } from '../../runtime/fix.ts';
import { ADMIN, networkPowers, RAW } from '../../runtime/network-powers.ts';
import { surroundingsOf } from '../../runtime/surroundings.ts';
import type { ContainerFacts, Pod } from '../../world/objects.ts';
import { oncePerState } from '../../world/once.ts';
import type { Raw } from '../../world/raw.ts';
import type { World } from '../../world/world.ts';
import { makerPatch } from '../fixes/maker-patch.ts';
import { workloadOf } from '../fixes/workload.ts';
import type { Options } from '../question.ts';

/** What takes the network powers away from all containers of a pod. */
export interface PodFix {
  /** One change of one object: as it is tried, and as it is done. */
  commands: readonly FixText[];
  /** What the commands do to what runs, and what no command can change. */
  notes: readonly string[];
}

/** One change of the object that makes the pod, for all its containers: two would each roll it out anew. */
export function podFix(pod: Pod, world: World, { kubectl }: Pick<Options, 'kubectl'>): PodFix {
  const known = KNOWN(world);
  const key = kubectl.join(' ');
  const byFlags = known.get(pod) ?? new Map<string, PodFix>();
  known.set(pod, byFlags);
  const fix = byFlags.get(key) ?? findFix(pod, world, kubectl);
  byFlags.set(key, fix);
  return fix;
}

const KNOWN = oncePerState(() => new WeakMap<Pod, Map<string, PodFix>>());

function findFix(pod: Pod, world: World, kubectl: readonly string[]): PodFix {
  const surroundings = surroundingsOf(pod, world);
  const open = containersOf(pod).filter((each) => {
    const { raw, admin } = networkPowers(each, surroundings);
    return each.state !== 'finished' && (raw.reach !== 'no' || admin !== null);
  });
  const mended = open.map((container) => ({
    container,
    fix: fixOf([RAW, ADMIN], container.settings, surroundings) ?? fixOf(RAW, container.settings, surroundings),
  }));
  const notes = mended.flatMap(({ container: { facts }, fix }) =>
    fix
      ? []
      : [
          `container ${facts.name}: no change of its securityContext is sure to be enough: it needs another RuntimeClass`,
        ],
  );
  const changes = mended.flatMap(({ container, fix }) => (fix ? [{ container, fix }] : []));
  if (changes.length === 0) return { commands: [], notes };
  const { commands, note } = byObject(pod, changes, kubectl);
  return { commands, notes: [...note, ...notes] };
}

interface Change {
  container: Contained;
  fix: Fix;
}

/** Who makes the pod decides where it is changed. */
function byObject(
  pod: Pod,
  all: readonly Change[],
  kubectl: readonly string[],
): { commands: FixText[]; note: string[] } {
  const { kind, name } = workloadOf(pod);
  // A static pod is a file of its node.
  if (kind === 'Node')
    return {
      commands: [],
      note: [`the manifest of static pod ${pod.name} on node ${pod.node ?? name} needs ${words(all)}`],
    };
  const ephemeral = all.filter(({ container: { facts } }) => facts.kind === 'ephemeral');
  const lasting = all.filter((each) => !ephemeral.includes(each));
  const note = ephemeral.map(
    ({ container: { facts } }) =>
      `ephemeral container ${facts.name} cannot be changed: it is gone with pod ${pod.name}`,
  );
  if (lasting.length === 0) return { commands: [], note };
  const patch = makerPatch(pod, patchOf(lasting));
  return patch
    ? { commands: patch.texts(kubectl), note: [patch.note, ...note] }
    : {
        commands: [],
        note: [`${kind} ${name} makes this pod, and what makes that has to change: ${words(lasting)}`, ...note],
      };
}

/** A strategic merge patch: lists of containers are merged by name, lists of capabilities are replaced. */
function patchOf(all: readonly Change[]): Raw {
  const lists = Map.groupBy(all, ({ container: { facts } }) =>
    facts.kind === 'regular' ? 'containers' : 'initContainers',
  );
  return Object.fromEntries(
    [...lists].map(([list, changes]) => [
      list,
      changes.map(({ container: { facts }, fix }) => ({ name: facts.name, securityContext: fix })),
    ]),
  );
}

/** `container app: securityContext: {"capabilities": {"drop": ["NET_RAW"]}}`: YAML takes it as well. */
const words = (all: readonly Change[]): string =>
  all
    .map(({ container: { facts }, fix }) => `${wordOf(facts)} ${facts.name}: securityContext: ${JSON.stringify(fix)}`)
    .join('; ');

const wordOf = ({ kind }: ContainerFacts): string => (kind === 'regular' ? 'container' : `${kind} container`);
