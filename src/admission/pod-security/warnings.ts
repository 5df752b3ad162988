import { child, isRaw, type Raw } from '../../world/raw.ts';
import { understoodOr } from '../../world/understood.ts';
import { NEWEST } from '../../world/version.ts';
import type { World } from '../../world/world.ts';
import type { AdmissionRequest } from '../request/request.ts';
import { defaultsOf, type PodSecurityDefaults } from './cluster-default.ts';
import { evaluatePod } from './evaluate.ts';
import { levelOf } from './labels.ts';
import { isExempt, labelsOfNamespace } from './layer.ts';
import { formatLevelVersion } from './level.ts';

/**
 * The warnings of the server for a workload whose pods would violate the level of the warn label. The write itself is
 * not refused; the pods are refused later where the level is enforced. There are no warnings where the labels are not
 * known, nor for an object that the server could not decode. Mirrors pod-security-admission admission/admission.go
 * ValidatePodController.
 */
export function warnings(
  request: AdmissionRequest,
  world: World,
  defaults: PodSecurityDefaults = defaultsOf(world),
): string[] {
  return understoodOr(
    () => warned(request, world, defaults),
    () => [],
  );
}

function warned(request: AdmissionRequest, world: World, defaults: PodSecurityDefaults): string[] {
  const { operation, resource, subresource, object, namespace } = request;
  if (subresource !== '' || object === null || (operation !== 'CREATE' && operation !== 'UPDATE')) return [];
  const template = podTemplateOf(resource, object);
  if (!template || isExempt(request, template, world, defaults)) return [];
  const found = labelsOfNamespace(namespace, world);
  if ('unknown' in found) return [];
  const { warn } = levelOf(found.labels, { default: defaults.policy });
  const evaluation = evaluatePod(template, warn.level, warn.version, world.facts.version ?? NEWEST);
  return evaluation.allowed
    ? []
    : [`would violate PodSecurity "${formatLevelVersion(warn)}": ${evaluation.forbiddenDetail()}`];
}

/**
 * The pod template in an object of a built-in workload kind, as `{ metadata, spec }`; null for any other kind, and
 * where there is none. Throws Malformed.
 */
export function podTemplateOf({ group, resource }: { group: string; resource: string }, object: Raw): Raw | null {
  const path = TEMPLATES.get(`${resource}.${group}`);
  if (!path || !isRaw(path.slice(0, -1).reduce(child, object)[path.at(-1) ?? ''])) return null;
  return path.reduce(child, object);
}

const IN_SPEC = ['spec', 'template'];
const TEMPLATES: ReadonlyMap<string, readonly string[]> = new Map([
  ['replicationcontrollers.', IN_SPEC],
  ['podtemplates.', ['template']],
  ['replicasets.apps', IN_SPEC],
  ['deployments.apps', IN_SPEC],
  ['statefulsets.apps', IN_SPEC],
  ['daemonsets.apps', IN_SPEC],
  ['jobs.batch', IN_SPEC],
  ['cronjobs.batch', ['spec', 'jobTemplate', 'spec', 'template']],
]);
