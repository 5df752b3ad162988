import type { AdmissionRequest } from '../../src/admission/request/request.ts';
import type { UserInfo } from '../../src/admission/request/user.ts';
import type { Raw } from '../../src/world/raw.ts';

/** A pod with one container `app`, whose fields are `container`; `spec` and `metadata` on top. */
export const podOf = (container: object = {}, spec: object = {}, metadata: object = {}): Raw => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop', ...metadata },
  spec: { containers: [{ name: 'app', image: 'registry.example/app:1', ...container }], ...spec },
});

/** The creation of a pod in its namespace, or what `more` says. */
export const creating = (object: Raw, more: Partial<AdmissionRequest> = {}): AdmissionRequest => ({
  operation: 'CREATE',
  kind: { group: '', version: 'v1', kind: 'Pod' },
  resource: { group: '', version: 'v1', resource: 'pods' },
  subresource: '',
  namespace: 'shop',
  name: 'web',
  object,
  oldObject: null,
  user: JANE,
  ...more,
});

export const updating = (oldObject: Raw, object: Raw, more: Partial<AdmissionRequest> = {}): AdmissionRequest =>
  creating(object, { operation: 'UPDATE', oldObject, ...more });

export const JANE: UserInfo = { name: 'jane', groups: ['dev', 'system:authenticated'] };

/** What a workload creates, with `template` as its pod. */
export const deploymentOf = (template: Raw): Raw => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { selector: { matchLabels: { app: 'web' } }, template },
});

export const creatingDeployment = (template: Raw): AdmissionRequest =>
  creating(deploymentOf(template), {
    kind: { group: 'apps', version: 'v1', kind: 'Deployment' },
    resource: { group: 'apps', version: 'v1', resource: 'deployments' },
  });

/** `pods` into `Pod`-like objects is what a server does; here a name is enough for shape. */
export const HOSTILE: readonly unknown[] = [
  null,
  0,
  '',
  'text',
  true,
  [],
  [null],
  [[]],
  ['x'],
  {},
  { a: null },
  { __proto__: null, constructor: 1 },
];
