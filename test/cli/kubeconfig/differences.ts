import type { ControlPlane } from '../../helpers/control-plane.ts';
import type { Proxy as TestProxy } from '../../helpers/proxy.ts';
import { jane, janesPlugin, plugin, type Situation } from './situations.ts';

/**
 * What kubectl makes of a situation and @kubernetes/client-node 2.0.1 does not: the user that kubectl is, or that
 * kubectl refuses.
 */
type Difference = [way: string, situation: Situation, kubectl: string | 'refused'];

/** CONTRIBUTING.md has them in words; where a later version no longer differs, it has to go there too. */
export function differencesOf(plane: ControlPlane, proxy: TestProxy): Difference[] {
  const { port } = new URL(plane.url);
  const admin = { token: plane.adminToken };
  const cluster = { server: plane.url, 'certificate-authority': plane.caFile };
  const named = { server: `https://api.example:${port}`, 'tls-server-name': '10.0.0.1' };
  const bob = plane.certificate({ user: 'bob' });
  const file = (users: object[], current?: string) =>
    JSON.stringify({
      ...{ clusters: [{ name: 'c', cluster }], users },
      ...{ contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }], 'current-context': current },
    });
  const twice = { a: file([{ name: 'u', user: { token: jane.token } }], 'x'), b: file([{ name: 'u', user: admin }]) };
  const onPath = (more: object = {}) => plugin('plugin', more);
  const env = { PATH: `F:${process.env.PATH}` };
  // biome-ignore format: one situation a line
  return [
    ['1 KUBECONFIG with a name in two files', { noFlag: true, files: twice, env: { KUBECONFIG: 'F/a:F/b' } }, 'jane'],
    ['1 KUBECONFIG with a file that is missing', { noFlag: true, files: twice, env: { KUBECONFIG: 'F/none:F/a' } }, 'jane'],
    ['2 tokenFile', { user: { token: '', tokenFile: 'token' }, files: { token: jane.token } }, 'jane'],
    ['3 the groups of an impersonation', { user: { ...admin, as: 'carol', 'as-groups': ['ops'] } }, 'carol'],
    ['3 the UID of an impersonation', { user: { ...admin, as: 'carol', 'as-uid': '7' } }, 'carol'],
    ['4 a plugin beside its kubeconfig', { user: plugin('./plugin'), files: janesPlugin }, 'jane'],
    ['5 a plugin that wants to be told what is asked of it', { user: onPath({ provideClusterInfo: true }), files: { plugin: janesPlugin.plugin.replace('#!/bin/sh', '#!/bin/sh -u\n: "$KUBERNETES_EXEC_INFO"') }, env }, 'jane'],
    ['5 a plugin that answers in YAML', { user: onPath(), files: { plugin: '#!/bin/sh\nprintf "apiVersion: client.authentication.k8s.io/v1\\nkind: ExecCredential\\nstatus: {token: jane-token}\\n"\n' }, env }, 'jane'],
    ['6 a plugin that answers in another version', { user: onPath({ apiVersion: 'client.authentication.k8s.io/v1beta1' }), files: janesPlugin, env }, 'refused'],
    ['7 a token beside a plugin that fails', { user: { ...onPath(), ...admin }, files: { plugin: '#!/bin/sh\nexit 1\n' }, env }, 'admin'],
    ['7 a certificate beside a plugin that fails', { user: { ...onPath(), 'client-certificate': 'c', 'client-key': 'k' }, files: { plugin: '#!/bin/sh\nexit 1\n', c: bob.cert, k: bob.key }, env }, 'bob'],
    ['8 HTTPS_PROXY', { cluster: { ...named, 'tls-server-name': 'api.example', 'insecure-skip-tls-verify': true, 'certificate-authority': '' }, env: { HTTPS_PROXY: proxy.url } }, 'jane'],
    ['9 tls-server-name that is an address', { cluster: { 'tls-server-name': '10.0.0.1' } }, 'jane'],
    ['9 an address behind a SOCKS proxy', { cluster: { 'proxy-url': proxy.socksUrl } }, 'jane'],
    ['10 a CA, and not to verify it', { cluster: { 'insecure-skip-tls-verify': true } }, 'refused'],
    ['10 a token and basic auth', { user: { username: 'jane', password: 'secret' } }, 'refused'],
    ['10 NODE_TLS_REJECT_UNAUTHORIZED', { cluster: { 'certificate-authority': '' }, env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } }, 'refused'],
  ];
}
