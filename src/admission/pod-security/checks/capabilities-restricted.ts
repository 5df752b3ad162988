import { type Check, inContainers, type Run } from '../check.ts';
import { isWindows } from '../relaxations.ts';
import { containersNamed, joinQuote, sorted } from '../words.ts';

/**
 * Restricted: drop ALL, and add nothing but NET_BIND_SERVICE. Overrides the baseline check of capabilities. Mirrors
 * pod-security-admission policy/check_capabilities_restricted.go.
 */
const since22: Run = ({ containers }) => {
  const keeping = containers.filter(({ drop }) => !drop.includes('ALL')).map(({ name }) => name);
  const adding = containers.filter(({ add }) => add.some(isForbidden));
  if (keeping.length === 0 && adding.length === 0) return null;
  const added = sorted(adding.flatMap(({ add }) => add.filter(isForbidden)));
  const details = [
    ...(keeping.length > 0 ? [`${containersNamed(keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(adding.length > 0
      ? [
          `${containersNamed(adding.map(({ name }) => name))} must not include ${joinQuote(added)} in securityContext.capabilities.add`,
        ]
      : []),
  ];
  return { reason: 'unrestricted capabilities', detail: details.join('; ') };
};

const isForbidden = (capability: string): boolean => capability !== 'NET_BIND_SERVICE';

export const capabilitiesRestricted: Check = {
  id: 'capabilities_restricted',
  level: 'restricted',
  overrides: ['capabilities_baseline'],
  fields: [...inContainers('securityContext.capabilities'), 'spec.os.name'],
  versions: [
    { since: '1.22', run: since22 },
    { since: '1.25', run: (pod) => (isWindows(pod) ? null : since22(pod)) },
  ],
};
