import type { PodView } from './pod.ts';

/**
 * One check of the Pod Security Standards. Behaviour by policy version is data: the newest entry that is not newer than
 * the policy runs.
 */
export interface Check {
  id: string;
  level: 'baseline' | 'restricted';
  /** In ascending order. The check does not exist before the first of them. */
  versions: readonly { since: `1.${number}`; run: Run }[];
  /** The baseline checks that a restricted check overrides, from its first version on. */
  overrides?: readonly string[];
  /** The fields that it reads, spelled as in `Refusal.rests`. */
  fields: readonly string[];
}

/** Null where there is nothing to object to, and otherwise the reason and the detail in the words of the server. */
export type Run = (pod: PodView) => Objection | null;

export interface Objection {
  reason: string;
  detail: string;
}

/** The paths of fields in containers of every kind: `inContainers('image')`. */
export const inContainers = (...fields: string[]): string[] =>
  fields.flatMap((field) =>
    ['containers', 'initContainers', 'ephemeralContainers'].map((list) => `spec.${list}[*].${field}`),
  );

/** The paths of fields in the security contexts of the pod and of containers of every kind. */
export const inSecurityContexts = (...fields: string[]): string[] =>
  fields.flatMap((field) => [`spec.securityContext.${field}`, ...inContainers(`securityContext.${field}`)]);
