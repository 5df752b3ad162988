import type { Unknown } from '../answer/unknown.ts';
import type { HandlerKind } from './runtimes/handler.ts';
import type { Runtime } from './runtimes/runtime.ts';

/** What a container may run in, one of several where it is not known. */
export interface Environment {
  os: 'linux' | 'windows';
  runtime: Runtime;
  handler: Handler;
}

export interface Handler {
  kind: HandlerKind;
  /** As people know it: `handler sandboxed of RuntimeClass untrusted`. */
  words: string;
}

/** Everything that it may be, and why that is not known; one environment and no unknowns where it is. */
export interface Surroundings {
  environments: readonly [Environment, ...Environment[]];
  unknowns: readonly Unknown[];
  /** What to say of it: `containerd 2.2`. */
  words: string;
}
