import { type Check, inContainers } from '../check.ts';
import { HOOKS, PROBES } from '../pod.ts';
import { containersNamed, joinQuote, pluralize, sorted } from '../words.ts';

/**
 * Baseline: probes and hooks must not name a host, since the kubelet would connect to it (KEP-4940). Mirrors
 * pod-security-admission policy/check_hostProbesAndhostLifecycle.go.
 */
export const hostProbesAndHostLifecycle: Check = {
  id: 'hostProbesAndHostLifecycle',
  level: 'baseline',
  fields: inContainers(
    ...[...PROBES, ...HOOKS.map((hook) => `lifecycle.${hook}`)].flatMap((handler) => [
      `${handler}.httpGet.host`,
      `${handler}.tcpSocket.host`,
    ]),
  ),
  versions: [
    {
      since: '1.34',
      run: ({ containers }) => {
        const bad = containers.filter(({ hosts }) => hosts.length > 0);
        if (bad.length === 0) return null;
        const names = sorted(bad.map(({ name }) => name));
        const hosts = sorted(bad.flatMap((each) => each.hosts));
        const what = pluralize('probe or lifecycle host', 'probe or lifecycle hosts', hosts.length);
        const uses = `${containersNamed(names)} ${pluralize('uses', 'use', names.length)} ${what}`;
        return { reason: 'probe or lifecycle host', detail: `${uses} ${joinQuote(hosts)}` };
      },
    },
  ],
};
