import { not, or, type Verdict } from '../../answer/verdict.ts';
import type { World } from '../../world/world.ts';
import type { Admission } from '../layer.ts';
import type { AdmissionRequest } from '../request/request.ts';

export type Engine = 'kyverno' | 'gatekeeper';

/**
 * Whether the API server asks the engine about a request at all: its webhook is configured, and its rules and selectors
 * match. `no`: the engine's policies refuse nothing, whatever they say. Judged where webhooks are.
 */
export type IsEnforced = (engine: Engine, request: AdmissionRequest, world: World) => Verdict;

/** What an engine's verdict comes to at the API server: where nobody asks the engine, all is admitted. */
export const whereEnforced = (verdict: Admission, enforced: Verdict): Admission =>
  or(not({ ...enforced, evidence: [] }), verdict);
