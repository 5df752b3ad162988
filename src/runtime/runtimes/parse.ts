import type { Family, Runtime } from './runtime.ts';

/**
 * The runtimes that a node's `status.nodeInfo.containerRuntimeVersion` can mean: one where it is understood, else all
 * possible ones. The text is the result of the CRI's Version call, `containerd://1.6.20~ds1`, and may have any suffix
 * of a distribution.
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

/** Versions of CRI-O before and after each change in how it computes capabilities. */
const ANY_CRIO: readonly Runtime[] = [17, 21, 24].map((minor) => ({ family: 'cri-o', version: { major: 1, minor } }));

/**
 * The runtimes that a node may have where its own is not known: current versions, since no supported kubelet works with
 * older ones.
 */
export const ANY: readonly Runtime[] = [
  { family: 'containerd', version: null },
  { family: 'cri-o', version: null },
  { family: 'docker', version: null },
];
