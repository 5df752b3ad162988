import { and } from '../answer/verdict.ts';
import type { World } from '../world/world.ts';
import { privilegedAllowed } from './allow-privileged.ts';
import type { Admission, Layer } from './layer.ts';
import { podSecurity } from './pod-security/layer.ts';
import type { AdmissionRequest } from './request.ts';

/** Everything that decides over a write, in the order in which the API server asks. */
export const LAYERS: readonly Layer[] = [privilegedAllowed, podSecurity];

/** Whether a write is admitted: every layer has to let it through. A refusal by one is a refusal, whatever the others do not know. */
export const admits = (request: AdmissionRequest, world: World): Admission => and(...LAYERS.map((layer) => layer.admits(request, world)));
