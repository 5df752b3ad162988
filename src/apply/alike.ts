import type { ContainerFacts, Pod } from '../world/objects.ts';

/**
 * Whether a pod that runs is what its controller would make of a template, in every field that questions read: a
 * template that is applied again rolls nothing out. Names, nodes and what the kubelet reports are not of the template.
 * Pure.
 */
export const isAlike = (running: Pod, made: Pod): boolean => faceOf(running) === faceOf(made);

const faceOf = ({ serviceAccount, context, containers, volumes }: Pod): string =>
  JSON.stringify([
    serviceAccount,
    sorted(context),
    containers.filter(({ kind }) => kind !== 'ephemeral').map(containerFace),
    volumes.map(sorted),
  ]);

const containerFace = (container: ContainerFacts): unknown => {
  const { status: _, tokenPaths: __, ...own } = container;
  return sorted({ ...own, context: sorted(own.context), mounts: own.mounts.map(sorted) });
};

/** The same object with its fields in one order. */
const sorted = (object: object): unknown =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
