import type { Answer } from '../../answer/answer.ts';
import { auditText } from '../../answer/command.ts';
import type { PodFacts } from '../../answer/facts/pod.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { accountUser } from '../../rbac/subjects.ts';
import { strengthOfPod } from '../../spawn/probes/strength.ts';
import { get, whole } from '../../world/needs.ts';
import type { Pod, Subject } from '../../world/objects.ts';
import { unseen, type World } from '../../world/world.ts';
import { ownNamespaces, type PodTarget, podNeeds, podTargets } from '../access/pods.ts';
import { buildAnswer } from '../build.ts';
import { contextOf, type QuestionContext } from '../context.ts';
import { accessAssumptions } from '../holders/access-assumptions.ts';
import { askedIdentity, askedSubject } from '../holders/asked-identity.ts';
import { otherAuthorizers } from '../holders/authorizers.ts';
import { distinctChecks } from '../holders/checks.ts';
import { rbacNeeds } from '../holders/rbac-needs.ts';
import { type Spawned, spawnFindings, spawnNeeds } from '../privileged/privileged.ts';
import type { Asked, Question } from '../question.ts';
import { runtimeAssumptions } from '../raw-sockets/assumptions.ts';
import { neighboursOf, networkFacts } from '../raw-sockets/network.ts';
import { withChains } from '../rights/chains.ts';
import type { ObjectsTarget } from '../targets.ts';
import { accountRights, unreadOfAccount } from './account-rights.ts';
import { entriesInto, entryNeeds } from './entries.ts';
import { escapeAssumptions, escapeNeeds, podEscapes } from './escapes.ts';
import { firstActions } from './now/actions.ts';
import { sentence } from './sentence.ts';
import { sharing } from './sharing.ts';
import { podSockets, socketNeeds } from './sockets.ts';
import { spawnsOf } from './spawns.ts';

/**
 * The incident card: the pod, who can get in by which subresource, what its service account may do and become, what its
 * containers can do to the node and on the network, who is on the node beside it, and what to do first.
 */
export const pod: Question<ObjectsTarget> = {
  name: 'pod',
  discovery: () => true,
  needs: (target, world, options) => {
    const { pods } = podTargets(target, world, false);
    return [
      ...podNeeds(target, world, false).map((need) => (need.kind === 'pods' ? whole(need) : need)),
      ...ownNamespaces(pods, world),
      ...rbacNeeds(world, null),
      ...entryNeeds(pods, target.namespace, contextOf(world, options)),
      ...spawnNeeds(
        pods.flatMap((each) => accountOf(each) ?? []),
        contextOf(world, options),
      ),
      ...pods.flatMap((each) => (each.pod ? [...escapeNeeds(each.pod, world), ...socketNeeds(each.pod)] : [])),
    ];
  },
  answer: (target, world, options) => {
    const { pods, errors } = podTargets(target, world, false);
    return { asked: pods.map((each) => card(each, target.selector, contextOf(world, options))), errors, warnings: [] };
  },
};

function card(target: PodTarget, selector: string | null, context: QuestionContext): Asked {
  const { world, options } = context;
  const { namespace, name } = target;
  const entries = entriesInto(target, context);
  const subject = accountOf(target);
  const unread = unreadOfAccount(namespace, subject?.name ?? null, context);
  const rights = subject === null ? [] : accountRights({ namespace, name: subject.name }, context, unread);
  const escapes = target.pod ? podEscapes(target.pod, world) : [];
  const sockets = target.pod ? podSockets(target.pod, context) : [];
  // Bindings elsewhere may give its account more, and let nobody in.
  const others = otherAuthorizers(world, subject);
  const elsewhere = [...unread.unknowns, ...others];
  const { answer: built, summaryOf } = buildAnswer(
    {
      question: 'pod',
      target: { kind: 'Pod', namespace, name },
      scope: { namespace, selector },
      subject: askedSubject(options.subject, world, options),
      findings: [...entries.findings, ...rights.filter(({ verdict }) => verdict !== 'no')],
      // What looks like a right of its account, and is good for nothing.
      nearMisses: rights.filter(({ verdict }) => verdict === 'no'),
      verdict: entries.verdict,
      unread,
      unknowns: [...others, ...otherAuthorizers(world, options.subject)],
      remarks: [
        ...target.unknowns,
        ...entries.remarks,
        ...unreadLabels(namespace, world),
        ...[...escapes, ...sockets].flatMap((each) => each.unknowns),
      ],
      assumptions: [
        ...entries.assumptions,
        ...(target.pod
          ? [
              ...runtimeAssumptions([target.pod], world),
              ...escapeAssumptions(target.pod, escapes),
              ...accessAssumptions({ world, pod: { pod: target.pod, escapes } }),
            ]
          : []),
      ],
      summary: (verdict, words) =>
        sentence({
          target,
          words,
          verdict,
          entries: entries.findings,
          subject: options.subject,
          rights,
          isHidden: elsewhere.length > 0,
        }),
    },
    world,
  );
  const facts: PodFacts | null = target.pod && {
    ...factsOf(target.pod, namespace, subject && spawnFindings(subject, context), world),
    ...{ escapes, sockets, neighbours: neighboursOf(target.pod, world), shares: sharing(target.pod, world) },
    ...(options.indirect && {
      becomes: options.indirect.becomes({ namespace, name, account: subject?.name ?? null }, world, options),
    }),
    audit: subject && auditText(accountUser(namespace, subject.name)),
  };
  const answer: Answer = {
    ...built,
    ...(target.pod &&
      facts && {
        network: networkFacts(world),
        pod: {
          ...facts,
          now: firstActions({ target, pod: target.pod, entries: entries.findings, facts, context }),
        },
      }),
  };
  const told = options.subject ? withChains(answer, askedIdentity(options.subject, world, options), world) : answer;
  return {
    answer: { ...told, assumptions: [...new Set(told.assumptions)] },
    summaryOf,
    checks: () => distinctChecks(entries.checks()),
  };
}

/** What could not be read of the namespace, whoever it is that may change the pod. */
function unreadLabels(namespace: string, world: World): Unknown[] {
  const need = get('namespaces', null, namespace);
  return world.outcome(need) === null ? [] : unseen(world, need, 'what Pod Security enforces when the pod is changed');
}

const accountOf = ({ namespace, pod: object }: PodTarget): Subject | null =>
  object?.serviceAccount ? { kind: 'ServiceAccount', namespace, name: object.serviceAccount } : null;

function factsOf(
  object: Pod,
  namespace: string,
  spawned: Spawned | null,
  world: World,
): Omit<PodFacts, 'escapes' | 'sockets' | 'neighbours'> {
  const own = strengthOfPod(object, world);
  const mounts = object.containers.flatMap(({ name, tokenPaths }) =>
    tokenPaths.map((path) => ({ container: name, path })),
  );
  return {
    phase: object.phase,
    node: object.node,
    serviceAccount: object.serviceAccount,
    token: { mounted: mounts.length > 0, containers: mounts },
    owner: object.owner && { ...object.owner, namespace: object.owner.kind === 'Node' ? null : namespace },
    containers: object.containers.map(({ name }) => name),
    created: object.created,
    strength: own?.sure ?? null,
    strengthMaybe: own?.maybe?.strength ?? null,
    spawns: spawned && spawnsOf(spawned, own?.sure ?? null),
  };
}
