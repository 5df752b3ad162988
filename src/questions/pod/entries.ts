import type { Finding } from '../../answer/answer.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { anyOf, asVerdict, depends, type Verdict } from '../../answer/verdict.ts';
import type { Need } from '../../world/needs.ts';
import type { World } from '../../world/world.ts';
import { makerNeeds } from '../access/changes/owners.ts';
import { changeNeeds } from '../access/changes/update.ts';
import { type Change, changesOf, unknownMakers } from '../access/changes/ways.ts';
import { ephemeralGuard } from '../access/debug.ts';
import { answerPod, followUps, waysInto } from '../access/pod-access.ts';
import { EPHEMERAL_CONTAINERS, LOG, POD_SUBRESOURCES } from '../access/pod-subresources.ts';
import type { PodTarget } from '../access/pods.ts';
import { serviceNeeds } from '../access/service-way.ts';
import { contextOf, type QuestionContext } from '../context.ts';
import { accountNeeds } from '../holders/absent-accounts.ts';
import { answerWays } from '../holders/answer-ways.ts';
import { connectNeeds, isAdmissionRemark } from '../holders/connects.ts';
import { memberNeeds } from '../holders/members.ts';
import type { Way } from '../holders/way.ts';
import { glimpse } from '../holders/ways.ts';
import type { Asked, Check } from '../question.ts';

/** Who gets into a pod, by whatever way. */
export interface Entries {
  /**
   * The findings of all ways, without what admission surely refuses. Whoever reads the logs is among them, though that
   * is no way in.
   */
  findings: Finding[];
  /** Whether anybody who counts gets in. */
  verdict: Verdict;
  remarks: Unknown[];
  assumptions: string[];
  checks: () => Check[];
}

/**
 * What has to be read to know the ways into pods, besides the rights: what makes them, and what admission says to a
 * change.
 */
export const entryNeeds = (pods: readonly PodTarget[], namespace: string | null, context: QuestionContext): Need[] => [
  ...connectNeeds(namespace, context.world),
  ...changeNeeds(pods, context.world),
  ...serviceNeeds(pods),
  ...pods.flatMap((each) => {
    const { groups, holders } = glimpse(
      changesOf(each, context.world).flatMap(({ ways }) => ways),
      context,
    );
    return [
      ...makerNeeds(each, context.world),
      ...POD_SUBRESOURCES.flatMap((access) => followUps(access, each, context)),
      ...memberNeeds(groups),
      ...accountNeeds(holders, context.world, context.options),
    ];
  }),
];

/** Who can use each subresource of the pod, or make each change that puts other code into it. */
export function entriesInto(target: PodTarget, asking: QuestionContext): Entries {
  const { world, options } = asking;
  const { indirect, ...direct } = options;
  // Who gets in indirectly, by whatever way, is looked for once.
  const context = contextOf(world, direct);
  const { namespace, name } = target;
  const accesses = POD_SUBRESOURCES.map((access) =>
    answerPod(access, target, null, context, access === EPHEMERAL_CONTAINERS ? ephemeralGuard : null),
  );
  const changes = changesOf(target, world);
  const changed = changes.map((change) =>
    answerWays(
      {
        question: 'pod',
        target: { kind: 'Pod', namespace, name },
        scope: { namespace, selector: null },
        bindings: { namespace },
        ...change,
      },
      context,
    ),
  );
  const all: Asked[] = [...accesses, ...changed];
  const inside = all.filter((each) => each !== accesses[LOGS]);
  const others = indirect?.find(
    { ways: waysInside(target, changes, world), findings: inside.flatMap(({ answer }) => answer.findings) },
    world,
    options,
  );
  const counted = (others?.findings ?? []).filter(({ accepted }) => !accepted);
  return {
    findings: [
      ...all.flatMap(({ answer }) => answer.findings.filter(({ verdict }) => verdict !== 'no')),
      ...(others?.findings ?? []),
    ],
    verdict: anyOf([
      ...inside.map(({ answer }) => asVerdict(answer)),
      ...counted.map(asVerdict),
      ...(others && others.unseen.length > 0 ? [depends(others.unseen)] : []),
    ]),
    remarks: [
      ...(others?.unseen ?? []),
      ...unknownMakers(target, world),
      ...all.flatMap(({ answer }) => answer.unknowns.filter(isAdmissionRemark)),
    ],
    assumptions: all.flatMap(({ answer }) => answer.assumptions),
    checks: () => all.flatMap(({ checks }) => checks()),
  };
}

/** The ways by which somebody gets into the pod: reading its logs is none. */
const waysInside = (target: PodTarget, changes: readonly Change[], world: World): Way[] => [
  ...POD_SUBRESOURCES.filter((access) => access !== LOG).flatMap((access) =>
    waysInto(access, target, world, access === EPHEMERAL_CONTAINERS ? ephemeralGuard.gate(target) : undefined),
  ),
  ...changes.flatMap(({ ways }) => ways),
];

const LOGS = POD_SUBRESOURCES.indexOf(LOG);
