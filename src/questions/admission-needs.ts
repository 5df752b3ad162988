import { API_SERVER_PODS } from '../admission/api-server.ts';
import { list, listOf, type Need } from '../world/needs.ts';
import type { ApiResource } from '../world/resources.ts';
import type { World } from '../world/world.ts';

/**
 * What has to be read to know how admission decides: upstream's own policies and webhooks, quotas, and the kinds of other engines where discovery, or
 * a file, has them.
 */
export function admissionNeeds(world: World): Need[] {
  return [
    list('ValidatingAdmissionPolicy.admissionregistration.k8s.io'),
    list('ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io'),
    list('MutatingAdmissionPolicy.admissionregistration.k8s.io'),
    list('MutatingAdmissionPolicyBinding.admissionregistration.k8s.io'),
    list('ValidatingWebhookConfiguration.admissionregistration.k8s.io'),
    list('MutatingWebhookConfiguration.admissionregistration.k8s.io'),
    list('ResourceQuota.'),
    API_SERVER_PODS,
    list('nodes'),
    ...engineKinds(world).map((kind) => listOf(kind)),
  ];
}

function engineKinds({ facts }: World): Parameters<typeof listOf>[0][] {
  return (facts.discovery ?? [])
    .filter(isOfEngine)
    .map(({ group, version, resource, kind, namespaced }) => ({ group, version, resource, kind, namespaced, pageSize: 500 }));
}

const isOfEngine = ({ group, kind, verbs }: ApiResource): boolean => verbs.includes('list') && (ENGINES.get(group)?.(kind) ?? false);

const ENGINES: ReadonlyMap<string, (kind: string) => boolean> = new Map<string, (kind: string) => boolean>([
  ['security.openshift.io', (kind) => kind === 'SecurityContextConstraints'],
  ['kyverno.io', (kind) => ['ClusterPolicy', 'Policy', 'PolicyException'].includes(kind)],
  ['policies.kyverno.io', (kind) => kind.endsWith('Policy') || kind === 'PolicyException'],
  ['templates.gatekeeper.sh', (kind) => kind === 'ConstraintTemplate'],
  ['constraints.gatekeeper.sh', () => true],
  ['config.gatekeeper.sh', (kind) => kind === 'Config'],
]);
