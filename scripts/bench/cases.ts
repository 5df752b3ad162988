/** A command line of ours beside one of kubectl that does the least that an answer can cost. */
export interface Case {
  ours: string[];
  kubectl: string[];
  /** How many times as long as kubectl ours may take; null where it is only to be seen. */
  target: number | null;
  /** How many bytes ours may occupy. */
  memory?: number;
}

export function casesFor({ namespace, name }: { namespace: string; name: string }): Case[] {
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
    { ours: ['pod', name, ...here], kubectl: ['get', '--raw', '/apis/rbac.authorization.k8s.io/v1/rolebindings'], target: null },
  ];
}
