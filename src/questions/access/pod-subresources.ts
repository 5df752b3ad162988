import { type Command, changes } from '../../answer/command.ts';
import { compareVersions, NEWEST, type Version } from '../../world/version.ts';

/** A subresource of pods that lets somebody in, with the verbs that open it by server version. */
export interface PodSubresource {
  /** Technique id of its findings. */
  id: string;
  question: string;
  /** `port-forward to`: completes "can … pod shop/web-0". */
  action: string;
  subresource: string;
  /** Any one of the verbs is enough; the entry with the highest `since` that the server reaches counts. */
  verbs: readonly { since: Version; any: readonly string[] }[];
  /** Before that version it is closed to everybody, unless the feature gate is set. */
  since?: { version: Version; gate: string };
  /** Whether RBAC is given the name as the proxies spell it, `[scheme:]name[:port]`. */
  spelled: boolean;
  /** Verbs on `nodes/proxy` that give the same by way of the kubelet, through the API server alone. */
  throughNode: readonly string[];
  /** Verbs on `nodes/proxy` that open it only to somebody who reaches the kubelet's own port. */
  atKubelet: readonly string[];
  /** Whether a service that selects the pod leads there too. */
  throughServices?: true;
  /** What admission sees of it: the options of a CONNECT; null where it is no CONNECT. */
  connects: string | null;
  /** The state of the pod that it needs; null where any does. */
  needs: 'running' | 'not ended' | null;
  /** What a holder of the right would run. */
  attack: (namespace: string, pod: string) => Command<'changes'>;
}

const ALWAYS: Version = { major: 1, minor: 0 };

/**
 * SPDY arrives as POST (create), WebSocket as GET (get). From 1.35 a WebSocket is authorized for create as well, so
 * that get alone no longer suffices (feature gate AuthorizePodWebsocketUpgradeCreatePermission, beta and on). Source:
 * kubernetes pkg/registry/core/pod/rest/subresources.go and authorize.go.
 */
const STREAMING = [
  { since: ALWAYS, any: ['create', 'get'] },
  { since: { major: 1, minor: 35 }, any: ['create'] },
] as const;

/** Every HTTP method reaches the backend, each as its own verb. */
export const PROXY_VERBS = ['get', 'create', 'update', 'patch', 'delete'] as const;

export const PORT_FORWARD: PodSubresource = {
  id: 'pod-port-forward',
  question: 'port-forward',
  action: 'port-forward to',
  subresource: 'portforward',
  connects: 'PodPortForwardOptions',
  verbs: STREAMING,
  spelled: false,
  throughNode: ['create', 'get'],
  atKubelet: [],
  needs: 'running',
  attack: (namespace, pod) => changes(['port-forward', `pod/${pod}`, '-n', namespace, ':80']),
};

export const EXEC: PodSubresource = {
  id: 'pod-exec',
  question: 'exec',
  action: 'exec into',
  subresource: 'exec',
  connects: 'PodExecOptions',
  verbs: STREAMING,
  spelled: false,
  throughNode: ['create'],
  atKubelet: ['get'],
  needs: 'running',
  attack: (namespace, pod) => changes(['exec', '-it', `pod/${pod}`, '-n', namespace, '--', 'sh']),
};

export const ATTACH: PodSubresource = {
  id: 'pod-attach',
  question: 'attach',
  action: 'attach to',
  subresource: 'attach',
  connects: 'PodAttachOptions',
  verbs: STREAMING,
  spelled: false,
  throughNode: ['create'],
  atKubelet: ['get'],
  needs: 'running',
  attack: (namespace, pod) => changes(['attach', '-it', `pod/${pod}`, '-n', namespace]),
};

export const EPHEMERAL_CONTAINERS: PodSubresource = {
  id: 'pod-ephemeral-container',
  question: 'debug',
  action: 'add an ephemeral container to',
  subresource: 'ephemeralcontainers',
  connects: null,
  verbs: [{ since: ALWAYS, any: ['patch', 'update'] }],
  // Alpha since 1.16: kubernetes pkg/features/kube_features.go, until 1.26.
  since: { version: { major: 1, minor: 23 }, gate: 'EphemeralContainers' },
  spelled: false,
  throughNode: [],
  atKubelet: [],
  needs: 'not ended',
  attack: (namespace, pod) => changes(['debug', '-it', `pod/${pod}`, '-n', namespace, '--image=busybox']),
};

export const LOG: PodSubresource = {
  id: 'pod-log-read',
  question: 'logs',
  action: 'read the logs of',
  subresource: 'log',
  connects: null,
  verbs: [{ since: ALWAYS, any: ['get'] }],
  spelled: false,
  throughNode: ['get'],
  atKubelet: [],
  needs: null,
  attack: (namespace, pod) => changes(['logs', `pod/${pod}`, '-n', namespace, '--all-containers']),
};

export const PROXY: PodSubresource = {
  id: 'pod-proxy',
  question: 'proxy',
  action: 'send HTTP requests to',
  subresource: 'proxy',
  throughServices: true,
  connects: 'PodProxyOptions',
  verbs: [{ since: ALWAYS, any: PROXY_VERBS }],
  spelled: true,
  throughNode: ['create', 'get'],
  atKubelet: [],
  needs: 'running',
  attack: (namespace, pod) => changes(['get', '--raw', `/api/v1/namespaces/${namespace}/pods/${pod}/proxy/`]),
};

/**
 * The kubelet takes exec, attach and portForward by GET and POST, run by POST and containerLogs by GET
 * (pkg/kubelet/server/server.go). An upgraded request loses its query string on the way through the API server:
 * portForward needs none, exec and attach do; a POST may attach with a form in its body, and run needs no upgrade.
 */
export const POD_SUBRESOURCES: readonly PodSubresource[] = [
  PORT_FORWARD,
  EXEC,
  ATTACH,
  EPHEMERAL_CONTAINERS,
  LOG,
  PROXY,
];

/**
 * Whether a server of that version has the subresource at all, by its defaults. One whose version nobody knows is taken
 * for a newer one.
 */
export const hasSubresource = ({ since }: Pick<PodSubresource, 'since'>, version: Version | null): boolean =>
  since === undefined || version === null || compareVersions(since.version, version) <= 0;

/** The verbs that open it for sure, and those that do on some version that the server may be. */
export function verbsAt(
  access: Pick<PodSubresource, 'verbs'>,
  version: Version | null,
): { sure: readonly string[]; possible: readonly string[] } {
  const reached = access.verbs.filter(({ since }) => compareVersions(since, version ?? NEWEST) <= 0);
  const sure = reached.at(-1)?.any ?? [];
  return { sure, possible: version === null ? [...new Set(access.verbs.flatMap(({ any }) => any))] : sure };
}
