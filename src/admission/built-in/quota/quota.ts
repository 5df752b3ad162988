import type { Unknown } from '../../../answer/unknown.ts';
import { allOf, depends, no, yes } from '../../../answer/verdict.ts';
import { list } from '../../../world/needs.ts';
import type { Manifest } from '../../../world/objects.ts';
import { formatQuantity, parseQuantity, quantityOf } from '../../../world/quantity.ts';
import { child, Malformed, type Raw } from '../../../world/raw.ts';
import { understoodOr } from '../../../world/understood.ts';
import { unreadable, type World } from '../../../world/world.ts';
import type { Admission, Layer, Refusal } from '../../layer.ts';
import { askNamespace, isNamespaced } from '../../request/reading/ask.ts';
import type { AdmissionRequest } from '../../request/request.ts';
import { matchedScopes } from './scopes.ts';
import { missingResources, podUsage, withLimitRanges } from './usage.ts';

/**
 * ResourceQuotas of the namespace, which limit what is created: how many objects there may be, and how much pods may
 * ask for. A limit of less than one refuses. A quota that is used up refuses until something is deleted, which is a
 * depends that leans to no. The author of a pod may change what it asks for, so that a refusal about that rests on
 * `resources`. LimitRanges only count for the values that they fill in; their limits are not checked. Mirrors apiserver
 * pkg/admission/plugin/resourcequota/controller.go and kubernetes pkg/quota/v1/evaluator/core/pods.go. Updates pass,
 * since they only count where a pod is resized or is given a deadline. Limits that the server's own configuration sets
 * are not visible.
 */
export const quota: Layer = { id: 'quota', admits };

function admits(request: AdmissionRequest, world: World): Admission {
  const { operation, subresource, object } = request;
  if (operation !== 'CREATE' || subresource !== '' || !isNamespaced(request) || object === null) return yes();
  const isWithout = askNamespace(request, world, 'has no quota', hasNone);
  const verdicts = isWithout ? [] : admitsAll(request, object, world);
  const malformed = world.malformed('ResourceQuota.');
  return allOf([...verdicts, ...(malformed.length > 0 ? [depends<Refusal>(malformed, 'yes')] : [])]);
}

const hasNone = (namespace: string, world: World): boolean =>
  world.isRead(list('ResourceQuota.', namespace)) && world.list('ResourceQuota.', namespace).length === 0;

function admitsAll(request: AdmissionRequest, object: Raw, world: World): Admission[] {
  const { namespace } = request;
  const need = list('ResourceQuota.', namespace);
  const unread = world.isRead(need)
    ? []
    : [unreadable(world, need, `whether a quota in namespace ${namespace} is used up`)];
  const verdicts = world.list('ResourceQuota.', namespace).map((each) => admitsOne(each, request, object, world));
  return [...verdicts, ...(unread.length > 0 ? [depends<Refusal>(unread, 'yes')] : [])];
}

function admitsOne(manifest: Manifest, request: AdmissionRequest, object: Raw, world: World): Admission {
  return understoodOr(
    () => {
      const isPod = request.resource.group === '' && request.resource.resource === 'pods';
      const scopes = matchedScopes(child(manifest.raw, 'spec'), isPod ? object : null);
      if (scopes === null) return yes();
      const limits = limitsOf(manifest.raw);
      const counted = countNames(request).map((name): Admission => exceeds(manifest, limits, name, ONE, scopes));
      return allOf([...counted, ...(isPod ? [admitsUsage(manifest, limits, object, world, scopes)] : [])]);
    },
    (error) =>
      depends([
        {
          kind: 'unreadable',
          what: `resourcequota ${request.namespace}/${manifest.name}`,
          why: error.message,
          affects: 'what it limits',
        },
      ]),
  );
}

interface Limits {
  hard: ReadonlyMap<string, Amount>;
  used: ReadonlyMap<string, Amount>;
}

interface Amount {
  value: bigint;
  /** The limit as it is written in the quota. */
  text: string;
}

