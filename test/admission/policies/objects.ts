import type { AdmissionRequest } from '../../../src/admission/request/request.ts';
import { identityOf } from '../../../src/rbac/subjects.ts';
import { kindOf } from '../../../src/world/kinds.ts';
import type { Need } from '../../../src/world/needs.ts';
import type { Raw } from '../../../src/world/raw.ts';
import { reduce } from '../../../src/world/reduce/index.ts';
import type { Facts, World } from '../../../src/world/world.ts';
import { cluster, user } from '../../helpers/cluster.ts';

const API = { apiVersion: 'admissionregistration.k8s.io/v1' };
export const PODS = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };

/** A policy on the creation of pods, or what `spec` says. */
export const policy = (name: string, spec: Raw, kind = 'ValidatingAdmissionPolicy'): Raw => ({
  ...{ ...API, kind, metadata: { name } },
  spec: { matchConstraints: { resourceRules: [PODS] }, ...spec },
});

export const binding = (
  name: string,
  policyName: string,
  spec: Raw = {},
  kind = 'ValidatingAdmissionPolicyBinding',
): Raw => ({
  ...{ ...API, kind, metadata: { name } },
  spec: { policyName, validationActions: ['Deny'], ...spec },
});

export const denyIf = (expression: string, more: Raw = {}): Raw => ({
  validations: [{ expression: `!(${expression})`, ...more }],
});

export const webhooks = (name: string, hooks: readonly Raw[], kind = 'ValidatingWebhookConfiguration'): Raw => ({
  ...{ ...API, kind, metadata: { name } },
  webhooks: hooks.map((hook) => ({
    name: 'x.example.com',
    rules: [PODS],
    sideEffects: 'None',
    failurePolicy: 'Fail',
    ...hook,
  })),
});

export const configMap = (namespace: string, name: string, data: Raw, labels: Raw = {}): Raw => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name, labels }, data },
});

/** A world of these objects and namespaces `shop` (env=prod) and `play`, all read but for `refused`. */
export function worldWith(
  objects: readonly Raw[],
  { facts = {}, refused = [] }: { facts?: Partial<Facts>; refused?: readonly Need[] } = {},
): World {
  const builder = cluster(facts).namespace('shop', { env: 'prod' }).namespace('play');
  for (const need of refused) builder.refuse(need);
  for (const raw of objects) {
    const kind = kindOf(String(raw.apiVersion), String(raw.kind));
    if (!kind) throw new Error(`not a kind of the world: ${raw.kind}`);
    const api = {
      group: String(raw.apiVersion).split('/')[0] ?? '',
      version: 'v1',
      kind: String(raw.kind),
      resource: '',
      namespaced: true,
      pageSize: 1,
    };
    builder.with(kind, reduce({ kind, api }, raw));
  }
  return builder.world();
}

export const pod = (spec: Raw = {}, metadata: Raw = {}): Raw => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', ...metadata } },
  spec: { containers: [{ name: 'app', image: 'app' }], ...spec },
});

/** jane creates a pod in shop, unless `more` says otherwise. */
export function request(object: Raw | null = pod(), more: Partial<AdmissionRequest> = {}): AdmissionRequest {
  const { user: name, groups } = identityOf(user('jane'));
  return {
    ...{
      operation: 'CREATE',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
    },
    ...{ subresource: '', namespace: 'shop', name: 'web', object, oldObject: null, user: { name, groups } },
    ...more,
  };
}
