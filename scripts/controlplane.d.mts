export type ControlPlaneBinaries = { etcd: string; apiserver: string; controllerManager: string };
export type Missing = { missing: string };
export function controlPlaneBinaries(): Promise<ControlPlaneBinaries | Missing>;
export function kubectlBinary(): Promise<string | Missing>;
