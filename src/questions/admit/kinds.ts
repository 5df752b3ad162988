import { POD_MAKERS } from '../../spawn/writes/makers.ts';
import builtIn from '../../world/resources.json' with { type: 'json' };

/** A kind whose objects are pods, or have a template of one. */
export interface PodKind {
  group: string;
  version: string;
  resource: string;
  kind: string;
}

/**
 * What an object of a file is to the question. `custom`: perhaps something that makes pods; `unserved`: a kind that
 * makes pods, in a version that is gone.
 */
export type KindClass = { is: 'pods'; kind: PodKind } | { is: 'custom' | 'unserved' | 'other' };

/** Tells the kind of an object by its apiVersion and kind. */
export function classify(apiVersion: string, kind: string): KindClass {
  const slash = apiVersion.indexOf('/');
  const group = apiVersion.slice(0, Math.max(slash, 0));
  const found = POD_KINDS.get(kind);
  if (found && found.group === group)
    return found.version === apiVersion.slice(slash + 1) ? { is: 'pods', kind: found } : { is: 'unserved' };
  if (found && OLD_GROUPS.has(group)) return { is: 'unserved' };
  return { is: BUILT_IN.has(`${group}/${kind}`) ? 'other' : 'custom' };
}

/** Whether objects of a kind of this name may be pods, or make some: those that nothing describes may. */
export const makesPods = (kind: string): boolean => POD_KINDS.has(kind) || !builtIn.some((each) => each.kind === kind);

const POD_KINDS: ReadonlyMap<string, PodKind> = new Map<string, PodKind>([
  ...POD_MAKERS.map(({ group, version, resource, kind }) => [kind, { group, version, resource, kind }] as const),
  ['PodTemplate', { group: '', version: 'v1', resource: 'podtemplates', kind: 'PodTemplate' }],
]);

const BUILT_IN: ReadonlySet<string> = new Set(builtIn.map(({ group, kind }) => `${group}/${kind}`));

/** The API group in which some workloads were until Kubernetes 1.16. */
const OLD_GROUPS: ReadonlySet<string> = new Set(['extensions']);
