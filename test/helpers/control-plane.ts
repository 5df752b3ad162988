import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ControlPlaneBinaries, controlPlaneBinaries } from '../../scripts/controlplane.mjs';
import { apiClient, type Request } from './api-client.ts';
import { certificateAuthority, type Identity, type KeyAndCertificate } from './certificates.ts';
import { type ProcessGroup, processGroup } from './processes.ts';

export type TokenRow = { token: string; user: string; uid?: string; groups?: readonly string[] };

export type Options = {
  /** Behave as this older minor, such as `1.34`; default: the binary's own. */
  emulatedVersion?: string;
  /** Of kube-controller-manager; none of them: it isn't started, and admin, edit and view stay empty. */
  controllers?: readonly string[];
  /** Users beside the administrator. */
  tokens?: readonly TokenRow[];
  extraApiserverArgs?: readonly string[];
  /** An AuthorizationConfiguration, in place of the Node and RBAC authorizers. */
  authorization?: object;
};

export type ControlPlane = {
  url: string;
  /** The authority that signed the serving certificate, and that clients may be certified by. */
  caFile: string;
  caData: string;
  adminToken: string;
  /** A kubeconfig of the administrator, who is in system:masters. */
  kubeconfigFile: string;
  /** Temporary, removed by stop(). */
  dir: string;
  pids: readonly number[];
  /** One request, as the administrator unless `token` names somebody else. */
  request: Request;
  /** A client or serving certificate signed by the authority. */
  certificate(identity: Identity): KeyAndCertificate;
  /**
   * Ends the processes by pid and removes the directory. Also happens when the process that started them ends in any
   * way.
   */
  stop(): Promise<void>;
};

export const DEFAULT_CONTROLLERS = [
  'clusterrole-aggregation-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
  'root-ca-certificate-publisher-controller',
  'namespace-controller',
];

/**
 * Starts etcd, kube-apiserver and kube-controller-manager on loopback and waits for /readyz. Throws where they cannot
 * be built or started.
 */
export async function startControlPlane(options: Options = {}): Promise<ControlPlane> {
  const binaries = await controlPlaneBinaries();
  if ('missing' in binaries) throw new Error(binaries.missing);
  for (let attempt = 1; ; attempt++) {
    const processes = processGroup();
    try {
      return await launch(binaries, processes, await freePort(), options);
    } catch (error) {
      await processes.stop();
      const portTaken = error instanceof Error && error.message.includes('address already in use');
      if (!portTaken || attempt === 3) throw error;
    }
  }
}

async function launch(
  binaries: ControlPlaneBinaries,
  processes: ProcessGroup,
  port: number,
  options: Options,
): Promise<ControlPlane> {
  const { dir } = processes;
  const url = `https://127.0.0.1:${port}`;
  const adminToken = randomBytes(16).toString('hex');
  const file = (name: string, content: string) => {
    writeFileSync(join(dir, name), content, { mode: 0o600 });
    return join(dir, name);
  };

  const authority = certificateAuthority();
  const serving = authority.issue({ user: 'kube-apiserver', ips: ['127.0.0.1', '10.0.0.1'] });
  const accounts = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const caFile = file('ca.crt', authority.cert);
  const caKey = file('ca.key', authority.key);
  const accountKey = file('sa.key', accounts.privateKey.export({ type: 'sec1', format: 'pem' }).toString());
  const kubeconfigFile = file('kubeconfig', kubeconfig(url, authority.cert, adminToken));
  const rows = [{ token: adminToken, user: 'admin', groups: ['system:masters'] }, ...(options.tokens ?? [])];

  const store = `unix://${join(dir, 'etcd.sock')}`;
  const peer = `unix://${join(dir, 'peer.sock')}`;
  processes.start('etcd', binaries.etcd, [
    ...[
      '--data-dir',
      join(dir, 'etcd'),
      '--listen-client-urls',
      store,
      '--advertise-client-urls',
      store,
      '--listen-peer-urls',
      peer,
    ],
    ...[
      '--initial-advertise-peer-urls',
      peer,
      '--initial-cluster',
      `default=${peer}`,
      '--unsafe-no-fsync',
      '--log-level',
      'error',
    ],
  ]);
  processes.start('kube-apiserver', binaries.apiserver, [
    `--etcd-servers=${store}`,
    ...[
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      '--service-cluster-ip-range=10.0.0.0/24',
      '--allow-privileged=true',
    ],
    ...[
      `--tls-cert-file=${file('serving.crt', serving.cert)}`,
      `--tls-private-key-file=${file('serving.key', serving.key)}`,
    ],
    ...[`--client-ca-file=${caFile}`, `--token-auth-file=${file('tokens.csv', rows.map(tokenLine).join('\n'))}`],
    ...['--service-account-issuer=https://kubernetes.default.svc', `--service-account-signing-key-file=${accountKey}`],
    `--service-account-key-file=${file('sa.pub', accounts.publicKey.export({ type: 'spki', format: 'pem' }).toString())}`,
    options.authorization
      ? `--authorization-config=${file('authorization.json', JSON.stringify(options.authorization))}`
      : '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    // Nobody competes for the server.
    '--enable-priority-and-fairness=false',
    ...(options.emulatedVersion ? [`--emulated-version=${options.emulatedVersion}`] : []),
    ...(options.extraApiserverArgs ?? []),
  ]);

  const { request, close } = apiClient(url, authority.cert, adminToken);
  await ready(request, processes);

  const controllers = options.controllers ?? DEFAULT_CONTROLLERS;
  if (controllers.length > 0) {
    processes.start('kube-controller-manager', binaries.controllerManager, [
      ...[
        '--kubeconfig',
        kubeconfigFile,
        '--service-account-private-key-file',
        accountKey,
        '--use-service-account-credentials',
      ],
      ...[
        '--secure-port=0',
        '--leader-elect=false',
        '--root-ca-file',
        caFile,
        `--controllers=${controllers.join(',')}`,
      ],
      ...['--cluster-signing-cert-file', caFile, '--cluster-signing-key-file', caKey],
    ]);
  }
  return {
    ...{ url, caFile, caData: authority.cert, adminToken, kubeconfigFile, dir, pids: processes.pids, request },
    certificate: authority.issue,
    async stop() {
      close();
      await processes.stop();
    },
  };
}

async function ready(request: Request, processes: ProcessGroup): Promise<void> {
  for (const deadline = Date.now() + 60_000; ; ) {
    processes.check();
    const reply = await request('GET', '/readyz').catch(() => undefined);
    if (reply?.status === 200) return;
    if (Date.now() > deadline) throw new Error(`kube-apiserver is not ready: ${JSON.stringify(reply)}`);
    await sleep(50);
  }
}

function kubeconfig(server: string, ca: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    'current-context': 'test',
  });
}

function tokenLine({ token, user, uid = user, groups = [] }: TokenRow): string {
  // An empty column would be a group without a name.
  return [token, user, uid, ...(groups.length > 0 ? [groups.join(',')] : [])]
    .map((field) => `"${field.replaceAll('"', '""')}"`)
    .join(',');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
