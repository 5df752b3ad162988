import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { kubectlBinary } from '../../scripts/controlplane.mjs';
import type { ControlPlane } from './control-plane.ts';

export interface Ran {
  code: number;
  output: string;
}

/** Runs a command line as somebody with this token and nothing else types it, with the real kubectl. */
export async function runAs(plane: ControlPlane, token: string, command: string): Promise<Ran> {
  const kubectl = await kubectlBinary();
  if (typeof kubectl !== 'string') throw new Error(kubectl.missing);
  const config = join(plane.dir, `kubeconfig-${token.slice(-64)}`);
  const cluster = { server: plane.url, 'certificate-authority-data': Buffer.from(plane.caData).toString('base64') };
  const content = {
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user: { token } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(config, JSON.stringify(content), { mode: 0o600 });
  const env = { PATH: `${dirname(kubectl)}:${process.env.PATH}`, HOME: plane.dir, KUBECONFIG: config, GOGC: 'off' };
  return new Promise((resolve) => {
    execFile('bash', ['-o', 'pipefail', '-c', command], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, output: `${stdout}${stderr}` });
    });
  });
}
