import type { EvidenceStep } from '../../answer/answer.ts';
import { getObject, type Safe, safeText } from '../../answer/command.ts';
import type { Contained } from '../../runtime/container.ts';
import type { Surroundings } from '../../runtime/environment.ts';
import type { Power } from '../../runtime/power.ts';
import type { ContainerFacts } from '../../world/objects.ts';
import type { Options } from '../question.ts';

/**
 * What an answer rests on: the capability, the user, no_new_privs and the network, each with the command that shows it.
 */
export function evidenceOf(
  technique: string,
  container: Contained,
  power: Power,
  surroundings: Surroundings,
  { kubectl }: Pick<Options, 'kubectl'>,
): EvidenceStep[] {
  const { pod, facts, settings } = container;
  const ofPod = (path: string): Safe =>
    getObject('pod', pod.name, pod.namespace ?? 'default', '-o', `jsonpath={${path}}`);
  const context = ofPod(`${specOf(facts)}.securityContext`);
  const steps: [text: string, command: Safe][] = [
    power.source === null || power.source.startsWith('default')
      ? [capabilityWords(power, surroundings), runtimeCommand(container) ?? context]
      : [capabilityWords(power, surroundings), context],
    [userWords(container), ofPod(userPath(container))],
    [
      settings.noNewPrivileges
        ? 'it cannot gain privileges (no_new_privs)'
        : 'it may gain privileges: allowPrivilegeEscalation is not false',
      context,
    ],
    [
      settings.hostNetwork ? "its sockets are on the node's interfaces" : "its sockets are on the pod's own interface",
      ofPod('.spec.hostNetwork'),
    ],
  ];
  return steps.map(([step, command], index) => ({
    ...{ id: `e${index + 1}`, technique, step, identity: null, gains: null, uses: [], grants: [] },
    command: safeText(command, kubectl),
  }));
}

const capabilityWords = ({ source }: Power, { words }: Surroundings): string =>
  source === null ? `it runs under ${words}` : `the capability is there: ${source}`;

const runtimeCommand = ({ pod: { node } }: Contained): Safe | null =>
  node === null ? null : getObject('node', node, null, '-o', 'jsonpath={.status.nodeInfo.containerRuntimeVersion}');

function userWords({ settings: { user } }: Contained): string {
  if (user.uid !== null) return `its first process runs as user ${user.uid}`;
  return user.nonRoot ? 'runAsNonRoot keeps it from being root' : "its user is the image's";
}

/** The field that says the user: of the container, of the pod, or in its status. */
function userPath({ pod, facts }: Contained): string {
  const isSaid = ({ runAsUser, runAsNonRoot }: typeof pod.context | typeof facts.context): boolean =>
    runAsUser !== null || runAsNonRoot === true;
  if (isSaid(facts.context)) return `${specOf(facts)}.securityContext`;
  if (isSaid(pod.context)) return '.spec.securityContext';
  return facts.status?.uid == null ? `${specOf(facts)}.securityContext` : `${statusOf(facts)}.user.linux.uid`;
}

const specOf = ({ kind, name }: ContainerFacts): string => `.spec.${LISTS[kind]}${named(name)}`;
const statusOf = ({ kind, name }: ContainerFacts): string =>
  `.status.${LISTS[kind].replace(/s$/, '')}Statuses${named(name)}`;
const named = (name: string): string => `[?(@.name==${JSON.stringify(name)})]`;

const LISTS = {
  regular: 'containers',
  init: 'initContainers',
  sidecar: 'initContainers',
  ephemeral: 'ephemeralContainers',
} as const;
