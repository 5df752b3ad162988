import type { TargetRef } from '../answer/refs.ts';
import type { Verdict } from '../answer/verdict.ts';
import type { World } from '../world/world.ts';
import type { AdmissionRequest } from './request/request.ts';

/**
 * One part of the API server that decides about writes after authorization: Pod Security, policies, webhooks, quotas,
 * or the constraints of another engine.
 */
export interface Layer {
  id: string;
  /**
   * Whether the layer admits the request. A `no` has at least one refusal as evidence; a `depends` names in its
   * unknowns what decides, and leans where there is good reason. Lists of the layer's own objects that were not read
   * are unknowns too. Pure.
   */
  admits: (request: AdmissionRequest, world: World) => Admission;
}

export type Admission = Verdict<Refusal>;

/** Why a layer refuses, in the words of Kubernetes where it has some. */
export interface Refusal {
  layer: string;
  /** The object that refuses (a policy, a constraint, the Namespace with its labels); null where there is none. */
  by: TargetRef | null;
  /** The id of the check, or the name of the rule. */
  check: string;
  /** A short reason: `privileged`, `hostPath volumes`. */
  reason: string;
  /** The full reason: `container "app" must not set securityContext.privileged=true`. */
  detail: string;
  /**
   * The fields that the refusal rests on, as paths with `*` for any element: `spec.containers[*].image`,
   * `metadata.labels`. The author of the pod may choose those that are not the privilege itself, so that a refusal
   * which rests on them is not final.
   */
  rests: readonly string[];
  /**
   * Labels with which the layer would not even look at the object (null: a label to leave out); absent where there are
   * none.
   */
  exemptLabels?: Readonly<Record<string, string | null>>;
}
