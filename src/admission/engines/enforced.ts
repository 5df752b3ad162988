import { not, or, type Verdict } from '../../answer/verdict.ts';
import type { World } from '../../world/world.ts';
import type { Admission } from '../layer.ts';
import type { AdmissionRequest } from '../request/request.ts';

export type Engine = 'kyverno' | 'gatekeeper';

/**
 * Whether the API server calls the engine for a request at all: its webhook is configured, and the rules and selectors
 * match. `no` means that the engine's policies refuse nothing, whatever they say. Webhooks decide this, so it is
 * computed in their folder.
 */
export type IsEnforced = (engine: Engine, request: AdmissionRequest, world: World) => Verdict;

/** The effect of an engine's verdict at the API server: where the engine is not called, everything is admitted. */
export const whereEnforced = (verdict: Admission, enforced: Verdict): Admission =>
  or(not({ ...enforced, evidence: [] }), verdict);
