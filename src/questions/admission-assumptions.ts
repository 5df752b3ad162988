import { ALLOW_PRIVILEGED_ASSUMPTION, allowPrivileged } from '../admission/allow-privileged.ts';
import { deadConstraints } from '../admission/gatekeeper/layer.ts';
import { KYVERNO_ASSUMPTION } from '../admission/kyverno/layer.ts';
import { defaultsOf } from '../admission/pod-security/cluster-default.ts';
import { podSecurityPolicyAssumptions } from '../admission/pod-security-policies.ts';
import { compareVersions, NEWEST, type Version } from '../world/version.ts';
import type { World } from '../world/world.ts';

/** What no cluster shows of its admission, and is taken to be as usual. */
export const admissionAssumptions = (world: World): string[] => [
  ...[defaultsOf(world).assumption].flatMap((assumption) => assumption ?? []),
  ...podSecurityPolicyAssumptions(world),
  ...(allowPrivileged(world) === 'unknown' ? [ALLOW_PRIVILEGED_ASSUMPTION] : []),
  ...(world.kinds().some((kind) => kind.endsWith('kyverno.io')) ? [KYVERNO_ASSUMPTION] : []),
  ...(compareVersions(world.facts.version ?? NEWEST, MANIFEST_POLICIES) >= 0 ? [MANIFESTS_ASSUMPTION] : []),
];

/** KEP-5793: beta, and on, from here. */
const MANIFEST_POLICIES: Version = { major: 1, minor: 37 };
const MANIFESTS_ASSUMPTION = 'kube-apiserver loads no policies and webhooks from files of its own, which the API does not show';

/** What looks like a guard and guards nothing. */
export const admissionWarnings = (world: World): string[] => [
  ...[defaultsOf(world).offBecause].flatMap((why) => (why === null ? [] : [`Pod Security refuses nothing here: ${why}`])),
  ...deadConstraints(world).map(({ kind, name }) => `constraint ${kind}/${name} has no ConstraintTemplate, and refuses nothing`),
];
