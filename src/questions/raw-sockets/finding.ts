import type { Finding } from '../../answer/answer.ts';
import type { ContainerNotes } from '../../answer/facts/raw-sockets.ts';
import type { SubjectRef } from '../../answer/refs.ts';
import type { Truth } from '../../answer/verdict.ts';
import type { Contained } from '../../runtime/container.ts';
import { notEnough } from '../../runtime/fix.ts';
import { ADMIN, type NetworkPowers, RAW } from '../../runtime/network-powers.ts';
import type { Power } from '../../runtime/power.ts';
import type { Reach } from '../../runtime/situation.ts';
import { surroundingsOf } from '../../runtime/surroundings.ts';
import type { Pod } from '../../world/objects.ts';
import { oncePerObject } from '../../world/once.ts';
import type { World } from '../../world/world.ts';
import type { QuestionContext } from '../context.ts';
import { workloadOf } from '../fixes/workload.ts';
import { enforcementOf } from './enforcement.ts';
import { evidenceOf } from './evidence.ts';
import { podFix } from './fix.ts';
import { neighboursOf } from './network.ts';

export const RAW_SOCKETS = 'raw-sockets';
const NET_ADMIN_SPOOF = 'net-admin-spoof';

/**
 * What is found of a container: whether it opens raw sockets, and where it can pretend to be others without, that too.
 */
export function findingsOf(container: Contained, powers: NetworkPowers, context: QuestionContext): Finding[] {
  const { raw, admin } = container.state === 'finished' ? { raw: endedOf(container), admin: null } : powers;
  return [
    findingOf(RAW_SOCKETS, container, raw, powers, context),
    ...(admin ? [findingOf(NET_ADMIN_SPOOF, container, adminWords(admin), powers, context)] : []),
  ];
}

const ENDED: Power = {
  reach: 'no',
  leaning: null,
  row: 0,
  reason: 'it has ended, and does not start again',
  source: null,
  unknowns: [],
};
const INITIALIZED: Power = { ...ENDED, reason: 'init container, already finished' };

const endedOf = ({ facts, pod }: Contained): Power =>
  facts.kind === 'init' && !pod.deleting && pod.phase !== 'Succeeded' && pod.phase !== 'Failed' ? INITIALIZED : ENDED;

const CAPABILITY_OF: Readonly<Record<string, string>> = { [RAW_SOCKETS]: RAW, [NET_ADMIN_SPOOF]: ADMIN };

const adminWords = oncePerObject((power: Power): Power => {
  return { ...power, reason: `gives itself any address: ${power.reason}` };
});

const TRUTHS: Readonly<Record<Reach, Truth>> = { yes: 'yes', 'via-binary': 'depends', unknown: 'depends', no: 'no' };

function findingOf(
  id: string,
  container: Contained,
  power: Power,
  powers: NetworkPowers,
  context: QuestionContext,
): Finding {
  const { world } = context;
  const { pod, facts } = container;
  const { subject, scope } = ofPod(pod);
  const finding: Finding = {
    id,
    verdict: TRUTHS[power.reach],
    leaning: power.leaning,
    direct: true,
    accepted: false,
    subject,
    object: { kind: 'Pod', namespace: pod.namespace, name: pod.name, container: facts.name },
    scope,
    reason: power.reason,
    evidence: NONE,
    unknowns: power.unknowns as Finding['unknowns'],
    fix: NONE,
    answer: power.reach,
    container: notesOf(container, power, powers, world),
  };
  return power.reach === 'no' ? finding : withMore(finding, CAPABILITY_OF[id] ?? RAW, container, power, context);
}

const NONE: never[] = [];

/**
 * Evidence, fixes and what is not enough are made when they are asked for: most readers of ten thousand containers ask
 * for none.
 */
function withMore(
  finding: Finding,
  capability: string,
  container: Contained,
  power: Power,
  context: QuestionContext,
): Finding {
  const { world, options } = context;
  const surroundings = surroundingsOf(container.pod, world);
  const { container: notes } = finding;
  return {
    ...finding,
    get evidence() {
      return evidenceOf(finding.id, container, power, surroundings, options);
    },
    get fix() {
      return podFix(container.pod, world, options).commands;
    },
    get fixNotes() {
      return notesOfFix(container, context);
    },
    ...(notes && {
      container: {
        ...notes,
        get notEnough() {
          return notEnough(capability, container.settings, surroundings);
        },
      },
    }),
  };
}

/** What findings of one pod have in common. A static pod has no account: its node is what it acts for. */
const ofPod = oncePerObject(
  (pod: Pod): { subject: SubjectRef; scope: Finding['scope']; workload: ContainerNotes['workload'] } => {
    const { namespace, serviceAccount, node } = pod;
    const subject =
      serviceAccount === null
        ? { kind: 'User', namespace: null, name: `system:node:${node ?? ''}`, members: null }
        : { kind: 'ServiceAccount', namespace, name: serviceAccount, members: null };
    return { subject, scope: { namespace, names: null }, workload: workloadOf(pod) };
  },
);

function notesOf(
  { pod, facts, state, settings }: Contained,
  { source }: Power,
  { ineffectiveDrops }: NetworkPowers,
  world: World,
): ContainerNotes {
  return {
    kind: facts.kind,
    state,
    workload: ofPod(pod).workload,
    node: pod.node,
    runtime: surroundingsOf(pod, world).words,
    source,
    uid: settings.user.uid,
    noNewPrivileges: settings.noNewPrivileges,
    network: settings.hostNetwork ? 'node' : 'pod',
    ineffectiveDrops: ineffectiveDrops as string[],
    neighbours: neighboursOf(pod, world),
    notEnough: NONE,
  };
}

function notesOfFix({ pod, facts }: Contained, context: QuestionContext): string[] {
  const { world, options } = context;
  return [
    ...podFix(pod, world, options).notes,
    ...(pod.namespace === null ? [] : [enforcementOf(pod.namespace, facts.context, world)]),
  ];
}
