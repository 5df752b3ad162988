/**
 * What stands behind a RuntimeClass's handler. The name is free text in the configuration of each node: what it usually
 * means. `native`: containers of the kernel; `vm`: the same in a guest of its own; `gvisor`: a kernel in user space;
 * `sysbox`: containers that are root in a user namespace of their own.
 */
export type HandlerKind = 'native' | 'vm' | 'gvisor' | 'sysbox' | 'unknown';

export function handlerKind(handler: string): HandlerKind {
  const name = handler.toLowerCase();
  return KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'unknown';
}

/** In order: `kata-runsc` is a name of nothing. */
const KINDS: readonly (readonly [RegExp, HandlerKind])[] = [
  [/runsc|gvisor/, 'gvisor'],
  [/kata|firecracker|\bclh\b|cloud-hypervisor|qemu/, 'vm'],
  [/sysbox/, 'sysbox'],
  [/^(runc|crun|youki|nvidia)$|^(nvidia|runc|crun)[-_.]/, 'native'],
];
