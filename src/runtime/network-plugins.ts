import type { Workload } from '../world/objects.ts';

/**
 * How a network plug-in connects pods, as far as the name of its DaemonSet tells. Its configuration is on the nodes.
 */
export interface NetworkPlugin {
  name: string;
  /** `checked` means that the plug-in itself answers ARP and checks source addresses. */
  wiring: 'bridge' | 'routed' | 'checked' | 'unknown';
  /** The effect of raw sockets on such a network. */
  effect: string;
}

/** The plug-ins that have a DaemonSet, recognised by its name. Pure. */
export const networkPlugins = (daemonSets: readonly Workload[]): { plugin: NetworkPlugin; daemonSet: Workload }[] =>
  daemonSets.flatMap((daemonSet) => {
    const plugin = PLUGINS.find(({ pattern }) => pattern.test(daemonSet.name));
    return plugin
      ? [
          {
            plugin: { name: plugin.name, wiring: plugin.wiring, effect: plugin.but ?? EFFECTS[plugin.wiring] },
            daemonSet,
          },
        ]
      : [];
  });

/**
 * The plug-in that k3s runs in its own process unless configured otherwise, recognised by the version `v1.34.1+k3s1`;
 * null for any other version.
 */
export const embeddedPlugin = (gitVersion: string | null): NetworkPlugin | null =>
  gitVersion?.includes('+k3s') ? { name: 'flannel of k3s', wiring: 'bridge', effect: EFFECTS.bridge } : null;

/**
 * The effects on bridge and routed networks were tried on Linux 6.18 with one capability at a time; the others are from
 * documentation.
 */
const EFFECTS: Readonly<Record<NetworkPlugin['wiring'], string>> = {
  bridge: 'a bridge: pods on the same node can be impersonated by forged ARP',
  routed: 'routed: forged ARP reaches nobody, a forged source address does where reverse path filters let it',
  checked: 'it answers ARP itself and drops forged source addresses, unless that is switched off',
  unknown: 'how it wires pods is set on the nodes',
};

const PLUGINS: readonly { pattern: RegExp; name: string; wiring: NetworkPlugin['wiring']; but?: string }[] = [
  { pattern: /^(kube-)?flannel/, name: 'flannel', wiring: 'bridge' },
  {
    pattern: /^calico-node$/,
    name: 'Calico',
    wiring: 'routed',
    but: 'routed: forged ARP reaches nobody, forged source addresses are dropped unless workloadSourceSpoofing is Any',
  },
  { pattern: /^canal$/, name: 'Canal', wiring: 'routed' },
  { pattern: /^(cilium|anetd)$/, name: 'Cilium', wiring: 'checked' },
  { pattern: /^aws-node$/, name: 'AWS VPC CNI', wiring: 'routed' },
  {
    pattern: /^azure-cni|^azure-cns$/,
    name: 'Azure CNI',
    wiring: 'unknown',
    but: 'routed in transparent mode, a bridge in bridge mode',
  },
  { pattern: /^weave-net$/, name: 'Weave Net', wiring: 'bridge' },
  { pattern: /^kube-router$/, name: 'kube-router', wiring: 'bridge' },
  { pattern: /^kindnet$/, name: 'kindnet', wiring: 'routed' },
  { pattern: /^antrea-agent$/, name: 'Antrea', wiring: 'checked' },
  { pattern: /^ovnkube-node/, name: 'OVN-Kubernetes', wiring: 'checked' },
  {
    pattern: /^kube-ovn-cni$/,
    name: 'Kube-OVN',
    wiring: 'unknown',
    but: 'addresses are checked only where port security is on',
  },
];
