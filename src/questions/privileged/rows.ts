import type { Refusal } from '../../admission/layer.ts';
import { enforcedIn } from '../../admission/pod-security/layer.ts';
import { reachesNode, type Strongest, type Trial } from '../../admission/strongest.ts';
import type { EvidenceStep, Finding, GrantRef, SpawnFacts } from '../../answer/answer.ts';
import { asDryRun, type Command, inTurn, type Safe } from '../../answer/command.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { distinctUnknowns } from '../../answer/unknown.ts';
import type { Truth } from '../../answer/verdict.ts';
import { impersonation } from '../../rbac/can-i.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import { oncePerObject } from '../../world/once.ts';
import type { World } from '../../world/world.ts';
import { isUpstreamGrant } from '../acceptance.ts';
import { grantRef, grantStep } from '../evidence.ts';
import { distinctGrants } from '../holders.ts';
import type { Options } from '../question.ts';
import { joinAnd } from '../words.ts';
import type { Accounts } from './accounts.ts';
import type { Detour } from './around.ts';
import type { Beyond } from './beyond/beyond.ts';
import { type Cell, outcomeOf } from './cells.ts';
import { namespaceFixes } from './fixes.ts';
import { checkOf, type Holder, type Right } from './holder.ts';
import { podCommand } from './pod-command.ts';

export interface Scene {
  world: World;
  options: Options;
  accounts: Accounts;
  /** Asked about one subject: of everybody, namespaces would be named again and again. */
  isOne: boolean;
}

/** Ways of one kind that come to the same in the same namespaces, as one finding; so are kinds that only differ in their controller. */
export function wayFindings(holder: Holder, cells: readonly Cell[], scene: Scene): Finding[] {
  const outcomes = Map.groupBy(cells, (cell) =>
    JSON.stringify([cell.way.id, cell.way.words, cell.right.namespace === null, cell.right.names, outcomeOf(cell)]),
  );
  const rows = [...outcomes.values()].map((same) => ({ cells: same, namespaces: namespacesOf(same) }));
  const kinds = Map.groupBy(rows, ({ cells: [first], namespaces }) =>
    JSON.stringify([first?.way.id, first?.right.names, first && outcomeOf(first), joined(namespaces)]),
  );
  return [...kinds.values()].flatMap((alike) => {
    const all = alike.flatMap((row) => row.cells);
    const [first] = all;
    if (!first) return [];
    const words = joinVerbs([...new Set(alike.flatMap((row) => row.cells.map(({ way }) => way.words)))]);
    return [wayFinding(holder, first, words, distinctRights(all), alike[0]?.namespaces ?? [], scene)];
  });
}

/** Of a class there are hundreds, and thousands of cells have the same. */
const joined = oncePerObject((namespaces: readonly string[]): string => namespaces.join());

/** Those of one cell are one list each time, so that what is found out about them is known again. */
function namespacesOf(cells: readonly Cell[]): readonly string[] {
  const [only, ...others] = cells;
  return only && others.length === 0 ? sorted(only.namespaces) : [...new Set(cells.flatMap(({ namespaces }) => namespaces))].sort();
}

const sorted = oncePerObject((namespaces: readonly string[]): readonly string[] => namespaces.toSorted());

const distinctRights = (cells: readonly Cell[]): Right[] => [...new Set(cells.map(({ right }) => right))];

/** `create deployments.apps, jobs.batch`: the verb once. */
function joinVerbs(words: readonly string[]): string {
  const [first = '', ...others] = words;
  const verb = first.slice(0, first.indexOf(' ') + 1);
  return others.length > 0 && others.every((each) => each.startsWith(verb))
    ? `${verb}${joinAnd(words.map((each) => each.slice(verb.length)))}`
    : joinAnd(words);
}

function wayFinding(
  holder: Holder,
  cell: Cell,
  words: string,
  rights: readonly Right[],
  namespaces: readonly string[],
  scene: Scene,
): Finding {
  const { way, right, trials, strongest } = cell;
  const best = bestTrial(cell);
  const [namespace] = cell.namespaces;
  const attack = (): Attack | null => (best ? podCommand(cell, best) : null);
  const step = stepFor({ technique: way.id, text: words, holder, rights, needed: [right], namespace, attack }, scene);
  const spawn = spawnOf(strongest, trials, namespaces, scene.accounts);
  return finding({ id: way.id, holder, words, strongest, spawn, steps: [step], rights, names: right.names, direct: true }, scene);
}

