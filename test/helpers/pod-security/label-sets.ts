import type { Labels } from '../../../src/world/objects.ts';

/**
 * A namespace with these labels of Pod Security. What the API would refuse on a namespace is written through
 * namespaces/status, which does not look.
 */
export interface LabelSet {
  namespace: string;
  labels: Labels;
}

const PREFIX = 'pod-security.kubernetes.io/';

let made = 0;

/** `labelled('baseline', 'v1.24')`. */
function labelled(level: string | null, version: string | null = null, more: Labels = {}): LabelSet {
  const name = [level ?? 'none', version ?? 'unsaid', ...Object.values(more)]
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-');
  const labels = {
    ...(level !== null && { [`${PREFIX}enforce`]: level }),
    ...(version !== null && { [`${PREFIX}enforce-version`]: version }),
  };
  made += 1;
  // Some differ only in what a name cannot hold.
  return { namespace: `ps-${made}-${name}`.slice(0, 63).replace(/-+$/, ''), labels: { ...labels, ...more } };
}

const minors = (...minors: number[]): string[] => minors.map((minor) => `v1.${minor}`);

/** Every version in which a check changes, the one before, both ends, and the future. */
export const LABEL_SETS: readonly LabelSet[] = [
  labelled('baseline'),
  labelled('baseline', 'latest'),
  labelled('restricted'),
  labelled('restricted', 'latest'),
  labelled('privileged'),
  labelled(null),
  labelled(null, 'v1.24'),
  ...minors(0, 18, 19, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 99).map((version) =>
    labelled('baseline', version),
  ),
  ...minors(0, 7, 8, 18, 19, 21, 22, 23, 24, 25, 31, 34, 35, 36, 37, 99).map((version) =>
    labelled('restricted', version),
  ),
  // What nobody could write on a namespace, and may be there all the same.
  labelled('Baseline'),
  labelled('', 'v1.24'),
  labelled('strict', 'v1.20'),
  labelled('baseline', '1.24'),
  labelled('baseline', 'v1.024'),
  labelled('restricted', 'v2.0'),
  labelled('baseline', ''),
  labelled(null, 'newest', { [`${PREFIX}warn`]: 'none' }),
  labelled('baseline', 'v1.99999999999999999999'),
  labelled(null, null, { [`${PREFIX}warn`]: 'restricted', [`${PREFIX}audit`]: 'restricted' }),
  labelled('privileged', null, { [`${PREFIX}warn`]: 'baseline', [`${PREFIX}warn-version`]: 'v1.30' }),
];
