import type { PodView } from './pod.ts';

/**
 * One check of the Pod Security Standards. Behaviour by policy version is data: the newest entry that is not newer than
 * the policy runs.
 */
export interface Check {
  id: string;
  level: 'baseline' | 'restricted';
  /** In rising order. Before the first the check does not exist. */
  versions: readonly { since: `1.${number}`; run: Run }[];
  /** The baseline checks that a restricted one takes the place of, from its first version on. */
  overrides?: readonly string[];
  /** The fields that it reads, as `Refusal.rests` spells them. */
  fields: readonly string[];
}

/** Null: nothing to object to. Else the reason and the detail, in the words that the server prints. */
export type Run = (pod: PodView) => Objection | null;

export interface Objection {
  reason: string;
  detail: string;
}

/** The field of the containers of every kind: `inContainers('image')`. */
export const inContainers = (...fields: string[]): string[] =>
  fields.flatMap((field) =>
    ['containers', 'initContainers', 'ephemeralContainers'].map((list) => `spec.${list}[*].${field}`),
  );

/** A field of the security context of the pod and of the containers of every kind. */
export const inSecurityContexts = (...fields: string[]): string[] =>
  fields.flatMap((field) => [`spec.securityContext.${field}`, ...inContainers(`securityContext.${field}`)]);
