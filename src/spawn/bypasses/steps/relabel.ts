import type { Admission, Refusal } from '../../../admission/layer.ts';
import { admits } from '../../../admission/layers.ts';
import { labelsOfNamespace } from '../../../admission/pod-security/layer.ts';
import { Recall } from '../../../admission/request/reading/recall.ts';
import type { UserInfo } from '../../../admission/request/user.ts';
import type { Command } from '../../../answer/command.ts';
import { mergeAll } from '../../../answer/many.ts';
import type { Unknown } from '../../../answer/unknown.ts';
import { likelihoodOf } from '../../../answer/verdict.ts';
import type { LabelSelector, Labels, Namespace } from '../../../world/objects.ts';
import { oncePerObject } from '../../../world/once.ts';
import type { Raw } from '../../../world/raw.ts';
import { matchesSelector } from '../../../world/selectors.ts';
import type { World } from '../../../world/world.ts';
import { applyCommand, replaceCommand } from '../../commands/commands.ts';
import { covering, type Holder, type Right, rightsTo, userOf } from '../../rights/holder.ts';
import type { Scope } from '../../scope.ts';
import { selectorsOf } from './selectors.ts';
import type { BypassStep, BypassTechnique } from './step.ts';

/**
 * Changes the labels of the namespace, by which Pod Security and the selectors of policies decide. Whoever may write
 * the Namespace may write its labels. Its subresources `status` and `finalize` write them too; Pod Security does not
 * check the values there, and policies on `namespaces` alone do not see the write. A RoleBinding in the namespace is
 * enough. Source: kubernetes pkg/registry/core/namespace/strategy.go, pod-security-admission/admission/admission.go
 * ValidateNamespace.
 */
export const relabel: BypassTechnique = {
  id: 'psa-relax-namespace',
  isHeld: (holder) => heldBy(holder).length > 0,
  steps: (holder, namespace, refusals, scope) => {
    const { world } = scope;
    const held = heldBy(holder).flatMap(({ subresource, rights }) => {
      const right = covering(rights, namespace, namespace);
      return right ? [{ subresource, right }] : [];
    });
    // Most holders may write no labels, so that what would help is only looked for after this.
    const place = held.length > 0 ? placeOf(namespace, world) : null;
    if (!place) return [];
    const { before, doubt } = place;
    const labels = doubt ? RELAXED : helpfulLabels(before, refusals, world);
    if (Object.keys(labels).length === 0) return [];
    const steps = held.flatMap(({ subresource, right }): BypassStep[] => {
      const admission = admissionOf(holder, before, labels, subresource, scope);
      return admission.value !== 'no'
        ? [{ ...step(before, labels, subresource, right, admission), ...(doubt ? { doubt } : {}) }]
        : [];
    });
    return steps.toSorted((a, b) => likelihoodOf(b.admission) - likelihoodOf(a.admission)).slice(0, 1);
  },
};

/**
 * The namespace as it was read. A namespace that was not read is taken to have no labels, with the doubt that it has
 * some, by which policies select it. Null where there is no such namespace.
 */
function placeOf(name: string, world: World): { before: Namespace; doubt?: Unknown } | null {
  const before = world.find('namespaces', null, name);
  if (before) return { before };
  const known = labelsOfNamespace(name, world);
  return 'unknown' in known
    ? { before: { namespace: null, name, labels: {}, deleting: false }, doubt: known.unknown }
    : null;
}

/** The resources through which labels are written, with the verbs, the best known first. */
const WRITES = [
  { subresource: '', verbs: ['patch', 'update'] },
  { subresource: 'status', verbs: ['patch', 'update'] },
  { subresource: 'finalize', verbs: ['update'] },
] as const;

/** The rights of a holder to write labels: found once, since they are needed in each namespace. */
const heldBy = oncePerObject((holder: Holder) =>
  WRITES.flatMap(({ subresource, verbs }) => {
    const rights = rightsTo({ group: '', resource: 'namespaces', subresource, verbs }, holder);
    return rights.length > 0 ? [{ subresource, rights }] : [];
  }),
);

