import type { Unknown } from '../answer/unknown.ts';
import { allOf, depends, yes } from '../answer/verdict.ts';
import type { GroupKind } from '../world/kinds.ts';
import { oncePerState } from '../world/once.ts';
import { isRaw, type Raw } from '../world/raw.ts';
import type { World } from '../world/world.ts';
import type { Engine } from './engines/enforced.ts';
import { gatekeeper } from './engines/gatekeeper/layer.ts';
import { kyverno } from './engines/kyverno/layer.ts';
import { isEnforced, kyvernoTools } from './engines/tools.ts';
import type { Admission, Refusal } from './layer.ts';
import { policies } from './policies/layer.ts';
import type { AdmissionRequest } from './request/request.ts';
import type { UserInfo } from './request/user.ts';
import { isEngineWebhook } from './webhooks/known.ts';
import { webhooks } from './webhooks/layer.ts';
import { webhooksOf } from './webhooks/webhook.ts';

/** A tunnel or a command that somebody asks for: `create pods/exec` and the like. */
export interface Connect {
  /** The kind of the options, which admission sees as the object: `PodExecOptions`. */
  kind: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
}

/**
 * Whether policies and webhooks let a CONNECT through. Pod Security and quotas never look at one. The caller chooses
 * the options.
 */
export function admitsConnect(
  { kind, resource, subresource, namespace, name }: Connect,
  user: UserInfo,
  world: World,
): Admission {
  const request: AdmissionRequest = {
    operation: 'CONNECT',
    kind: { group: '', version: 'v1', kind },
    resource: { group: '', version: 'v1', resource },
    object: { apiVersion: 'v1', kind, ...OPTIONS.get(kind) },
    oldObject: null,
    ...{ subresource, namespace, name, user },
  };
  return connectMatches(request, world);
}

/**
 * What policies, webhooks and policy engines that match CONNECT say about an exec, attach, port-forward or proxy (of
 * pods, services or nodes). The object of the request is its options (PodExecOptions and the like), which the caller
 * chooses: other options may pass a refusal whose `rests` is not empty. Pure.
 */
export function connectMatches(request: AdmissionRequest, world: World): Admission {
  if (request.operation !== 'CONNECT') return yes();
  return allOf([
    ...[policies, webhooks].map((layer) => layer.admits(request, world)),
    ...ENGINES.map((layer) => saidByEngine(layer.admits(request, world))),
  ]);
}

const ENGINES = [kyverno(kyvernoTools), gatekeeper(isEnforced)];

/**
 * Turns a refusal by an engine's policy into a depends that leans to no. An engine's own configuration leaves out
 * connections more often than anything else (by filters of resources and users, or webhooks by namespace), and engines
 * name connections differently in different versions.
 */
function saidByEngine(admission: Admission): Admission {
  if (admission.value !== 'no') return admission;
  return depends(admission.evidence.map(refusedBy), 'no', admission.evidence);
}

const refusedBy = ({ by, check, detail }: Refusal): Unknown => ({
  kind: 'opaque',
  what: `${by ? `${by.kind} ${by.namespace === null ? '' : `${by.namespace}/`}${by.name}` : 'a policy'}, rule ${check}`,
  why: `it refuses the connection (${detail}), if its engine is asked and runs as it does by default`,
  affects: 'whether the connection is admitted',
});

/** Whether any policy or webhook may look at CONNECTs at all. */
export const guardsConnect = oncePerState(
  (world) =>
    CONNECT_KINDS.some((kind) => world.list(kind).some(({ raw }) => mentions(raw.spec) || mentions(raw.webhooks))) ||
    world.list(POLICIES).some(({ raw }) => isBoundless(raw.spec)),
);

/** The engines whose webhooks are called for CONNECTs, so that their policies decide about them. */
export const connectEngines = (world: World): Engine[] =>
  webhooksOf(world).webhooks.flatMap(({ name, service, mutating, criteria }) => {
    const engine = mutating ? null : isEngineWebhook(name, service);
    const isAsked = criteria.rules?.some(
      ({ operations }) => operations.includes('CONNECT') || operations.includes('*'),
    );
    return engine !== null && isAsked ? [engine] : [];
  });

/** Whether a policy has no rules and therefore looks at everything. No server stores such a policy. */
function isBoundless(spec: unknown): boolean {
  const rules = isRaw(spec) && isRaw(spec.matchConstraints) ? spec.matchConstraints.resourceRules : null;
  return !Array.isArray(rules) || rules.length === 0;
}

const POLICIES = 'ValidatingAdmissionPolicy.admissionregistration.k8s.io';

export const CONNECT_KINDS: readonly GroupKind[] = [
  POLICIES,
  'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io',
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
  'MutatingWebhookConfiguration.admissionregistration.k8s.io',
];

function mentions(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(mentions);
  if (!isRaw(value)) return false;
  return Object.entries(value).some(([key, each]) =>
    key === 'operations' && Array.isArray(each) ? each.includes('CONNECT') || each.includes('*') : mentions(each),
  );
}

/** The options as the usual command sets them. */
const OPTIONS: ReadonlyMap<string, Raw> = new Map([
  ['PodExecOptions', { stdin: true, stdout: true, tty: true, command: ['sh'] }],
  ['PodAttachOptions', { stdin: true, stdout: true, tty: true }],
]);
