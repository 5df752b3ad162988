import type { Labels, Namespace } from '../../world/objects.ts';
import type { Groups, Range, RunAsUser, Scc } from './scc.ts';

/** The values that OpenShift assigns to a namespace, for what an SCC leaves open. */
export interface Allotted {
  uids: Range | null;
  groups: readonly Range[];
  level: string | null;
}

/**
 * The values in the annotations of a namespace; undefined where the namespace was not read. Invalid values count as
 * missing.
 */
export function allottedTo(namespace: Namespace | undefined): Allotted | undefined {
  if (!namespace) return undefined;
  const uids = annotation(namespace.annotations, UIDS);
  const groups = annotation(namespace.annotations, GROUPS) ?? uids;
  const blocks = groups === null ? [] : groups.split(',').map(parseBlock);
  return {
    uids: uids === null ? null : parseBlock(uids),
    groups: blocks.every((each) => each !== null) ? blocks : [],
    level: annotation(namespace.annotations, LEVEL),
  };
}

/**
 * The SCC with those values filled in, and the annotations that are missing for it. Mirrors sccmatching/matcher.go
 * CreateProviderFromConstraint.
 */
export function resolve(scc: Scc, allotted: Allotted): { scc: Scc; missing: readonly string[] } {
  const missing = new Set<string>();
  const { uids, groups, level } = allotted;
  const runAsUser = needsUids(scc.runAsUser)
    ? uids
      ? { ...scc.runAsUser, ...uids }
      : lacking(missing, UIDS, scc.runAsUser)
    : scc.runAsUser;
  const [first] = groups;
  const fsGroup = needsGroups(scc.fsGroup)
    ? first
      ? { ...scc.fsGroup, ranges: [{ min: first.min, max: first.min }] }
      : lacking(missing, UIDS, scc.fsGroup)
    : scc.fsGroup;
  const supplementalGroups = needsGroups(scc.supplementalGroups)
    ? first
      ? { ...scc.supplementalGroups, ranges: groups }
      : lacking(missing, UIDS, scc.supplementalGroups)
    : scc.supplementalGroups;
  const seLinux = needsLevel(scc)
    ? level === null
      ? lacking(missing, LEVEL, scc.seLinux)
      : { ...scc.seLinux, options: { ...scc.seLinux.options, level } }
    : scc.seLinux;
  return { scc: { ...scc, runAsUser, fsGroup, supplementalGroups, seLinux }, missing: [...missing] };
}

/** Whether the SCC takes values from the namespace. */
export const isOpen = (scc: Scc): boolean =>
  needsUids(scc.runAsUser) || needsGroups(scc.fsGroup) || needsGroups(scc.supplementalGroups) || needsLevel(scc);

const needsUids = ({ type, min, max }: RunAsUser): boolean => type === 'MustRunAsRange' && min === null && max === null;
const needsGroups = ({ type, ranges }: Groups): boolean => type === 'MustRunAs' && ranges.length === 0;
const needsLevel = ({ seLinux }: Scc): boolean => seLinux.type === 'MustRunAs' && seLinux.options.level === '';

function lacking<T>(missing: Set<string>, name: string, value: T): T {
  missing.add(name);
  return value;
}

const annotation = (annotations: Labels | undefined, name: string): string | null =>
  (annotations && Object.hasOwn(annotations, name) && annotations[name]) || null;

/**
 * Parses a range of ids: `1000/50` is 1000 to 1049, and so is `1000-1049`. Mirrors openshift/library-go
 * pkg/security/uid ParseBlock.
 */
function parseBlock(text: string): Range | null {
  const match = /^(\d{1,10})([/-])(\d{1,10})$/.exec(text.trim());
  if (!match) return null;
  const [start, second] = [Number(match[1]), Number(match[3])];
  const max = match[2] === '/' ? start + second - 1 : second;
  return max >= start ? { min: start, max } : null;
}

const UIDS = 'openshift.io/sa.scc.uid-range';
const GROUPS = 'openshift.io/sa.scc.supplemental-groups';
const LEVEL = 'openshift.io/sa.scc.mcs';
