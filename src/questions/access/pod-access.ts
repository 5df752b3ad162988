import type { Gate } from '../../admission/gate.ts';
import type { Finding } from '../../answer/answer.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { spelledAs } from '../../rbac/proxy-name.ts';
import type { Query } from '../../rbac/rbac.ts';
import { list, type Need, whole } from '../../world/needs.ts';
import { formatVersion, NEWEST, type Version } from '../../world/version.ts';
import type { World } from '../../world/world.ts';
import { accountNeeds } from '../holders/absent-accounts.ts';
import { accessAssumptions } from '../holders/access-assumptions.ts';
import { answerWays } from '../holders/answer-ways.ts';
import { connectNeeds } from '../holders/connects.ts';
import { memberNeeds } from '../holders/members.ts';
import { rbacNeeds } from '../holders/rbac-needs.ts';
import { subjectNeeds } from '../holders/subject-existence.ts';
import { glimpse, type Way } from '../holders/ways.ts';
import type { Asked, Options, Question } from '../question.ts';
import type { ObjectsTarget } from '../targets.ts';
import { nodeNeeds, nodeWays } from './node-way.ts';
import { type Door, doorOf, isThere, verbsAt } from './pod-subresources.ts';
import { ownNamespaces, type PodTarget, podNeeds, podTargets } from './pods.ts';
import { serviceAssumptions, serviceNeeds, serviceWays } from './service-way.ts';

/** What judges the requests of a door that are writes: all of admission, which is loaded only where it is asked for. */
export interface Guard {
  needs: (pods: readonly PodTarget[], world: World) => Need[];
  gate: (pod: PodTarget) => Gate;
  assumptions: (world: World) => string[];
}

/** Who can use one door into pods, directly and through their nodes. */
export const podQuestion = (door: Door, guard: Guard | null = null): Question<ObjectsTarget> => ({
  name: door.question,
  discovery: () => guard !== null,
  needs: (target, world, options) => {
    const { pods } = podTargets(target, world, door.spelled);
    return [
      ...podNeeds(target, world, door.spelled).map((need) =>
        (guard || door.throughServices) && need.kind === 'pods' ? whole(need) : need,
      ),
      ...(guard?.needs(pods, world) ?? []),
      ...ownNamespaces(pods, world),
      ...(door.throughServices ? serviceNeeds(pods) : []),
      ...rbacNeeds(world, target.namespace),
      ...subjectNeeds(options.subject, world),
      ...(isConnect(door) ? connectNeeds(target.namespace, world) : []),
      ...pods.flatMap((pod) => followUps(door, pod, world, options)),
    ];
  },
  answer: (target, world, options) => {
    const { pods, errors } = podTargets(target, world, door.spelled);
    return {
      asked: pods.map((pod) => answerPod(door, pod, target.selector, world, options, guard)),
      errors,
      warnings: [],
    };
  },
});

/** Whether any way through it is a CONNECT, that of a pod or of a node. */
const isConnect = ({ connects, throughNode }: Door): boolean => connects !== null || throughNode.length > 0;

export const portForward = podQuestion(doorOf('port-forward'));
export const exec = podQuestion(doorOf('exec'));
export const attach = podQuestion(doorOf('attach'));
export const logs = podQuestion(doorOf('logs'));

/**
 * What can only be asked for when the rights are known: the node, members of groups, and for a no the rights elsewhere.
 */
export function followUps(door: Door, pod: PodTarget, world: World, options: Options): Need[] {
  if (!world.isRead(list('clusterrolebindings')) && !world.isRead(list('rolebindings', pod.namespace))) return [];
  const { isHeld, groups, holders } = glimpse(waysInto(door, pod, world), world, options);
  const elsewhere = options.subject && !options.direct && !isHeld ? rbacNeeds(world, null) : [];
  return [...nodeNeeds(pod, world), ...memberNeeds(groups), ...accountNeeds(holders, world, options), ...elsewhere];
}

