type Fields = Record<string, unknown>;

const container = (name: string, more: Fields = {}): Fields => ({
  name,
  image: `registry.example.com/${name}:1`,
  ...more,
});
const pod = (name: string, spec: Fields, metadata: Fields = {}): Fields => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata }, spec },
});

/** What is sent: plain and odd, with and without what policies change. */
export const PODS: readonly Fields[] = [
  pod('plain', { containers: [container('app')] }),
  pod('host', { hostPID: true, hostNetwork: true, containers: [container('app')] }, { labels: { app: 'host' } }),
  pod('pid', { hostPID: true, containers: [container('app')] }, { annotations: { note: 'x' } }),
  pod(
    'privileged',
    { containers: [container('app', { securityContext: { privileged: true } })] },
    { labels: { app: 'root' } },
  ),
  pod('mounts', {
    containers: [container('app', { volumeMounts: [{ name: 'host', mountPath: '/host' }] }), container('sidecar')],
    volumes: [
      { name: 'host', hostPath: { path: '/' } },
      { name: 'config', configMap: { name: 'c' } },
    ],
  }),
  pod('ports', {
    containers: [
      container('app', {
        ports: [{ containerPort: 80 }, { containerPort: 443, protocol: 'TCP' }],
        env: [
          { name: 'B', value: 'b' },
          { name: 'A', value: 'a' },
        ],
        resources: { limits: { cpu: '500m' } },
      }),
      container('other', { args: ['x'] }),
      container('sidecar', { securityContext: { capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] } } }),
    ],
    initContainers: [container('init')],
    tolerations: [{ key: 'a', operator: 'Exists' }],
    nodeSelector: { zone: 'a' },
  }),
  pod('tidy', {
    hostname: 'given',
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      container('app', {
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, runAsNonRoot: true },
      }),
    ],
  }),
  pod('account', {
    serviceAccountName: 'other',
    automountServiceAccountToken: false,
    containers: [container('app')],
    hostUsers: false,
  }),
  pod('invalid', { restartPolicy: 'Sometimes', containers: [container('app')] }),
  pod('imageless', { containers: [{ name: 'app' }] }),
];
