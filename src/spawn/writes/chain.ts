import type { Admission } from '../../admission/layer.ts';
import { decideWrite, type WriteDecision } from '../../admission/layers.ts';
import type { Changed } from '../../admission/mutation/mutated.ts';
import { defaultPod } from '../../admission/request/defaults/pod.ts';
import { changed } from '../../admission/request/reading/reader.ts';
import type { AdmissionRequest } from '../../admission/request/request.ts';
import { allOf } from '../../answer/verdict.ts';
import { child, type Raw } from '../../world/raw.ts';
import { NEWEST } from '../../world/version.ts';
import type { World } from '../../world/world.ts';
import { madeOf } from './controllers.ts';

/** The writes that lead to a pod, in order, each with what admission decides and makes of it. */
export interface Chain {
  admission: Admission;
  writes: readonly (WriteDecision & { request: AdmissionRequest })[];
}

/**
 * Evaluates writes in order, each on the result of the one before it: a controller makes other pods of a Deployment
 * that a policy has changed than of the one that was sent. If a write has several possible results, the writes after it
 * are evaluated on the first one; the unknowns of the write (`between`) say what decides between them. Pure.
 */
export function evaluateWrites(requests: readonly AdmissionRequest[], world: World): Chain {
  const writes: (WriteDecision & { request: AdmissionRequest })[] = [];
  for (const request of requests) {
    const before = writes.at(-1);
    const next = before ? following(request, before, world) : request;
    writes.push({ ...decideWrite(next, world), request: next });
  }
  return { admission: allOf(writes.map(({ admission }) => admission)), writes };
}

/**
 * The request with what the controller makes of the object as admission changed it, or as it is if nothing was changed.
 */
function following(
  request: AdmissionRequest,
  { request: sent, results: [result] }: WriteDecision & { request: AdmissionRequest },
  world: World,
): AdmissionRequest {
  if (result.request === sent || result.request.object === null) return request;
  const made = madeOf(sent.resource, result.request.object);
  if (made === null) return request;
  const isPod = request.resource.group === '' && request.resource.resource === 'pods';
  return changed(request, { object: isPod ? defaultPod(made, world.facts.version ?? NEWEST) : made });
}

/** The specs of the pods that may be stored at the end, each with all that changed it or the objects before it. */
export const podsOf = ({ writes }: Chain): { spec: Raw; by: readonly Changed[] }[] => {
  const earlier = writes.slice(0, -1).flatMap(({ results }) => results[0].by);
  const last = writes.at(-1);
  return (last?.results ?? []).flatMap(({ request: { object }, by }) =>
    object === null ? [] : [{ spec: child(object, 'spec'), by: [...earlier, ...by] }],
  );
};
