type Fields = Record<string, unknown>;

const container = (name: string, image: string, more: Fields = {}): Fields => ({ name, image, ...more });

const pod = (name: string, spec: Fields, metadata: Fields = {}): Fields => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata }, spec },
});

/** What people try to run, each with something that a policy may dislike. */
export const PODS: readonly Fields[] = [
  pod(
    'tidy',
    {
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        container('app', 'registry.example.com/shop/web:1.25.3', {
          resources: { limits: { cpu: '500m', memory: '512Mi' }, requests: { cpu: '250m', memory: '256Mi' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          env: [{ name: 'UPSTREAM', value: 'https://api.example.com:8443/v1?debug=1' }],
        }),
      ],
    },
    {
      labels: { app: 'web', team: 'payments', env: 'prod', version: '1.25.3' },
      annotations: { 'example.com/ticket': 'OPS-123' },
    },
  ),
  pod(
    'privileged',
    {
      containers: [
        container('app', 'nginx:latest', {
          securityContext: { privileged: true },
          volumeMounts: [{ name: 'host', mountPath: '/host' }],
        }),
      ],
      volumes: [{ name: 'host', hostPath: { path: '/' } }, { name: 'tmp' }],
    },
    { labels: { app: 'root' } },
  ),
  pod('host', {
    hostNetwork: true,
    hostPID: true,
    containers: [container('app', 'docker.io/library/busybox', { ports: [{ containerPort: 80, hostPort: 80 }] })],
    hostAliases: [{ ip: '10.1.2.3', hostnames: ['db'] }],
  }),
  pod(
    'capable',
    {
      initContainers: [
        container('init', 'registry.example.com/tools/init:v2', {
          securityContext: { capabilities: { add: ['NET_ADMIN'] } },
        }),
      ],
      containers: [
        container('app', 'registry.example.com/shop/api:2.0.0', {
          securityContext: { capabilities: { add: ['NET_RAW'], drop: ['ALL'] } },
        }),
        container(
          'sidecar',
          'quay.io/side/car@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
        ),
      ],
    },
    { labels: { app: 'api', team: 'Payments Team'.replace(' ', '-'), env: 'staging', version: '2.0.0' } },
  ),
  pod(
    'big',
    {
      containers: [
        container('app', 'registry.example.com/ml/train:10', {
          resources: { limits: { cpu: '4', memory: '8Gi' }, requests: { memory: '2Gi' } },
        }),
        container('cache', 'redis:7', { resources: { limits: { memory: '1e9' } } }),
      ],
      nodeSelector: { pool: 'gpu' },
      tolerations: [{ key: 'dedicated', operator: 'Exists' }],
      hostAliases: [{ ip: '192.168.7.1', hostnames: ['cache'] }],
      priorityClassName: 'system-node-critical',
      priority: 2000001000,
    },
    { labels: { app: 'train', env: 'prod', replicas: '12' } },
  ),
  pod('bare', { containers: [container('app', 'nginx')] }),
  pod(
    'forked',
    {
      hostUsers: false,
      shareProcessNamespace: true,
      containers: [container('a', 'a:1'), container('b', 'b:2'), container('c', 'a:1')],
    },
    { labels: { 'app.kubernetes.io/name': 'forked', env: 'dev' } },
  ),
];
