import type { Answer, Finding, PodFacts } from '../../answer/answer.ts';
import { list, type Need } from '../../world/needs.ts';
import type { Pod } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';
import { DOORS } from '../access/doors.ts';
import { answerPod, followUps } from '../access/pod-access.ts';
import { type PodTarget, podNeeds, podTargets } from '../access/pods.ts';
import { otherAuthorizers } from '../authorizers.ts';
import { buildAnswer } from '../build.ts';
import type { Asked, Options, Question } from '../question.ts';
import { rbacNeeds, rbacUnknowns } from '../rbac-needs.ts';
import type { ObjectsTarget } from '../targets.ts';
import { count } from '../words.ts';
import { accountRights } from './account-rights.ts';

/** The incident card: the pod, who can get in by each door, and what its service account may do directly. */
export const pod: Question<ObjectsTarget> = {
  name: 'pod',
  discovery: false,
  needs: (target, world, options) => [
    ...podNeeds(target, world),
    ...rbacNeeds(world, null),
    ...ownNamespace(target.namespace, world),
    ...podTargets(target, world).pods.flatMap((each) => DOORS.flatMap((door) => followUps(door, each, world, options))),
  ],
  answer: (target, world, options) => {
    const { pods, errors } = podTargets(target, world);
    return { asked: pods.map((each) => card(each, target.selector, world, options)), errors, warnings: [] };
  },
};

/** Where the whole cluster may not be listed, at least the pod's namespace. */
const ownNamespace = (namespace: string | null, world: World): Need[] =>
  namespace !== null && world.outcome(list('rolebindings'))?.read === false ? rbacNeeds(world, namespace) : [];

function card(target: PodTarget, selector: string | null, world: World, options: Options): Asked {
  const { namespace, name } = target;
  const doors = DOORS.map((door) => answerPod(door, target, null, world, options));
  const entries = doors.flatMap(({ answer }) => answer.findings.filter(({ verdict }) => verdict !== 'no'));
  const account = target.pod?.serviceAccount ?? null;
  const rights = account === null ? [] : accountRights({ namespace, name: account }, world);
  const findings = [...entries, ...rights];
  const answer: Answer = {
    ...buildAnswer(
      {
        question: 'pod',
        target: { kind: 'Pod', namespace, name },
        scope: { namespace, selector },
        findings,
        unknowns: [...rbacUnknowns(world, { namespace: null }), ...otherAuthorizers(world, options.subject)],
        remarks: target.unknowns,
        assumptions: [...new Set(doors.flatMap((door) => door.answer.assumptions))],
        summary: () => sentence(target, entries, rights),
      },
      world,
    ),
    ...(target.pod ? { pod: factsOf(target.pod, namespace) } : {}),
  };
  return { answer: { ...answer, assumptions: [...new Set(answer.assumptions)] }, checks: doors.flatMap(({ checks }) => checks) };
}

function sentence({ namespace, name, pod: object }: PodTarget, entries: readonly Finding[], rights: readonly Finding[]): string {
  const subjects = new Set(
    entries.filter(({ accepted, verdict }) => !accepted && verdict === 'yes').map(({ subject }) => JSON.stringify(subject)),
  );
  const into = `${subjects.size === 0 ? 'nobody that is not built in' : count(subjects.size, 'subject')} can get into pod ${namespace}/${name}`;
  if (!object) return into;
  const own = rights.filter(({ id, accepted }) => id === 'account-right' && !accepted).length;
  return `${into}; its account ${object.serviceAccount} ${own === 0 ? 'holds no right of note' : `holds ${count(own, 'right')} of note`}`;
}

function factsOf(object: Pod, namespace: string): PodFacts {
  const mounts = object.containers.flatMap(({ name, tokenPaths }) => tokenPaths.map((path) => ({ container: name, path })));
  return {
    phase: object.phase,
    node: object.node,
    serviceAccount: object.serviceAccount,
    token: { mounted: mounts.length > 0, containers: mounts },
    owner: object.owner && { ...object.owner, namespace },
    containers: object.containers.map(({ name }) => name),
    created: object.created,
  };
}
