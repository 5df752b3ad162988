import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { kubectlBinary } from '../../scripts/controlplane.mjs';
import type { ControlPlane } from './control-plane.ts';

export interface Ran {
  code: number;
  output: string;
}

/** Runs a command line as somebody with this token and nothing else types it, with the real kubectl. */
export const runAs = (plane: ControlPlane, token: string, command: string): Promise<Ran> =>
  runWith(plane, { token }, command);

/** What a kubeconfig says of its user. */
export type Credentials = Readonly<Record<string, unknown>>;

/** Runs a command line as somebody types it whose kubeconfig has these credentials. */
export async function runWith(plane: ControlPlane, user: Credentials, command: string): Promise<Ran> {
  const kubectl = await kubectlBinary();
  if (typeof kubectl !== 'string') throw new Error(kubectl.missing);
  const config = join(plane.dir, `kubeconfig-${createHash('sha256').update(JSON.stringify(user)).digest('hex')}`);
  const cluster = { server: plane.url, 'certificate-authority-data': Buffer.from(plane.caData).toString('base64') };
  const content = {
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  // Others may be reading it: at no moment is it there and empty.
  const partial = `${config}.${randomUUID()}`;
  writeFileSync(partial, JSON.stringify(content), { mode: 0o600 });
  renameSync(partial, config);
  const env = { PATH: `${dirname(kubectl)}:${process.env.PATH}`, HOME: plane.dir, KUBECONFIG: config, GOGC: 'off' };
  return new Promise((resolve) => {
    execFile('bash', ['-o', 'pipefail', '-c', command], { env, cwd: plane.dir }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, output: `${stdout}${stderr}` });
    });
  });
}