/** The strongest that is admitted for sure, else what is tried first. */
const bestTrial = ({ trials, strongest }: Cell): Trial | undefined =>
  trials.find(({ admission, probe }) => admission.value === 'yes' && probe.strength === strongest.sure) ?? trials[0];

/** A way around admission: what is done first, then the pod. */
export function detourFindings(holder: Holder, detours: readonly Detour[], scene: Scene): Finding[] {
  const same = Map.groupBy(detours, ({ pulls, cell }) => JSON.stringify([pulls.map(({ key }) => key), cell.way.id, outcomeOf(cell)]));
  return [...same.values()].flatMap((alike) => {
    const [first] = alike;
    if (!first) return [];
    const { pulls, cell } = first;
    const namespaces = namespacesOf(alike.map((each) => each.cell));
    const [main] = pulls;
    const [namespace] = cell.namespaces;
    const before = pulls.map(({ id: technique, words: text, rights, attack }, index) =>
      stepFor(
        { technique, text, holder, rights, needed: rights, namespace, attack: () => attack, place: { id: `e${index + 1}`, uses: [] } },
        scene,
      ),
    );
    const best = bestTrial(cell);
    const place = { id: `e${pulls.length + 1}`, uses: before.map(({ id }) => id) };
    const { way, right } = cell;
    const attack = (): Attack | null => (best ? podCommand(cell, best) : null);
    const last = stepFor({ technique: way.id, text: way.words, holder, rights: [right], needed: [right], namespace, attack, place }, scene);
    const words = `${joinAnd(pulls.map((pull) => pull.words))}, then ${cell.way.words}`;
    const spawn = spawnOf(cell.strongest, cell.trials, namespaces, scene.accounts);
    const rights = [...pulls.flatMap((pull) => pull.rights), cell.right];
    const { strongest } = cell;
    const row = {
      id: main?.id ?? cell.way.id,
      holder,
      words,
      strongest,
      spawn,
      steps: [...before, last],
      rights,
      names: null,
      direct: true,
    };
    return [finding(row, scene)];
  });
}

export function beyondFinding(holder: Holder, beyond: Beyond, scene: Scene): Finding {
  const { id, words, rights, strongest, attack, direct } = beyond;
  const needed = rights.slice(0, 1);
  const steps = [stepFor({ technique: id, text: words, holder, rights, needed, namespace: null, attack: () => attack }, scene)];
  const spawn: SpawnFacts = {
    strongest: strongest.sure,
    maybe: strongest.maybe?.strength ?? null,
    namespaces: null,
    escapes: [],
    refusals: [],
    accounts: { count: null, powerful: [] },
  };
  return finding({ id, holder, words, strongest, spawn, steps, rights, names: null, direct }, scene);
}

interface Row {
  id: string;
  holder: Holder;
  words: string;
  strongest: Strongest;
  spawn: SpawnFacts;
  steps: EvidenceStep[];
  rights: readonly Right[];
  names: Right['names'];
  direct: boolean;
}

function finding(row: Row, scene: Scene): Finding {
  const { options, world } = scene;
  const { id, holder, words, strongest, spawn, steps, rights, names, direct } = row;
  const { verdict, leaning, unknowns } = verdictOf(strongest);
  const { subject } = holder;
  const grants = rights.flatMap((right) => right.grants);
  const [only, ...more] = spawn.namespaces ?? [];
  const isMended = scene.isOne && steps.length === 1 && verdict !== 'no';
  const found: Finding = {
    id,
    verdict,
    leaning,
    direct,
    accepted: options.accepts(subject) || (grants.length > 0 && grants.every(isUpstreamGrant)),
    subject,
    object: { kind: 'Pod', namespace: more.length === 0 ? (only ?? null) : null, name: '', container: null },
    scope: {
      namespace: rights.some((right) => right.namespace === null) || more.length > 0 ? null : (only ?? null),
      names: names && [...names],
    },
    reason: reasonOf(words, strongest, spawn, world),
    evidence: steps,
    unknowns,
    fix: [],
    spawn,
  };
  return isMended ? withFixes(found, spawn.namespaces ?? [], scene) : found;
}

function verdictOf({ sure, maybe }: Strongest): { verdict: Truth; leaning: 'yes' | 'no' | null; unknowns: Unknown[] } {
  if (reachesNode(sure)) return { verdict: 'yes', leaning: null, unknowns: [] };
  if (maybe && reachesNode(maybe.strength))
    return { verdict: 'depends', leaning: maybe.leaning, unknowns: distinctUnknowns(maybe.unknowns) };
  return { verdict: 'no', leaning: null, unknowns: [] };
}

