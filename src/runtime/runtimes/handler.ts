/**
 * The kind of sandbox behind the handler of a RuntimeClass. The name is free text in the configuration of each node, so
 * that this is its usual meaning. `native`: containers on the node's kernel; `vm`: containers in a virtual machine;
 * `gvisor`: a kernel in user space; `sysbox`: containers with root in their own user namespace.
 */
export type HandlerKind = 'native' | 'vm' | 'gvisor' | 'sysbox' | 'unknown';

export function handlerKind(handler: string): HandlerKind {
  const name = handler.toLowerCase();
  return KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'unknown';
}

/** The first match counts: `kata-runsc` is not a common name. */
const KINDS: readonly (readonly [RegExp, HandlerKind])[] = [
  [/runsc|gvisor/, 'gvisor'],
  [/kata|firecracker|\bclh\b|cloud-hypervisor|qemu/, 'vm'],
  [/sysbox/, 'sysbox'],
  [/^(runc|crun|youki|nvidia)$|^(nvidia|runc|crun)[-_.]/, 'native'],
];
