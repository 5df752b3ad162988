import type { ContainerNotes, EvidenceStep, Finding, SubjectRef } from '../../answer/answer.ts';
import { shellWord } from '../../answer/shell-word.ts';
import type { Truth } from '../../answer/verdict.ts';
import type { Contained } from '../../runtime/container.ts';
import type { Surroundings } from '../../runtime/environment.ts';
import { fixOf, notEnough } from '../../runtime/fix.ts';
import { ADMIN, type NetworkPowers, RAW } from '../../runtime/network-powers.ts';
import type { Power, Reach } from '../../runtime/power.ts';
import { surroundingsOf } from '../../runtime/surroundings.ts';
import { oncePerObject } from '../../world/once.ts';
import type { World } from '../../world/world.ts';
import { enforcementOf } from './enforcement.ts';
import { fixWords } from './fix-words.ts';
import { neighboursOf } from './network.ts';
import { workloadOf } from './workload.ts';

export const RAW_SOCKETS = 'raw-sockets';
export const NET_ADMIN_SPOOF = 'net-admin-spoof';

/** What is found of a container: whether it opens raw sockets, and where it can pretend to be others without, that too. */
export function findingsOf(container: Contained, powers: NetworkPowers, world: World): Finding[] {
  const { raw, admin } = container.state === 'finished' ? { raw: ENDED, admin: null } : powers;
  return [
    findingOf(RAW_SOCKETS, container, raw, powers, world),
    ...(admin ? [findingOf(NET_ADMIN_SPOOF, container, adminWords(admin), powers, world)] : []),
  ];
}

const ENDED: Power = { reach: 'no', leaning: null, row: 0, reason: 'it has ended, and does not start again', source: null, unknowns: [] };

const CAPABILITY_OF: Readonly<Record<string, string>> = { [RAW_SOCKETS]: RAW, [NET_ADMIN_SPOOF]: ADMIN };

const adminWords = oncePerObject((power: Power): Power => {
  return { ...power, reason: `takes the address of a neighbour: ${power.reason}` };
});

const TRUTHS: Readonly<Record<Reach, Truth>> = { yes: 'yes', 'via-binary': 'depends', unknown: 'depends', no: 'no' };

/** Evidence and fixes are made when they are asked for: most readers of ten thousand containers ask for none. */
function findingOf(id: string, container: Contained, power: Power, powers: NetworkPowers, world: World): Finding {
  const { pod, facts } = container;
  const surroundings = surroundingsOf(pod, world);
  return {
    id,
    verdict: TRUTHS[power.reach],
    leaning: power.leaning,
    direct: true,
    accepted: false,
    subject: subjectOf(container),
    object: { kind: 'Pod', namespace: pod.namespace, name: pod.name, container: facts.name },
    scope: { namespace: pod.namespace, names: null },
    reason: power.reason,
    get evidence() {
      return power.reach === 'no' ? [] : evidenceOf(id, container, power, surroundings);
    },
    unknowns: power.unknowns as Finding['unknowns'],
    get fix() {
      return power.reach === 'no' ? [] : fixesOf(CAPABILITY_OF[id] ?? RAW, container, surroundings, world);
    },
    answer: power.reach,
    container: notesOf(CAPABILITY_OF[id] ?? RAW, container, power, powers, surroundings, world),
  };
}

/** A static pod has no account: its node is what it acts for. */
function subjectOf({ pod }: Contained): SubjectRef {
  const { namespace, serviceAccount, node } = pod;
  return serviceAccount === null
    ? { kind: 'User', namespace: null, name: `system:node:${node ?? ''}`, members: null }
    : { kind: 'ServiceAccount', namespace, name: serviceAccount, members: null };
}

function notesOf(
  capability: string,
  { pod, facts, state, settings }: Contained,
  { source, reach }: Power,
  { ineffectiveDrops }: NetworkPowers,
  surroundings: Surroundings,
  world: World,
): ContainerNotes {
  return {
    kind: facts.kind,
    state,
    workload: workloadOf(pod),
    node: pod.node,
    runtime: surroundings.words,
    source,
    uid: settings.user.uid,
    noNewPrivileges: settings.noNewPrivileges,
    network: settings.hostNetwork ? 'node' : 'pod',
    ineffectiveDrops: [...ineffectiveDrops],
    neighbours: neighboursOf(pod, world),
    get notEnough() {
      return reach === 'no' ? [] : notEnough(capability, settings, surroundings);
    },
  };
}

function fixesOf(capability: string, container: Contained, surroundings: Surroundings, world: World): string[] {
  const { pod, facts, settings } = container;
  const fix = fixOf(capability, settings, surroundings);
  return [
    fix ? fixWords(workloadOf(pod), facts, fix) : 'no change of its securityContext is sure to be enough: another RuntimeClass, or none',
    ...(pod.namespace === null ? [] : [enforcementOf(pod.namespace, facts.context, world)]),
  ];
}

/** What the answer rests on, each with a command that shows it. */
function evidenceOf(id: string, { pod, facts, settings }: Contained, power: Power, surroundings: Surroundings): EvidenceStep[] {
  const get = `kubectl get pod ${shellWord(pod.name)} -n ${shellWord(pod.namespace ?? 'default')} -o jsonpath=`;
  const list = { regular: 'containers', init: 'initContainers', sidecar: 'initContainers', ephemeral: 'ephemeralContainers' }[facts.kind];
  const own = shellWord(`{.spec.${list}[?(@.name==${JSON.stringify(facts.name)})].securityContext}`);
  const statuses = list === 'containers' ? 'containerStatuses' : `${list.slice(0, -1)}Statuses`;
  const runtime =
    pod.node === null ? null : `kubectl get node ${shellWord(pod.node)} -o jsonpath={.status.nodeInfo.containerRuntimeVersion}`;
  const step = (number: number, text: string, command: string | null): EvidenceStep => ({
    ...{ id: `e${number}`, technique: id, step: text, identity: null, gains: null, uses: [], grants: [] },
    command,
  });
  const { uid, nonRoot } = settings.user;
  const user =
    uid !== null ? `its first process runs as user ${uid}` : nonRoot ? 'runAsNonRoot keeps it from being root' : "its user is the image's";
  return [
    step(
      1,
      power.source === null ? `runtime: ${surroundings.words}` : `the capability is there: ${power.source}`,
      power.source?.startsWith('default') ? runtime : get + own,
    ),
    step(
      2,
      user,
      get + (facts.status?.uid != null ? shellWord(`{.status.${statuses}[?(@.name==${JSON.stringify(facts.name)})].user.linux.uid}`) : own),
    ),
    step(
      3,
      settings.noNewPrivileges
        ? 'it cannot gain privileges (no_new_privs)'
        : 'it may gain privileges: allowPrivilegeEscalation is not false',
      get + own,
    ),
    step(
      4,
      settings.hostNetwork ? "its sockets are on the node's interfaces (hostNetwork)" : "its sockets are on the pod's own interface",
      `${get}{.spec.hostNetwork}`,
    ),
  ];
}