/**
 * `create pods: node root (privileged container, hostPath / and 6 more)`; `create pods, but nothing stronger than root in a container: namespace shop
 * enforces baseline:latest`.
 */
function reasonOf(words: string, { sure, maybe }: Strongest, { escapes, refusals, namespaces }: SpawnFacts, world: World): string {
  if (reachesNode(sure)) return `${words}: ${sure}${escapes.length > 0 ? ` (${someOf(escapes)})` : ''}`;
  const why = refusals.length > 0 ? `: ${refusalWords(refusals, namespaces, world)}` : '';
  if (maybe && reachesNode(maybe.strength)) return `${words}, perhaps with ${maybe.strength}, for sure with ${sure ?? 'nothing'}${why}`;
  const most = maybe?.strength ?? sure;
  if (most === null)
    return refusals.length > 0 ? `${words}, but nothing gets in${why}` : `${words}, but nothing is there that reaches the node`;
  return `${words}, but nothing stronger than ${most}${why}`;
}

/** `namespace shop enforces baseline:latest`, `ValidatingAdmissionPolicy own-images refuses (another registry)`: each that refuses, once. */
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

function spawnOf({ sure, maybe }: Strongest, trials: readonly Trial[], namespaces: readonly string[], accounts: Accounts): SpawnFacts {
  const told = TOLD.get(trials) ?? tell(trials, sure);
  TOLD.set(trials, told);
  return { strongest: sure, maybe: maybe?.strength ?? null, namespaces, ...told, accounts: accounts.in(namespaces) };
}

/** What is the same for all who try the same. */
const TOLD = new WeakMap<readonly Trial[], Pick<SpawnFacts, 'escapes' | 'refusals'>>();

function tell(trials: readonly Trial[], sure: Strongest['sure']): Pick<SpawnFacts, 'escapes' | 'refusals'> {
  const refused = trials.filter(({ admission, probe }) => admission.value !== 'yes' && (reachesNode(probe.strength) || sure === null));
  return {
    escapes: trials.flatMap(({ probe, admission }) => (admission.value === 'yes' && reachesNode(probe.strength) ? [probe.words] : [])),
    refusals: distinctRefusals(refused.flatMap(({ admission }) => admission.evidence)),
  };
}

/** One a decider and check: which of the dresses was refused does not matter. */
function distinctRefusals(refusals: readonly Refusal[]): SpawnFacts['refusals'] {
  const distinct = new Map(refusals.map((refusal) => [JSON.stringify([refusal.layer, refusal.by, refusal.check]), refusal]));
  return [...distinct.values()].map(({ layer, by, check, reason, detail }) => ({ layer, by, check, reason, detail }));
}

type Attack = Command<'changes'>;

interface Taken {
  technique: string;
  text: string;
  holder: Holder;
  /** All by which it can be taken. */
  rights: readonly Right[];
  /** Those that are enough, and where. */
  needed: readonly Right[];
  namespace: string | null;
  attack: () => Attack | null;
  place?: { id: string; uses: string[] };
}

/** A step is checked by a dry run as the holder, where kubectl knows one, and where no step before it would have to be taken for real. */
function stepFor({ technique, text, holder, rights, needed, namespace, attack, place }: Taken, { world, options }: Scene): EvidenceStep {
  const rbac = rbacOf(world);
  const check = (): Safe | null => {
    const tried = place && place.uses.length > 0 ? null : attack();
    return (tried && asDryRun(tried, impersonation(holder.identity))) ?? inTurn(needed.map((right) => checkOf(holder, right, namespace)));
  };
  const grants = distinctGrants(
    rights.flatMap((right) => right.grants).flatMap(({ also, ...grant }) => [grant, ...(also ? [also.grant] : [])]),
  );
  const refs: GrantRef[] = grants.map((grant) => grantRef(grant, rbac, world));
  return grantStep({ technique, text, identity: holder.subject, gains: null, check, attack }, refs, options, place);
}

/** Made when they are asked for: namespaces may be many. */
const withFixes = (finding: Finding, namespaces: readonly string[], { world, options }: Scene): Finding => ({
  ...finding,
  get fix() {
    return namespaceFixes(namespaces, world, options).commands;
  },
  get fixNotes() {
    return namespaceFixes(namespaces, world, options).notes;
  },
});
