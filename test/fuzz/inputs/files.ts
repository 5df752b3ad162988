import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of the process, gone with it; in memory where there is such a place, since every kubeconfig is a file. */
export const FOLDER = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'whocan-fuzz-'));
process.once('exit', () => rmSync(FOLDER, { recursive: true, force: true }));

/** Writes a file there. Returns its path. */
export function place(name: string, content: string | Buffer): string {
  const path = join(FOLDER, name);
  writeFileSync(path, content);
  return path;
}

const CONTAINER = { name: 'app', image: 'registry.example/app:1' };
const pod = (spec: object): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', labels: { app: 'web' } }, spec });

/** What `admit` is asked about where it is something else that is odd. */
export const PODS: readonly string[] = [
  place('plain.json', pod({ containers: [CONTAINER] })),
  place(
    'strong.json',
    pod({
      hostPID: true,
      containers: [
        {
          ...CONTAINER,
          securityContext: { privileged: true, capabilities: { add: ['NET_ADMIN'] } },
          args: ['--insecure'],
          resources: { limits: { cpu: '1', memory: '1Gi' } },
        },
      ],
      volumes: [{ name: 'v', hostPath: { path: '/' } }],
    }),
  ),
  place(
    'deployment.json',
    JSON.stringify({
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [CONTAINER] } },
      },
    }),
  ),
];
