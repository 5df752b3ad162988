import { depends } from '../../answer/verdict.ts';
import { opening } from './bounds.ts';
import type { Escape } from './escape.ts';
import { mountedOf, mountsOf } from './mounted.ts';

/**
 * Volumes that are made by others than the pod: what the plugin does, and what is in the image, is theirs. Condition:
 * volumes[].csi, flexVolume, image, mounted. A subPath is none: the kubelets that followed its links (CVE-2017-1002101,
 * CVE-2021-25741) are older
 *            than all that are answered for.
 */
export const VOLUMES: readonly Escape[] = [
  {
    id: 'csi-inline',
    title: 'inline CSI volume',
    windows: true,
    find: (container) =>
      mountedOf('csi', mountsOf(container)).map(({ volume: { detail } }) =>
        opening(
          'help',
          `CSI volume of ${detail}: its driver, as root on the node, acts on what the pod says`,
          plugin(detail),
        ),
      ),
  },
  {
    id: 'flexvolume',
    title: 'FlexVolume',
    windows: true,
    find: (container) =>
      mountedOf('flexVolume', mountsOf(container)).map(({ volume: { detail } }) =>
        opening(
          'help',
          `FlexVolume of ${detail}: its program, as root on the node, acts on what the pod says`,
          plugin(detail),
        ),
      ),
  },
  {
    id: 'image-volume',
    title: 'image volume',
    windows: true,
    find: (container) =>
      mountedOf('image', mountsOf(container)).map(({ volume: { detail } }) =>
        opening('help', `image ${detail} is mounted: files that others made`),
      ),
  },
];

const plugin = (driver: string) =>
  depends<string>([
    {
      kind: 'opaque',
      what: `driver ${driver}`,
      why: 'its code is on the node',
      affects: 'what volumes of it do there',
    },
  ]);
