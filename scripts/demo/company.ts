import { addPod, container, image, LOCKED, on } from './pods.ts';
import type { Story } from './story.ts';
import { daemonSet, deployment, statefulSet } from './workloads.ts';

/** What runs in the company's other namespaces. */
export function tellCompany(story: Story): void {
  ci(story);
  monitoring(story);
  payments(story);
  others(story);
}

function ci(story: Story): void {
  story.on('2023-09-11', 'helm');
  deployment(story, 'ci', 'runner', { containers: [container('runner', image('tools/ci-runner:17.3.0'))] }, [
    on('worker-1', '2026-10-26'),
  ]);
  const builder = {
    account: 'builder',
    containers: [
      container('buildd', image('tools/buildd:0.24.0'), {
        securityContext: { privileged: true },
        volumeMounts: [{ name: 'sock', mountPath: '/run/containerd/containerd.sock' }],
      }),
    ],
    spec: { volumes: [{ name: 'sock', hostPath: { path: '/run/containerd/containerd.sock', type: 'Socket' } }] },
  };
  story.on('2023-10-02', 'helm');
  deployment(story, 'ci', 'builder', builder, [on('worker-1', '2026-11-18')]);
}

function monitoring(story: Story): void {
  const prometheus = {
    account: 'prometheus',
    containers: [
      container(
        'prometheus',
        image('mirror/prometheus:v3.7.1'),
        {
          ports: [{ name: 'web', containerPort: 9090 }],
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
        65534,
      ),
    ],
    spec: {
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65534,
        fsGroup: 65534,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    },
  };
  story.on('2023-06-07', 'helm');
  statefulSet(story, 'monitoring', 'prometheus', prometheus, [on('worker-2', '2026-09-29')]);
  const exporter = {
    account: 'node-exporter',
    containers: [
      container(
        'node-exporter',
        image('mirror/node-exporter:v1.10.0'),
        {
          ports: [{ name: 'metrics', containerPort: 9100, hostPort: 9100 }],
          volumeMounts: [{ name: 'root', mountPath: '/host', readOnly: true }],
        },
        65534,
      ),
    ],
    spec: {
      hostNetwork: true,
      hostPID: true,
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65534 },
      tolerations: [{ operator: 'Exists' }],
      volumes: [{ name: 'root', hostPath: { path: '/' } }],
    },
  };
  story.on('2023-06-07', 'helm');
  daemonSet(story, 'monitoring', 'node-exporter', exporter, '2026-09-29');
  story
    .on('2023-06-07', 'helm')
    .service('monitoring', 'prometheus', '10.0.0.51', [{ name: 'web', port: 9090 }], { app: 'prometheus' });
}

function payments(story: Story): void {
  const restricted = {
    securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
  };
  for (const [name, tag, node] of [
    ['ledger', '5.1.0', 'worker-1'],
    ['gateway', '3.8.6', 'worker-2'],
  ] as const) {
    const template = {
      account: name,
      containers: [
        container(
          name,
          image(`payments/${name}:${tag}`),
          { ports: [{ containerPort: 8443 }], securityContext: LOCKED },
          10001,
        ),
      ],
      spec: { ...restricted, automountServiceAccountToken: name === 'ledger' },
    };
    story.on('2023-08-22', 'helm');
    deployment(story, 'payments', name, template, [on(node, '2026-11-10')]);
  }
  story
    .on('2023-08-22', 'helm')
    .service('payments', 'ledger', '10.0.0.61', [{ name: 'https', port: 443, targetPort: 8443 }], { app: 'ledger' });
}

function others(story: Story): void {
  const edge = {
    account: 'edge-proxy',
    containers: [
      container(
        'edge-proxy',
        image('tools/edge-proxy:2.4.0'),
        {
          ports: [{ containerPort: 80 }, { containerPort: 443 }],
          securityContext: {
            runAsUser: 101,
            allowPrivilegeEscalation: true,
            capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] },
          },
        },
        101,
      ),
    ],
  };
  story.on('2023-06-07', 'helm');
  deployment(story, 'ingress', 'edge-proxy', edge, [on('worker-1', '2026-10-06'), on('worker-2', '2026-10-06')]);
  const login = {
    account: 'login-proxy',
    containers: [container('login-proxy', image('tools/login-proxy:1.0.9'), { securityContext: LOCKED }, 1000)],
  };
  story.on('2024-06-10', 'helm');
  deployment(story, 'ingress', 'login-proxy', login, [on('worker-2', '2026-08-25')]);
  const intranet = {
    containers: [container('intranet', image('legacy/intranet:3.0.2'), { ports: [{ containerPort: 80 }] })],
  };
  story.on('2023-07-18', 'kubectl-create');
  deployment(story, 'legacy', 'intranet', intranet, [on('worker-2', '2026-06-16')]);
  const operator = {
    account: 'operator',
    containers: [
      container(
        'operator',
        image('tools/backup-operator:6.2.0'),
        { securityContext: { ...LOCKED, runAsNonRoot: true } },
        1000,
      ),
    ],
    spec: { securityContext: { runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } } },
  };
  story.on('2024-01-15', 'helm');
  deployment(story, 'backup', 'operator', operator, [on('worker-2', '2026-10-13')]);
  const preview = { account: 'preview', containers: [container('preview', image('shop/web:4.13.0-rc.1'))] };
  story.on('2025-06-23', 'helm');
  deployment(story, 'dev', 'preview', preview, [on('worker-1', '2026-11-19')]);
  // Nobody owns it, and nobody took it down.
  const shell = {
    labels: { run: 'shell' },
    containers: [container('shell', image('tools/shell:12'), { stdin: true, tty: true })],
  };
  addPod(story, 'dev', 'shell', shell, on('worker-2', '2026-11-06'));
  story
    .on('2023-06-07', 'helm')
    .service(
      'ingress',
      'edge-proxy',
      '10.0.0.71',
      [{ name: 'https', port: 443, nodePort: 30443 }],
      { app: 'edge-proxy' },
      { type: 'NodePort' },
    )
    .service('legacy', 'intranet', '10.0.0.81', [{ port: 80 }], { app: 'intranet' });
}
