import type { Sets } from './capabilities/arithmetic.ts';
import type { Settings } from './container.ts';
import type { Environment } from './environment.ts';

/**
 * Whether a process of a container has a capability: itself, only by starting a setuid-root or file-capability program,
 * or not.
 */
export type Reach = 'yes' | 'via-binary' | 'no' | 'unknown';

/** What the rows of the decision table look at. */
export interface Situation {
  capability: string;
  settings: Settings;
  environment: Environment;
  sets: Sets;
  source: string | null;
}
