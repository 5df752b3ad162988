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
  find: (container) =>
    container.facts.mounts
      .filter(({ device }) => device)
      .map(({ volume }) => {
        const claim = container.pod.volumes.find(({ name }) => name === volume)?.detail || volume;
        const unknown = {
          what: `what disk is behind claim ${claim}`,
          why: 'PersistentVolumes are not read',
          affects: 'its raw access',
        } as const;
        return opening(
          'node data',
          `claim ${claim} as a block device: the raw disk`,
          depends([{ kind: 'unmodelled', ...unknown }], 'no', ['if it is one of the node’s own']),
          isRoot(container),
        );
      }),
};
