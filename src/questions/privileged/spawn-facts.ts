import type { Refusal } from '../../admission/layer.ts';
import { enforcedIn } from '../../admission/pod-security/layer.ts';
import type { SpawnFacts } from '../../answer/facts/privileged.ts';
import { joinAnd } from '../../answer/words.ts';
import type { PodAccounts } from '../../spawn/outcomes/accounts.ts';
import type { PodOutcome } from '../../spawn/outcomes/pod-outcome.ts';
import { refusalIn } from '../../spawn/probes/probe-trials.ts';
import { reachesNode, type Strongest, type Trial } from '../../spawn/probes/strongest.ts';
import { oncePerObject } from '../../world/once.ts';
import type { World } from '../../world/world.ts';

/**
 * The reason of a finding: `create pods: node root (privileged container, hostPath / and 6 more)`, or `create pods, but
 * nothing stronger than root in a container: namespace shop enforces baseline:latest`.
 */
export function reasonFor(
  words: string,
  { sure, maybe }: Strongest,
  { escapes, refusals, namespaces }: SpawnFacts,
  world: World,
): string {
  if (reachesNode(sure)) return `${words}: ${sure}${escapes.length > 0 ? ` (${someOf(escapes)})` : ''}`;
  const why = refusals.length > 0 ? `: ${refusalWords(refusals, namespaces, world)}` : '';
  if (maybe && reachesNode(maybe.strength))
    return `${words}, perhaps with ${maybe.strength}, for sure with ${sure ?? 'nothing'}${why}`;
  const most = maybe?.strength ?? sure;
  if (most === null)
    return refusals.length > 0
      ? `${words}, but nothing gets in${why}`
      : `${words}, but nothing is there that reaches the node`;
  return `${words}, but nothing stronger than ${most}${why}`;
}

/**
 * Everything that refuses, each once: `namespace shop enforces baseline:latest and ValidatingAdmissionPolicy own-images
 * refuses (another registry)`.
 */
function refusalWords(refusals: SpawnFacts['refusals'], namespaces: readonly string[] | null, world: World): string {
  const words = refusals.map(({ by, reason, layer }) => {
    if (layer === 'pod-security' && by) {
      const level = `${enforcedIn(by.name, world)}`;
      return namespaces && namespaces.length > 1 ? `they enforce ${level}` : `namespace ${by.name} enforces ${level}`;
    }
    if (by?.kind === 'Namespace') return reason;
    return `${by === null ? layer : `${by.kind} ${by.namespace === null ? '' : `${by.namespace}/`}${by.name}`} refuses (${reason})`;
  });
  // One reason for each policy is enough in the sentence; all of them are among the refusals.
  const first = new Map(words.toReversed().map((each) => [each.replace(/ \(.*/s, ''), each]));
  return joinAnd([...first.values()].toReversed());
}

const someOf = (words: readonly string[]): string =>
  words.length > 3 ? `${words.slice(0, 2).join(', ')} and ${words.length - 2} more` : words.join(', ');

/** The pod that somebody gets by an outcome in these namespaces, and what refuses stronger pods. */
export function spawnFactsOf(
  { strongest, trials, namespaces: [namespace] }: PodOutcome,
  namespaces: readonly string[],
  accounts: PodAccounts,
): SpawnFacts {
  const { sure, maybe } = strongest;
  const { escapes, refusals } = sure === null ? allRefused(trials) : refusedBesides(trials);
  return {
    ...{ strongest: sure, maybe: maybe?.strength ?? null, namespaces, escapes },
    ...{ refusals: refusalsIn(refusals, namespace), accounts: accounts.in(namespaces) },
  };
}

type PassedAndRefused = Pick<SpawnFacts, 'escapes' | 'refusals'>;

/** Refusals of pods that reach the node, since a weaker pod passes: found once for all who try the same. */
const refusedBesides = oncePerObject(
  (trials: readonly Trial[]): PassedAndRefused => passedAndRefused(trials, ({ probe }) => reachesNode(probe.strength)),
);

/** All refusals, since no pod passes for sure: found once for all who try the same. */
const allRefused = oncePerObject((trials: readonly Trial[]): PassedAndRefused => passedAndRefused(trials, () => true));

function passedAndRefused(trials: readonly Trial[], isTold: (trial: Trial) => boolean): PassedAndRefused {
  const refused = trials.filter((trial) => trial.admission.value !== 'yes' && isTold(trial));
  return {
    escapes: trials.flatMap(({ probe, admission }) =>
      admission.value === 'yes' && reachesNode(probe.strength) ? [probe.words] : [],
    ),
    refusals: distinctRefusals(refused.flatMap(({ admission }) => admission.evidence)),
  };
}

/** The same refusals in `namespace`, which is of their equivalence class: where a namespace refuses, it is this one. */
function refusalsIn(refusals: SpawnFacts['refusals'], namespace: string): SpawnFacts['refusals'] {
  if (!refusals.some(({ by }) => by?.kind === 'Namespace' && by.name !== namespace)) return refusals;
  const known = byNamespace(refusals);
  const here = known.get(namespace) ?? refusals.map((each) => refusalIn(each, namespace));
  known.set(namespace, here);
  return here;
}

const byNamespace = oncePerObject((_refusals: SpawnFacts['refusals']) => new Map<string, SpawnFacts['refusals']>());

/** One refusal for each decider and check, whichever variants of a pod it refused. */
function distinctRefusals(refusals: readonly Refusal[]): SpawnFacts['refusals'] {
  const distinct = new Map(
    refusals.map((refusal) => [JSON.stringify([refusal.layer, refusal.by, refusal.check]), refusal]),
  );
  return [...distinct.values()].map(({ layer, by, check, reason, detail }) => ({ layer, by, check, reason, detail }));
}
