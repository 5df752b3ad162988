import type { Family, Runtime } from './runtime.ts';

/**
 * The runtimes that a node's `status.nodeInfo.containerRuntimeVersion` can mean: one where it is understood, else all
 * that it may be. The text is what the CRI's Version call gave, `containerd://1.6.20~ds1`, and may carry any suffix of
 * a distribution.
 */
export function parseRuntime(text: string): readonly Runtime[] {
  const [, name = '', rest = ''] = /^([a-z-]+):\/\/(.*)$/i.exec(text.trim()) ?? [];
  const family = FAMILIES.find((each) => each === name.toLowerCase());
  if (!family) return ANY;
  const [, major, minor] = /^v?(\d{1,4})\.(\d{1,4})(?!\d)/.exec(rest) ?? [];
  if (major !== undefined && minor !== undefined)
    return [{ family, version: { major: Number(major), minor: Number(minor) } }];
  return family === 'cri-o' ? ANY_CRIO : [{ family, version: null }];
}

const FAMILIES: readonly Family[] = ['containerd', 'cri-o', 'docker'];

/** Before and after each change of what it makes of capabilities. */
const ANY_CRIO: readonly Runtime[] = [17, 21, 24].map((minor) => ({ family: 'cri-o', version: { major: 1, minor } }));

/** What a node may run that no one can name: in today's versions, since no kubelet in support works with older ones. */
export const ANY: readonly Runtime[] = [
  { family: 'containerd', version: null },
  { family: 'cri-o', version: null },
  { family: 'docker', version: null },
];
