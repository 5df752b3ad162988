import type { Truth } from '../../../src/answer/verdict.ts';
import type { Labels, Rule } from '../../../src/world/objects.ts';

/** Somebody who holds these rights in a namespace of their own, and what they can make of them. */
export interface Attack {
  why: string;
  labels: Labels;
  /** By a RoleBinding in the namespace. */
  inside: readonly Rule[];
  /** By a ClusterRoleBinding. */
  everywhere: readonly Rule[];
  /** What is there already. */
  objects: (namespace: string) => object[];
  /** Done by the administrator once the objects are there. */
  prepare: readonly string[];
  /**
   * The verdict of each way that the answer has about the namespace, or about none; all that are not named must not be
   * there.
   */
  expected: Readonly<Record<string, Truth>>;
}

export const attack = (why: string, expected: Attack['expected'], more: Partial<Attack>): Attack => ({
  ...{ why, expected, labels: {}, inside: [], everywhere: [], objects: () => [], prepare: [] },
  ...more,
});

export const enforce = (level: string): Labels => ({ 'pod-security.kubernetes.io/enforce': level });
