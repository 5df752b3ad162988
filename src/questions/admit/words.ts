import type { Refusal } from '../../admission/layer.ts';
import { enforcedIn, podSecurity } from '../../admission/pod-security/layer.ts';
import { nameSubject } from '../../answer/words.ts';
import type { World } from '../../world/world.ts';

/**
 * What the first of the layers that refuse says, as the server prints it behind `is forbidden: `: it asks no further.
 */
export function refusalWords(refusals: readonly Refusal[], namespace: string, world: World): string {
  const [first] = refusals;
  if (!first) return 'refused';
  const same = refusals.filter(({ layer }) => layer === first.layer);
  if (first.layer === podSecurity.id && first.by !== null) return violationWords(enforcedIn(namespace, world), same);
  const { by, reason, detail } = first;
  if (by === null || IN_THE_SERVERS_WORDS.has(first.layer)) return detail;
  return `${nameSubject(by)} refuses it: ${reason}${detail === '' || detail === reason ? '' : ` (${detail})`}`;
}

/**
 * `violates PodSecurity "baseline:latest": host namespaces (hostPID=true), privileged (…)`. Mirrors
 * pod-security-admission admission/admission.go.
 */
export const violationWords = (enforced: string, violations: readonly { reason: string; detail: string }[]): string =>
  `violates PodSecurity "${enforced}": ${violations.map(({ reason, detail }) => `${reason} (${detail})`).join(', ')}`;

/** Layers whose details are whole sentences of the server. */
const IN_THE_SERVERS_WORDS: ReadonlySet<string> = new Set(['policies', 'quota', 'namespace-lifecycle']);
