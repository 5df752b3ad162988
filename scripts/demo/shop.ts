import { container, image, LOCKED, on } from './pods.ts';
import type { Story } from './story.ts';
import { cronJob, deployment, statefulSet } from './workloads.ts';

/** What runs in the namespace that most questions are about. */
export function tellShop(story: Story): void {
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
    containers: [
      container('import', image('shop/catalog:3.2.0'), { securityContext: { runAsUser: 1000, ...LOCKED } }, 1000),
    ],
  };
  story.on('2024-10-14', 'helm');
  cronJob(story, 'shop', 'catalog-import', '0 3 * * *', importer, {
    ...on('worker-2', '2026-11-20T03:00:00Z'),
    run: 29919060,
  });
  story
    .on('2023-06-21', 'helm')
    .service('shop', 'web', 'None', [{ name: 'http', port: 8080 }], { app: 'web' })
    .service('shop', 'cart', '10.0.0.41', [{ name: 'http', port: 80, targetPort: 8080 }], { app: 'cart' })
    .service('shop', 'checkout', '10.0.0.42', [{ name: 'http', port: 80, targetPort: 8080 }], { app: 'checkout' });
}
