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

/** The writes that lead to a pod, one after the other, and what becomes of each. */
export interface Chain {
  admission: Admission;
  writes: readonly (WriteDecision & { request: AdmissionRequest })[];
}

/**
 * Judges each write on what became of the one before it: of a Deployment that a policy has changed the controller makes
 * other pods than of the one that was sent. Where several outcomes of a write are possible, what follows is judged for
 * the first; whether they differ says the write itself.
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

/** The same request for what is made of an object that was changed; as it is where nothing was. */
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

/** The pods that may come out, as they are stored, each with who has changed it. */
export const podsOf = ({ writes }: Chain): { spec: Raw; by: readonly Changed[] }[] => {
  const earlier = writes.slice(0, -1).flatMap(({ results }) => results[0].by);
  const last = writes.at(-1);
  return (last?.results ?? []).flatMap(({ request: { object }, by }) =>
    object === null ? [] : [{ spec: child(object, 'spec'), by: [...earlier, ...by] }],
  );
};
