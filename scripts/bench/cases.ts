/** A command line of ours beside one of kubectl that does the least that an answer can cost. */
export interface Case {
  ours: string[];
  kubectl: string[];
  /** In place of that, these lists, raw: each by a process of its own, since kubectl takes one, and all at once, since that is how ours reads them. */
  lists?: readonly string[];
  /** How many times as long as kubectl ours may take; null where it is only to be seen. */
  target: number | null;
  /** How many bytes ours may occupy. */
  memory?: number;
}

export function casesFor({ namespace, name, account }: { namespace: string; name: string; account: string }): Case[] {
  const here = ['-n', namespace];
  return [
    { ours: ['--version'], kubectl: ['version', '--client'], target: null },
    { ours: ['--help'], kubectl: ['version', '--client'], target: 2 },
    {
      ours: ['port-forward', name, ...here, '--direct'],
      kubectl: ['auth', 'can-i', 'create', `pods/${name}`, '--subresource=portforward', ...here],
      target: 2.5,
    },
    { ours: ['who', 'get', 'secrets', ...here], kubectl: ['auth', 'can-i', 'get', 'secrets', ...here], target: null },
    {
      ours: ['who', 'create', 'pods/portforward', '-A'],
      kubectl: ['get', '--raw', '/apis/rbac.authorization.k8s.io/v1/rolebindings'],
      target: 2.5,
      memory: 200e6,
    },
    {
      ours: ['privileged', `sa/${account}`, ...here],
      ...{ kubectl: ['get', '--raw', `(${RIGHTS_AND_GUARDS.length} lists)`], lists: RIGHTS_AND_GUARDS },
      ...{ target: 3, memory: 200e6 },
    },
    {
      ours: ['privileged', '-A'],
      ...{ kubectl: ['get', '--raw', `(${EVERYTHING.length} lists)`], lists: EVERYTHING },
      ...{ target: 5, memory: 200e6 },
    },
    RAW_SOCKETS,
    { ours: ['pod', name, ...here], kubectl: ['get', '--raw', '/apis/rbac.authorization.k8s.io/v1/rolebindings'], target: null },
  ];
}

/** Every pod, each by its containers. kubectl prints them. */
export const RAW_SOCKETS: Case = { ours: ['raw-sockets', '-A'], kubectl: ['get', 'pods', '-A'], target: 0.5, memory: 200e6 };

const of = (root: string, ...resources: string[]): string[] => resources.map((resource) => `${root}/${resource}`);

/** What is read of everybody's rights, and of what stands before pods. */
const RIGHTS_AND_GUARDS = [
  ...of('/apis/rbac.authorization.k8s.io/v1', 'rolebindings', 'roles', 'clusterrolebindings', 'clusterroles'),
  ...of('/api/v1', 'namespaces', 'resourcequotas', 'nodes', 'namespaces/kube-system/pods?labelSelector=component%3Dkube-apiserver'),
  ...['validating', 'mutating'].flatMap((kind) =>
    of(
      '/apis/admissionregistration.k8s.io/v1',
      ...[`${kind}admissionpolicies`, `${kind}admissionpolicybindings`, `${kind}webhookconfigurations`],
    ),
  ),
];
/** What there is that can be changed, besides. */
const EVERYTHING = [
  ...RIGHTS_AND_GUARDS,
  ...of('/api/v1', 'pods', 'replicationcontrollers'),
  ...of('/apis/apps/v1', 'deployments', 'statefulsets', 'daemonsets', 'replicasets'),
  ...of('/apis/batch/v1', 'cronjobs'),
];
