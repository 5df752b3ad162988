import { podTemplateOf } from '../../admission/pod-security/warnings.ts';
import { child, children, isRaw, type Raw, text, textMap } from '../../world/raw.ts';

/**
 * The object that the controller of a workload makes of it, as it is sent to the API server: a ReplicaSet for a
 * Deployment, a Job for a CronJob, a pod for all others; for a StatefulSet the pod of that ordinal. Names that the
 * controller generates are placeholders. Null for what has no controller. Throws Malformed for a workload of another
 * shape. Mirrors kubernetes pkg/controller/controller_utils.go GetPodFromTemplate and what pkg/controller/* add.
 */
export function madeOf(maker: Resource, parent: Raw, ordinal = 0): Raw | null {
  const make = MAKE.get(`${maker.resource}.${maker.group}`);
  const template = make && podTemplateOf(maker, parent);
  return template ? make(parent, template, ordinal) : null;
}

interface Resource {
  group: string;
  resource: string;
}

const MAKE: ReadonlyMap<string, (parent: Raw, template: Raw, ordinal: number) => Raw> = new Map([
  ['deployments.apps', replicaSetOf],
  ['cronjobs.batch', jobOf],
  ['replicasets.apps', (parent, template) => podOf(parent, template)],
  ['replicationcontrollers.', (parent, template) => podOf(parent, template)],
  ['daemonsets.apps', daemonPodOf],
  ['statefulsets.apps', statefulPodOf],
  ['jobs.batch', jobPodOf],
]);

function replicaSetOf(parent: Raw, plain: Raw): Raw {
  const hash = { 'pod-template-hash': HASH };
  const template = withLabels(plain, hash);
  const selector = child(child(parent, 'spec'), 'selector');
  const annotations = { ...inherited(parent), 'deployment.kubernetes.io/revision': '1' };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      ...base(parent),
      name: `${nameOf(parent)}-${HASH}`,
      labels: textMap(child(template, 'metadata'), 'labels'),
      annotations,
    },
    spec: {
      replicas: 1,
      selector: { ...selector, matchLabels: { ...child(selector, 'matchLabels'), ...hash } },
      template,
    },
  };
}

function jobOf(parent: Raw): Raw {
  const template = child(child(parent, 'spec'), 'jobTemplate');
  const { labels, annotations } = child(template, 'metadata');
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...base(parent),
      name: `${nameOf(parent)}-29000000`,
      ...(isRaw(labels) ? { labels } : {}),
      ...(isRaw(annotations) ? { annotations } : {}),
    },
    spec: child(template, 'spec'),
  };
}

function podOf(parent: Raw, plain: Raw, labels: Record<string, string> = {}): Raw {
  const template = withLabels(plain, labels);
  const { labels: own, annotations, finalizers } = child(template, 'metadata');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...base(parent),
      generateName: `${nameOf(parent)}-`,
      ...(own === undefined ? {} : { labels: own }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(finalizers === undefined ? {} : { finalizers }),
    },
    spec: child(template, 'spec'),
  };
}

/** The pod of that ordinal. Volumes that have the name of a claim template are replaced by its claim. */
function statefulPodOf(parent: Raw, template: Raw, ordinal: number): Raw {
  const set = child(parent, 'spec');
  const name = nameOf(parent);
  const pod = `${name}-${ordinal}`;
  const labels = {
    [REVISION]: `${name}-${HASH}`,
    'statefulset.kubernetes.io/pod-name': pod,
    'apps.kubernetes.io/pod-index': String(ordinal),
  };
  const { metadata, spec, ...rest } = podOf(parent, template, labels);
  const claims = children(set, 'volumeClaimTemplates').map((each) => text(child(each, 'metadata'), 'name') ?? '');
  const volumes = [
    ...claims.map((claim) => ({ name: claim, persistentVolumeClaim: { claimName: `${claim}-${pod}` } })),
    ...children(spec as Raw, 'volumes').filter((volume) => !claims.includes(text(volume, 'name') ?? '')),
  ];
  const subdomain = text(set, 'serviceName') ?? '';
  const host = { hostname: pod, ...(subdomain === '' ? {} : { subdomain }) };
  return {
    ...rest,
    metadata: { ...(metadata as Raw), name: pod },
    spec: { ...(spec as Raw), ...host, ...(volumes.length > 0 ? { volumes } : {}) },
  };
}

/** The pod for one node, which it is bound to by affinity; it tolerates the taints of a node in trouble. */
function daemonPodOf(parent: Raw, template: Raw): Raw {
  const { spec, ...pod } = podOf(parent, template, { [REVISION]: HASH, 'pod-template-generation': '1' });
  const own = spec as Raw;
  const tolerations = [
    ...children(own, 'tolerations'),
    ...['not-ready', 'unreachable'].map((taint) => toleration(taint, 'NoExecute')),
    ...[
      'disk-pressure',
      'memory-pressure',
      'pid-pressure',
      'unschedulable',
      ...(own.hostNetwork === true ? ['network-unavailable'] : []),
    ].map((taint) => toleration(taint, 'NoSchedule')),
  ];
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [HASH] }];
  const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] } };
  return { ...pod, spec: { ...own, tolerations, affinity: { ...child(own, 'affinity'), nodeAffinity } } };
}

const toleration = (taint: string, effect: string): Raw => ({
  key: `node.kubernetes.io/${taint}`,
  operator: 'Exists',
  effect,
});

function jobPodOf(parent: Raw, template: Raw): Raw {
  const own = { 'controller-uid': UID, 'job-name': nameOf(parent) };
  const labels = {
    ...own,
    ...Object.fromEntries(Object.entries(own).map(([key, value]) => [`batch.kubernetes.io/${key}`, value])),
  };
  const { metadata, ...pod } = podOf(parent, template, labels);
  const { finalizers } = metadata as Raw;
  return {
    ...pod,
    metadata: { ...(metadata as Raw), finalizers: [...(Array.isArray(finalizers) ? finalizers : []), TRACKING] },
  };
}

function withLabels(template: Raw, labels: Record<string, string>): Raw {
  const metadata = child(template, 'metadata');
  const all = { ...textMap(metadata, 'labels'), ...labels };
  return { ...template, metadata: { ...metadata, ...(Object.keys(all).length > 0 ? { labels: all } : {}) } };
}

/** The namespace and the owner, which every object of a controller has. */
function base(parent: Raw): Raw {
  const { apiVersion, kind } = parent;
  const owner = { apiVersion, kind, name: nameOf(parent), uid: UID, controller: true, blockOwnerDeletion: true };
  const namespace = text(child(parent, 'metadata'), 'namespace');
  return { ...(namespace === null ? {} : { namespace }), ownerReferences: [owner] };
}

/** The annotations that a Deployment hands on to its ReplicaSets: all but kubectl's own. */
function inherited(parent: Raw): Record<string, string> {
  const { [LAST_APPLIED]: _, ...annotations } = textMap(child(parent, 'metadata'), 'annotations');
  return annotations;
}

const nameOf = (object: Raw): string => {
  const metadata = child(object, 'metadata');
  return text(metadata, 'name') || (text(metadata, 'generateName') ?? '').replace(/-$/, '');
};

const HASH = 'xxxxxxxxxx';
const UID = '00000000-0000-0000-0000-000000000000';
const REVISION = 'controller-revision-hash';
const TRACKING = 'batch.kubernetes.io/job-tracking';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
