import { child, isRaw, type Raw } from '../../src/world/raw.ts';

/**
 * An object without what no question could want to know: bookkeeping of the server, and defaults that allow and forbid
 * nothing.
 */
export function prune(raw: Raw): Raw {
  const { apiVersion, kind, metadata: _, spec, status, ...rest } = raw;
  return {
    apiVersion,
    kind,
    metadata: Object.fromEntries(
      Object.entries(child(raw, 'metadata')).filter(([key, value]) => !BOOKKEEPING.has(key) && value !== null),
    ),
    ...rest,
    ...(spec === undefined ? {} : { spec: withoutDefaults(spec) }),
    ...(status === undefined || !HAS_STATUS.has(String(raw.kind)) ? {} : { status: withoutDefaults(status) }),
  };
}

function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((each) => !isDefaultToleration(each)).map(withoutDefaults);
  if (!isRaw(value)) return value;
  const kept = Object.entries(value).filter(
    ([key, each]) => !UNREAD.has(key) && DEFAULTS[key] !== JSON.stringify(each),
  );
  return Object.fromEntries(
    kept.flatMap(([key, each]) =>
      key === 'tolerations' && isEmpty(withoutDefaults(each)) ? [] : [[key, withoutDefaults(each)]],
    ),
  );
}

const isDefaultToleration = (each: unknown): boolean => isRaw(each) && each.tolerationSeconds === 300;

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const HAS_STATUS = new Set(['Pod', 'Node', 'Namespace']);

const BOOKKEEPING = new Set(['resourceVersion', 'generation']);

const UNREAD = new Set([
  ...[
    'revisionHistoryLimit',
    'progressDeadlineSeconds',
    'strategy',
    'updateStrategy',
    'podManagementPolicy',
    'persistentVolumeClaimRetentionPolicy',
  ],
  ...[
    'internalTrafficPolicy',
    'externalTrafficPolicy',
    'sessionAffinity',
    'ipFamilies',
    'ipFamilyPolicy',
    'clusterIPs',
    'podCIDRs',
    'finalizers',
  ],
  ...[
    'backoffLimit',
    'completionMode',
    'completions',
    'parallelism',
    'podReplacementPolicy',
    'concurrencyPolicy',
    'suspend',
  ],
  ...[
    'failedJobsHistoryLimit',
    'successfulJobsHistoryLimit',
    'imagePullPolicy',
    'serviceAccount',
    'observedGeneration',
  ],
]);

/** As JSON. */
const DEFAULTS: Readonly<Record<string, string>> = {
  creationTimestamp: 'null',
  defaultMode: '420',
  dnsPolicy: '"ClusterFirst"',
  enableServiceLinks: 'true',
  imageID: '""',
  lastState: '{}',
  preemptionPolicy: '"PreemptLowerPriority"',
  priority: '0',
  resources: '{}',
  schedulerName: '"default-scheduler"',
  securityContext: '{}',
  terminationGracePeriodSeconds: '30',
  terminationMessagePath: '"/dev/termination-log"',
  terminationMessagePolicy: '"File"',
};
