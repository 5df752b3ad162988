import type { Refusal } from '../../../admission/layer.ts';
import { type Command, inTurn } from '../../../answer/command.ts';
import { yes } from '../../../answer/verdict.ts';
import { withoutLeftOut } from '../../../world/kept/left-out.ts';
import { type GroupKind, groupKind } from '../../../world/kinds.ts';
import { oncePerState } from '../../../world/once.ts';
import { child, type Raw } from '../../../world/raw.ts';
import type { World } from '../../../world/world.ts';
import { applyCommand, deleteCommand, replaceCommand } from '../../commands/commands.ts';
import { covering, type Holder, rightsTo } from '../../rights/holder.ts';
import type { Scope } from '../../scope.ts';
import type { BypassStep, BypassTechnique } from './step.ts';

/**
 * Deletes or changes the policy that refuses, or its bindings. A ValidatingAdmissionPolicy is an object like any other,
 * and no policy applies to the kinds of admissionregistration.k8s.io, so that nothing holds back who may write it.
 * Source: apiserver pkg/admission/plugin/policy/validating/plugin.go.
 */
export const weaken: BypassTechnique = {
  id: 'admission-weaken',
  isHeld: (holder, { world }) =>
    guardTypes(world).some(
      ({ group, resource }) => rightsTo({ group, resource, subresource: '', verbs: VERBS }, holder).length > 0,
    ),
  steps: (holder, _namespace, refusals, scope) =>
    deciders(refusals).flatMap((refusal) => stepsOf(refusal, holder, scope).slice(0, 1)),
};

const deciders = (refusals: readonly Refusal[]): Refusal[] => [
  ...new Map(refusals.map((refusal) => [JSON.stringify(refusal.by), refusal])).values(),
];

function stepsOf({ by }: Refusal, holder: Holder, { world }: Scope): BypassStep[] {
  if (!by) return [];
  const own = { ...by, ...typeOf(by.kind, by, world) };
  const bindings = own.kind === POLICY ? bindingsOf(by.name, world) : [];
  const targets = own.resource === null ? [] : [[own], ...(bindings.length > 0 ? [bindings] : [])];
  return targets.flatMap((objects): BypassStep[] => {
    const rights = objects.map(({ group, resource, namespace, name }) => {
      const wanted = { group, resource: resource ?? '', subresource: '', verbs: VERBS };
      return covering(
        rightsTo(namespace === null ? { ...wanted, clusterScoped: true } : wanted, holder),
        namespace,
        name,
      );
    });
    const held = rights.flatMap((right) => (right ? [right] : []));
    if (held.length < objects.length) return [];
    const attack = inTurn(objects.map((object, index) => commandFor(object, held[index]?.verb ?? 'delete', world)));
    if (!attack) return [];
    return [
      {
        id: weaken.id,
        words: `${held[0]?.verb ?? 'delete'} ${objects.map(({ kind, name }) => `${kind} ${name}`).join(', ')}`,
        attack,
        rights: held,
        admission: yes(),
        change: (before) => objects.reduce((now, object) => now.fork(groupKind(object), { drop: [object] }), before),
        key: `${weaken.id}/${JSON.stringify(by)}`,
      },
    ];
  });
}

/** The command that deletes an object, or changes it so that it refuses nothing. */
function commandFor(guard: Guard, verb: string, world: World): Command<'changes'> {
  const { group, version, resource, namespace, name, kind } = guard;
  if (verb === 'delete') return deleteCommand(`${resource}${group === '' ? '' : `.${group}`}`, name, namespace);
  const metadata = { name, ...(namespace === null ? {} : { namespace }) };
  const object = {
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
    metadata,
    spec: DISARMED.get(kind) ?? { enforcementAction: 'dryrun' },
  };
  if (verb === 'patch') return applyCommand(object);
  const before = withoutLeftOut(world.find(groupKind(guard), namespace, name)?.raw ?? {}) as Raw;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const path = `${root}${namespace === null ? '' : `/namespaces/${namespace}`}/${resource}/${name}`;
  return replaceCommand(path, { ...object, ...before, spec: { ...child(before, 'spec'), ...object.spec } });
}

const DISARMED: ReadonlyMap<string, Raw> = new Map([
  ['ValidatingAdmissionPolicy', { matchConditions: [{ name: 'whocan-escalate', expression: 'false' }] }],
  // `validationActions` is a set, to which an apply only adds: the binding is made to match no namespace instead.
  [
    'ValidatingAdmissionPolicyBinding',
    { matchResources: { namespaceSelector: { matchLabels: { 'whocan-escalate': 'nowhere' } } } },
  ],
  ['ClusterPolicy', { validationFailureAction: 'Audit' }],
  ['Policy', { validationFailureAction: 'Audit' }],
  ['ValidatingPolicy', { validationActions: ['Audit'] }],
  ['ResourceQuota', { hard: {} }],
]);

interface Guard {
  kind: string;
  group: string;
  version: string;
  resource: string | null;
  namespace: string | null;
  name: string;
}

const VERBS = ['delete', 'patch', 'update'];
const POLICY = 'ValidatingAdmissionPolicy';
const ADMISSION = 'admissionregistration.k8s.io';

/** The API of an object's kind: its group and version as the object was read, its resource as discovery names it. */
function typeOf(
  kind: string,
  { namespace, name }: { namespace: string | null; name: string },
  world: World,
): Pick<Guard, 'group' | 'version' | 'resource'> {
  if (kind === POLICY) return { group: ADMISSION, version: 'v1', resource: 'validatingadmissionpolicies' };
  const found = world
    .kinds()
    .find((each): each is GroupKind => each.startsWith(`${kind}.`) && world.find(each, namespace, name) !== undefined);
  const group = found?.slice(kind.length + 1) ?? '';
  const resource = world.facts.discovery?.find((each) => each.kind === kind && each.group === group)?.resource;
  const version = (found && world.find(found, namespace, name)?.version) ?? 'v1';
  return { group, version, resource: found ? (resource ?? `${kind.toLowerCase()}s`) : null };
}

/** The resources of all kinds of which there are objects that may refuse something. */
const guardTypes = oncePerState((world): { group: string; resource: string }[] =>
  world.kinds().flatMap((kind) => {
    const dot = kind.indexOf('.');
    const [first] = dot < 0 ? [] : world.list(kind as GroupKind);
    const type = first && typeOf(kind.slice(0, dot), first, world);
    return type?.resource ? [{ group: type.group, resource: type.resource }] : [];
  }),
);

const bindingsOf = (policy: string, world: World): Guard[] =>
  world
    .list('ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io')
    .filter(({ raw }) => (raw.spec as { policyName?: unknown } | undefined)?.policyName === policy)
    .map(({ name }) => ({
      kind: 'ValidatingAdmissionPolicyBinding',
      group: ADMISSION,
      version: 'v1',
      resource: 'validatingadmissionpolicybindings',
      namespace: null,
      name,
    }));
