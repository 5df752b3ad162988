import type { TargetRef } from '../../answer/refs.ts';
import type { Unknown } from '../../answer/unknown.ts';
import type { Refusal } from '../layer.ts';
import type { AdmissionRequest } from '../request/request.ts';

/** The result of mutating admission for a request. */
export interface Mutated {
  /** The possible results, each a different object; one where everything is known. */
  outcomes: readonly [Outcome, ...Outcome[]];
  /** The unknowns that decide between several outcomes. */
  between: readonly Unknown[];
  /** The mutators that change it, or may, in a way that is not known. */
  changers: readonly Changer[];
}

export interface Outcome {
  request: AdmissionRequest;
  /** Refusals by mutators themselves, which failed and whose failurePolicy refuses. */
  refusals: readonly Refusal[];
  /** The mutators that have changed the object. */
  by: readonly Changed[];
}

/** A mutator that changed an object, and the fields by which its author might have avoided that. */
export interface Changed {
  by: TargetRef;
  /** The fields that the mutator read. */
  rests: readonly string[];
  exemptLabels: Readonly<Record<string, string | null>> | null;
}

/** A mutator that is not evaluated. */
export interface Changer {
  unknown: Unknown;
  /** The fields that it may change, as paths with `*` for any element; null where it may change any field. */
  changes: readonly string[] | null;
  /** Whether it may refuse as well. */
  mayRefuse: boolean;
}

/** A request that nothing changes. */
export const unchanged = (request: AdmissionRequest): Mutated => ({
  outcomes: [{ request, refusals: [], by: [] }],
  between: [],
  changers: [],
});
