/** A command line of ours beside one of kubectl that does the least that an answer can cost. */
export interface Case {
  ours: string[];
  kubectl: string[];
  /**
   * In place of that, these lists, raw: each by a process of its own, since kubectl takes one, and all at once, since
   * that is how ours reads them.
   */
  lists?: readonly string[];
  /** How many times as long as kubectl ours may take; null where it is only to be seen. */
  target: number | null;
  /** How many bytes ours may occupy. */
  memory?: number;
  /** How many bytes ours may print. */
  printed?: number;
}

type Asked = { namespace: string; name: string; account: string };

/** What it costs to start, and to ask where little has to be read. */
export function smallCases({ namespace, name }: Asked): Case[] {
  const here = ['-n', namespace];
  const canI = ['auth', 'can-i', 'create', `pods/${name}`, '--subresource=portforward', ...here];
  return [
    { ours: ['--version'], kubectl: ['version', '--client'], target: null },
    { ours: ['--help'], kubectl: ['version', '--client'], target: 0.8 },
    { ours: ['port-forward', name, ...here, '--direct'], kubectl: canI, target: 2 },
    { ours: ['port-forward', name, ...here], kubectl: canI, target: 3 },
  ];
}

/** What is asked of the cluster of a big company. */
export function companyCases({ namespace, name, account }: Asked): Case[] {
  const here = ['-n', namespace];
  return [
    {
      ours: ['port-forward', name, ...here, '--direct'],
      kubectl: ['auth', 'can-i', 'create', `pods/${name}`, '--subresource=portforward', ...here],
      target: 2.5,
    },
    {
      ours: ['port-forward', name, ...here],
      ...{ kubectl: ['get', '--raw', `(${EVERYTHING.length} lists)`], lists: EVERYTHING },
      target: 1.5,
    },
    {
      ours: ['who', 'get', 'secrets', ...here, '--direct'],
      kubectl: ['auth', 'can-i', 'get', 'secrets', ...here],
      target: null,
    },
    {
      ours: ['who', 'create', 'pods/portforward', '-A', '--direct'],
      kubectl: RAW_LIST,
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
    {
      ours: ['privileged', '-A', '-o', 'json'],
      ...{ kubectl: ['get', '--raw', `(${EVERYTHING.length} lists)`], lists: EVERYTHING },
      ...{ target: null, memory: 250e6, printed: 20e6 },
    },
    {
      ours: [`sa/${account}`, ...here],
      ...{ kubectl: ['get', '--raw', `(${EVERYTHING.length} lists)`], lists: EVERYTHING },
      target: 3,
    },
    {
      ours: ['reach', 'cluster-admin', '-o', 'json'],
      ...{ kubectl: ['get', '--raw', `(${EVERYTHING.length} lists)`], lists: EVERYTHING },
      ...{ target: null, memory: 400e6 },
    },
    RAW_SOCKETS,
    { ours: ['pod', name, ...here], kubectl: RAW_LIST, target: null },
  ];
}

/** What is asked of the cluster in which many hold the right. */
export function crowdCases({ namespace, name }: Asked): Case[] {
  const here = ['-n', namespace];
  const who = ['who', 'create', 'pods/portforward', '-A', '--direct'];
  const canI = ['auth', 'can-i', 'create', `pods/${name}`, '--subresource=portforward', ...here];
  return [
    { ours: ['port-forward', name, ...here, '--direct'], kubectl: canI, target: 2.5, memory: 100e6 },
    { ours: who, kubectl: RAW_LIST, target: 2.5, memory: 150e6 },
    { ours: [...who, '-o', 'json'], kubectl: RAW_LIST, target: 3.5, memory: 200e6 },
    { ours: ['privileged', '-A'], kubectl: RAW_LIST, target: 10, memory: 250e6 },
  ];
}

/** The longest of the lists that are read of everybody's rights. */
const RAW_LIST = ['get', '--raw', '/apis/rbac.authorization.k8s.io/v1/rolebindings'];

/** Every pod, each by its containers. kubectl prints them. */
export const RAW_SOCKETS: Case = {
  ours: ['raw-sockets', '-A'],
  kubectl: ['get', 'pods', '-A'],
  target: 0.5,
  memory: 200e6,
};

const of = (root: string, ...resources: string[]): string[] => resources.map((resource) => `${root}/${resource}`);

/** What is read of everybody's rights, and of what stands before pods. */
const RIGHTS_AND_GUARDS = [
  ...of('/apis/rbac.authorization.k8s.io/v1', 'rolebindings', 'roles', 'clusterrolebindings', 'clusterroles'),
  ...of(
    '/api/v1',
    'namespaces',
    'resourcequotas',
    'nodes',
    'namespaces/kube-system/pods?labelSelector=component%3Dkube-apiserver',
  ),
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
