import type { ResourceRequest } from '../../rbac/request.ts';
import type { Version } from '../../world/version.ts';
import { DOORS, PROXY_VERBS, verbsAt } from '../access/doors.ts';

/** A right that matters in an incident, in plain words. Any one of the requests gives it. */
export interface Right {
  /** Completes "its account can". */
  words: string;
  any: readonly Pick<ResourceRequest, 'verb' | 'group' | 'resource' | 'subresource'>[];
  /** Cluster-scoped: RoleBindings don't count. */
  clusterScoped?: true;
}

const RBAC = 'rbac.authorization.k8s.io';
const ADMISSION = 'admissionregistration.k8s.io';

const on = (group: string, resource: string, ...verbs: string[]): Right['any'] => {
  const [name = '', subresource = ''] = resource.split('/');
  return verbs.map((verb) => ({ verb, group, resource: name, subresource }));
};

/** What opens a door into pods for sure on this version. */
const through = (question: string, version: Version | null): Right['any'] =>
  DOORS.filter((door) => door.question === question).flatMap((door) => on('', `pods/${door.subresource}`, ...verbsAt(door, version).sure));

export const EVERYTHING: Right = { words: 'do everything', any: on('*', '*', '*') };

/** Strongest first. */
export const rightsAt = (version: Version | null): readonly Right[] => [
  EVERYTHING,
  {
    words: 'change what roles grant beyond its own rights (bind, escalate)',
    any: [...on(RBAC, 'roles', 'bind', 'escalate'), ...on(RBAC, 'clusterroles', 'bind')],
  },
  {
    words: 'change what cluster roles grant beyond its own rights (escalate)',
    any: on(RBAC, 'clusterroles', 'escalate'),
    clusterScoped: true,
  },
  {
    words: 'impersonate users or groups',
    any: [...on('', 'users', 'impersonate'), ...on('', 'groups', 'impersonate')],
    clusterScoped: true,
  },
  { words: 'impersonate service accounts', any: on('', 'serviceaccounts', 'impersonate') },
  { words: 'request tokens of service accounts', any: on('', 'serviceaccounts/token', 'create') },
  { words: 'read Secrets', any: on('', 'secrets', 'get', 'list', 'watch') },
  { words: 'create pods, and so run as any account there', any: on('', 'pods', 'create') },
  {
    words: 'create or change workloads, and so run as any account there',
    any: [
      ...['deployments', 'statefulsets', 'daemonsets'].flatMap((kind) => on('apps', kind, 'create', 'update', 'patch')),
      ...on('apps', 'replicasets', 'create'),
      ...on('', 'replicationcontrollers', 'create'),
      ...on('batch', 'jobs', 'create'),
      ...on('batch', 'cronjobs', 'create', 'update', 'patch'),
    ],
  },
  { words: 'run commands in pods (exec)', any: through('exec', version) },
  { words: 'attach to pods', any: through('attach', version) },
  { words: 'add ephemeral containers to pods', any: through('debug', version) },
  { words: 'change images of pods', any: on('', 'pods', 'update', 'patch') },
  { words: 'port-forward to pods', any: through('port-forward', version) },
  { words: 'reach kubelets (nodes/proxy)', any: on('', 'nodes/proxy', 'get', 'create'), clusterScoped: true },
  {
    words: 'send HTTP requests to pods or services through the API server',
    any: ['pods/proxy', 'services/proxy'].flatMap((kind) => on('', kind, ...PROXY_VERBS)),
  },
  {
    words: 'write roles or bindings within its own rights',
    any: [...on(RBAC, 'roles', 'create', 'update', 'patch'), ...on(RBAC, 'rolebindings', 'create', 'update', 'patch')],
  },
  {
    words: 'write cluster roles or cluster role bindings within its own rights',
    any: ['clusterroles', 'clusterrolebindings'].flatMap((kind) => on(RBAC, kind, 'create', 'update', 'patch')),
    clusterScoped: true,
  },
  {
    words: 'approve or sign certificates',
    any: [
      ...on('certificates.k8s.io', 'certificatesigningrequests/approval', 'update', 'patch'),
      ...on('certificates.k8s.io', 'certificatesigningrequests/status', 'update', 'patch'),
    ],
    clusterScoped: true,
  },
  {
    words: 'change admission webhooks or policies',
    any: [
      'mutatingwebhookconfigurations',
      'validatingwebhookconfigurations',
      'validatingadmissionpolicies',
      'mutatingadmissionpolicies',
    ].flatMap((kind) => on(ADMISSION, kind, 'create', 'update', 'patch', 'delete')),
    clusterScoped: true,
  },
  {
    words: 'change labels of namespaces, Pod Security among them',
    any: ['namespaces', 'namespaces/status'].flatMap((kind) => on('', kind, 'update', 'patch')),
  },
  { words: 'create PersistentVolumes, hostPath among them', any: on('', 'persistentvolumes', 'create'), clusterScoped: true },
  { words: 'read logs of pods', any: through('logs', version) },
];
