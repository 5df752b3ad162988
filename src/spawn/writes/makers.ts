import { withFields } from '../../admission/request/reading/reader.ts';
import type { AdmissionRequest, GroupVersionKind } from '../../admission/request/request.ts';
import type { UserInfo } from '../../admission/request/user.ts';
import { ALL_ACCOUNTS, AUTHENTICATED, accountsOf, accountUser } from '../../rbac/subjects.ts';
import type { Labels } from '../../world/objects.ts';
import type { Raw } from '../../world/raw.ts';
import { PROBE_NAME } from '../probes/probes.ts';

/** A built-in kind that pods are made of: the pod itself, or a workload with a controller. */
export interface PodMaker {
  group: string;
  version: string;
  resource: string;
  kind: string;
  /**
   * The controller that makes the next object of it; null for the pod itself. Admission sees its account as the author.
   */
  controller: string | null;
  /** The resource that the controller makes of it, which is that of another maker. */
  makes: string | null;
  /** The spec around a pod's template. */
  spec: (template: Raw, labels: Labels) => Raw;
  /** What happens when the template of an existing object is changed. A job's template is immutable. */
  rollsOut: 'yes' | 'new pods only' | 'immutable';
}

const maker = (
  gvk: [group: string, resource: string, kind: string],
  [controller, makes]: [string | null, string | null],
  rollsOut: PodMaker['rollsOut'],
  spec: PodMaker['spec'],
): PodMaker => ({ group: gvk[0], version: 'v1', resource: gvk[1], kind: gvk[2], controller, makes, rollsOut, spec });

const selecting = (template: Raw, labels: Labels): Raw => ({
  replicas: 1,
  selector: { matchLabels: labels },
  template,
});

/**
 * All makers, the pod itself first. PodTemplates are left out, since nothing runs them; so is `scale`, which only
 * multiplies existing pods. Source: kubernetes cmd/kube-controller-manager/app, pkg/controller/*.
 */
export const POD_MAKERS: readonly [PodMaker, ...PodMaker[]] = [
  maker(['', 'pods', 'Pod'], [null, null], 'immutable', ({ spec }) => spec as Raw),
  maker(['apps', 'deployments', 'Deployment'], ['deployment-controller', 'replicasets'], 'yes', selecting),
  maker(['apps', 'statefulsets', 'StatefulSet'], ['statefulset-controller', 'pods'], 'yes', (template, labels) => ({
    ...selecting(template, labels),
    serviceName: PROBE_NAME,
  })),
  maker(['apps', 'daemonsets', 'DaemonSet'], ['daemon-set-controller', 'pods'], 'yes', (template, labels) => ({
    selector: { matchLabels: labels },
    template,
  })),
  maker(['apps', 'replicasets', 'ReplicaSet'], ['replicaset-controller', 'pods'], 'new pods only', selecting),
  maker(
    ['', 'replicationcontrollers', 'ReplicationController'],
    ['replication-controller', 'pods'],
    'new pods only',
    (template, labels) => ({
      replicas: 1,
      selector: labels,
      template,
    }),
  ),
  maker(['batch', 'jobs', 'Job'], ['job-controller', 'pods'], 'immutable', (template) => ({
    template: once(template),
  })),
  maker(['batch', 'cronjobs', 'CronJob'], ['cronjob-controller', 'jobs'], 'yes', (template) => ({
    schedule: '* * * * *',
    jobTemplate: { spec: { template: once(template) } },
  })),
];

/** The template of a job, whose restart policy may not be Always, which is the default. */
const once = (template: Raw): Raw => ({ ...template, spec: { restartPolicy: 'Never', ...(template.spec as Raw) } });

/** The maker of a kind, such as `Deployment`, whatever its group; undefined if pods are not made of it. */
export const makerByKind = (kind: string): PodMaker | undefined => POD_MAKERS.find((each) => each.kind === kind);

/** The maker of a resource, such as `deployments`, whatever its group; undefined if pods are not made of it. */
export const makerOf = (resource: string): PodMaker | undefined =>
  POD_MAKERS.find((each) => each.resource === resource);

/**
 * The writes that lead from an object of a maker to its pod, with their authors: admission decides about each of them.
 */
export function writesOf(first: PodMaker, pod: Raw, namespace: string, author: UserInfo): AdmissionRequest[] {
  const writes: AdmissionRequest[] = [];
  let user = author;
  for (let each: PodMaker | undefined = first; each; each = each.makes === null ? undefined : makerOf(each.makes)) {
    writes.push(createOf(each, pod, namespace, user));
    if (each.controller !== null) user = controllerUser(each.controller);
  }
  return writes;
}

/** The user of a built-in controller under --use-service-account-credentials, which every distribution sets. */
export function controllerUser(controller: string): UserInfo {
  return {
    name: accountUser('kube-system', controller),
    groups: [ALL_ACCOUNTS, accountsOf('kube-system'), AUTHENTICATED],
  };
}

/** The manifest of a maker with the pod as its template. */
export function manifestOf({ group, version, kind, spec }: PodMaker, pod: Raw, name: string = PROBE_NAME): Raw {
  const metadata = pod.metadata as Raw & { labels?: Labels };
  const apiVersion = group === '' ? version : `${group}/${version}`;
  if (kind === 'Pod') return { apiVersion, kind, metadata: withFields(metadata, { name }), spec: pod.spec };
  const labels = { app: PROBE_NAME, ...metadata.labels };
  return {
    apiVersion,
    kind,
    metadata: withFields(metadata, { name, labels }),
    spec: spec({ metadata: { labels }, spec: pod.spec }, { app: PROBE_NAME }),
  };
}

function createOf(each: PodMaker, pod: Raw, namespace: string, user: UserInfo): AdmissionRequest {
  const { group, version, resource, kind } = each;
  const gvk: GroupVersionKind = { group, version, kind };
  return {
    operation: 'CREATE',
    kind: gvk,
    resource: { group, version, resource },
    subresource: '',
    namespace,
    name: PROBE_NAME,
    object: manifestOf(each, pod),
    oldObject: null,
    user,
  };
}
