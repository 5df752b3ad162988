import type { Gate } from '../../admission/gate.ts';
import type { Finding } from '../../answer/answer.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { spelledAs } from '../../rbac/proxy-name.ts';
import type { Query } from '../../rbac/rbac.ts';
import { list, type Need, whole } from '../../world/needs.ts';
import { formatVersion, NEWEST, type Version } from '../../world/version.ts';
import type { World } from '../../world/world.ts';
import { contextOf, type QuestionContext } from '../context.ts';
import { accountNeeds } from '../holders/absent-accounts.ts';
import { accessAssumptions } from '../holders/access-assumptions.ts';
import { answerWays } from '../holders/answer-ways.ts';
import { connectNeeds } from '../holders/connects.ts';
import { memberNeeds } from '../holders/members.ts';
import { rbacNeeds } from '../holders/rbac-needs.ts';
import { subjectNeeds } from '../holders/subject-existence.ts';
import type { Way } from '../holders/way.ts';
import { glimpse } from '../holders/ways.ts';
import type { Asked, Question } from '../question.ts';
import type { ObjectsTarget } from '../targets.ts';
import { nodeNeeds, nodeWays } from './node-way.ts';
import { ATTACH, EXEC, hasSubresource, LOG, PORT_FORWARD, type PodSubresource, verbsAt } from './pod-subresources.ts';
import { ownNamespaces, type PodTarget, podNeeds, podTargets } from './pods.ts';
import { serviceAssumptions, serviceNeeds, serviceWays } from './service-way.ts';

/** Decides over the requests of a subresource that are writes: all of admission, which is loaded only if asked for. */
export interface Guard {
  needs: (pods: readonly PodTarget[], world: World) => Need[];
  gate: (pod: PodTarget) => Gate;
  assumptions: (world: World) => string[];
}

/** The question who can use one subresource of pods, directly and through their nodes. */
export const podQuestion = (access: PodSubresource, guard: Guard | null = null): Question<ObjectsTarget> => ({
  name: access.question,
  discovery: () => guard !== null,
  needs: (target, world, options) => {
    const { pods } = podTargets(target, world, access.spelled);
    return [
      ...podNeeds(target, world, access.spelled).map((need) =>
        (guard || access.throughServices) && need.kind === 'pods' ? whole(need) : need,
      ),
      ...(guard?.needs(pods, world) ?? []),
      ...ownNamespaces(pods, world),
      ...(access.throughServices ? serviceNeeds(pods) : []),
      ...rbacNeeds(world, target.namespace),
      ...subjectNeeds(options.subject, world),
      ...(isConnect(access) ? connectNeeds(target.namespace, world) : []),
      ...pods.flatMap((pod) => followUps(access, pod, contextOf(world, options))),
    ];
  },
  answer: (target, world, options) => {
    const { pods, errors } = podTargets(target, world, access.spelled);
    return {
      asked: pods.map((pod) => answerPod(access, pod, target.selector, contextOf(world, options), guard)),
      errors,
      warnings: [],
    };
  },
});

/** Whether any way through it is a CONNECT, that of a pod or of a node. */
const isConnect = ({ connects, throughNode }: PodSubresource): boolean => connects !== null || throughNode.length > 0;

export const portForward = podQuestion(PORT_FORWARD);
export const exec = podQuestion(EXEC);
export const attach = podQuestion(ATTACH);
export const logs = podQuestion(LOG);

/**
 * What can only be asked for when the rights are known: the node, members of groups, and for a no the rights elsewhere.
 */
export function followUps(access: PodSubresource, pod: PodTarget, context: QuestionContext): Need[] {
  const { world, options } = context;
  if (!world.isRead(list('clusterrolebindings')) && !world.isRead(list('rolebindings', pod.namespace))) return [];
  const { isHeld, isSure, groups, holders } = glimpse(waysInto(access, pod, world), context);
  const elsewhere = options.subject && !options.direct && !isHeld ? rbacNeeds(world, null) : [];
  return [
    ...nodeNeeds(pod, world),
    ...memberNeeds(groups),
    ...accountNeeds(holders, world, options),
    ...elsewhere,
    ...(options.subject && isSure ? [] : (options.indirect?.needs(world) ?? [])),
  ];
}

