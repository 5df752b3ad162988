import type { EvidenceStep } from '../../answer/answer.ts';
import { attackText, type Command, type Safe, safeText } from '../../answer/command.ts';
import { lazyProperties } from '../../answer/lazy.ts';
import type { GrantRef, ObjectRef, SubjectRef, TargetRef } from '../../answer/refs.ts';
import { aggregatedFrom } from '../../rbac/aggregation.ts';
import type { Grant, Rbac } from '../../rbac/rbac.ts';
import type { Binding, Role, Rule } from '../../world/objects.ts';
import { oncePerObject } from '../../world/once.ts';
import type { World } from '../../world/world.ts';
import type { Options } from '../question.ts';

/** What somebody does with their rights, and how that is checked and carried out. */
export interface Step {
  technique: string;
  text: string;
  identity: SubjectRef;
  gains: TargetRef | null;
  /** The command that checks it. Made when it is asked for: of thousands of steps few are printed. */
  check?: (() => Safe | null) | undefined;
  /** The command that does it. */
  attack?: (() => Command<'changes'> | null) | undefined;
}

/** One step of evidence that rests on RBAC grants. */
export function grantStep(
  { technique, text, identity, gains, check, attack }: Step,
  grants: GrantRef[],
  { showAttack, kubectl }: Options,
  place: { id: string; uses: string[] } = { id: 'e1', uses: [] },
): EvidenceStep {
  const { id, uses } = place;
  const harm = showAttack ? attack?.() : null;
  const step = withCommand({ id, technique, step: text, identity, gains, uses, grants }, { check, kubectl });
  return harm ? Object.assign(step, { attack: attackText(harm, kubectl) }) : step;
}

const withCommand = lazyProperties<Pick<EvidenceStep, 'command'>, Pick<Step, 'check'> & Pick<Options, 'kubectl'>>({
  command: ({ check, kubectl }) => {
    const command = check?.();
    return command ? safeText(command, kubectl) : null;
  },
});

/** The provenance of a grant: binding, role, rule and subject entry, with dates of the objects. */
export function grantRef({ binding, role, rule, subject }: Grant, rbac: Rbac, world: World): GrantRef {
  const { kind, namespace, name } = subject;
  const ref = ruleRef(role, rule, rbac, world);
  return {
    binding: objectRef(binding),
    role: ref.role,
    rule,
    aggregatedFrom: ref.aggregatedFrom,
    allows: ref.allows,
    subject: { kind, namespace, name },
  };
}

type RuleRef = Pick<GrantRef, 'role' | 'rule' | 'aggregatedFrom' | 'allows'>;

/** What is the same for every binding to a role; thousands may be. */
function ruleRef(role: Role, rule: number, rbac: Rbac, world: World): RuleRef {
  const known = RULE_REFS.get(rbac) ?? new Map<Role, RuleRef[]>();
  RULE_REFS.set(rbac, known);
  const refs = known.get(role) ?? [];
  known.set(role, refs);
  const words = rbac.rulesOf(role)[rule];
  refs[rule] ??= {
    role: objectRef(role),
    rule,
    aggregatedFrom: words && role.kind === 'ClusterRole' ? sourcesOf(role, words, world) : null,
    allows: words ? describeRule(words) : null,
  };
  return refs[rule];
}

const RULE_REFS = new WeakMap<Rbac, Map<Role, RuleRef[]>>();

/** Null also where the roles that it comes from could not be listed. */
function sourcesOf(role: Role, rule: Rule, world: World): string[] | null {
  const sources = aggregatedFrom(role, rule, world.list('clusterroles'));
  return sources?.length === 0 ? null : sources;
}

/** The same where the role is not there to be read. */
export function openGrantRef(binding: Binding, subject: GrantRef['subject']): GrantRef {
  const namespace = binding.roleRef.kind === 'Role' ? binding.namespace : null;
  return {
    binding: objectRef(binding),
    role: {
      kind: binding.roleRef.kind,
      namespace,
      name: binding.roleRef.name,
      created: null,
      changed: null,
      manager: null,
    },
    rule: null,
    aggregatedFrom: null,
    subject: { kind: subject.kind, namespace: subject.namespace, name: subject.name },
    allows: null,
  };
}

/** `get, list pods, pods/log`, `get secrets named db-pass`, `* *.*`. Thousands of bindings may be to one role. */
export const describeRule = oncePerObject(
  ({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: Rule): string => {
    const verbList = verbs.join(',');
    if (nonResourceURLs.length > 0) return `${verbList} ${nonResourceURLs.join(', ')}`;
    const groups = apiGroups.filter((group) => group !== '');
    const suffix =
      groups.length === 0
        ? ''
        : apiGroups.length === 1
          ? `.${groups[0]}`
          : `.{${apiGroups.map((group) => group || '""').join(',')}}`;
    const names =
      resourceNames.length > 0 ? ` named ${resourceNames.map((name) => (name === '' ? '""' : name)).join(', ')}` : '';
    return `${verbList} ${resources.map((resource) => `${resource}${suffix}`).join(', ')}${names}`;
  },
);

/** One an object: it is named by many findings. */
const objectRef = oncePerObject(
  ({ kind, namespace, name, created, changed, manager }: Role | Binding): ObjectRef => ({
    kind,
    namespace,
    name,
    created,
    changed,
    manager,
  }),
);
