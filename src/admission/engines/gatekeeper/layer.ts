import type { Unknown } from '../../../answer/unknown.ts';
import { allOf, depends, yes } from '../../../answer/verdict.ts';
import type { Manifest } from '../../../world/objects.ts';
import { Malformed } from '../../../world/raw.ts';
import { understoodOr } from '../../../world/understood.ts';
import type { World } from '../../../world/world.ts';
import type { Admission, Layer, Refusal } from '../../layer.ts';
import { askNamespace, askUser } from '../../request/reading/ask.ts';
import { kindsOfGroup, listed } from '../../request/reading/listed.ts';
import { changed } from '../../request/reading/reader.ts';
import type { AdmissionRequest } from '../../request/request.ts';
import { type IsEnforced, whereEnforced } from '../enforced.ts';
import { constraintAdmits, type EvaluateConstraint } from './constraint.ts';
import { excludes } from './enforcement.ts';
import { broken, templatesOf } from './templates.ts';

/**
 * OPA Gatekeeper's constraints on what is written. Two sorts are evaluated: the kinds of its library that replace
 * PodSecurityPolicy, where the template looks like the library's, and whatever `evaluate` can evaluate. Any other
 * constraint that denies and matches gives an `opaque` unknown with its name. A constraint whose kind has no template
 * does nothing. Gatekeeper refuses nothing where it is not called (`isEnforced`). It also expands workloads to their
 * pods and changes pods by mutators; neither is modelled. Mirrors gatekeeper pkg/webhook/policy.go.
 */
export const gatekeeper = (isEnforced: IsEnforced, evaluate: EvaluateConstraint = () => null): Layer => ({
  id: 'gatekeeper',
  admits: (request, world) => {
    if (askUser(request.user, world, 'is Gatekeeper', ({ name }) => name === OWN_ACCOUNT)) return yes();
    const reviewed = request.operation === 'DELETE' ? changed(request, { object: request.oldObject }) : request;
    const verdict = constraintsAdmit(reviewed, world, evaluate);
    return verdict.value === 'yes' ? verdict : whereEnforced(verdict, isEnforced('gatekeeper', request, world));
  },
});

/** The constraints whose kind no template defines, so that they refuse nothing. */
export function deadConstraints(world: World): Manifest[] {
  const { found, unknowns } = templatesOf(world);
  if (unknowns.length > 0) return [];
  const kinds = new Set(found.keys());
  return kindsOfGroup(world, CONSTRAINTS)
    .flatMap((kind) => world.list(kind))
    .filter(({ kind }) => !kinds.has(kind));
}

function constraintsAdmit(request: AdmissionRequest, world: World, evaluate: EvaluateConstraint): Admission {
  const excluded = isExcluded(request, world);
  if (excluded.value === 'yes') return yes();
  const templates = templatesOf(world);
  const verdicts = kindsOfGroup(world, CONSTRAINTS).flatMap((kind) => {
    const { objects, unknowns } = listed(world, kind, null, `which constraints of kind ${kind} there are`);
    const open = unknowns.length > 0 ? [depends<Refusal>(unknowns)] : [];
    return [...open, ...objects.map((constraint) => constraintAdmits(constraint, templates, request, world, evaluate))];
  });
  const all = allOf(verdicts);
  return excluded.value === 'no' || all.value === 'yes'
    ? all
    : depends([...excluded.unknowns, ...all.unknowns], null, all.evidence);
}

/** Whether a Config excludes the namespace. Depends where Configs were not read. */
function isExcluded(
  request: AdmissionRequest,
  world: World,
): { value: 'yes' | 'no' | 'depends'; unknowns: readonly Unknown[] } {
  const { objects, unknowns } = listed(
    world,
    'Config.config.gatekeeper.sh',
    null,
    'which namespaces Gatekeeper leaves alone',
  );
  const { kind, name } = request;
  const config = world.list('Config.config.gatekeeper.sh').filter((each) => each.name === 'config');
  const look = (namespace: string): boolean | string => {
    return understoodOr(
      () => config.some(({ raw }) => excludes(raw, namespace)),
      (error) => error.message,
    );
  };
  const isNamespace = kind.group === '' && kind.kind === 'Namespace';
  const found =
    config.length > 0 && (isNamespace ? look(name) : askNamespace(request, world, 'a Config excludes', look));
  if (found === true) return { value: 'yes', unknowns };
  if (found !== false)
    return { value: 'depends', unknowns: [...unknowns, broken('Config', 'config', new Malformed(found))] };
  return { value: unknowns.length > 0 && objects.length === 0 ? 'depends' : 'no', unknowns };
}

const CONSTRAINTS = 'constraints.gatekeeper.sh';
const OWN_ACCOUNT = 'system:serviceaccount:gatekeeper-system:gatekeeper-admin';
