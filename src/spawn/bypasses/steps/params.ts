import type { Admission } from '../../../admission/layer.ts';
import { admits } from '../../../admission/layers.ts';
import { bindingsOf } from '../../../admission/policies/binding.ts';
import { VALIDATING, VALIDATING_BINDING } from '../../../admission/policies/kinds.ts';
import { paramApi } from '../../../admission/policies/params.ts';
import { policyOf } from '../../../admission/policies/policy.ts';
import { type Command, changes } from '../../../answer/command.ts';
import type { Unknown } from '../../../answer/unknown.ts';
import { groupKind, type Kind } from '../../../world/kinds.ts';
import { Malformed } from '../../../world/raw.ts';
import type { World } from '../../../world/world.ts';
import { deleteCommand } from '../../commands/commands.ts';
import { covering, type Holder, rightsTo, userOf } from '../../rights/holder.ts';
import type { BypassStep, BypassTechnique } from './step.ts';

/**
 * Deletes or changes the parameters of a ValidatingAdmissionPolicy, which are objects that others than its authors may
 * be allowed to write. A policy whose parameters are gone refuses nothing unless `parameterNotFoundAction` is Deny.
 * Which values would let a pod through is not computed, so that a changed parameter is a doubt.
 */
export const params: BypassTechnique = {
  id: 'admission-weaken',
  isHeld: (holder, { world }) =>
    world.list(VALIDATING).some((manifest) => {
      const policy = policyOf(manifest);
      const api = 'paramKind' in policy && policy.paramKind ? paramApi(world, policy.paramKind) : null;
      return (
        api !== null &&
        rightsTo({ group: api.group, resource: api.resource, subresource: '', verbs: VERBS }, holder).length > 0
      );
    }),
  steps: (holder, namespace, refusals, { world }) => {
    const policies = [
      ...new Set(refusals.flatMap(({ by }) => (by?.kind === 'ValidatingAdmissionPolicy' ? [by.name] : []))),
    ];
    return policies.flatMap((name): BypassStep[] => {
      const manifest = world.find(VALIDATING, null, name);
      const policy = manifest && policyOf(manifest);
      if (!policy || policy instanceof Malformed || !policy.paramKind) return [];
      const api = paramApi(world, policy.paramKind);
      const bindings = (bindingsOf(world, VALIDATING_BINDING).byPolicy.get(name) ?? []).filter(
        (each) => each.params?.name,
      );
      return bindings.flatMap(({ name: binding, params: ref }): BypassStep[] => {
        if (!api || !ref) return [];
        const where = api.namespaced ? ref.namespace || namespace : null;
        const wanted = { group: api.group, resource: api.resource, subresource: '', verbs: VERBS };
        const right = covering(
          rightsTo(where === null ? { ...wanted, clusterScoped: true } : wanted, holder),
          where,
          ref.name,
        );
        if (!right) return [];
        const object = `${api.kind} ${where === null ? '' : `${where}/`}${ref.name}`;
        const isGone = right.verb === 'delete' && !ref.deniesMissing;
        const type = `${api.resource}${api.group === '' ? '' : `.${api.group}`}`;
        return [
          {
            id: params.id,
            words: `${right.verb} ${object}, the parameters of ValidatingAdmissionPolicy ${name}`,
            attack: isGone ? deleteCommand(type, ref.name, where) : editCommand(type, ref.name, where),
            admission: admitsChange(api, where, ref.name, isGone, holder, world),
            rights: [right],
            change: (before) => before.fork(VALIDATING_BINDING, { drop: [{ namespace: null, name: binding }] }),
            ...(isGone ? {} : { doubt: doubtOf(object, name) }),
            key: `${params.id}/${binding}/${right.verb}`,
          },
        ];
      });
    });
  },
};

const VERBS = ['delete', 'patch', 'update'];

/** Whether admission lets the parameters be changed or deleted. */
function admitsChange(
  api: Kind,
  namespace: string | null,
  name: string,
  isGone: boolean,
  holder: Holder,
  world: World,
): Admission {
  const { group, version, kind, resource } = api;
  const before = world.find(groupKind(api), namespace, name)?.raw ?? {};
  return admits(
    {
      operation: isGone ? 'DELETE' : 'UPDATE',
      kind: { group, version, kind },
      resource: { group, version, resource },
      ...{
        subresource: '',
        namespace: namespace ?? '',
        name,
        object: isGone ? null : before,
        oldObject: before,
        user: userOf(holder),
      },
    },
    world,
  );
}

const editCommand = (type: string, name: string, namespace: string | null): Command<'changes'> =>
  changes(['edit', `${type}/${name}`, ...(namespace === null ? [] : ['-n', namespace])]);

const doubtOf = (object: string, policy: string): Unknown => ({
  kind: 'opaque',
  what: `which values of ${object} ValidatingAdmissionPolicy ${policy} would let pass`,
  why: 'the subject may write them, and what they would have to be is not computed',
  affects: 'the way around that policy',
});
