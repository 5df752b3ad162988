import { depends } from '../../answer/verdict.ts';
import { isRoot, opening } from './bounds.ts';
import type { Escape } from './escape.ts';

/**
 * A claim that is mounted as a raw disk.
 * Condition: containers[].volumeDevices; the device cgroup lets it through.
 * Why:       a disk of the node's own (a local volume) holds more than the claim; any other is just the claim.
 */
export const blockVolume: Escape = {
  id: 'block-pvc',
  title: 'block device',
  find: (container, { behind }) =>
    container.facts.mounts
      .filter(({ device }) => device)
      .flatMap(({ volume }) => {
        const claim = container.pod.volumes.find(({ name }) => name === volume)?.detail || volume;
        const found = behind(claim);
        if (found.kind === 'elsewhere' || found.kind === 'path') return [];
        if (found.kind === 'device')
          return opening(
            'node data',
            `claim ${claim} as a block device: the disk ${found.path} of the node, by ${found.through}`,
            isRoot(container),
          );
        return opening(
          'node data',
          `claim ${claim} as a block device: the raw disk`,
          depends([found.unknown], 'no', ["if it is one of the node's own"]),
          isRoot(container),
        );
      }),
};
