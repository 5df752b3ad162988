import { Recall } from '../../admission/request/reading/recall.ts';
import type { Command } from '../../answer/command.ts';
import type { Unknown } from '../../answer/unknown.ts';
import type { Leaning } from '../../answer/verdict.ts';
import { podCommand } from '../../spawn/commands/pod-command.ts';
import { tryExisting } from '../../spawn/outcomes/existing.ts';
import { type Strongest, strongestOf } from '../../spawn/probes/strongest.ts';
import { type Right, userOf } from '../../spawn/rights/holder.ts';
import { POD_WAYS, type PodWay } from '../../spawn/rights/ways.ts';
import type { Scope } from '../../spawn/scope.ts';
import type { Pod } from '../../world/objects.ts';
import { oncePerObject } from '../../world/once.ts';
import { compareVersions } from '../../world/version.ts';
import type { Actor } from '../actor.ts';
import type { Attacker } from '../attacker.ts';
import type { Derivation, Requirement } from '../derivation.ts';
import { RemainingTargets } from '../remaining.ts';
import { isAlive, podsOf } from '../targets.ts';
import type { Technique } from '../technique.ts';
import { right } from '../wanted.ts';
import { podPosition } from './pod-exec.ts';

/** A change of an existing pod that puts code of the attacker into it, as far as admission lets it. */
function podChange(way: PodWay, spec: Omit<Technique, 'id' | 'ofIdentity' | 'toward'> & { words: string }): Technique {
  const wanted = right(way.verbs, way.subresource === '' ? 'pods' : `pods/${way.subresource}`);
  const isServed = ({ world }: Attacker): boolean =>
    way.since === undefined || world.facts.version === null || compareVersions(way.since, world.facts.version) <= 0;
  const canChange = (pod: Pod): boolean =>
    !pod.deleting && isAlive(pod) && (way.on === 'pod' || pod.phase === 'Running' || pod.phase === null);
  return {
    id: way.id,
    ...spec,
    *ofIdentity(actor, attacker): Generator<Derivation> {
      if (!isServed(attacker)) return;
      for (const found of attacker.rights(actor, wanted))
        for (const pod of remainingPods(attacker).within(podsOf(attacker.world), found)) {
          const to = podPosition(pod);
          if (!canChange(pod)) continue;
          const admitted = admissionOf(pod, actor, attacker);
          if (!admitted) continue;
          yield {
            technique: way.id,
            to,
            steps: [
              {
                ...{ words: `${spec.words} pod ${pod.namespace}/${pod.name}`, actor, rights: [found] },
                namespace: pod.namespace,
                attack: () => commandOf(pod, found, actor, attacker),
              },
            ],
            from: attacker.basisOf(actor, [found]),
            ...admitted,
          };
        }
    },
    *toward(goal): Generator<Requirement> {
      if (goal.kind !== 'pod') return;
      const { namespace, name } = goal;
      const words = `${spec.words} pod ${namespace}/${name}`;
      yield { technique: way.id, steps: [{ words, any: [[{ wanted, namespace, name }]] }] };
    },
  };

  /** Null: admission refuses the change. */
  function admissionOf(
    { namespace, name }: Pod,
    actor: Actor,
    { scope }: Attacker,
  ): { unknowns: readonly Unknown[]; leaning: Leaning } | null {
    if (namespace === null) return null;
    const { value } = changesIn(scope).find(
      `${way.id} ${namespace}/${name}`,
      { namespace, user: userOf(actor.holder) },
      scope.world,
      ({ user }) => {
        const tried = tryExisting(way, rightTo(namespace, name), namespace, user, scope);
        return tried && strongestOf(tried.trials);
      },
    );
    if (value === null) return null;
    const { sure, maybe } = value;
    if (sure !== null) return { unknowns: [], leaning: null };
    return maybe && { unknowns: maybe.unknowns, leaning: maybe.leaning };
  }

  /** The command that makes the weakest change that admission lets through. */
  function commandOf(
    { namespace, name }: Pod,
    by: Right,
    actor: Actor,
    { scope }: Attacker,
  ): Command<'changes'> | null {
    if (namespace === null) return null;
    const tried = tryExisting(way, rightTo(namespace, name), namespace, userOf(actor.holder), scope);
    const trial =
      tried?.trials.findLast(({ admission }) => admission.value === 'yes') ??
      tried?.trials.findLast(({ admission }) => admission.value === 'depends');
    if (!tried || !trial) return null;
    const right = { ...by, names: [name] };
    return podCommand({ way, right, namespaces: [namespace], strongest: strongestOf(tried.trials), ...tried }, trial);
  }

  function rightTo(namespace: string, name: string): Right {
    return { namespace, names: [name], grants: [], verb: way.verbs[0] ?? 'patch', of: wanted };
  }
}

const remainingPods = oncePerObject((attacker: Attacker) => new RemainingTargets(podPosition, attacker));

/** What admission makes of each change, found once for all users of whom it reads the same. */
const changesIn = oncePerObject((_scope: Scope) => new Recall<Strongest | null>());

const wayOf = (id: string): PodWay => {
  const way = POD_WAYS.find((each) => each.id === id);
  if (!way) throw new Error(`no way ${id}`);
  return way;
};

/** Another image in a container of a pod: the rest of the pod stays as it is. */
export const podImageSwap = podChange(wayOf('pod-image-swap'), {
  words: 'change the image of',
  title: 'change the image of a pod',
  takes: 'update or patch pods.',
  gives: 'Code in the pod, with its account, its volumes and its privileges. The command of the container stays.',
  blockers: ['Policies about images.', 'Pod Security, if the namespace was made stricter since the pod was created.'],
  mitre: ['T1525'],
  microsoft: ['MS-TA9012'],
  references: ['kubernetes pkg/apis/core/validation/validation.go ValidatePodUpdate'],
});

/** Another container in a pod that runs. */
export const podEphemeralContainer = podChange(wayOf('pod-ephemeral-container'), {
  words: 'add an ephemeral container to',
  title: 'add an ephemeral container to a pod',
  takes: 'update or patch pods/ephemeralcontainers.',
  gives: "Code in the pod's network, and with targetContainerName in the process namespace of a container.",
  blockers: ['Pod Security, which looks at the whole pod.'],
  mitre: ['T1609'],
  microsoft: ['MS-TA9011'],
  references: ['kubernetes pkg/registry/core/pod/strategy.go podEphemeralContainersStrategy'],
});
