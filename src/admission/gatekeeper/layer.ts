import type { Unknown } from '../../answer/unknown.ts';
import { and, depends, no, yes } from '../../answer/verdict.ts';
import { get } from '../../world/needs.ts';
import type { Manifest } from '../../world/objects.ts';
import { labelSelector } from '../../world/reduce/metadata.ts';
import { child, isRaw, Malformed } from '../../world/reduce/raw.ts';
import { unreadable, type World } from '../../world/world.ts';
import { type IsEnforced, whereEnforced } from '../enforced.ts';
import { avoiding } from '../escape.ts';
import type { Admission, Layer, Refusal } from '../layer.ts';
import { kindsOfGroup, listed } from '../listed.ts';
import type { AdmissionRequest } from '../request.ts';
import { denies, excludes } from './enforcement.ts';
import { isMatch } from './match.ts';
import { recognise } from './psp/index.ts';
import { NotUnderstood, type PspKind, subjectOf, type Violation } from './psp/kind.ts';
import { featuresOf, readTemplate, type Template } from './template.ts';

/** Decides over a constraint in code that is not understood by its kind: CEL, for instance. Null where it cannot. */
export type EvaluateConstraint = (template: Manifest, constraint: Manifest, request: AdmissionRequest, world: World) => Admission | null;

/**
 * OPA Gatekeeper's constraints on what is written. Understood are the kinds of its library that stand for PodSecurityPolicy, where the template looks
 * like the library's, and whatever `evaluate` understands; another that denies and matches is an `opaque` unknown with its name. A constraint
 * whose kind has no template does nothing. Where nobody asks Gatekeeper (`isEnforced`), it refuses nothing. That it expands workloads to the pods
 * that they will make, and changes pods by mutators, is not followed.
 * Mirrors gatekeeper pkg/webhook/policy.go.
 */
export const gatekeeper = (isEnforced: IsEnforced, evaluate: EvaluateConstraint = () => null): Layer => ({
  id: 'gatekeeper',
  admits: (request, world) => {
    if (request.user.name === OWN_ACCOUNT) return yes();
    const reviewed = request.operation === 'DELETE' ? { ...request, object: request.oldObject } : request;
    const verdict = judge(reviewed, world, evaluate);
    return verdict.value === 'yes' ? verdict : whereEnforced(verdict, isEnforced('gatekeeper', request, world));
  },
});

/** Constraints of the world whose kind no template gives a meaning: they refuse nothing. */
export function deadConstraints(world: World): Manifest[] {
  const { found, unknowns } = templatesOf(world);
  if (unknowns.length > 0) return [];
  const kinds = new Set(found.keys());
  return kindsOfGroup(world, CONSTRAINTS)
    .flatMap((kind) => world.list(kind))
    .filter(({ kind }) => !kinds.has(kind));
}

function judge(request: AdmissionRequest, world: World, evaluate: EvaluateConstraint): Admission {
  const excluded = isExcluded(request, world);
  if (excluded.value === 'yes') return yes();
  const templates = templatesOf(world);
  const verdicts = kindsOfGroup(world, CONSTRAINTS).flatMap((kind) => {
    const { objects, unknowns } = listed(world, kind, null, `which constraints of kind ${kind} there are`);
    const open = unknowns.length > 0 ? [depends<Refusal>(unknowns)] : [];
    return [...open, ...objects.map((constraint) => judgeOne(constraint, templates, request, world, evaluate))];
  });
  const all = and(...verdicts);
  return excluded.value === 'no' || all.value === 'yes' ? all : depends([...excluded.unknowns, ...all.unknowns], null, all.evidence);
}

/** `yes`: a Config takes the namespace out. Depends where Configs were not read. */
function isExcluded(
  { namespace, kind, name }: AdmissionRequest,
  world: World,
): { value: 'yes' | 'no' | 'depends'; unknowns: readonly Unknown[] } {
  const { objects, unknowns } = listed(world, 'Config.config.gatekeeper.sh', null, 'which namespaces Gatekeeper leaves alone');
  const where = kind.group === '' && kind.kind === 'Namespace' ? name : namespace;
  const config = world.list('Config.config.gatekeeper.sh').filter((each) => each.name === 'config');
  try {
    if (config.some(({ raw }) => excludes(raw, where))) return { value: 'yes', unknowns };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { value: 'depends', unknowns: [...unknowns, broken('Config', 'config', error)] };
  }
  return { value: unknowns.length > 0 && objects.length === 0 ? 'depends' : 'no', unknowns };
}

