import { depends, yes } from '../../../answer/verdict.ts';
import type { Manifest } from '../../../world/objects.ts';
import { child, children, isRaw, Malformed, type Raw, textMap, texts } from '../../../world/raw.ts';
import { labelSelector } from '../../../world/reduce/metadata.ts';
import { matchesSelector } from '../../../world/selectors.ts';
import { understood } from '../../../world/understood.ts';
import type { World } from '../../../world/world.ts';
import type { Admission } from '../../layer.ts';
import { namespaceOf } from '../../request/reading/ask.ts';
import type { AdmissionRequest } from '../../request/request.ts';

/** Evaluates a ValidatingPolicy; null where it cannot. */
export type EvaluatePolicy = (policy: Manifest, request: AdmissionRequest, world: World) => Admission | null;

/**
 * Whether one of Kyverno's policies in CEL lets a request through. `evaluate` evaluates those that deny and could
 * apply; the rest of these are `opaque`. Policies on pods also count as policies on workloads, since their autogen
 * setting is not read.
 */
export function celPolicyAdmits(
  policy: Manifest,
  request: AdmissionRequest,
  world: World,
  evaluate: EvaluatePolicy,
): Admission {
  const isConcerned = understood(() => couldDeny(policy, request, world));
  if (isConcerned instanceof Malformed) return opaque(policy, isConcerned.message);
  if (!isConcerned) return yes();
  return evaluate(policy, request, world) ?? opaque(policy, 'CEL');
}

/** Whether a policy is active, denies, and could apply to a request. Throws Malformed. */
function couldDeny(policy: Manifest, request: AdmissionRequest, world: World): boolean {
  const spec = child(policy.raw, 'spec');
  const actions = texts(spec, 'validationActions');
  const isActive = child(child(spec, 'evaluation'), 'admission').enabled !== false;
  if (!isActive || (actions.length > 0 && !actions.includes('Deny'))) return false;
  return couldMatch(child(spec, 'matchConstraints'), policy, request, world);
}

/** Whether the rules and selectors could select a request. A selector that cannot be decided could. */
function couldMatch(constraints: Raw, policy: Manifest, request: AdmissionRequest, world: World): boolean {
  if (policy.kind.startsWith('Namespaced') && policy.namespace !== request.namespace) return false;
  const rules = children(constraints, 'resourceRules');
  const namespace = namespaceOf(request, world);
  const object = request.object ?? request.oldObject ?? {};
  return (
    rules.some((rule) => couldBeAbout(rule, request)) &&
    selects(constraints.objectSelector, textMap(child(object, 'metadata'), 'labels')) &&
    (!namespace || selects(constraints.namespaceSelector, namespace.labels))
  );
}

const selects = (selector: unknown, labels: Readonly<Record<string, string>>): boolean =>
  !isRaw(selector) || matchesSelector(labelSelector(selector), labels);

function couldBeAbout(rule: Raw, { operation, resource, subresource, kind }: AdmissionRequest): boolean {
  const has = (field: string, value: string): boolean =>
    texts(rule, field).some((each) => each === '*' || each === value);
  const plural = subresource === '' ? resource.resource : `${resource.resource}/${subresource}`;
  const isNamed = texts(rule, 'resources').some(
    (each) => each === '*' || each === '*/*' || each === plural || each === `*/${subresource}`,
  );
  const isExtended = WORKLOADS.has(kind.kind) && texts(rule, 'resources').includes('pods');
  return has('operations', operation) && ((has('apiGroups', resource.group) && isNamed) || isExtended);
}

const WORKLOADS: ReadonlySet<string> = new Set([
  'DaemonSet',
  'Deployment',
  'Job',
  'StatefulSet',
  'ReplicaSet',
  'ReplicationController',
  'CronJob',
]);

const opaque = ({ kind, namespace, name }: Manifest, why: string): Admission =>
  depends([
    {
      kind: 'opaque',
      what: `Kyverno ${kind} ${namespace === null ? '' : `${namespace}/`}${name}`,
      why,
      affects: 'whether the object is admitted',
    },
  ]);
