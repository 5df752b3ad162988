import type { Policy } from './labels.ts';

export interface ClusterDefault {
  policy: Policy;
  exemptions: { usernames: readonly string[]; namespaces: readonly string[]; runtimeClasses: readonly string[] };
}
