import { account, allow } from '../../test/helpers/cluster.ts';
import { container, NODES } from './pods.ts';
import type { Story } from './story.ts';
import { daemonSet, deployment, staticPod } from './workloads.ts';

/** The nodes, and what runs in kube-system. */
export function tellSystem(story: Story): void {
  nodes(story);
  controlPlane(story);
  network(story);
  metricsServer(story);
}

function nodes(story: Story): void {
  story.on('2023-06-05', 'kubelet');
  for (const [name, { address, runtime }] of Object.entries(NODES)) {
    const role = name === 'cp-1' ? { 'node-role.kubernetes.io/control-plane': '' } : {};
    const labels = {
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/os': 'linux',
      'kubernetes.io/hostname': name,
      ...role,
    };
    const status = {
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
      nodeInfo: {
        architecture: 'amd64',
        operatingSystem: 'linux',
        osImage: 'Debian GNU/Linux 13 (trixie)',
        kernelVersion: '6.12.48+deb13-amd64',
        containerRuntimeVersion: runtime,
        kubeletVersion: 'v1.37.2',
        kubeProxyVersion: '',
        bootID: '',
        machineID: '',
        systemUUID: '',
      },
    };
    const taints = name === 'cp-1' ? [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] : [];
    story.add(
      'v1',
      'Node',
      null,
      name,
      { spec: { podCIDR: `10.244.${Object.keys(NODES).indexOf(name)}.0/24`, taints }, status },
      { labels },
    );
  }
}

function controlPlane(story: Story): void {
  const place = { node: 'cp-1', since: '2026-10-21' };
  const pki = '/etc/kubernetes/pki';
  const hostNetwork = (...paths: string[]) => ({
    hostNetwork: true,
    priorityClassName: 'system-node-critical',
    securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    tolerations: [{ effect: 'NoExecute', operator: 'Exists' }],
    volumes: paths.map((path, index) => ({ name: `v${index}`, hostPath: { path, type: 'DirectoryOrCreate' } })),
  });
  const mounted = (...paths: string[]) => ({
    volumeMounts: paths.map((mountPath, index) => ({ name: `v${index}`, mountPath, readOnly: true })),
  });
  const component = (name: string, image: string, paths: string[], flags: string[]) =>
    staticPod(
      story,
      name,
      {
        containers: [container(name, `registry.k8s.io/${image}`, { command: [name, ...flags], ...mounted(...paths) })],
        spec: hostNetwork(...paths),
      },
      place,
    );
  component(
    'kube-apiserver',
    'kube-apiserver:v1.37.2',
    [pki],
    [
      '--advertise-address=10.20.0.11',
      '--allow-privileged=true',
      '--authorization-mode=Node,RBAC',
      `--client-ca-file=${pki}/ca.crt`,
      '--enable-admission-plugins=NodeRestriction',
      '--enable-bootstrap-token-auth=true',
      `--etcd-cafile=${pki}/etcd/ca.crt`,
      `--etcd-certfile=${pki}/apiserver-etcd-client.crt`,
      `--etcd-keyfile=${pki}/apiserver-etcd-client.key`,
      '--etcd-servers=https://127.0.0.1:2379',
      `--kubelet-client-certificate=${pki}/apiserver-kubelet-client.crt`,
      `--kubelet-client-key=${pki}/apiserver-kubelet-client.key`,
      '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
      '--secure-port=6443',
      '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
      `--service-account-key-file=${pki}/sa.pub`,
      `--service-account-signing-key-file=${pki}/sa.key`,
      '--service-cluster-ip-range=10.0.0.0/24',
      `--tls-cert-file=${pki}/apiserver.crt`,
      `--tls-private-key-file=${pki}/apiserver.key`,
    ],
  );
  component(
    'kube-controller-manager',
    'kube-controller-manager:v1.37.2',
    [pki],
    [
      '--kubeconfig=/etc/kubernetes/controller-manager.conf',
      `--cluster-signing-cert-file=${pki}/ca.crt`,
      `--cluster-signing-key-file=${pki}/ca.key`,
      `--service-account-private-key-file=${pki}/sa.key`,
      '--use-service-account-credentials=true',
    ],
  );
  component('kube-scheduler', 'kube-scheduler:v1.37.2', [], ['--kubeconfig=/etc/kubernetes/scheduler.conf']);
  component(
    'etcd',
    'etcd:3.6.6-0',
    ['/var/lib/etcd', `${pki}/etcd`],
    ['--data-dir=/var/lib/etcd', '--client-cert-auth=true'],
  );
}

