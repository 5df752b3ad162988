import type { ResourceRequest } from '../../rbac/request.ts';
import type { Version } from '../../world/version.ts';
import {
  ATTACH,
  EPHEMERAL_CONTAINERS,
  EXEC,
  hasSubresource,
  LOG,
  PORT_FORWARD,
  type PodSubresource,
  PROXY_VERBS,
  verbsAt,
} from '../access/pod-subresources.ts';

/** A right that matters in an incident, in plain words. Any one of the requests gives it. */
export interface Right {
  /** Completes "its account can". What stands in braces gives way to what is held of it, where that is not all. */
  words: string;
  any: readonly Pick<ResourceRequest, 'verb' | 'group' | 'resource' | 'subresource'>[];
  /** Cluster-scoped: RoleBindings don't count. */
  clusterScoped?: true;
  /** How its holder may become somebody else by it, as few words as say it; absent where it makes nobody else. */
  becomes?: string;
  /**
   * Whom its holder becomes by it, if that can be told: accounts that are named, any account of the namespace, or
   * whatever runs in pods.
   */
  reaches?: 'accounts' | 'accounts of the namespace' | 'pods';
}

const RBAC = 'rbac.authorization.k8s.io';
const CERTIFICATES = 'certificates.k8s.io';
const ADMISSION = 'admissionregistration.k8s.io';

const on = (group: string, resource: string, ...verbs: string[]): Right['any'] => {
  const [name = '', subresource = ''] = resource.split('/');
  return verbs.map((verb) => ({ verb, group, resource: name, subresource }));
};

/** The verbs on a subresource of pods that surely open it on this version. */
const through = (way: PodSubresource, version: Version | null): Right['any'] =>
  hasSubresource(way, version) ? on('', `pods/${way.subresource}`, ...verbsAt(way, version).sure) : [];

export const EVERYTHING: Right = { words: 'do everything', any: on('*', '*', '*'), becomes: 'do everything' };

/** What starts pods by itself, once it is created or its template is changed. */
const WORKLOADS = [
  ...['deployments', 'statefulsets', 'daemonsets'].map((kind) => ({ group: 'apps', kind, isChanged: true })),
  ...[
    { group: 'apps', kind: 'replicasets' },
    { group: '', kind: 'replicationcontrollers' },
  ].map((each) => ({ ...each, isChanged: true })),
  { group: 'batch', kind: 'jobs', isChanged: false },
  { group: 'batch', kind: 'cronjobs', isChanged: true },
];

