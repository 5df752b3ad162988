import { admits } from '../../admission/layers.ts';
import type { AdmissionRequest } from '../../admission/request/request.ts';
import { nameSubject } from '../../answer/words.ts';
import type { PodOutcome } from '../../spawn/outcomes/pod-outcome.ts';
import { podIn } from '../../spawn/probes/probe-trials.ts';
import { PROBE_NAME, STRENGTHS } from '../../spawn/probes/probes.ts';
import type { Trial } from '../../spawn/probes/strongest.ts';
import type { Holder } from '../../spawn/rights/holder.ts';
import { userOf } from '../../spawn/rights/holder.ts';
import { writesOf } from '../../spawn/writes/makers.ts';
import { isRaw } from '../../world/raw.ts';
import type { World } from '../../world/world.ts';
import type { DryRun } from '../question.ts';

/**
 * The dry runs of `--verify`: for each way that creates pods, and each distinct outcome that it has, the strongest pod
 * that is admitted and the strongest that is refused. A pod of the author's own is sent as the author, with all groups.
 * The pod of a workload is sent as the controller that makes it, once for all authors. There are at most 20, since each
 * leaves an entry in the audit log.
 */
export function trialsOf(
  holders: Iterable<Holder>,
  outcomesOf: (holder: Holder) => readonly PodOutcome[],
  world: World,
): DryRun[] {
  const runs = new Map<string, DryRun>();
  for (const holder of holders) {
    for (const outcome of distinctOutcomes(outcomesOf(holder))) {
      for (const expected of ['yes', 'no'] as const) {
        const run = strongestRun(holder, outcome, expected, world);
        // A pod that a controller makes is the same whoever wrote the workload.
        if (run) runs.set(JSON.stringify([run.as, run.namespace, run.pod]), run);
        if (runs.size === MOST) return [...runs.values()];
      }
    }
  }
  return [...runs.values()];
}

/**
 * One outcome for each maker and distinct result. A pod that may only be created under given names is left out: it
 * cannot be tried under another name.
 */
function distinctOutcomes(outcomes: readonly PodOutcome[]): PodOutcome[] {
  const creating = outcomes.filter(
    ({ way, right }) => way.on === 'nothing' && (way.maker.controller !== null || right.names === null),
  );
  return [
    ...new Map(
      creating.toReversed().map((outcome) => [JSON.stringify([makerOf(outcome), keyOfOutcome(outcome)]), outcome]),
    ).values(),
  ].toReversed();
}

/** The user who makes the pods of an outcome, if it is a controller: workloads of one controller are tried once. */
const makerOf = ({ way: { maker } }: PodOutcome): string | null =>
  maker.makes === null ? null : (writesOf(maker, NOTHING, '', NOBODY).at(-1)?.user.name ?? null);

const keyOfOutcome = ({ trials }: PodOutcome): string[] =>
  trials.map(({ probe, admission }) => `${probe.id} ${admission.value}`);

/** The strongest pod with the expected verdict. The pod alone is evaluated again: a trial is about all writes to it. */
function strongestRun(
  holder: Holder,
  { way, namespaces: [namespace], trials }: PodOutcome,
  expected: 'yes' | 'no',
  world: World,
): DryRun | null {
  for (const trial of byStrength(trials)) {
    const write = writesOf(way.maker, podIn(trial, namespace), namespace, userOf(holder)).at(-1);
    if (write && admits(write, world).value === expected) return runOf(holder, write, trial, expected, world);
  }
  return null;
}

const byStrength = (trials: readonly Trial[]): Trial[] =>
  trials.toSorted((a, b) => STRENGTHS.indexOf(a.probe.strength) - STRENGTHS.indexOf(b.probe.strength));

function runOf(
  { subject, identity }: Holder,
  write: AdmissionRequest,
  { probe }: Trial,
  expected: 'yes' | 'no',
  world: World,
): DryRun {
  const { user, namespace, object } = write;
  const isOwn = user.name === identity.user;
  const { name: _, ...metadata } = isRaw(object?.metadata) ? object.metadata : {};
  const isCaller = user.name !== null && user.name === world.facts.self?.user?.name;
  return {
    label: `${isOwn ? nameSubject(subject) : `User ${user.name}`} create a pod with ${probe.words} in namespace ${namespace}`,
    namespace,
    // A generated name is free for sure.
    pod: { ...object, metadata: { ...metadata, generateName: `${PROBE_NAME}-` } },
    as: isCaller ? null : { user: user.name, groups: user.groups },
    expected,
    withRights: isOwn,
  };
}

const MOST = 20;
const NOTHING = { metadata: {}, spec: {} };
const NOBODY = { name: null, groups: [] };
