import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlPlane } from '../../helpers/control-plane.ts';
import { load } from '../../helpers/load.ts';

/** Waits until the server enforces policies: the last that is made refuses a ConfigMap of its name. */
export async function policiesSeen(plane: ControlPlane, name = 'sentinel'): Promise<void> {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const resourceRules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }];
  const validations = [{ expression: `object.metadata.name != '${name}'` }];
  const metadata = { name };
  await load(plane, [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: { matchConstraints: { resourceRules }, validations },
    },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: name, validationActions: ['Deny'] },
    },
  ]);
  const sentinel = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
  for (const deadline = Date.now() + 30_000; ; await sleep(50)) {
    const { status } = await plane.request('POST', '/api/v1/namespaces/default/configmaps?dryRun=All', sentinel);
    if (status === 422) return;
    if (Date.now() > deadline) throw new Error('policies are not enforced');
  }
}
