import { admits } from '../../../admission/layers.ts';
import type { Namespace } from '../../../world/objects.ts';
import type { Raw } from '../../../world/reduce/raw.ts';
import type { World } from '../../../world/world.ts';
import { type Ground, userOf } from '../cells.ts';
import { applyCommand, replaceCommand } from '../commands.ts';
import { covering, type Holder, type Right, rightsTo } from '../holder.ts';
import type { Lever, Pull } from './lever.ts';

/**
 * Pod Security obeys the labels of the namespace, and who may write the Namespace may write those. The two subresources write them too, without the
 * check of their values, and unseen by policies on `namespaces` alone. A RoleBinding in the namespace is enough.
 * Source: kubernetes pkg/registry/core/namespace/strategy.go, pod-security-admission/admission/admission.go ValidateNamespace.
 */
export const relabel: Lever = {
  id: 'psa-relax-namespace',
  pulls: (holder, namespace, refusals, ground) => {
    const { world } = ground;
    if (!refusals.some(({ layer }) => layer === 'pod-security')) return [];
    const before = world.find('namespaces', null, namespace);
    if (!before) return [];
    const variants = VARIANTS.flatMap(({ subresource, verbs }): Pull[] => {
      const rights = rightsTo({ group: '', resource: 'namespaces', subresource, verbs }, holder);
      const right = covering(rights, namespace, namespace);
      return right && mayPass(holder, before, subresource, ground) ? [pull(before, subresource, right)] : [];
    });
    return variants.slice(0, 1);
  },
};

/** The one that everybody knows first. */
const VARIANTS = [
  { subresource: '', verbs: ['patch', 'update'] },
  { subresource: 'status', verbs: ['patch', 'update'] },
  { subresource: 'finalize', verbs: ['update'] },
] as const;

const RELAXED = { 'pod-security.kubernetes.io/enforce': 'privileged' };

/** Whether no policy keeps the labels as they are. Asked once of all holders whom policies cannot tell apart. */
function mayPass(holder: Holder, before: Namespace, subresource: string, ground: Ground): boolean {
  const known = PASSES.get(ground) ?? new Map<string, boolean>();
  PASSES.set(ground, known);
  const key = JSON.stringify([before.name, subresource, ground.judge.userClass(userOf(holder))]);
  const passes = known.get(key) ?? judge(holder, before, subresource, ground.world);
  known.set(key, passes);
  return passes;
}

const PASSES = new WeakMap<Ground, Map<string, boolean>>();

function judge(holder: Holder, before: Namespace, subresource: string, world: World): boolean {
  const object = (labels: Namespace['labels']): Raw => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: before.name, labels },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });
  const { value } = admits(
    {
      operation: 'UPDATE',
      kind: { group: '', version: 'v1', kind: 'Namespace' },
      resource: { group: '', version: 'v1', resource: 'namespaces' },
      subresource,
      namespace: before.name,
      name: before.name,
      object: object({ ...before.labels, ...RELAXED }),
      oldObject: object(before.labels),
      user: userOf(holder),
    },
    world,
  );
  return value !== 'no';
}

function pull(before: Namespace, subresource: string, right: Right): Pull {
  const { name } = before;
  return {
    id: relabel.id,
    words: `relax Pod Security of namespace ${name} by ${right.verb} namespaces${subresource === '' ? '' : `/${subresource}`}`,
    command: commandFor(name, subresource, right.verb),
    rights: [right],
    change: (world) => world.fork('namespaces', { put: [{ ...before, labels: { ...before.labels, ...RELAXED } }] }),
    key: `${relabel.id}/${subresource}/${right.verb}/${right.namespace === null}`,
  };
}

function commandFor(name: string, subresource: string, verb: string): string {
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: RELAXED } };
  if (verb !== 'patch') return replaceCommand(`/api/v1/namespaces/${name}${subresource === '' ? '' : `/${subresource}`}`, object);
  return applyCommand(object, subresource);
}
