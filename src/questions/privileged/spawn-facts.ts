import type { Refusal } from '../../admission/layer.ts';
import { enforcedIn } from '../../admission/pod-security/layer.ts';
import type { SpawnFacts } from '../../answer/facts/privileged.ts';
import { joinAnd } from '../../answer/words.ts';
import type { Accounts } from '../../spawn/outcomes/accounts.ts';
import type { Outcome } from '../../spawn/outcomes/pod-outcome.ts';
import { refusalIn } from '../../spawn/probes/probe-trials.ts';
import { reachesNode, type Strongest, type Trial } from '../../spawn/probes/strongest.ts';
import type { World } from '../../world/world.ts';

/**
 * `create pods: node root (privileged container, hostPath / and 6 more)`; `create pods, but nothing stronger than root
 * in a container: namespace shop enforces baseline:latest`.
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
 * `namespace shop enforces baseline:latest`, `ValidatingAdmissionPolicy own-images refuses (another registry)`: each
 * that refuses, once.
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
  // Of one policy the first reason is enough here: all are among the refusals.
  const first = new Map(words.toReversed().map((each) => [each.replace(/ \(.*/s, ''), each]));
  return joinAnd([...first.values()].toReversed());
}

const someOf = (words: readonly string[]): string =>
  words.length > 3 ? `${words.slice(0, 2).join(', ')} and ${words.length - 2} more` : words.join(', ');

/** What pod somebody gets by a outcome, and what refuses stronger ones. */
export function spawnFactsOf(
  { strongest, trials, namespaces: [namespace] }: Outcome,
  namespaces: readonly string[],
  accounts: Accounts,
): SpawnFacts {
  const { sure, maybe } = strongest;
  const { escapes, refusals } = told(trials, sure);
  return {
    ...{ strongest: sure, maybe: maybe?.strength ?? null, namespaces, escapes },
    ...{ refusals: toldIn(refusals, namespace), accounts: accounts.in(namespaces) },
  };
}

type Told = Pick<SpawnFacts, 'escapes' | 'refusals'>;

/** What is the same for all who try the same. */
function told(trials: readonly Trial[], sure: Strongest['sure']): Told {
  const known = TOLD.get(trials) ?? tell(trials, sure);
  TOLD.set(trials, known);
  return known;
}

const TOLD = new WeakMap<readonly Trial[], Told>();

function tell(trials: readonly Trial[], sure: Strongest['sure']): Told {
  const refused = trials.filter(
    ({ admission, probe }) => admission.value !== 'yes' && (reachesNode(probe.strength) || sure === null),
  );
  return {
    escapes: trials.flatMap(({ probe, admission }) =>
      admission.value === 'yes' && reachesNode(probe.strength) ? [probe.words] : [],
    ),
    refusals: distinctRefusals(refused.flatMap(({ admission }) => admission.evidence)),
  };
}

/** Refusals as they are in one of the namespaces that are alike. */
function toldIn(refusals: SpawnFacts['refusals'], namespace: string): SpawnFacts['refusals'] {
  if (!refusals.some(({ by }) => by?.kind === 'Namespace' && by.name !== namespace)) return refusals;
  const known = IN_NAMESPACES.get(refusals) ?? new Map<string, SpawnFacts['refusals']>();
  IN_NAMESPACES.set(refusals, known);
  const here = known.get(namespace) ?? refusals.map((each) => refusalIn(each, namespace));
  known.set(namespace, here);
  return here;
}

const IN_NAMESPACES = new WeakMap<SpawnFacts['refusals'], Map<string, SpawnFacts['refusals']>>();

/** One a decider and check: which of the dresses was refused does not matter. */
function distinctRefusals(refusals: readonly Refusal[]): SpawnFacts['refusals'] {
  const distinct = new Map(
    refusals.map((refusal) => [JSON.stringify([refusal.layer, refusal.by, refusal.check]), refusal]),
  );
  return [...distinct.values()].map(({ layer, by, check, reason, detail }) => ({ layer, by, check, reason, detail }));
}
