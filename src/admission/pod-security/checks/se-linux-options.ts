import { type Check, inSecurityContexts, type Run } from '../check.ts';
import type { Settings } from '../pod.ts';
import { joinQuote, pluralize, settersNamed, sorted } from '../words.ts';

/** Mirrors pod-security-admission policy/check_seLinuxOptions.go. */
const allowing = (types: ReadonlySet<string>): Run => {
  const isBad = ({ seLinux }: Settings): boolean =>
    seLinux !== null && (!types.has(seLinux.type) || seLinux.user !== '' || seLinux.role !== '');
  return (pod) => {
    const containers = pod.containers.filter(isBad);
    const bad = isBad(pod) ? [pod, ...containers] : containers;
    if (bad.length === 0) return null;
    const set = bad.flatMap(({ seLinux }) => (seLinux === null ? [] : [seLinux]));
    const badTypes = sorted(set.map(({ type }) => type).filter((type) => !types.has(type)));
    const data = [
      ...(badTypes.length > 0 ? [`${pluralize('type', 'types', badTypes.length)} ${joinQuote(badTypes)}`] : []),
      ...(set.some(({ user }) => user !== '') ? ['user may not be set'] : []),
      ...(set.some(({ role }) => role !== '') ? ['role may not be set'] : []),
    ];
    const setters = settersNamed(
      isBad(pod),
      containers.map(({ name }) => name),
    );
    return {
      reason: 'seLinuxOptions',
      detail: `${setters} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}`,
    };
  };
};

const FIRST = ['', 'container_t', 'container_init_t', 'container_kvm_t'];

/**
 * Baseline: SELinux has to confine the container as it does by default, with one of the types for containers and
 * without a user or role.
 */
export const seLinuxOptions: Check = {
  id: 'seLinuxOptions',
  level: 'baseline',
  fields: inSecurityContexts('seLinuxOptions'),
  versions: [
    { since: '1.0', run: allowing(new Set(FIRST)) },
    { since: '1.31', run: allowing(new Set([...FIRST, 'container_engine_t'])) },
  ],
};
