import { mergeAll } from '../../../answer/many.ts';
import { ownValue } from '../../../answer/own-value.ts';
import { quantityOf } from '../../../world/quantity.ts';
import { child, children, isRaw, type Raw, text } from '../../../world/raw.ts';
import type { World } from '../../../world/world.ts';
import { containersOf } from '../../request/pod-containers.ts';

/** Whether nothing asks for CPU or memory, which makes the pod's quality of service BestEffort. */
export function hasNoRequests(pod: Raw): boolean {
  const asked = [child(pod, 'spec'), ...containersOf(pod, ['initContainers', 'containers']).map(({ raw }) => raw)];
  return !asked.some((each) =>
    ['requests', 'limits'].some((kind) => ['cpu', 'memory'].some((name) => amountOf(each, kind, name) > 0n)),
  );
}

/**
 * The resources that a quota counts and that some containers do not ask for, each with the names of those containers.
 * Only CPU and memory are looked at, and neither of them where the pod as a whole asks for it. Mirrors
 * podEvaluator.Constraints.
 */
export function missingResources(pod: Raw, counted: readonly string[]): Map<string, string[]> {
  const missing = new Map<string, string[]>();
  if (asksAsAWhole(pod)) return missing;
  for (const name of counted.filter((each) => REQUIRED.has(each)).sort()) {
    const [kind, resource] = fieldOf(name);
    const without = containersOf(pod, ['containers', 'initContainers']).filter(
      ({ raw }) => !asksFor(raw, kind, resource),
    );
    if (without.length > 0) missing.set(name, without.map((each) => each.name).sort());
  }
  return missing;
}

/**
 * What a pod adds to each counted resource: the sum over its containers, or the most that it needs while it starts if
 * that is more. Mirrors component-helpers resource PodRequests.
 */
export function podUsage(pod: Raw, counted: readonly string[]): Map<string, bigint> {
  const usage = new Map<string, bigint>();
  for (const name of counted) {
    if (!isComputed(name)) continue;
    const [kind, resource] = fieldOf(name);
    const amount = totalOf(pod, kind, resource);
    if (amount > 0n) usage.set(name, amount);
  }
  return usage;
}

/**
 * The pod with the values that the namespace's LimitRanges fill in where a container has none. Mirrors
 * plugin/pkg/admission/limitranger.
 */
export function withLimitRanges(pod: Raw, namespace: string, world: World): Raw {
  const items = world.list('LimitRange.', namespace).flatMap(({ raw }) => children(child(raw, 'spec'), 'limits'));
  const defaults = items.filter((each) => each.type === 'Container');
  if (defaults.length === 0) return pod;
  const spec = child(pod, 'spec');
  const fill = (list: string): Raw =>
    list in spec ? { [list]: children(spec, list).map((each) => filled(each, defaults)) } : {};
  return { ...pod, spec: { ...spec, ...fill('containers'), ...fill('initContainers') } };
}

function filled(container: Raw, defaults: readonly Raw[]): Raw {
  const resources = child(container, 'resources');
  const limits = mergeAll([...defaults.map((each) => child(each, 'default')), child(resources, 'limits')]);
  const requests = mergeAll([...defaults.map((each) => child(each, 'defaultRequest')), child(resources, 'requests')]);
  return { ...container, resources: { ...resources, limits, requests } };
}

function totalOf(pod: Raw, kind: string, resource: string): bigint {
  const spec = child(pod, 'spec');
  if (asksFor(spec, kind, resource)) return amountOf(spec, kind, resource);
  let running = 0n;
  let starting = 0n;
  for (const { raw } of containersOf(pod, ['initContainers'])) {
    const amount = amountOf(raw, kind, resource);
    const isSidecar = text(raw, 'restartPolicy') === 'Always';
    if (isSidecar) running += amount;
    starting = max(starting, isSidecar ? running : running + amount);
  }
  for (const { raw } of containersOf(pod, ['containers'])) running += amountOf(raw, kind, resource);
  const overhead = quantityOf(ownValue(child(spec, 'overhead'), resource)) ?? 0n;
  return max(running, starting) + overhead;
}

const max = (left: bigint, right: bigint): bigint => (left > right ? left : right);

/**
 * A limit without a request is also the request. The API's defaults write that into the object, but objects from files
 * may lack it.
 */
function amountOf(holder: Raw, kind: string, resource: string): bigint {
  const resources = child(holder, 'resources');
  const own = quantityOf(ownValue(child(resources, kind), resource));
  return own ?? (kind === 'requests' ? (quantityOf(ownValue(child(resources, 'limits'), resource)) ?? 0n) : 0n);
}

function asksFor(holder: Raw, kind: string, resource: string): boolean {
  const resources = child(holder, 'resources');
  return (
    Object.hasOwn(child(resources, kind), resource) ||
    (kind === 'requests' && Object.hasOwn(child(resources, 'limits'), resource))
  );
}

const asksAsAWhole = (pod: Raw): boolean => {
  const { resources } = child(pod, 'spec');
  return (
    isRaw(resources) &&
    [child(resources, 'requests'), child(resources, 'limits')].some((each) => Object.keys(each).length > 0)
  );
};

/** `limits.cpu` counts limits, `requests.cpu` and plain `cpu` count requests. */
function fieldOf(name: string): [kind: string, resource: string] {
  if (name.startsWith('limits.')) return ['limits', name.slice('limits.'.length)];
  return ['requests', name.startsWith('requests.') ? name.slice('requests.'.length) : name];
}

const isComputed = (name: string): boolean =>
  name.startsWith('limits.') ||
  name.startsWith('requests.') ||
  ['cpu', 'memory', 'ephemeral-storage'].includes(name) ||
  name.startsWith('hugepages-');

const REQUIRED: ReadonlySet<string> = new Set([
  'cpu',
  'memory',
  'requests.cpu',
  'requests.memory',
  'limits.cpu',
  'limits.memory',
]);
