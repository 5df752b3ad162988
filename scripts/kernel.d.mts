import type { Missing } from './controlplane.mjs';
export type KernelTools = { runc: string; probe: string };
export function kernelTools(): Promise<KernelTools | Missing>;
