import type { Unknown } from '../answer/unknown.ts';
import { get, list } from '../world/needs.ts';
import type { Node, Pod } from '../world/objects.ts';
import { oncePerState } from '../world/once.ts';
import { unreadable, unseen, type World } from '../world/world.ts';
import type { Environment, Handler, Surroundings } from './environment.ts';
import { handlerKind } from './runtimes/handler.ts';
import { ANY, parseRuntime } from './runtimes/parse.ts';
import { type Runtime, runtimeWords } from './runtimes/runtime.ts';

/**
 * Where the containers of a pod run: the runtime of its node, or of the nodes on which it may be scheduled, and the
 * handler of its RuntimeClass. Pods with the same possibilities share one object.
 */
export function surroundingsOf(pod: Pod, world: World): Surroundings {
  const { runtimeClass, os, nodeSelector } = pod.context;
  const known = KNOWN(world);
  const key = JSON.stringify([pod.node, runtimeClass, os, pod.node === null ? nodeSelector : null]);
  const found = known.get(key) ?? compute(pod, world);
  known.set(key, found);
  return found;
}

const KNOWN = oncePerState(() => new Map<string, Surroundings>());

function compute(pod: Pod, world: World): Surroundings {
  const handler = handlerOf(pod, world);
  const { runtimes, unknowns } = runtimesOf(pod, world);
  const [first, ...others] = runtimes.map(
    ({ runtime, os }): Environment => ({ os, runtime, handler: handler.handler }),
  );
  if (!first) throw new Error('a pod that may run nowhere');
  const words = [
    ...new Set(runtimes.map(({ runtime, os }) => (os === 'windows' ? 'Windows' : runtimeWords(runtime)))),
  ].join(' or ');
  return { environments: [first, ...others], unknowns: [...handler.unknowns, ...unknowns], words };
}

interface Place {
  runtime: Runtime;
  os: 'linux' | 'windows';
}

function runtimesOf(pod: Pod, world: World): { runtimes: readonly Place[]; unknowns: Unknown[] } {
  const os = isForWindows(pod) ? 'windows' : 'linux';
  const anything = ANY.map((runtime): Place => ({ runtime, os }));
  if (pod.node === null) return notPlaced(pod, anything, world);
  const node = world.find('nodes', null, pod.node);
  if (node) return { runtimes: placesOn(node, pod), unknowns: isUnderstood(node) ? [] : [unknownRuntime(node)] };
  return {
    runtimes: anything,
    unknowns: [unreadable(world, get('nodes', null, pod.node), 'which runtime runs its containers')],
  };
}

/**
 * A pod without a node may be scheduled on any node that its nodeSelector matches; where there is none now, on one like
 * the others.
 */
function notPlaced(
  { context }: Pod,
  anything: readonly Place[],
  world: World,
): { runtimes: readonly Place[]; unknowns: Unknown[] } {
  const unread = unseen(world, list('nodes'), RUNTIME);
  // A node that was not seen may run anything.
  if (unread.length > 0) return { runtimes: anything, unknowns: unread };
  const all = world.list('nodes');
  const wanted = Object.entries(context.nodeSelector);
  const fitting = all.filter(({ labels }) => wanted.every(([key, value]) => labels[key] === value));
  const chosen = fitting.length > 0 ? fitting : all;
  if (chosen.length > 0) {
    const places = chosen.flatMap((node) => placesOn(node, { context }));
    return { runtimes: distinct(places), unknowns: chosen.filter((node) => !isUnderstood(node)).map(unknownRuntime) };
  }
  const unknown: Unknown = {
    kind: 'invisible',
    what: 'the node that it will run on',
    why: 'there is no node yet',
    affects: RUNTIME,
  };
  return { runtimes: anything, unknowns: [unknown] };
}

const RUNTIME = 'which runtime runs its containers';

const placesOn = (node: Node, { context }: Pick<Pod, 'context'>): Place[] => {
  const os =
    node.operatingSystem === 'windows' || (node.operatingSystem === '' && isForWindows({ context }))
      ? 'windows'
      : 'linux';
  return parseRuntime(node.containerRuntimeVersion).map((runtime) => ({ runtime, os }));
};

const isForWindows = ({ context }: Pick<Pod, 'context'>): boolean =>
  context.os === 'windows' || context.nodeSelector['kubernetes.io/os'] === 'windows';

const isUnderstood = ({ containerRuntimeVersion }: Node): boolean => parseRuntime(containerRuntimeVersion).length === 1;

const unknownRuntime = ({ name, containerRuntimeVersion: text }: Node): Unknown => ({
  kind: 'unmodelled',
  what: `the runtime of node ${name}`,
  why: text === '' ? 'its status does not say it' : `its status says "${text}"`,
  affects: 'which capabilities its containers have by default',
});

const distinct = (places: readonly Place[]): Place[] => [
  ...new Map(places.map((place) => [JSON.stringify(place), place])).values(),
];

const NATIVE: Handler = { kind: 'native', words: 'the default handler' };

function handlerOf(
  { context: { runtimeClass }, ...pod }: Pod,
  world: World,
): { handler: Handler; unknowns: Unknown[] } {
  if (runtimeClass === null) return { handler: NATIVE, unknowns: [] };
  const words = `RuntimeClass ${runtimeClass}`;
  const found = world.find('runtimeclasses', null, runtimeClass);
  if (found)
    return {
      handler: { kind: handlerKind(found.handler), words: `handler ${found.handler} of ${words}` },
      unknowns: [],
    };
  const need = get('runtimeclasses', null, runtimeClass);
  const outcome = world.outcome(need);
  const isAbsent = outcome !== null && (outcome.read || outcome.failure.kind === 'notFound');
  const why = isAbsent
    ? `there is no such RuntimeClass${pod.node === null ? '' : ' any more'}`
    : unreadable(world, need, '').why;
  return {
    handler: { kind: 'unknown', words: isAbsent ? `${words}, which does not exist` : words },
    unknowns: [{ kind: isAbsent ? 'invisible' : 'unreadable', what: words, why, affects: 'what runs its containers' }],
  };
}
