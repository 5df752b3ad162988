import type { Surroundings } from '../../runtime/environment.ts';
import { surroundingsOf } from '../../runtime/surroundings.ts';
import type { Pod } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';

/** What no cluster shows of its runtimes, and what answers about these pods take for granted of them. */
export function runtimeAssumptions(pods: readonly Pod[], world: World): string[] {
  if (pods.length === 0) return [];
  const places = new Set(pods.map((pod) => surroundingsOf(pod, world)));
  return [
    'runtimes give the capabilities that they give by default: their configuration is on the nodes',
    'the default handler of every runtime is runc or crun',
    ...ASSUMED.filter(({ of }) => [...places].some(of)).map(({ words }) => words),
    ...(world.list('nodes').some(({ osImage }) => osImage.startsWith('Bottlerocket'))
      ? ["Bottlerocket's settings.oci-defaults leave what containerd gives"]
      : []),
  ];
}

/**
 * A no rests on these where a capability is dropped: some that are not known may not look at that, as Sysbox does not.
 */
const ASSUMED: readonly { words: string; of: (place: Surroundings) => boolean }[] = [
  {
    words: 'a handler that is not known here takes away what is dropped',
    of: ({ environments }) => environments.some(({ handler }) => handler.kind === 'unknown'),
  },
  {
    words: 'a runtime that is not known counts capabilities as containerd, CRI-O or docker do today',
    of: ({ environments }) => environments.length > 1 && environments.some(({ runtime }) => runtime.version === null),
  },
];