/** Strongest first. */
export const rightsAt = (version: Version | null): readonly Right[] => [
  EVERYTHING,
  {
    words: 'bind {roles or cluster roles} that grant more than it holds (bind)',
    any: [...on(RBAC, 'roles', 'bind'), ...on(RBAC, 'clusterroles', 'bind')],
    becomes: 'bind roles',
  },
  {
    words: 'write roles that grant more than it holds (escalate)',
    any: on(RBAC, 'roles', 'escalate'),
    becomes: 'escalate roles',
  },
  {
    words: 'write cluster roles that grant more than it holds (escalate)',
    any: on(RBAC, 'clusterroles', 'escalate'),
    clusterScoped: true,
    becomes: 'escalate clusterroles',
  },
  {
    words: 'impersonate users',
    any: on('', 'users', 'impersonate'),
    clusterScoped: true,
    becomes: 'impersonate users',
  },
  {
    words: 'impersonate groups',
    any: on('', 'groups', 'impersonate'),
    clusterScoped: true,
    becomes: 'impersonate groups',
  },
  {
    words: 'impersonate service accounts',
    any: on('', 'serviceaccounts', 'impersonate'),
    becomes: 'impersonate serviceaccounts',
    reaches: 'accounts',
  },
  {
    words: 'request tokens of service accounts',
    any: on('', 'serviceaccounts/token', 'create'),
    becomes: 'create serviceaccounts/token',
    reaches: 'accounts',
  },
  { words: 'read everything', any: on('*', '*', 'get', 'list', 'watch') },
  { words: 'create everything', any: on('*', '*', 'create') },
  { words: 'change everything', any: on('*', '*', 'update', 'patch') },
  { words: 'delete everything', any: on('*', '*', 'delete', 'deletecollection') },
  { words: 'read Secrets', any: on('', 'secrets', 'get', 'list', 'watch'), becomes: 'read secrets' },
  {
    // An empty patch and a delete that is a dry run answer with the object.
    words: 'read Secrets by patching or deleting them, since the answer holds the Secret',
    any: on('', 'secrets', 'patch', 'delete', 'deletecollection'),
    becomes: 'read secrets by patch or delete',
  },
  { words: 'create Secrets', any: on('', 'secrets', 'create') },
  {
    words: 'create pods, and so run as any account there',
    any: on('', 'pods', 'create'),
    becomes: 'create pods',
    reaches: 'accounts of the namespace',
  },
  {
    words: 'create {workloads}, and so run as any account there',
    any: WORKLOADS.flatMap(({ group, kind }) => on(group, kind, 'create')),
    becomes: 'create workloads',
    reaches: 'accounts of the namespace',
  },
  {
    words: 'change {workloads}, and so run as any account there',
    any: WORKLOADS.flatMap(({ group, kind, isChanged }) => (isChanged ? on(group, kind, 'update', 'patch') : [])),
    becomes: 'change workloads',
    reaches: 'accounts of the namespace',
  },
  { words: 'run commands in pods (exec)', any: through(EXEC, version), becomes: 'exec into pods', reaches: 'pods' },
  { words: 'attach to pods', any: through(ATTACH, version), becomes: 'attach to pods', reaches: 'pods' },
  {
    words: 'add ephemeral containers to pods',
    any: through(EPHEMERAL_CONTAINERS, version),
    becomes: 'add ephemeral containers to pods',
    reaches: 'pods',
  },
  {
    words: 'change images of pods',
    any: on('', 'pods', 'update', 'patch'),
    becomes: 'change images of pods',
    reaches: 'pods',
  },
  { words: 'port-forward to pods', any: through(PORT_FORWARD, version) },
  {
    words: 'reach kubelets (nodes/proxy)',
    any: on('', 'nodes/proxy', 'get', 'create'),
    clusterScoped: true,
    becomes: 'reach kubelets (nodes/proxy)',
  },
  {
    words: 'send HTTP requests to {pods or services} through the API server',
    any: ['pods/proxy', 'services/proxy'].flatMap((kind) => on('', kind, ...PROXY_VERBS)),
  },
  {
    words: 'write {roles or bindings} within its own rights',
    any: ['roles', 'rolebindings'].flatMap((kind) => on(RBAC, kind, 'create', 'update', 'patch')),
  },
  {
    words: 'write {cluster roles or cluster role bindings} within its own rights',
    any: ['clusterroles', 'clusterrolebindings'].flatMap((kind) => on(RBAC, kind, 'create', 'update', 'patch')),
    clusterScoped: true,
  },
  {
    words: 'approve certificates',
    any: on(CERTIFICATES, 'certificatesigningrequests/approval', 'update', 'patch'),
    clusterScoped: true,
    becomes: 'approve certificates',
  },
  {
    words: 'write certificates',
    any: on(CERTIFICATES, 'certificatesigningrequests/status', 'update', 'patch'),
    clusterScoped: true,
  },
  {
    words: 'change {admission webhooks or policies}',
    any: [
      'mutatingwebhookconfigurations',
      'validatingwebhookconfigurations',
      'validatingadmissionpolicies',
      'validatingadmissionpolicybindings',
      'mutatingadmissionpolicies',
      'mutatingadmissionpolicybindings',
    ].flatMap((kind) => on(ADMISSION, kind, 'create', 'update', 'patch', 'delete')),
    clusterScoped: true,
    becomes: 'change admission',
  },
  {
    words: 'change labels of namespaces, Pod Security among them',
    any: ['namespaces', 'namespaces/status'].flatMap((kind) => on('', kind, 'update', 'patch')),
  },
  {
    words: 'create PersistentVolumes, hostPath among them',
    any: on('', 'persistentvolumes', 'create'),
    clusterScoped: true,
  },
  { words: 'read logs of pods', any: through(LOG, version) },
];