export function answerPod(
  access: PodSubresource,
  target: PodTarget,
  selector: string | null,
  context: QuestionContext,
  guard: Guard | null = null,
): Asked {
  const { world } = context;
  const { namespace, name } = target;
  return answerWays(
    {
      question: access.question,
      target: { kind: 'Pod', namespace, name },
      scope: { namespace, selector },
      ways: waysInto(access, target, world, guard?.gate(target)),
      bindings: { namespace },
      action: (pod) => `${access.action} ${pod}${target.spelling === name ? '' : ` as ${target.spelling}`}`,
      note: stateNote(access, target),
      remarks: target.unknowns,
      assumptions: [
        ...gatesOf(access, world.facts.version).map((gate) => gateAssumption(gate, world.facts.version)),
        ...(guard?.assumptions(world) ?? []),
        ...(access.throughServices ? serviceAssumptions(target, world) : []),
        ...(access.throughNode.length > 0 ? accessAssumptions({ world, kubelets: true }) : []),
      ],
    },
    context,
  );
}

/** The ways by which a subresource is used: of the pod itself, through its node, and through services. */
export const waysInto = (access: PodSubresource, target: PodTarget, world: World, gate?: Gate): [Way, ...Way[]] => [
  podWay(access, target, verbsAt(access, world.facts.version).sure, null, gate),
  ...possibleWay(access, target, world),
  ...nodeWays(access, target, objectOf(target), world),
  ...(access.throughServices ? serviceWays(target, world) : []),
];

const objectOf = ({ namespace, name }: PodTarget): Finding['object'] => ({
  kind: 'Pod',
  namespace,
  name,
  container: null,
});

/** The way by verbs that are enough on some version only; there is one if the server's version is not known. */
function possibleWay(access: PodSubresource, target: PodTarget, world: World): Way[] {
  const { sure, possible } = verbsAt(access, world.facts.version);
  const extra = possible.filter((verb) => !sure.includes(verb));
  return extra.length > 0 ? [podWay(access, target, extra, VERSION)] : [];
}

function podWay(
  access: PodSubresource,
  target: PodTarget,
  verbs: readonly string[],
  condition: Unknown | null,
  gate?: Gate,
): Way {
  const { namespace, name, spelling } = target;
  const object = objectOf(target);
  return {
    holding: {
      id: access.id,
      object,
      action: `${verbs.join(' or ')} pods/${access.subresource}`,
      attack: access.attack(namespace, name),
      ...(access.connects === null
        ? {}
        : { connect: { kind: access.connects, resource: 'pods', subresource: access.subresource, namespace, name } }),
      ...(gate ? { gate } : {}),
      target: object,
      condition,
    },
    queries: verbs.map((verb): Query => {
      const request = { verb, group: '', resource: 'pods', subresource: access.subresource, namespace, name };
      return access.spelled ? { request, names: spelledAs(spelling) } : { request };
    }),
  };
}

const VERSION: Unknown = {
  kind: 'invisible',
  what: "the server's version",
  why: 'nothing that was read says it',
  affects: 'holders of get alone, which is enough up to 1.34 (set --server-version)',
};

/** The feature gates of the server that decide whether there is such a subresource, and which verbs are enough. */
function gatesOf(access: PodSubresource, version: Version | null): string[] {
  if (!hasSubresource(access, version)) return access.since ? [access.since.gate] : [];
  return verbsAt(access, version).sure === access.verbs[0]?.any ? [] : ['AuthorizePodWebsocketUpgradeCreatePermission'];
}

const gateAssumption = (gate: string, version: Version | null): string =>
  `feature gates are at the defaults of Kubernetes ${formatVersion(version ?? NEWEST)} (${gate})`;

/** A pod that does not run keeps its verdict: rights outlive a restart. */
function stateNote({ needs }: PodSubresource, { pod }: PodTarget): string {
  if (needs === null || pod === null) return '';
  if (pod.deleting) return '; it would fail once the pod, which is being deleted, is gone';
  // The kubelet starts an ephemeral container as soon as it starts the pod.
  if (needs === 'not ended' && pod.phase === 'Pending') return '';
  return pod.phase === null || pod.phase === 'Running' ? '' : `; it would fail now: the pod is ${pod.phase}`;
}
