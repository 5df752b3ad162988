import { podSecurityPolicyNeeds } from '../admission/built-in/pod-security-policies.ts';
import { isEngineKind, knownEngineKinds } from '../admission/engines/kinds.ts';
import { paramNeeds } from '../admission/policies/params.ts';
import { API_SERVER_PODS } from '../world/api-servers.ts';
import { list, listOf, type Need } from '../world/needs.ts';
import type { World } from '../world/world.ts';

/**
 * What has to be read to know how admission decides: upstream's own policies and webhooks, quotas, and the kinds of
 * other engines where discovery, or a file, has them.
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
    ...podSecurityPolicyNeeds(world),
    ...paramNeeds(world),
  ];
}

/** A live server that tells nobody which kinds it has is asked for all of them: those that it has not are not found. */
function engineKinds(world: World): Parameters<typeof listOf>[0][] {
  const { discovery, origin, readAt } = world.facts;
  if (discovery === null && origin === 'live' && readAt !== '') return knownEngineKinds(world);
  return (discovery ?? [])
    .filter((each) => each.verbs.includes('list') && isEngineKind(each))
    .map(({ group, version, resource, kind, namespaced }) => ({
      group,
      version,
      resource,
      kind,
      namespaced,
      pageSize: 500,
    }));
}
