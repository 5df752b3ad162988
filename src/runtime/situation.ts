import type { Sets } from './capabilities/arithmetic.ts';
import type { Settings } from './container.ts';
import type { Environment } from './environment.ts';

/**
 * Whether a process of a container has a capability: by itself, only by starting a setuid-root or file-capability
 * program, or not at all.
 */
export type Reach = 'yes' | 'via-binary' | 'no' | 'unknown';

/** The facts on which the rows of the decision table decide. */
export interface Situation {
  capability: string;
  settings: Settings;
  environment: Environment;
  sets: Sets;
  source: string | null;
}
