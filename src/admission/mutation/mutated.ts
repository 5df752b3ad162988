import type { TargetRef } from '../../answer/refs.ts';
import type { Unknown } from '../../answer/unknown.ts';
import type { Refusal } from '../layer.ts';
import type { AdmissionRequest } from '../request/request.ts';

/** What mutating admission makes of a request. */
export interface Mutated {
  /** What may come out, each a different object; one where all is known. */
  outcomes: readonly [Outcome, ...Outcome[]];
  /** What decides between several outcomes. */
  between: readonly Unknown[];
  /** Those that change it, or may, in a way that is not known. */
  changers: readonly Changer[];
}

export interface Outcome {
  request: AdmissionRequest;
  /** What a mutator itself refuses: it fails, and its failurePolicy says so. */
  refusals: readonly Refusal[];
  /** Who has changed the object. */
  by: readonly Changed[];
}

/** Who changed an object, and how its author might have been spared that. */
export interface Changed {
  by: TargetRef;
  /** The fields that it looked at. */
  rests: readonly string[];
  exemptLabels: Readonly<Record<string, string | null>> | null;
}

/** A mutator that is not evaluated. */
export interface Changer {
  unknown: Unknown;
  /** The fields that it may change, as paths with `*` for any element; null: any field. */
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
