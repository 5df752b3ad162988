import type { Unknown } from '../../answer/unknown.ts';
import { depends, yes } from '../../answer/verdict.ts';
import { isPluginOn } from '../../world/api-servers.ts';
import { groupKind, type Kind } from '../../world/kinds.ts';
import { listOf, type Need } from '../../world/needs.ts';
import { compareVersions, formatVersion, type Version } from '../../world/version.ts';
import type { World } from '../../world/world.ts';
import type { Layer } from '../layer.ts';
import type { AdmissionRequest } from '../request/request.ts';

/**
 * PodSecurityPolicies, which Kubernetes had until 1.24. Which policy fits a pod, and what it changes in the pod, is not
 * computed here. The plug-in is off by default, and it is assumed to be off where there is no such object, unless a
 * server shows that it is on. Mirrors kubernetes 1.24 plugin/pkg/admission/security/podsecuritypolicy.
 */
export const podSecurityPolicies: Layer = {
  id: 'pod-security-policies',
  admits(request, world) {
    if (!isLookedAt(request) || !mayBeThere(world.facts.version)) return yes();
    const isOn = isPluginOn(world, 'PodSecurityPolicy');
    const number = world.list(NAME).length;
    return isOn === false || (isOn === null && number === 0) ? yes() : depends([unmodelled(number)]);
  },
};

/** The list of the policies, for servers of a version that may have some. */
export const podSecurityPolicyNeeds = ({ facts: { version } }: World): Need[] =>
  version !== null && mayBeThere(version) ? [listOf(KIND)] : [];

/** The sentences about what is assumed where no server shows its plug-ins and there are no policies. */
export const podSecurityPolicyAssumptions = (world: World): string[] => {
  const { version } = world.facts;
  return version !== null &&
    mayBeThere(version) &&
    world.list(NAME).length === 0 &&
    isPluginOn(world, 'PodSecurityPolicy') === null
    ? [
        `the admission plug-in PodSecurityPolicy, which Kubernetes ${formatVersion(version)} still has, is off, as by default`,
      ]
    : [];
};

function isLookedAt({ operation, resource, subresource, object }: AdmissionRequest): boolean {
  const isWrite = operation === 'CREATE' || operation === 'UPDATE';
  return (
    isWrite && object !== null && resource.group === '' && resource.resource === 'pods' && WITH_A_POD.has(subresource)
  );
}

const mayBeThere = (version: Version | null): boolean => version === null || compareVersions(version, REMOVED) < 0;

const unmodelled = (number: number): Unknown => ({
  kind: 'unmodelled',
  what: `${number} PodSecurityPolic${number === 1 ? 'y' : 'ies'}`,
  why: 'which one fits a pod, and what it changes in it, is not computed here',
  affects: 'whether it is admitted',
});

const KIND: Kind = {
  ...{ group: 'policy', version: 'v1beta1', resource: 'podsecuritypolicies', kind: 'PodSecurityPolicy' },
  ...{ namespaced: false, pageSize: 500 },
};
const NAME = groupKind(KIND);
const REMOVED: Version = { major: 1, minor: 25 };
const WITH_A_POD: ReadonlySet<string> = new Set(['', 'ephemeralcontainers']);
