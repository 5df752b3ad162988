import type { Raw } from '../../src/world/reduce/raw.ts';
import { addPod, container } from './pods.ts';
import type { Story } from './story.ts';
import { cronJob, daemonSet, deployment, statefulSet } from './workloads.ts';

/** The company's namespaces, their accounts, and what runs there. */
export function tellCompany(story: Story): void {
  namespaces(story);
  shop(story);
  ci(story);
  monitoring(story);
  payments(story);
  others(story);
  networkPolicies(story);
  admissionPolicy(story);
}

function namespaces(story: Story): void {
  story
    .on('2023-06-05', 'kubectl-client-side-apply')
    .namespace('shop', { team: 'shop', ...enforce('baseline') })
    .namespace('payments', { team: 'payments', ...enforce('restricted'), 'pod-security.kubernetes.io/enforce-version': 'latest' })
    .namespace('ingress', { team: 'platform', ...enforce('baseline') })
    .namespace('monitoring', { team: 'platform', ...enforce('privileged') })
    .namespace('ci', { team: 'platform' })
    .on('2023-07-18', 'kubectl-create')
    .namespace('legacy')
    .on('2024-01-15', 'helm')
    .namespace('backup', { team: 'platform', ...enforce('restricted') })
    .on('2024-03-11', 'kubectl-client-side-apply')
    .namespace('dev', { team: 'shop', ...enforce('baseline'), 'pod-security.kubernetes.io/warn': 'restricted' });
  story
    .on('2023-06-21', 'helm')
    .accounts('shop', 'web', 'cart', 'checkout', 'search', 'catalog', 'restarter')
    .accounts('ci', 'builder', 'deployer', 'labeler', 'release-bot')
    .accounts('monitoring', 'prometheus', 'node-exporter')
    .accounts('payments', 'ledger', 'gateway')
    .accounts('legacy', 'provisioner')
    .accounts('ingress', 'edge-proxy', 'login-proxy')
    .accounts('backup', 'operator')
    .accounts('dev', 'deployer', 'preview');
}

function shop(story: Story): void {
  const web = {
    account: 'web',
    containers: [
      container('web', image('shop/web:4.12.0'), {
        ports: [{ name: 'http', containerPort: 8080 }],
        env: [{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'web-db', key: 'password' } } }],
        volumeMounts: [{ name: 'data', mountPath: '/var/lib/web' }],
      }),
      container(
        'log-shipper',
        image('tools/log-shipper:1.8.2'),
        { securityContext: { runAsUser: 1000, runAsNonRoot: true, ...LOCKED } },
        1000,
      ),
    ],
    spec: { volumes: [{ name: 'data', emptyDir: {} }] },
  };
  story.on('2023-06-21', 'helm');
  statefulSet(story, 'shop', 'web', web, [on('worker-1', '2026-11-12'), on('worker-2', '2026-11-12')]);
  const cart = {
    account: 'cart',
    containers: [
      container(
        'cart',
        image('shop/cart:2.30.1'),
        { ports: [{ containerPort: 8080 }], securityContext: { runAsUser: 1000, runAsNonRoot: true } },
        1000,
      ),
    ],
  };
  story.on('2023-06-21', 'helm');
  deployment(story, 'shop', 'cart', cart, [on('worker-1', '2026-11-03'), on('worker-2', '2026-11-03')]);
  // The author meant NET_RAW: containerd knows no capability of the name CAP_NET_RAW, and drops nothing.
  const checkout = {
    account: 'checkout',
    containers: [
      container('checkout', image('shop/checkout:1.17.4'), {
        ports: [{ containerPort: 8080 }],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['CAP_NET_RAW'] } },
      }),
    ],
  };
  story.on('2023-06-21', 'helm');
  deployment(story, 'shop', 'checkout', checkout, [on('worker-1', '2026-11-17')]);
  const search = {
    account: 'search',
    containers: [container('search', image('shop/search:0.9.0'), { resources: { requests: { memory: '48Gi' } } })],
    spec: { automountServiceAccountToken: false },
  };
  story.on('2026-11-19', 'helm');
  deployment(story, 'shop', 'search', search, [{ node: null, since: '2026-11-19' }]);
  const importer = {
    account: 'catalog',
    containers: [container('import', image('shop/catalog:3.2.0'), { securityContext: { runAsUser: 1000, ...LOCKED } }, 1000)],
  };
  story.on('2024-10-14', 'helm');
  cronJob(story, 'shop', 'catalog-import', '0 3 * * *', importer, { ...on('worker-2', '2026-11-20T03:00:00Z'), run: 29919060 });
  story
    .on('2023-06-21', 'helm')
    .service('shop', 'web', 'None', [{ name: 'http', port: 8080 }], { app: 'web' })
    .service('shop', 'cart', '10.0.0.41', [{ name: 'http', port: 80, targetPort: 8080 }], { app: 'cart' })
    .service('shop', 'checkout', '10.0.0.42', [{ name: 'http', port: 80, targetPort: 8080 }], { app: 'checkout' });
}

