/**
 * The ways into a pod as the incident card lists them, by the id of their findings: most common first, each as the
 * command that asks about it.
 */
export const QUESTIONS: ReadonlyMap<string, string> = new Map([
  ['pod-exec', 'exec'],
  ['pod-attach', 'attach'],
  ['pod-ephemeral-container', 'debug'],
  ['pod-port-forward', 'port-forward'],
  ['pod-proxy', 'proxy'],
  ['pod-log-read', 'logs'],
  ['node-proxy-kubelet', 'nodes/proxy'],
]);

/** What puts other code into a pod by changing what is there: no question of its own. */
const CHANGES: ReadonlyMap<string, string> = new Map([
  ['pod-image-swap', 'change image'],
  ['workload-template-update', 'change workload'],
]);

/** All of them. */
export const WAYS_IN: ReadonlyMap<string, string> = new Map([
  ...QUESTIONS,
  ['service-proxy', 'services/proxy'],
  ...CHANGES,
]);

/** Those by which somebody is inside, and those of them that only lead to its ports. */
export const WAYS_INSIDE: ReadonlySet<string> = new Set([...WAYS_IN.keys()].filter((id) => id !== 'pod-log-read'));
export const PORTS: ReadonlySet<string> = new Set(['pod-port-forward', 'pod-proxy', 'service-proxy']);

/** What the pod's own account may do: rights that matter, and other rules as they stand. */
export const ACCOUNT_RIGHT = 'account-right';
export const ACCOUNT_RULE = 'account-rule';

/** What a row of a table answers. */
export const ANSWERED: ReadonlyMap<string, string> = new Map([
  ...WAYS_IN,
  [ACCOUNT_RIGHT, "its account's rights"],
  [ACCOUNT_RULE, "its account's rights"],
]);