function network(story: Story): void {
  story
    .on('2023-06-05', 'kubectl-client-side-apply')
    .accounts('kube-system', 'coredns', 'kube-proxy', 'flannel')
    .clusterBinding('kube-proxy', 'ClusterRole/system:node-proxier', account('kube-system', 'kube-proxy'))
    .clusterRole('system:coredns', [
      allow('list watch', 'endpoints services pods namespaces'),
      allow('list watch', 'endpointslices', { groups: ['discovery.k8s.io'] }),
    ])
    .clusterBinding('system:coredns', 'ClusterRole/system:coredns', account('kube-system', 'coredns'))
    .clusterRole('flannel', [allow('get', 'pods'), allow('list watch get', 'nodes'), allow('patch', 'nodes/status')])
    .clusterBinding('flannel', 'ClusterRole/flannel', account('kube-system', 'flannel'))
    .service(
      'kube-system',
      'kube-dns',
      '10.0.0.10',
      [
        { name: 'dns', port: 53, protocol: 'UDP' },
        { name: 'dns-tcp', port: 53 },
      ],
      { 'k8s-app': 'kube-dns' },
    );
  const everywhere = {
    hostNetwork: true,
    priorityClassName: 'system-node-critical',
    tolerations: [{ operator: 'Exists' }],
  };
  const privileged = { securityContext: { privileged: true } };
  daemonSet(
    story,
    'kube-system',
    'kube-proxy',
    {
      account: 'kube-proxy',
      labels: { 'k8s-app': 'kube-proxy' },
      containers: [
        container('kube-proxy', 'registry.k8s.io/kube-proxy:v1.37.2', {
          ...privileged,
          volumeMounts: [{ name: 'modules', mountPath: '/lib/modules', readOnly: true }],
        }),
      ],
      spec: { ...everywhere, volumes: [{ name: 'modules', hostPath: { path: '/lib/modules' } }] },
    },
    '2026-10-21',
  );
  story.on('2023-06-05', 'kubectl-client-side-apply');
  const cni = { name: 'cni', mountPath: '/opt/cni/bin' };
  daemonSet(
    story,
    'kube-system',
    'kube-flannel-ds',
    {
      account: 'flannel',
      init: [container('install', 'registry.example/mirror/flannel:v0.28.0', { volumeMounts: [cni] })],
      containers: [
        container('kube-flannel', 'registry.example/mirror/flannel:v0.28.0', {
          securityContext: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
        }),
      ],
      spec: { ...everywhere, volumes: [{ name: 'cni', hostPath: { path: '/opt/cni/bin' } }] },
    },
    '2026-10-21',
  );
  story.on('2023-06-05', 'kubectl-client-side-apply');
  deployment(
    story,
    'kube-system',
    'coredns',
    {
      account: 'coredns',
      labels: { 'k8s-app': 'kube-dns' },
      containers: [
        container(
          'coredns',
          'registry.k8s.io/coredns/coredns:v1.13.1',
          {
            ports: [{ name: 'dns', containerPort: 53, protocol: 'UDP' }],
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] },
            },
          },
          65532,
        ),
      ],
      spec: { dnsPolicy: 'Default', priorityClassName: 'system-cluster-critical' },
    },
    [
      { node: 'cp-1', since: '2026-10-21' },
      { node: 'worker-1', since: '2026-10-21' },
    ],
  );
}

function metricsServer(story: Story): void {
  story
    .on('2023-06-06', 'helm')
    .accounts('kube-system', 'metrics-server')
    .clusterRole(
      'system:aggregated-metrics-reader',
      [allow('get list watch', 'pods nodes', { groups: ['metrics.k8s.io'] })],
      {
        'rbac.authorization.k8s.io/aggregate-to-view': 'true',
      },
    )
    .clusterRole('system:metrics-server', [allow('get', 'nodes/metrics'), allow('get list watch', 'pods nodes')])
    .clusterBinding(
      'system:metrics-server',
      'ClusterRole/system:metrics-server',
      account('kube-system', 'metrics-server'),
    )
    .clusterBinding(
      'metrics-server:system:auth-delegator',
      'ClusterRole/system:auth-delegator',
      account('kube-system', 'metrics-server'),
    )
    .binding(
      'kube-system',
      'metrics-server-auth-reader',
      'Role/extension-apiserver-authentication-reader',
      account('kube-system', 'metrics-server'),
    )
    .service('kube-system', 'metrics-server', '10.0.0.11', [{ name: 'https', port: 443, targetPort: 10250 }], {
      app: 'metrics-server',
    });
  deployment(
    story,
    'kube-system',
    'metrics-server',
    {
      account: 'metrics-server',
      containers: [
        container(
          'metrics-server',
          'registry.k8s.io/metrics-server/metrics-server:v0.8.0',
          {
            ports: [{ name: 'https', containerPort: 10250 }],
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'] },
              readOnlyRootFilesystem: true,
              runAsNonRoot: true,
              runAsUser: 1000,
              seccompProfile: { type: 'RuntimeDefault' },
            },
          },
          1000,
        ),
      ],
      spec: { priorityClassName: 'system-cluster-critical' },
    },
    [{ node: 'worker-2', since: '2026-10-21' }],
  );
}
