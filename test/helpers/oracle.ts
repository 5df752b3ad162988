import type { Request, ResourceRequest } from '../../src/rbac/request.ts';
import type { Identity } from '../../src/rbac/subjects.ts';
import type { ControlPlane } from './control-plane.ts';
import { review } from './staging.ts';

/** What opens a door or is a right: any one of the alternatives, of which every request has to be allowed. */
export type Alternatives = readonly (readonly Request[])[];

export interface Oracle {
  /** Whether the server allows all requests of some alternative. */
  allows(identity: Identity, alternatives: Alternatives): Promise<boolean>;
  /** SubjectAccessReviews made so far. */
  readonly asked: number;
}

/** The server's own word, each question asked once. */
export function oracle(plane: ControlPlane): Oracle {
  const known = new Map<string, Promise<boolean>>();
  const ask = (identity: Identity, request: Request): Promise<boolean> => {
    const key = JSON.stringify([identity, request]);
    const answer = known.get(key) ?? review(plane, identity, request).then(({ allowed }) => allowed);
    known.set(key, answer);
    return answer;
  };
  return {
    async allows(identity, alternatives) {
      const answers = await Promise.all(
        alternatives.map(async (requests) =>
          (await Promise.all(requests.map((request) => ask(identity, request)))).every((allowed) => allowed),
        ),
      );
      return answers.includes(true);
    },
    get asked() {
      return known.size;
    },
  };
}

/** Any one of the verbs on any one of the names. */
export const anyOf = (
  verbs: readonly string[],
  names: readonly string[],
  request: Omit<ResourceRequest, 'verb' | 'name'>,
): Request[][] => verbs.flatMap((verb) => names.map((name) => [{ ...request, verb, name }]));