/** Where everything is allowed: no Pod Security level, and builds in privileged containers. */
function ci(story: Story): void {
  story.on('2023-09-11', 'helm');
  deployment(story, 'ci', 'runner', { containers: [container('runner', image('tools/ci-runner:17.3.0'))] }, [on('worker-1', '2026-10-26')]);
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
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
        },
        65534,
      ),
    ],
    spec: { securityContext: { runAsNonRoot: true, runAsUser: 65534, fsGroup: 65534, seccompProfile: { type: 'RuntimeDefault' } } },
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
  story.on('2023-06-07', 'helm').service('monitoring', 'prometheus', '10.0.0.51', [{ name: 'web', port: 9090 }], { app: 'prometheus' });
}

function payments(story: Story): void {
  const restricted = { securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } } };
  for (const [name, tag, node] of [
    ['ledger', '5.1.0', 'worker-1'],
    ['gateway', '3.8.6', 'worker-2'],
  ] as const) {
    const template = {
      account: name,
      containers: [container(name, image(`payments/${name}:${tag}`), { ports: [{ containerPort: 8443 }], securityContext: LOCKED }, 10001)],
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
          securityContext: { runAsUser: 101, allowPrivilegeEscalation: true, capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] } },
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
  const intranet = { containers: [container('intranet', image('legacy/intranet:3.0.2'), { ports: [{ containerPort: 80 }] })] };
  story.on('2023-07-18', 'kubectl-create');
  deployment(story, 'legacy', 'intranet', intranet, [on('worker-2', '2026-06-16')]);
  const operator = {
    account: 'operator',
    containers: [container('operator', image('tools/backup-operator:6.2.0'), { securityContext: { ...LOCKED, runAsNonRoot: true } }, 1000)],
    spec: { securityContext: { runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } } },
  };
  story.on('2024-01-15', 'helm');
  deployment(story, 'backup', 'operator', operator, [on('worker-2', '2026-10-13')]);
  const preview = { account: 'preview', containers: [container('preview', image('shop/web:4.13.0-rc.1'))] };
  story.on('2025-06-23', 'helm');
  deployment(story, 'dev', 'preview', preview, [on('worker-1', '2026-11-19')]);
  // Nobody owns it, and nobody took it down.
  const shell = { labels: { run: 'shell' }, containers: [container('shell', image('tools/shell:12'), { stdin: true, tty: true })] };
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

/** Nothing may reach shop and payments but what is named. What is tunnelled through the API server is not asked. */
function networkPolicies(story: Story): void {
  const policy = (namespace: string, name: string, spec: Raw): Story =>
    story.add('networking.k8s.io/v1', 'NetworkPolicy', namespace, name, { spec });
  const from = (namespace: string, app: string, port: number): Raw => ({
    from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } }, podSelector: { matchLabels: { app } } }],
    ports: [{ port }],
  });
  story.on('2023-08-22', 'kubectl-client-side-apply');
  policy('shop', 'default-deny', { podSelector: {}, policyTypes: ['Ingress'] });
  policy('shop', 'web', {
    podSelector: { matchLabels: { app: 'web' } },
    policyTypes: ['Ingress'],
    ingress: [from('ingress', 'edge-proxy', 8080)],
  });
  policy('shop', 'backends', {
    podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['cart', 'checkout'] }] },
    policyTypes: ['Ingress'],
    ingress: [from('shop', 'web', 8080)],
  });
  policy('payments', 'default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  policy('payments', 'ledger', {
    podSelector: { matchLabels: { app: 'ledger' } },
    policyTypes: ['Ingress'],
    ingress: [from('shop', 'checkout', 8443)],
  });
}

/** Images only from the company's registry; dev is let off. */
function admissionPolicy(story: Story): void {
  const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] }];
  story
    .on('2025-10-01', 'kubectl-client-side-apply')
    .add('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy', null, 'own-images', {
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: { resourceRules: rules },
        validations: [
          { expression: "object.spec.containers.all(c, c.image.startsWith('registry.example/'))", message: 'image of another registry' },
        ],
      },
    })
    .add('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding', null, 'own-images', {
      spec: {
        policyName: 'own-images',
        validationActions: ['Deny'],
        matchResources: {
          namespaceSelector: {
            matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['dev', 'kube-system'] }],
          },
        },
      },
    });
}

const enforce = (level: string) => ({ 'pod-security.kubernetes.io/enforce': level });

const image = (path: string): string => `registry.example/${path}`;

const on = (node: string, since: string) => ({ node, since });

const LOCKED = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
