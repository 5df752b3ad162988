import { pushAll } from '../../answer/many.ts';
import type { Unknown } from '../../answer/unknown.ts';
import type { Attacker } from '../../escalation/attacker.ts';
import { deputyNeeds } from '../../escalation/techniques/deputies/needs.ts';
import { right } from '../../escalation/wanted.ts';
import { accountOf } from '../../rbac/subjects.ts';
import { allClaimNeeds } from '../../runtime/escapes/claims.ts';
import { get, list, type Need, whole } from '../../world/needs.ts';
import { unseen, type World } from '../../world/world.ts';
import { admissionNeeds } from '../admission-needs.ts';
import type { QuestionContext } from '../context.ts';
import { namedNeeds } from '../existence.ts';
import { rbacNeeds } from '../holders/rbac-needs.ts';
import { subjectNeeds } from '../holders/subject-existence.ts';
import { laterNeeds } from '../privileged/needs.ts';
import { closureFor, spawnScope } from './closure.ts';
import { goalNeeds } from './goals.ts';
import { positionOf } from './starts.ts';
import type { BecomeTarget, Start } from './target.ts';

/**
 * What has to be read: all grants, accounts, namespaces and nodes, whoever is asked about; pods and what admission
 * reads as soon as somebody who is held can do anything to pods, or the question begins or ends at one.
 */
export function becomeNeeds(target: BecomeTarget, context: QuestionContext): Need[] {
  const { world } = context;
  const first = [
    ...rbacNeeds(world, null),
    list('serviceaccounts'),
    list('namespaces'),
    list('nodes'),
    ...target.starts.flatMap((start) => startNeeds(start, context)),
    ...target.goals.flatMap((goal) => goalNeeds(goal, world)),
  ];
  if (world.outcome(list('clusterrolebindings')) === null) return first;
  const { attacker, reached } = closureFor(target, context, MOST_ACTORS);
  const isCut = attacker.actors.length >= MOST_ACTORS;
  const readsSecrets =
    isCut ||
    attacker.actors.some((actor) => attacker.rights(actor, SECRETS).length > 0) ||
    [...reached.values()].some(({ position }) => position.kind === 'secret');
  if (readsSecrets) first.push(list('secrets'));
  const deputies = deputyNeeds(attacker);
  pushAll(first, deputies.needs);
  const isAboutPods = target.starts.some(({ kind }) => kind === 'pod' || kind === 'node');
  const isFar = !isCut && !isAboutPods && !deputies.needsPods;
  if (isFar && !attacker.actors.some((actor) => touchesPods(actor, attacker))) return first;
  const holders = attacker.actors.slice(0, MOST_ACTORS).map(({ holder }) => holder);
  return [
    ...first,
    whole(list('pods')),
    ...admissionNeeds(world),
    ...claims(world),
    ...laterNeeds({ subjects: [], pods: null, namespace: null }, holders, spawnScope(world)),
  ];
}

/** Without discovery the definitions tell which custom resources there are, where they were asked for. */
export const unseenDefinitions = (world: World): Unknown[] =>
  world.facts.discovery !== null || world.outcome(DEFINITIONS) === null
    ? []
    : unseen(world, DEFINITIONS, 'which custom resources there are, and whose controllers act on them');

const DEFINITIONS = list('customresourcedefinitions');

/** The workloads that so many can change are read; with more, the first usually need all that the others do. */
const MOST_ACTORS = 50;

function startNeeds(start: Start, context: QuestionContext): Need[] {
  const { world } = context;
  if (start.kind === 'pod') return namedNeeds('pods', start.namespace, start.name, world);
  if (start.kind === 'node') return namedNeeds('nodes', null, start.name, world);
  if (start.kind === 'me') {
    const position = positionOf(start, context);
    const account = position?.kind === 'identity' ? accountOf(position.subject) : null;
    return account ? [get('serviceaccounts', account.namespace, account.name)] : [];
  }
  const bound = start.token?.pod;
  return [...subjectNeeds(start.subject, world), ...(bound ? [get('pods', bound.namespace, bound.name)] : [])];
}

function claims(world: World): Need[] {
  const hasClaim = world
    .list('pods')
    .some(({ volumes }) => volumes.some(({ source }) => source === 'persistentVolumeClaim'));
  return hasClaim ? allClaimNeeds(null) : [];
}

/** Whether an identity may do anything by which pods matter: create or change them, or what makes them, or enter them. */
const touchesPods = (actor: Attacker['actors'][number], attacker: Attacker): boolean =>
  POD_RIGHTS.some((wanted) => attacker.rights(actor, wanted).length > 0);

const SECRETS = right(['get', 'list', 'watch', 'patch', 'update', 'delete', 'deletecollection'], 'secrets');

const POD_RIGHTS = [
  right(['create', 'update', 'patch'], 'pods'),
  right(['create', 'get'], 'pods/exec'),
  right(['create', 'get'], 'pods/attach'),
  right(['update', 'patch'], 'pods/ephemeralcontainers'),
  right(['create', 'get'], 'nodes/proxy', '', true),
  ...['deployments', 'replicasets', 'statefulsets', 'daemonsets'].map((kind) =>
    right(['create', 'update', 'patch'], kind, 'apps'),
  ),
  ...['jobs', 'cronjobs'].map((kind) => right(['create', 'update', 'patch'], kind, 'batch')),
  right(['create', 'update', 'patch'], 'replicationcontrollers'),
  right(['create', 'update', 'patch'], 'mutatingwebhookconfigurations', 'admissionregistration.k8s.io', true),
  right('create', 'mutatingadmissionpolicies', 'admissionregistration.k8s.io', true),
];
