import type { Unknown } from '../../../answer/unknown.ts';
import { depends, noFor, yes } from '../../../answer/verdict.ts';
import { get } from '../../../world/needs.ts';
import type { Manifest } from '../../../world/objects.ts';
import { child, isRaw } from '../../../world/raw.ts';
import { labelSelector } from '../../../world/reduce/metadata.ts';
import { understoodOr } from '../../../world/understood.ts';
import { unreadable, type World } from '../../../world/world.ts';
import { avoiding } from '../../exempt-labels.ts';
import type { Admission, Refusal } from '../../layer.ts';
import { namespaceOf } from '../../request/reading/ask.ts';
import type { AdmissionRequest } from '../../request/request.ts';
import { denies } from './enforcement.ts';
import { isMatch } from './match.ts';
import { type PspKind, subjectOf, Undecidable, type Violation } from './psp/kind.ts';
import type { Features } from './template.ts';
import type { Templates } from './templates.ts';

/**
 * Evaluates a constraint whose kind is not one that we model, for instance one in CEL. Returns null where it cannot.
 */
export type EvaluateConstraint = (
  template: Manifest,
  constraint: Manifest,
  request: AdmissionRequest,
  world: World,
) => Admission | null;

/** Whether one constraint lets a request through. */
export function constraintAdmits(
  constraint: Manifest,
  templates: Templates,
  request: AdmissionRequest,
  world: World,
  evaluate: EvaluateConstraint,
): Admission {
  return understoodOr(
    () => {
      if (!denies(constraint.raw)) return yes();
      const matched = isMatch(
        child(child(constraint.raw, 'spec'), 'match'),
        request,
        namespaceOf(request, world),
        world,
      );
      if (matched === false) return yes();
      const verdict = evaluateOne(constraint, templates, request, world, evaluate);
      if (matched || verdict.value === 'yes') return verdict;
      const unread = unreadable(
        world,
        get('namespaces', null, request.namespace),
        `whether constraint ${nameOf(constraint)} is about the namespace`,
      );
      return depends([unread, ...verdict.unknowns], null, verdict.evidence);
    },
    (error) => depends([opaque(constraint, error.message)]),
  );
}

function evaluateOne(
  constraint: Manifest,
  templates: Templates,
  request: AdmissionRequest,
  world: World,
  evaluate: EvaluateConstraint,
): Admission {
  const entry = templates.found.get(constraint.kind);
  if (!entry) return templates.unknowns.length > 0 ? depends(templates.unknowns) : yes();
  if ('what' in entry) return depends([entry]);
  if (entry.kind) return evaluateKind(entry.kind, entry.features, constraint, request);
  const verdict = evaluate(entry.manifest, constraint, request, world);
  return (
    verdict ??
    depends([
      opaque(constraint, `${entry.template.engines.join(' and ')} code of ConstraintTemplate ${entry.template.name}`),
    ])
  );
}

function evaluateKind(kind: PspKind, features: Features, constraint: Manifest, request: AdmissionRequest): Admission {
  if (features.skipsUpdates && request.operation === 'UPDATE') return yes();
  try {
    const found = kind.violations(subjectOf(request, child(child(constraint.raw, 'spec'), 'parameters'), features));
    return found.length === 0 ? yes() : noFor(found.map((each) => refusal(constraint, each)));
  } catch (error) {
    if (!(error instanceof Undecidable)) throw error;
    return depends([opaque(constraint, error.message)], 'no');
  }
}

function refusal(constraint: Manifest, { detail, rests }: Violation): Refusal {
  const { kind, name, raw } = constraint;
  const { labelSelector: selector } = child(child(raw, 'spec'), 'match');
  const change = isRaw(selector) ? avoiding(labelSelector(selector)) : undefined;
  const by = { kind, namespace: null, name };
  return {
    layer: 'gatekeeper',
    by,
    check: kind,
    reason: kind,
    detail: `[${name}] ${detail}`,
    rests,
    ...(change && { exemptLabels: change }),
  };
}

const nameOf = ({ kind, name }: Manifest): string => `${kind}/${name}`;

const opaque = (constraint: Manifest, why: string): Unknown => ({
  kind: 'opaque',
  what: `Gatekeeper constraint ${nameOf(constraint)}`,
  why,
  affects: 'whether the object is admitted',
});