interface Templates {
  found: ReadonlyMap<string, { template: Template; kind: PspKind | undefined; manifest: Manifest } | Unknown>;
  unknowns: readonly Unknown[];
}

/** The templates by the kind of their constraints, read once for a world as it is now. */
function templatesOf(world: World): Templates {
  const known = TEMPLATES.get(world);
  if (known?.revision === world.revision) return known.templates;
  const { objects, unknowns } = listed(world, 'ConstraintTemplate.templates.gatekeeper.sh', null, 'what constraints mean');
  const found = new Map(objects.map((manifest) => readEntry(manifest)));
  const templates = { found, unknowns };
  TEMPLATES.set(world, { revision: world.revision, templates });
  return templates;
}

const TEMPLATES = new WeakMap<World, { revision: number; templates: Templates }>();

function readEntry(manifest: Manifest): [string, { template: Template; kind: PspKind | undefined; manifest: Manifest } | Unknown] {
  try {
    const template = readTemplate(manifest);
    return [template.kind, { template, kind: recognise(template), manifest }];
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return [kindName(manifest), broken('ConstraintTemplate', manifest.name, error)];
  }
}

/** The kind that a template names, as far as it is readable. */
function kindName({ raw }: Manifest): string {
  try {
    const { kind } = child(child(child(child(raw, 'spec'), 'crd'), 'spec'), 'names');
    return typeof kind === 'string' ? kind : '';
  } catch (error) {
    if (error instanceof Malformed) return '';
    throw error;
  }
}

function judgeOne(
  constraint: Manifest,
  templates: Templates,
  request: AdmissionRequest,
  world: World,
  evaluate: EvaluateConstraint,
): Admission {
  try {
    if (!denies(constraint.raw)) return yes();
    const matched = isMatch(child(child(constraint.raw, 'spec'), 'match'), request, world.find('namespaces', null, request.namespace));
    if (matched === false) return yes();
    const verdict = evaluateOne(constraint, templates, request, world, evaluate);
    if (matched || verdict.value === 'yes') return verdict;
    const unread = unreadable(
      world,
      get('namespaces', null, request.namespace),
      `whether constraint ${nameOf(constraint)} is about the namespace`,
    );
    return depends([unread, ...verdict.unknowns], null, verdict.evidence);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return depends([opaque(constraint, error.message)]);
  }
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
  if (entry.kind) return evaluateKind(entry.kind, entry.template, constraint, request);
  const verdict = evaluate(entry.manifest, constraint, request, world);
  return (
    verdict ?? depends([opaque(constraint, `${entry.template.engines.join(' and ')} code of ConstraintTemplate ${entry.template.name}`)])
  );
}

function evaluateKind(kind: PspKind, template: Template, constraint: Manifest, request: AdmissionRequest): Admission {
  const features = featuresOf(template);
  if (features.skipsUpdates && request.operation === 'UPDATE') return yes();
  try {
    const found = kind.violations(subjectOf(request, child(child(constraint.raw, 'spec'), 'parameters'), features));
    return found.length === 0 ? yes() : no(...found.map((each) => refusal(constraint, each)));
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    return depends([opaque(constraint, error.message)], 'no');
  }
}

function refusal(constraint: Manifest, { detail, rests }: Violation): Refusal {
  const { kind, name, raw } = constraint;
  const { labelSelector: selector } = child(child(raw, 'spec'), 'match');
  const change = isRaw(selector) ? avoiding(labelSelector(selector)) : undefined;
  const by = { kind, namespace: null, name };
  return { layer: 'gatekeeper', by, check: kind, reason: kind, detail: `[${name}] ${detail}`, rests, ...(change && { escape: change }) };
}

const nameOf = ({ kind, name }: Manifest): string => `${kind}/${name}`;

const opaque = (constraint: Manifest, why: string): Unknown => ({
  kind: 'opaque',
  what: `Gatekeeper constraint ${nameOf(constraint)}`,
  why,
  affects: 'whether the object is admitted',
});

const broken = (kind: string, name: string, error: Malformed): Unknown => ({
  kind: 'unreadable',
  what: `${kind} ${name}`,
  why: error.message,
  affects: 'what Gatekeeper refuses',
});

const CONSTRAINTS = 'constraints.gatekeeper.sh';
const OWN_ACCOUNT = 'system:serviceaccount:gatekeeper-system:gatekeeper-admin';
