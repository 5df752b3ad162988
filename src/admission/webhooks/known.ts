import type { GroupKind } from '../../world/kinds.ts';
import { list } from '../../world/needs.ts';
import type { World } from '../../world/world.ts';
import type { Webhook } from './webhook.ts';

/**
 * Whether it is a mutating webhook that only adds to pods what its project is for, and refuses none. It is recognised
 * by the name that the project gives it.
 */
export const isInjector = ({ name, mutating }: Pick<Webhook, 'name' | 'mutating'>): boolean =>
  mutating && INJECTORS.some(({ names }) => names.test(name));

/**
 * The policy engine that a webhook belongs to, and whose own objects say what it refuses; null for any other webhook.
 */
export function isEngineWebhook(name: string, service: { name: string } | null): 'kyverno' | 'gatekeeper' | null {
  return (
    ENGINES.find(({ names, services }) => names.test(name) || (service !== null && services.test(service.name)))
      ?.engine ?? null
  );
}

/** Whether all objects of the engine that a webhook belongs to were read, so that the engine's own layer decides. */
export function isLeftToItsEngine({ name, service }: Webhook, world: World): boolean {
  const engine = isEngineWebhook(name, service);
  if (engine === null) return false;
  const outcomes = KINDS[engine].flatMap((kind) => world.outcome(list(kind)) ?? []);
  return outcomes.some(({ read }) => read) && outcomes.every((each) => each.read || each.failure.kind === 'notFound');
}

/** The known injectors. They add sidecars, volumes with credentials, environment, resources or readiness gates. */
export const INJECTORS: readonly { project: string; names: RegExp }[] = [
  {
    project: 'Istio',
    names: /^(?:rev\.)?(?:namespace|object)\.sidecar-injector\.istio\.io$|^sidecar-injector\.istio\.io$/,
  },
  { project: 'Linkerd', names: /^linkerd-proxy-injector\.linkerd\.io$/ },
  { project: 'Consul', names: /^consul-connect-injector\.consul\.hashicorp\.com$/ },
  { project: 'Dapr', names: /^sidecar-injector\.dapr\.io$/ },
  { project: 'Vault Agent', names: /^vault\.hashicorp\.com$/ },
  { project: 'Amazon EKS pod identity', names: /^iam-for-pods\.amazonaws\.com$/ },
  { project: 'AWS Load Balancer Controller', names: /^mpod\.elbv2\.k8s\.aws$/ },
  { project: 'Azure Workload Identity', names: /^mutation\.azure-workload-identity\.io$/ },
  {
    project: 'GKE container-native load balancing',
    names: /^pod-ready\.config\.common-webhooks\.networking\.gke\.io$/,
  },
  { project: 'Vertical Pod Autoscaler', names: /^vpa\.k8s\.io$/ },
];

const ENGINES = [
  { engine: 'kyverno', names: /(?:^|\.)kyverno\.svc(?:-|$)/, services: /^kyverno-svc$/ },
  { engine: 'gatekeeper', names: /\.gatekeeper\.sh$/, services: /^gatekeeper-webhook-service$/ },
] as const;

const KINDS: Readonly<Record<'kyverno' | 'gatekeeper', readonly GroupKind[]>> = {
  kyverno: ['ClusterPolicy.kyverno.io', 'Policy.kyverno.io', 'ValidatingPolicy.policies.kyverno.io'],
  gatekeeper: ['ConstraintTemplate.templates.gatekeeper.sh'],
};
