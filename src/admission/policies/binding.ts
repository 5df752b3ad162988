import type { GroupKind } from '../../world/kinds.ts';
import type { LabelSelector, Manifest } from '../../world/objects.ts';
import { oncePerState } from '../../world/once.ts';
import { child, type Malformed, type Raw, requiredText, text, texts } from '../../world/raw.ts';
import { labelSelector } from '../../world/reduce/metadata.ts';
import { understood } from '../../world/understood.ts';
import type { World } from '../../world/world.ts';
import { type Criteria, matchResources } from '../matching/criteria.ts';

/** A binding: where a policy is in force, with which parameters, and whether it refuses. */
export interface Binding {
  name: string;
  policy: string;
  /** Null where the binding applies to everything that the policy matches. */
  criteria: Criteria | null;
  params: ParamRef | null;
  denies: boolean;
}

export interface ParamRef {
  name: string;
  namespace: string;
  selector: LabelSelector | null;
  /** Whether parameterNotFoundAction is Deny. */
  deniesMissing: boolean;
}

export interface Bindings {
  byPolicy: ReadonlyMap<string, readonly Binding[]>;
  /** The bindings that do not have the API's shape, by name. */
  malformed: readonly { name: string; error: Malformed }[];
}

/** The bindings of a kind by the policy that they name, in the current state of the world. */
export function bindingsOf(world: World, kind: GroupKind): Bindings {
  const byKind = knownOf(world);
  const bindings = byKind.get(kind) ?? index(world.list(kind));
  byKind.set(kind, bindings);
  return bindings;
}

function index(manifests: readonly Manifest[]): Bindings {
  const byPolicy = new Map<string, Binding[]>();
  const malformed: { name: string; error: Malformed }[] = [];
  for (const { name, raw } of manifests) {
    const binding = understood(() => bindingOf(name, child(raw, 'spec')));
    if ('policy' in binding) {
      const siblings = byPolicy.get(binding.policy);
      if (siblings) siblings.push(binding);
      else byPolicy.set(binding.policy, [binding]);
    } else malformed.push({ name, error: binding });
  }
  return { byPolicy, malformed };
}

function bindingOf(name: string, spec: Raw): Binding {
  return {
    name,
    policy: requiredText(spec, 'policyName'),
    criteria: isThere(spec.matchResources) ? matchResources(child(spec, 'matchResources')) : null,
    params: isThere(spec.paramRef) ? paramRef(child(spec, 'paramRef')) : null,
    denies: texts(spec, 'validationActions').includes('Deny'),
  };
}

function paramRef(raw: Raw): ParamRef {
  return {
    name: text(raw, 'name') ?? '',
    namespace: text(raw, 'namespace') ?? '',
    selector: isThere(raw.selector) ? labelSelector(child(raw, 'selector')) : null,
    deniesMissing: text(raw, 'parameterNotFoundAction') === 'Deny',
  };
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null;

const knownOf = oncePerState(() => new Map<GroupKind, Bindings>());