/**
 * The server uses the limits that the controller wrote to the status. A manifest without a status will be given one.
 */
function limitsOf(raw: Raw): Limits {
  const status = child(raw, 'status');
  const hard = amounts(child(status, 'hard'));
  return {
    hard: hard.size > 0 ? hard : amounts(child(child(raw, 'spec'), 'hard')),
    used: amounts(child(status, 'used')),
  };
}

function amounts(resources: Raw): Map<string, Amount> {
  const found = new Map<string, Amount>();
  for (const [name, written] of Object.entries(resources)) {
    const value = quantityOf(written);
    if (value === null) throw new Malformed(`${name} is not a quantity`);
    found.set(name, { value, text: String(written) });
  }
  return found;
}

/** The names under which a quota counts one more object of this resource. */
function countNames({ resource: { group, resource } }: AdmissionRequest): string[] {
  const generic = `count/${resource}${group === '' ? '' : `.${group}`}`;
  return group === '' && COUNTED_BY_NAME.has(resource) ? [generic, resource] : [generic];
}

function admitsUsage(
  quotaObject: Manifest,
  limits: Limits,
  pod: Raw,
  world: World,
  scopes: readonly string[],
): Admission {
  const filled = withLimitRanges(pod, quotaObject.namespace ?? '', world);
  const missing = missingResources(filled, [...limits.hard.keys()]);
  if (missing.size > 0) {
    const detail = [...missing].map(([name, containers]) => `${name} for: ${containers.join(',')}`).join('; ');
    return no(
      refusal(quotaObject, 'requests', 'requests and limits are required', `must specify ${detail}`, [
        ...RESOURCES,
        ...scopes,
      ]),
    );
  }
  const usage = [...podUsage(filled, [...limits.hard.keys()])];
  return allOf(usage.map(([name, amount]) => exceeds(quotaObject, limits, name, amount, [...RESOURCES, ...scopes])));
}

function exceeds(
  quotaObject: Manifest,
  { hard, used }: Limits,
  name: string,
  requested: bigint,
  rests: readonly string[],
): Admission {
  const limit = hard.get(name);
  if (limit === undefined || requested <= 0n) return yes();
  const now = used.get(name) ?? NOTHING;
  if (now.value + requested <= limit.value) return yes();
  const asked = formatQuantity(requested, limit.text.endsWith('i'));
  const detail = `exceeded quota: ${quotaObject.name}, requested: ${name}=${asked}, used: ${name}=${now.text}, limited: ${name}=${limit.text}`;
  const found = refusal(quotaObject, name, `quota of ${name}`, detail, rests);
  return requested > limit.value ? no(found) : depends([usedUp(quotaObject, name)], 'no', [found]);
}

const usedUp = (quotaObject: Manifest, name: string): Unknown => ({
  kind: 'invisible',
  what: `how much of ${name} is left in namespace ${quotaObject.namespace} by then`,
  why: `quota ${quotaObject.name} is used up now, and what uses it may go away`,
  affects: 'whether the object is created',
});

const refusal = (
  quotaObject: Manifest,
  check: string,
  reason: string,
  detail: string,
  rests: readonly string[],
): Refusal => ({
  layer: 'quota',
  by: { kind: 'ResourceQuota', namespace: quotaObject.namespace, name: quotaObject.name },
  check,
  reason,
  detail,
  rests,
});

const ONE = parseQuantity('1') ?? 1n;
const NOTHING: Amount = { value: 0n, text: '0' };
const RESOURCES = ['spec.containers[*].resources', 'spec.initContainers[*].resources', 'spec.resources'];

/** Core resources that a quota may also name without `count/`. */
const COUNTED_BY_NAME: ReadonlySet<string> = new Set([
  ...[
    'pods',
    'services',
    'replicationcontrollers',
    'resourcequotas',
    'secrets',
    'configmaps',
    'persistentvolumeclaims',
  ],
]);
