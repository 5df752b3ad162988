import type { Runtime } from '../runtimes/runtime.ts';
import type { Arithmetic } from './arithmetic.ts';
import { containerd } from './containerd.ts';
import { crio } from './cri-o.ts';
import { docker } from './docker.ts';

/** How a runtime computes capabilities. Pure. */
export function arithmeticOf({ family, version }: Runtime): Arithmetic {
  return FAMILIES[family](version);
}

const FAMILIES = { containerd, 'cri-o': crio, docker };
