import type { Unknown } from '../answer/unknown.ts';
import type { HandlerKind } from './runtimes/handler.ts';
import type { Runtime } from './runtimes/runtime.ts';

/** The environment in which a container may run; there are several where it is not known. */
export interface Environment {
  os: 'linux' | 'windows';
  runtime: Runtime;
  handler: Handler;
}

export interface Handler {
  kind: HandlerKind;
  /** Its name for people: `handler sandboxed of RuntimeClass untrusted`. */
  words: string;
}

/** All possible environments, and the reasons why there are several; a known one is alone and without unknowns. */
export interface Surroundings {
  environments: readonly [Environment, ...Environment[]];
  unknowns: readonly Unknown[];
  /** The runtime in words: `containerd 2.2`. */
  words: string;
}
