import { strengthOfPod } from '../../admission/strength.ts';
import type { Answer, Finding, PodFacts } from '../../answer/answer.ts';
import { whole } from '../../world/needs.ts';
import type { Pod, Subject } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';
import { DOORS } from '../access/doors.ts';
import { answerPod, followUps } from '../access/pod-access.ts';
import { ownNamespaces, type PodTarget, podNeeds, podTargets } from '../access/pods.ts';
import { otherAuthorizers } from '../authorizers.ts';
import { buildAnswer } from '../build.ts';
import { distinctChecks } from '../checks.ts';
import { connectNeeds, isAdmissionRemark } from '../connects.ts';
import { spawnFindings, spawnNeeds } from '../privileged/privileged.ts';
import type { Asked, Options, Question } from '../question.ts';
import { runtimeAssumptions } from '../raw-sockets/assumptions.ts';
import { neighboursOf, networkFacts } from '../raw-sockets/network.ts';
import { rbacNeeds, rbacUnknowns } from '../rbac-needs.ts';
import type { ObjectsTarget } from '../targets.ts';
import { count } from '../words.ts';
import { accountRights } from './account-rights.ts';
import { escapeAssumptions, escapeNeeds, podEscapes } from './escapes.ts';
import { podSockets, socketNeeds } from './sockets.ts';
import { spawnsOf } from './spawns.ts';

/** The incident card: the pod, who can get in by each door, what its service account may do directly, and what its containers can do to the node. */
export const pod: Question<ObjectsTarget> = {
  name: 'pod',
  discovery: () => true,
  needs: (target, world, options) => {
    const { pods } = podTargets(target, world, false);
    return [
      ...podNeeds(target, world, false).map((need) => (need.kind === 'pods' ? whole(need) : need)),
      ...ownNamespaces(pods, world),
      ...rbacNeeds(world, null),
      ...connectNeeds(target.namespace, world),
      ...spawnNeeds(
        pods.flatMap((each) => accountOf(each) ?? []),
        world,
        options,
      ),
      ...pods.flatMap((each) => DOORS.flatMap((door) => followUps(door, each, world, options))),
      ...pods.flatMap((each) => (each.pod ? [...escapeNeeds(each.pod), ...socketNeeds(each.pod)] : [])),
    ];
  },
  answer: (target, world, options) => {
    const { pods, errors } = podTargets(target, world, false);
    return { asked: pods.map((each) => card(each, target.selector, world, options)), errors, warnings: [] };
  },
};

function card(target: PodTarget, selector: string | null, world: World, options: Options): Asked {
  const { namespace, name } = target;
  const doors = DOORS.map((door) => answerPod(door, target, null, world, options));
  const entries = doors.flatMap(({ answer }) => answer.findings.filter(({ verdict }) => verdict !== 'no'));
  const subject = accountOf(target);
  const rights = subject === null ? [] : accountRights({ namespace, name: subject.name }, world);
  const findings = [...entries, ...rights];
  const escapes = target.pod ? podEscapes(target.pod, world) : [];
  const sockets = target.pod ? podSockets(target.pod, world) : [];
  const unknowns = [...rbacUnknowns(world, { namespace: null }), ...otherAuthorizers(world, options.subject)];
  const answer: Answer = {
    ...buildAnswer(
      {
        question: 'pod',
        target: { kind: 'Pod', namespace, name },
        scope: { namespace, selector },
        findings,
        unknowns,
        remarks: [
          ...target.unknowns,
          ...doors.flatMap(({ answer: { unknowns: all } }) => all.filter(isAdmissionRemark)),
          ...[...escapes, ...sockets].flatMap((each) => each.unknowns),
        ],
        assumptions: [
          ...doors.flatMap((door) => door.answer.assumptions),
          ...(target.pod ? [...runtimeAssumptions([target.pod], world), ...escapeAssumptions(target.pod, escapes)] : []),
        ],
        summary: () => sentence(target, entries, rights, unknowns.length > 0),
      },
      world,
    ),
    ...(target.pod && {
      network: networkFacts(world),
      pod: {
        ...factsOf(target.pod, namespace, subject && spawnFindings(subject, world, options)),
        ...{ escapes, sockets, neighbours: neighboursOf(target.pod, world) },
      },
    }),
  };
  return {
    answer: { ...answer, assumptions: [...new Set(answer.assumptions)] },
    checks: () => distinctChecks(doors.flatMap(({ checks }) => checks())),
  };
}

const accountOf = ({ namespace, pod: object }: PodTarget): Subject | null =>
  object?.serviceAccount ? { kind: 'ServiceAccount', namespace, name: object.serviceAccount } : null;

/** `isHidden`: bindings that could not be seen may hold anything, and no number is claimed to be nought. */
function sentence(
  { namespace, name, pod: object }: PodTarget,
  entries: readonly Finding[],
  rights: readonly Finding[],
  isHidden: boolean,
): string {
  const into = `${insiders(entries, isHidden)} get into pod ${namespace}/${name}`;
  if (!object) return into;
  if (object.serviceAccount === null) return `${into}; a static pod, it has no account`;
  const own = rights.filter(({ id, accepted }) => id === 'account-right' && !accepted).length;
  const isUnread = isHidden || rights.some(({ verdict }) => verdict === 'depends');
  const holds = own === 0 ? `holds no right of note${isUnread ? ' that could be seen' : ''}` : `holds ${count(own, 'right')} of note`;
  return `${into}; its account ${object.serviceAccount} ${holds}`;
}

/** `3 subjects can, and 1 more may`. Who can read its logs is not inside. */
function insiders(entries: readonly Finding[], isHidden: boolean): string {
  const counted = entries.filter(({ id, accepted }) => !accepted && id !== 'pod-log-read');
  const subjects = (verdict: string): Set<string> =>
    new Set(counted.filter((each) => each.verdict === verdict).map(({ subject }) => JSON.stringify(subject)));
  const sure = subjects('yes');
  const maybe = subjects('depends').difference(sure).size;
  if (sure.size > 0) return `${count(sure.size, 'subject')} can${maybe > 0 ? `, and ${maybe} more may,` : ''}`;
  return maybe > 0 ? `${count(maybe, 'subject')} may be able to` : `nobody that ${isHidden ? 'could be seen' : 'is not built in'} can`;
}

function factsOf(object: Pod, namespace: string, spawned: readonly Finding[] | null): Omit<PodFacts, 'escapes' | 'sockets' | 'neighbours'> {
  const own = strengthOfPod(object);
  const mounts = object.containers.flatMap(({ name, tokenPaths }) => tokenPaths.map((path) => ({ container: name, path })));
  return {
    phase: object.phase,
    node: object.node,
    serviceAccount: object.serviceAccount,
    token: { mounted: mounts.length > 0, containers: mounts },
    owner: object.owner && { ...object.owner, namespace: object.owner.kind === 'Node' ? null : namespace },
    containers: object.containers.map(({ name }) => name),
    created: object.created,
    strength: own,
    spawns: spawned && spawnsOf(spawned, own),
  };
}