/**
 * The labels to set so that the deciders of these refusals refuse no more: the level of Pod Security, and labels that
 * the namespace selectors of policies do not select.
 */
function helpfulLabels(before: Namespace, refusals: readonly Refusal[], world: World): Labels {
  const current: Labels = { [NAME]: before.name, ...before.labels };
  const guards = new Map(refusals.map(({ by }) => [JSON.stringify(by), by]));
  const changes = [...guards.values()].flatMap((by) =>
    [...selectorsOf(by, world)].flatMap((selector) => sidestep(selector, current)),
  );
  const isPodSecurity = refusals.some(({ layer }) => layer === 'pod-security');
  return { ...(isPodSecurity ? RELAXED : {}), ...mergeAll(changes) };
}

/**
 * One label that, once set, makes a selector select the namespace no more; none where it does not select it now.
 * Another value is enough where the selector is about values; where it is about a label being absent, the label is
 * added.
 */
function sidestep(selector: LabelSelector, labels: Labels): Labels[] {
  if (!matchesSelector(selector, labels)) return [];
  const valued = Object.keys(selector.matchLabels).find((key) => key !== NAME);
  if (valued !== undefined) return [{ [valued]: OTHER }];
  for (const { key, operator, values } of selector.matchExpressions) {
    if (key === NAME) continue;
    if (operator === 'In') return [{ [key]: OTHER }];
    if (operator === 'DoesNotExist') return [{ [key]: OTHER }];
    if (operator === 'NotIn' && values[0] !== undefined) return [{ [key]: values[0] }];
  }
  return [];
}

/** The API server sets this label by itself, so that nobody can change it. */
const NAME = 'kubernetes.io/metadata.name';
const OTHER = 'whocan-escalate';
const RELAXED: Labels = { 'pod-security.kubernetes.io/enforce': 'privileged' };

/** Whether admission lets the labels be written: found once for all holders of whom it reads the same. */
function admissionOf(holder: Holder, before: Namespace, change: Labels, subresource: string, scope: Scope): Admission {
  const kind = JSON.stringify([before.name, subresource, change]);
  const origin = { namespace: before.name, user: userOf(holder) };
  return admissionsOf(scope).find(kind, origin, scope.world, ({ user }) =>
    admitsLabels(user, before, change, subresource, scope.world),
  ).value;
}

const admissionsOf = oncePerObject((_scope: Scope) => new Recall<Admission>());

function admitsLabels(user: UserInfo, before: Namespace, change: Labels, subresource: string, world: World): Admission {
  const object = (labels: Namespace['labels']): Raw => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: before.name, labels },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });
  return admits(
    {
      operation: 'UPDATE',
      kind: { group: '', version: 'v1', kind: 'Namespace' },
      resource: { group: '', version: 'v1', resource: 'namespaces' },
      subresource,
      namespace: before.name,
      name: before.name,
      object: object({ ...before.labels, ...change }),
      oldObject: object(before.labels),
      user,
    },
    world,
  );
}

function step(before: Namespace, change: Labels, subresource: string, right: Right, admission: Admission): BypassStep {
  const { name } = before;
  return {
    id: relabel.id,
    words: `${'pod-security.kubernetes.io/enforce' in change ? 'relax Pod Security of' : 'relabel'} namespace ${name} by ${right.verb} namespaces${subresource === '' ? '' : `/${subresource}`}`,
    attack: commandFor(before, change, subresource, right.verb),
    rights: [right],
    admission,
    change: (world) => world.fork('namespaces', { put: [{ ...before, labels: { ...before.labels, ...change } }] }),
    key: `${relabel.id}/${subresource}/${right.verb}/${right.namespace === null}/${JSON.stringify(change)}`,
  };
}

function commandFor(
  { name, labels }: Namespace,
  change: Labels,
  subresource: string,
  verb: string,
): Command<'changes'> {
  const written = verb === 'patch' ? change : { ...labels, ...change };
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: written } };
  if (verb !== 'patch')
    return replaceCommand(`/api/v1/namespaces/${name}${subresource === '' ? '' : `/${subresource}`}`, object);
  return applyCommand(object, subresource);
}
