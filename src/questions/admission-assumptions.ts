import type { Assumption } from '../admission/assumption.ts';
import { ALLOW_PRIVILEGED_ASSUMPTION, allowPrivileged } from '../admission/built-in/allow-privileged.ts';
import { isNode, NODE_RESTRICTION_ASSUMPTION } from '../admission/built-in/node-restriction.ts';
import { podSecurityPolicyAssumptions } from '../admission/built-in/pod-security-policies.ts';
import { ENGINE_ASSUMPTIONS } from '../admission/engines/assumptions.ts';
import { deadConstraints } from '../admission/engines/gatekeeper/layer.ts';
import { defaultsOf } from '../admission/pod-security/cluster-default.ts';
import type { UserInfo } from '../admission/request/user.ts';
import { INJECTORS } from '../admission/webhooks/known.ts';
import { webhooksOf } from '../admission/webhooks/webhook.ts';
import { apiServers, isPluginOn } from '../world/api-servers.ts';
import { compareVersions, NEWEST, type Version } from '../world/version.ts';
import type { World } from '../world/world.ts';

/**
 * What no cluster shows of its admission, and is taken to be as usual: each row with the answers that rest on it. Code
 * that takes something for granted has its row here; the test of this table has a case for each.
 */
export const ADMISSION_ASSUMPTIONS: readonly Assumption[] = [
  {
    id: 'pod-security-default',
    of: ({ world }) => [defaultsOf(world).assumption].flatMap((assumption) => assumption ?? []),
  },
  { id: 'pod-security-policies', of: ({ world }) => podSecurityPolicyAssumptions(world) },
  {
    id: 'allow-privileged',
    of: ({ world }) => (allowPrivileged(world) === 'unknown' ? [ALLOW_PRIVILEGED_ASSUMPTION] : []),
  },
  { id: 'default-plugins', of: ({ world }) => (apiServers(world).length === 0 ? [PLUGINS_ASSUMPTION] : []) },
  {
    id: 'node-restriction',
    of: ({ world, users }) =>
      isPluginOn(world, 'NodeRestriction') === null && users.some(isNode) ? [NODE_RESTRICTION_ASSUMPTION] : [],
  },
  { id: 'controller-accounts', of: ({ world }) => (readsUsers(world) ? [CONTROLLERS_ASSUMPTION] : []) },
  { id: 'openshift-plugins', of: ({ world }) => (world.list(SCCS).length > 0 ? [OPENSHIFT_ASSUMPTION] : []) },
  { id: 'injectors', of: ({ world }) => injectorsOf(world).map(injects) },
  ...ENGINE_ASSUMPTIONS,
  {
    id: 'manifest-policies',
    of: ({ world }) =>
      compareVersions(world.facts.version ?? NEWEST, MANIFEST_POLICIES) >= 0 ? [MANIFESTS_ASSUMPTION] : [],
  },
];

/** The assumptions that an answer rests on. `users`: whose writes it is about, if it is about some in particular. */
export const admissionAssumptions = (world: World, users: readonly UserInfo[] = []): string[] =>
  ADMISSION_ASSUMPTIONS.flatMap(({ of }) => of({ world, users }));

/** Whether anything may decide by who writes: then it matters as whom controllers do. */
const readsUsers = (world: World): boolean =>
  world
    .kinds()
    .some(
      (kind) =>
        world.list(kind).length > 0 && (DECIDERS.some((each) => kind.startsWith(each)) || kind.endsWith('kyverno.io')),
    );

/** The projects of which a webhook is there that is known to inject, and taken to refuse nothing. */
const injectorsOf = (world: World): string[] =>
  INJECTORS.filter(({ names }) =>
    webhooksOf(world).webhooks.some(({ name, mutating }) => mutating && names.test(name)),
  ).map(({ project }) => project);

const injects = (project: string): string =>
  `the webhook of ${project} adds to pods what the project is for, and refuses none`;

/** KEP-5793: beta, and on, from here. */
const MANIFEST_POLICIES: Version = { major: 1, minor: 37 };
const MANIFESTS_ASSUMPTION =
  'kube-apiserver loads no policies and webhooks from files of its own, which the API does not show';
const PLUGINS_ASSUMPTION =
  'kube-apiserver runs the admission plug-ins that are on by default, and no other that refuses pods';
const CONTROLLERS_ASSUMPTION =
  'controllers write as accounts of their own (--use-service-account-credentials, as every installer sets it)';
const OPENSHIFT_ASSUMPTION =
  "OpenShift's other admission plug-ins change nothing of a pod that its SecurityContextConstraints look at";
const SCCS = 'SecurityContextConstraints.security.openshift.io';
const DECIDERS = [
  'SecurityContextConstraints.',
  'ValidatingAdmissionPolicy.',
  'ValidatingWebhookConfiguration.',
  'MutatingWebhookConfiguration.',
];

/** What looks like a guard and guards nothing. */
export const admissionWarnings = (world: World): string[] => [
  ...[defaultsOf(world).offBecause].flatMap((why) =>
    why === null ? [] : [`Pod Security refuses nothing here: ${why}`],
  ),
  ...deadConstraints(world).map(
    ({ kind, name }) => `constraint ${kind}/${name} has no ConstraintTemplate, and refuses nothing`,
  ),
];