export function answerPod(
  door: Door,
  target: PodTarget,
  selector: string | null,
  world: World,
  options: Options,
  guard: Guard | null = null,
): Asked {
  const { namespace, name } = target;
  return answerWays(
    {
      question: door.question,
      target: { kind: 'Pod', namespace, name },
      scope: { namespace, selector },
      ways: waysInto(door, target, world, guard?.gate(target)),
      bindings: { namespace },
      action: `${door.action} pod ${namespace}/${name}${target.spelling === name ? '' : ` as ${target.spelling}`}`,
      note: stateNote(door, target),
      remarks: target.unknowns,
      assumptions: [
        ...gatesOf(door, world.facts.version).map((gate) => gateAssumption(gate, world.facts.version)),
        ...(guard?.assumptions(world) ?? []),
        ...(door.throughServices ? serviceAssumptions(target, world) : []),
        ...(door.throughNode.length > 0 ? accessAssumptions({ world, kubelets: true }) : []),
      ],
    },
    world,
    options,
  );
}

const waysInto = (door: Door, target: PodTarget, world: World, gate?: Gate): [Way, ...Way[]] => [
  podWay(door, target, verbsAt(door, world.facts.version).sure, null, gate),
  ...possibleWay(door, target, world),
  ...nodeWays(door, target, objectOf(target), world),
  ...(door.throughServices ? serviceWays(target, world) : []),
];

const objectOf = ({ namespace, name }: PodTarget): Finding['object'] => ({
  kind: 'Pod',
  namespace,
  name,
  container: null,
});

/** Where the server's version is not known: verbs that are enough on some version. */
function possibleWay(door: Door, target: PodTarget, world: World): Way[] {
  const { sure, possible } = verbsAt(door, world.facts.version);
  const extra = possible.filter((verb) => !sure.includes(verb));
  return extra.length > 0 ? [podWay(door, target, extra, VERSION)] : [];
}

function podWay(door: Door, target: PodTarget, verbs: readonly string[], condition: Unknown | null, gate?: Gate): Way {
  const { namespace, name, spelling } = target;
  const object = objectOf(target);
  return {
    holding: {
      id: door.id,
      object,
      action: `${verbs.join(' or ')} pods/${door.subresource}`,
      attack: door.attack(namespace, name),
      ...(door.connects === null
        ? {}
        : { connect: { kind: door.connects, resource: 'pods', subresource: door.subresource, namespace, name } }),
      ...(gate ? { gate } : {}),
      target: object,
      condition,
    },
    queries: verbs.map((verb): Query => {
      const request = { verb, group: '', resource: 'pods', subresource: door.subresource, namespace, name };
      return door.spelled ? { request, names: spelledAs(spelling) } : { request };
    }),
  };
}

const VERSION: Unknown = {
  kind: 'invisible',
  what: "the server's version",
  why: 'nothing read says it',
  affects: 'holders of get alone, which is enough up to 1.34 (--server-version tells)',
};

/** The feature gates of the server that decide whether there is such a door, and which verbs open it. */
function gatesOf(door: Door, version: Version | null): string[] {
  if (!isThere(door, version)) return door.since ? [door.since.gate] : [];
  return verbsAt(door, version).sure === door.verbs[0]?.any ? [] : ['AuthorizePodWebsocketUpgradeCreatePermission'];
}

const gateAssumption = (gate: string, version: Version | null): string =>
  `feature gates are at the defaults of Kubernetes ${formatVersion(version ?? NEWEST)} (${gate})`;

/** A pod that does not run keeps its verdict: rights outlive a restart. */
function stateNote({ needs }: Door, { pod }: PodTarget): string {
  if (needs === null || pod === null) return '';
  if (pod.deleting) return '; it would fail once the pod, which is being deleted, is gone';
  // The kubelet starts an ephemeral container as soon as it starts the pod.
  if (needs === 'not ended' && pod.phase === 'Pending') return '';
  return pod.phase === null || pod.phase === 'Running' ? '' : `; it would fail now: the pod is ${pod.phase}`;
}
