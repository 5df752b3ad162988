import type { TargetRef } from '../answer/refs.ts';
import type { Verdict } from '../answer/verdict.ts';
import type { World } from '../world/world.ts';
import type { AdmissionRequest } from './request/request.ts';

/**
 * One thing that decides over writes after authorization: Pod Security, policies, webhooks, quotas, another engine's
 * constraints.
 */
export interface Layer {
  id: string;
  /**
   * Whether it lets the request through: `yes` admits. A `no` has at least one refusal as evidence; a `depends` says in
   * its unknowns what it hangs on, and leans where there is good reason. Lists of the layer's own objects that were not
   * read are unknowns too. Pure.
   */
  admits: (request: AdmissionRequest, world: World) => Admission;
}

export type Admission = Verdict<Refusal>;

/** Why a layer refuses, in the words that Kubernetes uses where it has some. */
export interface Refusal {
  layer: string;
  /** The object that decides (a policy, a constraint, the Namespace with its labels); null where there is none. */
  by: TargetRef | null;
  /** Id of the check, or name of the rule. */
  check: string;
  /** `privileged`, `hostPath volumes`: short. */
  reason: string;
  /** `container "app" must not set securityContext.privileged=true`. */
  detail: string;
  /**
   * The fields that the refusal rests on, as paths with `*` for any element: `spec.containers[*].image`,
   * `metadata.labels`. Whoever writes the pod may choose those that are not the privilege itself, so that a refusal
   * which rests on them is not the last word.
   */
  rests: readonly string[];
  /**
   * Labels with which the layer would not even look at the object (null: a label to leave out); absent where there are
   * none.
   */
  exemptLabels?: Readonly<Record<string, string | null>>;
}
