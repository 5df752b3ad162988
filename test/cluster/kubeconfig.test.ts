import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { UserError } from '../../src/answer/user-error.ts';
import { connect } from '../../src/cluster/connect.ts';
import type { ConnectFlags } from '../../src/cluster/connection.ts';
import { certificateAuthority } from '../helpers/certificates.ts';
import { startProxy } from '../helpers/proxy.ts';
import { withControlPlane } from '../helpers/real.ts';

/** One situation. Paths are relative to its own folder, where `files` are written; `F` in `says` stands for that folder. */
interface Situation {
  /** Fields of the only cluster, laid over one that works; the same for the user (whose token is jane's) and the context. */
  cluster?: Record<string, unknown>;
  user?: Record<string, unknown>;
  context?: Record<string, unknown>;
  /** Replaces the whole file. */
  text?: string;
  files?: Record<string, string>;
  flags?: ConnectFlags;
  env?: Record<string, string>;
  /** Do not give the file by `--kubeconfig`. */
  noFlag?: true;
}
/** The user that the server has to see, or the words of the refusal, or just that both are refused. */
type Outcome = { user: string } | { says: string } | 'refused';

const jane = { token: 'jane-token', user: 'jane', uid: 'jane-uid', groups: ['developers', 'ops'] };
const kubectl = await promisify(execFile)('kubectl', ['version', '--client']).then(
  () => true,
  () => false,
);

if (!kubectl && process.env.CI) throw new Error('the kubeconfigs have to be compared with kubectl, which is not on PATH');
if (!kubectl) test('kubeconfigs as kubectl reads them', { skip: 'no kubectl on PATH' }, () => {});
else
  await withControlPlane({ tokens: [jane], controllers: [] }, async (plane) => {
    const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
    const proxy = await startProxy();
    after(() => {
      rmSync(folder, { recursive: true, force: true });
      proxy.close();
    });
    const server = plane.url;
    const { port } = new URL(server);
    const ca = plane.caFile;
    const caData = base64(plane.caData);
    const works = { 'certificate-authority': ca, server };
    const bob = plane.certificate({ user: 'bob', groups: ['developers'] });
    const stranger = certificateAuthority('another-ca').issue({ user: 'stranger' });
    const bobFiles = { 'bob.crt': bob.cert, 'bob.key': bob.key };
    const bobPaths = { token: '', 'client-certificate': 'bob.crt', 'client-key': 'bob.key' };
    const admin = { token: plane.adminToken };
    const v1 = 'client.authentication.k8s.io/v1';
    const credential = (status: object, apiVersion = v1) =>
      `#!/bin/sh\ncat <<'END'\n${JSON.stringify({ kind: 'ExecCredential', apiVersion, status })}\nEND\n`;
    const plugin = (command: string, more: object = {}) => ({
      token: '',
      exec: { apiVersion: v1, command, interactiveMode: 'Never', ...more },
    });
    const janesPlugin = { plugin: credential({ token: jane.token }) };
    const file = (clusters: object, users: object, contexts: object, current?: string) =>
      JSON.stringify({
        clusters: Object.entries(clusters).map(([name, cluster]) => ({ name, cluster })),
        users: Object.entries(users).map(([name, user]) => ({ name, user })),
        contexts: Object.entries(contexts).map(([name, context]) => ({ name, context })),
        ...(current && { 'current-context': current }),
      });
    const twoFiles = {
      a: file({ c: works }, { u: jane }, { x: { cluster: 'c', user: 'u' } }),
      b: file(
        { c: { server: 'https://127.0.0.1:1' } },
        { u: admin, v: admin },
        { x: { cluster: 'c', user: 'v' }, y: { cluster: 'c', user: 'v' } },
        'y',
      ),
    };
    const expired = `e30.${base64(JSON.stringify({ exp: 1 }))}.x`;
    const oidc = (config: object) => ({ token: '', 'auth-provider': { name: 'oidc', config } });

    // biome-ignore format: one situation a line
    const situations: [string, Situation, Outcome][] = [
      ['a token', {}, { user: 'jane' }],
      ['a wrong token', { user: { token: 'wrong' } }, 'refused'],
      ['a token that is a number in YAML', { user: { token: 12345 } }, { says: `error: error loading config file "F/config": json: cannot unmarshal number into Go struct field AuthInfo.users.user.token of type string` }],
      ['a token file, relative to the kubeconfig', { user: { token: '', tokenFile: 'token' }, files: { token: 'jane-token\n' } }, { user: 'jane' }],
      ['a token file wins over a token', { user: { token: plane.adminToken, tokenFile: 'token' }, files: { token: jane.token } }, { user: 'jane' }],
      ['a token file wins over --token', { user: { token: '', tokenFile: 'token' }, files: { token: jane.token }, flags: admin }, { user: 'jane' }],
      ['a token file that is missing', { user: { token: '', tokenFile: 'none' } }, { says: 'error: open F/none: no such file or directory' }],
      ['a token file that is a folder', { user: { token: '', tokenFile: '.' } }, { says: 'error: read F: is a directory' }],
      ['a token file without a token', { user: { token: '', tokenFile: 'token' }, files: { token: '\n' } }, 'refused'],
      ['--token', { flags: admin }, { user: 'admin' }],
      ['a client certificate in files', { user: bobPaths, files: bobFiles }, { user: 'bob' }],
      ['a client certificate in the kubeconfig', { user: { token: '', 'client-certificate-data': base64(bob.cert), 'client-key-data': base64(bob.key) } }, { user: 'bob' }],
      ['a client certificate goes with a token', { user: { ...bobPaths, token: jane.token }, files: bobFiles }, { user: 'bob' }],
      ['--client-certificate and --client-key, from where we stand', { user: { token: '' }, files: bobFiles, flags: { clientCertificate: 'F/bob.crt', clientKey: 'F/bob.key' } }, { user: 'bob' }],
      ['a client certificate of another CA', { user: bobPaths, files: { 'bob.crt': stranger.cert, 'bob.key': stranger.key } }, 'refused'],
      ['a client certificate without its key', { user: { ...bobPaths, 'client-key': '' }, files: bobFiles }, { says: 'error: client-key-data or client-key must be specified for u to use the clientCert authentication method.' }],
      ['a key without its certificate', { user: { ...bobPaths, 'client-certificate': '' }, files: bobFiles }, 'refused'],
      ['a client certificate that is missing', { user: bobPaths }, { says: 'Error in configuration: unable to read client-cert F/bob.crt for u due to open F/bob.crt: no such file or directory; unable to read client-key F/bob.key for u due to open F/bob.key: no such file or directory' }],
      ['the key of another certificate', { user: bobPaths, files: { 'bob.crt': bob.cert, 'bob.key': stranger.key } }, 'refused'],
      ['certificate and key exchanged', { user: bobPaths, files: { 'bob.crt': bob.key, 'bob.key': bob.cert } }, 'refused'],
      ['a client certificate that is none', { user: { token: '', 'client-certificate-data': 'aGVsbG8=', 'client-key-data': 'aGVsbG8=' } }, { says: 'error: tls: failed to find any PEM data in certificate input' }],
      ['a client key that is none', { user: { token: '', 'client-certificate-data': base64(bob.cert), 'client-key-data': 'aGVsbG8=' } }, { says: 'error: tls: failed to find any PEM data in key input' }],
      ['data that is not base64', { user: { 'client-certificate-data': '%%%' } }, { says: 'error: error loading config file "F/config": illegal base64 data at input byte 0' }],
      ['data without its padding', { cluster: { 'certificate-authority': '', 'certificate-authority-data': 'aGVsbG8' } }, { says: 'error: error loading config file "F/config": illegal base64 data at input byte 4' }],
      ['basic auth, which no server takes any more', { user: { token: '', username: 'jane', password: 'secret' } }, 'refused'],
      ['basic auth and a token', { user: { username: 'jane', password: 'secret' } }, { says: 'error: more than one authentication method found for u; found [token basicAuth], only one is allowed' }],
      ['basic auth and a token file', { user: { token: '', tokenFile: 'token', username: 'jane', password: 'secret' }, files: { token: jane.token } }, { says: 'error: username/password or bearer token may be set, but not both' }],
      ['--username beside a token', { flags: { username: 'jane', password: 'secret' } }, { says: 'error: more than one authentication method found for u; found [token basicAuth], only one is allowed' }],
      ['no credentials', { user: { token: '' } }, 'refused'],

      ['a CA in the kubeconfig', { cluster: { 'certificate-authority': '', 'certificate-authority-data': caData } }, { user: 'jane' }],
      ['a CA in base64 with line ends', { cluster: { 'certificate-authority': '', 'certificate-authority-data': caData.replaceAll(/.{76}/g, '$&\n') } }, { user: 'jane' }],
      ['a CA in a file, relative to the kubeconfig', { cluster: { 'certificate-authority': 'my.crt' }, files: { 'my.crt': plane.caData } }, { user: 'jane' }],
      ['another CA', { cluster: { 'certificate-authority': 'my.crt' }, files: { 'my.crt': certificateAuthority().cert } }, 'refused'],
      ['no CA: the roots of the machine', { cluster: { 'certificate-authority': '' } }, 'refused'],
      ['a CA that is missing', { cluster: { 'certificate-authority': 'none' } }, { says: 'error: unable to read certificate-authority F/none for c due to open F/none: no such file or directory' }],
      ['a CA that is a folder', { cluster: { 'certificate-authority': '.' } }, { says: 'error: read F: is a directory' }],
      ['a CA that is none', { cluster: { 'certificate-authority': '', 'certificate-authority-data': 'aGVsbG8=' } }, { says: 'error: unable to load root certificates: unable to parse bytes as PEM block' }],
      ['a CA twice', { cluster: { 'certificate-authority-data': caData } }, { says: 'error: certificate-authority-data and certificate-authority are both specified for c. certificate-authority-data will override.' }],
      ['insecure-skip-tls-verify', { cluster: { 'certificate-authority': '', 'insecure-skip-tls-verify': true } }, { user: 'jane' }],
      ['insecure-skip-tls-verify, and a CA', { cluster: { 'insecure-skip-tls-verify': true } }, { says: 'error: specifying a root certificates file with the insecure flag is not allowed' }],
      ['--insecure-skip-tls-verify forgets the CA', { cluster: { 'certificate-authority': 'none' }, flags: { insecureSkipTlsVerify: true } }, { user: 'jane' }],
      ['--certificate-authority forgets insecure-skip-tls-verify', { cluster: { 'certificate-authority': '', 'insecure-skip-tls-verify': true }, flags: { certificateAuthority: ca } }, { user: 'jane' }],
      ['tls-server-name, an address that the certificate has', { cluster: { 'tls-server-name': '10.0.0.1' } }, { user: 'jane' }],
      ['tls-server-name, a name that it does not have', { cluster: { 'tls-server-name': 'example.com' } }, 'refused'],
      ['--tls-server-name', { cluster: { 'tls-server-name': 'example.com' }, flags: { tlsServerName: '10.0.0.1' } }, { user: 'jane' }],
      ['--server forgets tls-server-name', { cluster: { server: 'https://example.com', 'tls-server-name': 'example.com' }, flags: { server } }, { user: 'jane' }],
      ['a name that the certificate does not have', { cluster: { server: `https://localhost:${port}` } }, 'refused'],
      ['a server with a slash at its end', { cluster: { server: `${server}/` } }, { user: 'jane' }],
      ['a server without a scheme is plain http', { cluster: { server: `127.0.0.1:${port}` } }, 'refused'],
      ['a server without a scheme but with a path', { cluster: { server: `127.0.0.1:${port}/x` } }, { says: `error: host must be a URL or a host:port pair: "127.0.0.1:${port}/x"` }],
      ['a scheme that is not for API servers', { cluster: { server: 'ftp://127.0.0.1' } }, { says: 'Unable to connect to the server: unsupported protocol scheme "ftp"' }],
      ['a user in the URL of the server wins over the token', { cluster: { server: server.replace('//', '//jane:secret@') } }, 'refused'],

      ['--context of another user', { text: file({ c: works }, { u: admin, v: jane }, { x: { cluster: 'c', user: 'u' }, y: { cluster: 'c', user: 'v' } }, 'x'), flags: { context: 'y' } }, { user: 'jane' }],
      ['--user', { text: file({ c: works }, { u: admin, v: jane }, { x: { cluster: 'c', user: 'u' } }, 'x'), flags: { user: 'v' } }, { user: 'jane' }],
      ['--cluster', { text: file({ c: { server: 'https://127.0.0.1:1' }, d: works }, { u: jane }, { x: { cluster: 'c', user: 'u' } }, 'x'), flags: { cluster: 'd' } }, { user: 'jane' }],
      ['--cluster and --user without any context', { text: file({ c: works }, { u: jane }, {}), flags: { cluster: 'c', user: 'u' } }, { user: 'jane' }],
      ['only flags', { text: '', flags: { server, certificateAuthority: ca, token: jane.token } }, { user: 'jane' }],
      ['a context that does not exist', { flags: { context: 'none' } }, { says: 'error: context "none" does not exist' }],
      ['a cluster that does not exist', { flags: { cluster: 'none' } }, { says: 'error: cluster "none" does not exist' }],
      ['a user that does not exist', { flags: { user: 'none' } }, { says: 'error: auth info "none" does not exist' }],
      ['a current-context that does not exist', { text: file({ c: works }, { u: jane }, {}, 'none') }, { says: 'Error in configuration: context was not found for specified context: none' }],
      ['no current-context', { text: file({ c: works }, { u: jane }, { x: { cluster: 'c', user: 'u' } }) }, 'refused'],
      ['a context whose cluster does not exist', { context: { cluster: 'none' } }, 'refused'],
      ['a context whose user does not exist', { context: { user: 'none' } }, 'refused'],
      ['a cluster without a server', { cluster: { server: '' } }, 'refused'],
      ['a kubeconfig without a byte', { text: '' }, 'refused'],

      ['KUBECONFIG: the first file with a name wins', { noFlag: true, files: twoFiles, env: { KUBECONFIG: 'F/a:F/b' }, flags: { context: 'x' } }, { user: 'jane' }],
      ['KUBECONFIG: the first current-context wins', { noFlag: true, files: twoFiles, env: { KUBECONFIG: 'F/a:F/b' } }, { user: 'admin' }],
      ['KUBECONFIG: a missing file and an empty element are passed over', { noFlag: true, files: twoFiles, env: { KUBECONFIG: 'F/none::F/a:F/b:F/a' }, flags: { context: 'x' } }, { user: 'jane' }],
      ['KUBECONFIG: paths are relative to their own file', { noFlag: true, files: { ...twoFiles, 'sub/c': file({}, { w: { tokenFile: 't' } }, { z: { cluster: 'c', user: 'w' } }, 'z'), 'sub/t': jane.token }, env: { KUBECONFIG: 'F/sub/c:F/a' } }, { user: 'jane' }],
      ['KUBECONFIG: a file that cannot be parsed is not passed over', { noFlag: true, files: { ...twoFiles, bad: 'clusters: 1' }, env: { KUBECONFIG: 'F/a:F/bad' } }, { says: 'error: error loading config file "F/bad": json: cannot unmarshal number into Go struct field Config.clusters of type []v1.NamedCluster' }],
      ['KUBECONFIG: a folder', { noFlag: true, env: { KUBECONFIG: 'F' } }, { says: 'error: error loading config file "F": read F: is a directory' }],
      ['KUBECONFIG: nothing there', { noFlag: true, env: { KUBECONFIG: 'F/none' } }, 'refused'],
      ['--kubeconfig wins over KUBECONFIG', { files: twoFiles, env: { KUBECONFIG: 'F/b' } }, { user: 'jane' }],
      ['--kubeconfig that does not exist', { flags: { kubeconfig: '/none/config' } }, { says: 'error: stat /none/config: no such file or directory' }],
      ['~/.kube/config', { noFlag: true, files: { '.kube/config': twoFiles.a }, flags: { context: 'x' } }, { user: 'jane' }],
      ['nothing at all', { noFlag: true }, 'refused'],

      ['YAML 1.1: yes is true', { text: `clusters: [{name: c, cluster: {server: "${server}", insecure-skip-tls-verify: yes}}]\nusers: [{name: u, user: {token: jane-token}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x\n` }, { user: 'jane' }],
      ['YAML: of equal keys the last one holds', { text: `current-context: y\nclusters: [{name: c, cluster: {server: "https://127.0.0.1:1", server: "${server}", insecure-skip-tls-verify: true}}]\nusers: [{name: u, user: {token: jane-token}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x\n` }, { user: 'jane' }],
      ['YAML: of several documents the first one counts', { text: `${file({ c: works }, { u: jane }, { x: { cluster: 'c', user: 'u' } }, 'x')}\n---\nclusters: []\n` }, { user: 'jane' }],
      ['JSON with tabs', { text: JSON.stringify(JSON.parse(file({ c: works }, { u: jane }, { x: { cluster: 'c', user: 'u' } }, 'x')), null, '\t') }, { user: 'jane' }],
      ['not YAML', { text: 'clusters: [' }, 'refused'],
      ['a list', { text: '- a' }, 'refused'],
      ['a text', { text: 'hello' }, 'refused'],
      ['another kind', { text: 'kind: Pod\napiVersion: v1' }, 'refused'],
      ['another version', { text: 'kind: Config\napiVersion: v2' }, 'refused'],
      ['the same name twice in one file', { text: 'users: [{name: u, user: {token: a}}, {name: u, user: {token: b}}]' }, 'refused'],
      ['a boolean in quotes', { cluster: { 'insecure-skip-tls-verify': 'true' } }, { says: 'error: error loading config file "F/config": json: cannot unmarshal string into Go struct field Cluster.clusters.cluster.insecure-skip-tls-verify of type bool' }],
      ['clusters as an object', { text: 'clusters: {}' }, { says: 'error: error loading config file "F/config": json: cannot unmarshal object into Go struct field Config.clusters of type []v1.NamedCluster' }],

      ['--as', { user: admin, flags: { as: 'carol' } }, { user: 'carol' }],
      ['--as with groups and uid', { user: admin, flags: { as: 'carol', asGroup: ['a', 'b c'], asUid: '7' } }, { user: 'carol' }],
      ['--as a service account has its groups', { user: admin, flags: { as: 'system:serviceaccount:shop:web' } }, { user: 'system:serviceaccount:shop:web' }],
      ['--as beyond ASCII', { user: admin, flags: { as: 'jané☃', asGroup: ['größe'] } }, { user: 'jané☃' }],
      ['--as without the right to', { flags: { as: 'carol' } }, 'refused'],
      ['--as that no header can carry', { user: admin, flags: { as: 'a\nb' } }, { says: 'Unable to connect to the server: net/http: invalid header field value for "Impersonate-User"' }],
      ['as, as-uid, as-groups and as-user-extra', { user: { ...admin, as: 'carol', 'as-uid': '7', 'as-groups': ['a'], 'as-user-extra': { Scopes: ['x', 'y'], 'example.com/Ключ %': ['z'] } } }, { user: 'carol' }],
      ['--as keeps the groups of the kubeconfig', { user: { ...admin, as: 'carol', 'as-groups': ['a'] }, flags: { as: 'dave' } }, { user: 'dave' }],
      ['--as-group replaces them', { user: { ...admin, as: 'carol', 'as-groups': ['a'] }, flags: { asGroup: ['b'] } }, { user: 'carol' }],
      ['--as-group without a user', { user: admin, flags: { asGroup: ['a'] } }, { says: 'error: requesting uid, groups or user-extra for u without impersonating a user' }],
      ['as-user-extra without a user', { user: { ...admin, 'as-user-extra': { a: ['b'] } } }, { says: 'error: requesting uid, groups or user-extra for u without impersonating a user' }],

      ['a plugin beside the kubeconfig', { user: plugin('./plugin'), files: janesPlugin }, { user: 'jane' }],
      ['a plugin along PATH', { user: plugin('plugin'), files: janesPlugin, env: { PATH: `F:${process.env.PATH}` } }, { user: 'jane' }],
      ['a plugin that answers in YAML', { user: plugin('./plugin'), files: { plugin: `#!/bin/sh\nprintf 'apiVersion: ${v1}\\nkind: ExecCredential\\nstatus:\\n  token: jane-token\\n'\n` } }, { user: 'jane' }],
      ['a plugin with arguments and variables', { user: plugin('./plugin', { args: ['jane'], env: [{ name: 'REST', value: '-token' }] }), files: { plugin: credential({ token: 'X' }).replace("cat <<'END'", 'cat <<END').replace('X', '$1$REST') } }, { user: 'jane' }],
      ['a plugin with a certificate', { user: plugin('./plugin'), files: { plugin: credential({ clientCertificateData: bob.cert, clientKeyData: bob.key }) } }, { user: 'bob' }],
      ['a v1beta1 plugin needs no interactiveMode', { user: plugin('./plugin', { apiVersion: `${v1}beta1`, interactiveMode: '' }), files: { plugin: credential({ token: jane.token }, `${v1}beta1`) } }, { user: 'jane' }],
      ['a v1 plugin needs one', { user: plugin('./plugin', { interactiveMode: '' }), files: janesPlugin }, { says: 'error: interactiveMode must be specified for u to use exec authentication plugin' }],
      ['an interactiveMode that does not exist', { user: plugin('./plugin', { interactiveMode: 'Sometimes' }), files: janesPlugin }, { says: 'error: invalid interactiveMode for u: "Sometimes"' }],
      ['interactiveMode Always without a terminal', { user: plugin('./plugin', { interactiveMode: 'Always' }), files: janesPlugin }, { says: 'Unable to connect to the server: getting credentials: exec plugin cannot support interactive mode: standard input is not a terminal' }],
      ['interactiveMode IfAvailable without a terminal', { user: plugin('./plugin', { interactiveMode: 'IfAvailable' }), files: janesPlugin }, { user: 'jane' }],
      ['a token wins over a plugin', { user: { ...plugin('./plugin'), ...admin }, files: janesPlugin }, { user: 'admin' }],
      ['a certificate wins over a plugin', { user: { ...plugin('./plugin'), ...bobPaths }, files: { ...janesPlugin, ...bobFiles } }, { user: 'bob' }],
      ['a plugin of a version that is gone', { user: plugin('./plugin', { apiVersion: `${v1}alpha1` }), files: janesPlugin }, { says: `error: exec plugin: invalid apiVersion "${v1}alpha1"` }],
      ['a plugin of another version than configured', { user: plugin('./plugin'), files: { plugin: credential({ token: jane.token }, `${v1}beta1`) } }, { says: `Unable to connect to the server: getting credentials: exec plugin is configured to use API version ${v1}, plugin returned version ${v1}beta1` }],
      ['a plugin without a command', { user: plugin('') }, { says: 'error: command must be specified for u to use exec authentication plugin' }],
      ['a plugin that is missing beside the kubeconfig', { user: plugin('./plugin') }, { says: 'Unable to connect to the server: getting credentials: exec: fork/exec F/plugin: no such file or directory' }],
      ['a plugin that is missing along PATH', { user: plugin('no-such-plugin', { installHint: 'Install it\nwith care.' }) }, { says: 'Unable to connect to the server: getting credentials: exec: executable no-such-plugin not found: Install it with care.' }],
      ['a plugin that fails', { user: plugin('./plugin'), files: { plugin: '#!/bin/sh\nexit 3\n' } }, { says: 'Unable to connect to the server: getting credentials: exec: executable F/plugin failed with exit code 3' }],
      ['a plugin that is killed', { user: plugin('./plugin'), files: { plugin: '#!/bin/sh\nkill -9 $$\n' } }, { says: 'Unable to connect to the server: getting credentials: exec: executable F/plugin failed with exit code -1' }],
      ['a plugin that says nothing', { user: plugin('./plugin'), files: { plugin: '#!/bin/sh\n' } }, 'refused'],
      ['a plugin that says hello', { user: plugin('./plugin'), files: { plugin: '#!/bin/sh\necho hello\n' } }, 'refused'],
      ['a plugin without a status', { user: plugin('./plugin'), files: { plugin: credential(undefined as never) } }, { says: "Unable to connect to the server: getting credentials: exec plugin didn't return a status field" }],
      ['a plugin without a token', { user: plugin('./plugin'), files: { plugin: credential({}) } }, { says: "Unable to connect to the server: getting credentials: exec plugin didn't return a token or cert/key pair" }],
      ['a plugin with half a certificate', { user: plugin('./plugin'), files: { plugin: credential({ clientKeyData: 'x' }) } }, { says: 'Unable to connect to the server: getting credentials: exec plugin returned only certificate or key, not both' }],
      ['a plugin with a bad certificate', { user: plugin('./plugin'), files: { plugin: credential({ clientCertificateData: 'x', clientKeyData: 'y' }) } }, { says: 'Unable to connect to the server: getting credentials: failed parsing client key/certificate: tls: failed to find any PEM data in certificate input' }],
      ['a plugin with a number for a token', { user: plugin('./plugin'), files: { plugin: credential({ token: 7 }) } }, { says: 'Unable to connect to the server: getting credentials: decoding stdout: json: cannot unmarshal number into Go struct field ExecCredentialStatus.status.token of type string' }],

      ['OIDC without an issuer', { user: oidc({}) }, { says: 'error: Must provide idp-issuer-url' }],
      ['OIDC without a client', { user: oidc({ 'idp-issuer-url': 'https://x' }) }, { says: 'error: Must provide client-id' }],
      ['OIDC with what is no token', { user: oidc({ 'idp-issuer-url': 'https://x', 'client-id': 'c', 'id-token': 'x' }) }, { says: 'Unable to connect to the server: ID Token is not a valid JWT' }],
      ['OIDC, expired', { user: oidc({ 'idp-issuer-url': 'https://x', 'client-id': 'c', 'id-token': expired }) }, { says: 'Unable to connect to the server: No valid id-token, and cannot refresh without refresh-token' }],
      ['a token wins over OIDC', { user: { ...oidc({ 'idp-issuer-url': 'https://x', 'client-id': 'c' }), token: jane.token } }, { user: 'jane' }],
      ['an auth provider that is gone', { user: { token: '', 'auth-provider': { name: 'gcp' } } }, 'refused'],
      ['an auth provider that never was', { user: { token: '', 'auth-provider': { name: 'none' } } }, { says: 'error: no Auth Provider found for name "none"' }],
      ['an auth provider and a plugin', { user: { ...oidc({}), ...plugin('./plugin') } }, { says: 'error: authProvider cannot be provided in combination with an exec plugin for u' }],

      ['proxy-url, also for a loopback address', { cluster: { 'proxy-url': proxy.url } }, { user: 'jane' }],
      ['proxy-url with socks5', { cluster: { 'proxy-url': proxy.socksUrl } }, { user: 'jane' }],
      ['proxy-url resolves the names', { cluster: { server: `https://api.example:${port}`, 'tls-server-name': '10.0.0.1', 'proxy-url': proxy.url } }, { user: 'jane' }],
      ['proxy-url with socks5 resolves the names', { cluster: { server: `https://api.example:${port}`, 'tls-server-name': '10.0.0.1', 'proxy-url': proxy.socksUrl } }, { user: 'jane' }],
      ['HTTPS_PROXY', { cluster: { server: `https://api.example:${port}`, 'tls-server-name': '10.0.0.1' }, env: { HTTPS_PROXY: proxy.url } }, { user: 'jane' }],
      ['https_proxy, without a scheme', { cluster: { server: `https://api.example:${port}`, 'tls-server-name': '10.0.0.1' }, env: { https_proxy: new URL(proxy.url).host } }, { user: 'jane' }],
      ['HTTPS_PROXY is not for loopback addresses', { env: { HTTPS_PROXY: 'http://127.0.0.1:1' } }, { user: 'jane' }],
      ['NO_PROXY', { cluster: { server: `https://api.example:${port}`, 'tls-server-name': '10.0.0.1' }, env: { HTTPS_PROXY: proxy.url, NO_PROXY: '.example' } }, 'refused'],
      ['proxy-url that nobody listens at', { cluster: { 'proxy-url': 'http://127.0.0.1:1' } }, 'refused'],
      ['proxy-url wins over HTTPS_PROXY and NO_PROXY', { cluster: { 'proxy-url': proxy.url }, env: { HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: '*' } }, { user: 'jane' }],
      ['proxy-url with another scheme', { cluster: { 'proxy-url': 'ftp://u:secret@x' } }, 'refused'],
    ];

    describe(`${situations.length} kubeconfigs, read by kubectl and by us`, { concurrency: 4 }, () => {
      for (const [index, [name, situation, outcome]] of situations.entries()) {
        test(name, async () => {
          const home = join(folder, String(index));
          const { flags, env } = prepare(home, works, situation);
          const [theirs, ours] = await Promise.all([askKubectl(flags, env), askUs(flags, env)]);
          const here = (text: string) => text.replaceAll(home, 'F');
          if (outcome === 'refused') {
            assert.ok('refusal' in theirs && 'refusal' in ours, JSON.stringify({ theirs, ours }));
            return;
          }
          if ('says' in outcome) {
            assert.equal('refusal' in ours ? here(ours.refusal) : ours, outcome.says);
            assert.equal('refusal' in theirs ? here(theirs.refusal) : theirs, outcome.says);
            return;
          }
          assert.deepEqual(ours, theirs);
          assert.equal('identity' in ours && ours.identity.username, outcome.user);
        });
      }
    });

    test('a plugin is told the same by kubectl and by us', async () => {
      const note = `#!/bin/sh\nprintf %s "$KUBERNETES_EXEC_INFO" > "$INFO"\n${janesPlugin.plugin.replace('#!/bin/sh', '')}`;
      const extensions = [{ name: 'client.authentication.k8s.io/exec', extension: { audience: '<x>' } }];
      const cluster = { 'tls-server-name': '10.0.0.1', 'proxy-url': proxy.url, 'disable-compression': true, extensions };
      const home = join(folder, 'info');
      const user = plugin('./plugin', { interactiveMode: 'IfAvailable', provideClusterInfo: true });
      const { flags, env } = prepare(home, works, { cluster, user, files: { plugin: note } });
      await askKubectl(flags, { ...env, INFO: join(home, 'theirs') });
      await askUs(flags, { ...env, INFO: join(home, 'ours') });
      const told = (by: string) => JSON.parse(readFileSync(join(home, by), 'utf8'));
      assert.deepEqual(told('ours'), told('theirs'));
      assert.equal(told('ours').spec.cluster.config.audience, '<x>');
    });

    test('--as-user-extra, which older kubectls do not know', async () => {
      const { flags, env } = prepare(join(folder, 'extra'), works, {
        user: admin,
        flags: { as: 'carol', asUserExtra: ['Scopes=a', 'Scopes=b=c', 'nothing'] },
      });
      const answer = await askUs(flags, env);
      assert.deepEqual('identity' in answer && answer.identity.extra, { scopes: ['a', 'b=c'] });
    });

    test('in a pod: the service account, unless flags say otherwise', async () => {
      const home = join(folder, 'pod');
      const { flags } = prepare(home, works, {
        noFlag: true,
        files: { token: `${jane.token}\n`, 'ca.crt': plane.caData, namespace: 'shop' },
      });
      const env = { HOME: home, KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: port };
      const user = async (more: ConnectFlags) => {
        const answer = await askUs({ ...flags, ...more }, env, home);
        return 'identity' in answer ? answer.identity.username : answer.refusal;
      };
      assert.equal(await user({}), 'jane');
      assert.equal(await user(admin), 'admin');
      assert.equal(await user({ ...admin, as: 'carol' }), 'carol');
      assert.match(await user({ server: 'https://127.0.0.1:1' }), /no credentials/);
      const connection = await connect(flags, { env, stdinIsTerminal: false, version: '0', serviceAccountFolder: home });
      assert.deepEqual([connection.context, connection.namespace], [null, 'shop']);
    });
  });

function prepare(home: string, works: object, { cluster, user, context, text, files = {}, flags = {}, env = {}, noFlag }: Situation) {
  const here = <T>(value: T): T =>
    JSON.parse(
      JSON.stringify(value).replaceAll(/"([^"]*)"/g, (quoted) =>
        quoted.replace(/^"F(?=[/":])/, `"${home}`).replaceAll(/:F(?=[/":])/g, `:${home}`),
      ),
    );
  const config = {
    clusters: [{ name: 'c', cluster: { ...works, ...cluster } }],
    users: [{ name: 'u', user: { token: jane.token, ...user } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', ...context } }],
    'current-context': 'x',
  };
  for (const [name, content] of Object.entries({ ...(noFlag ? {} : { config: text ?? JSON.stringify(config) }), ...files })) {
    const path = join(home, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    if (name === 'plugin') chmodSync(path, 0o755);
  }
  mkdirSync(home, { recursive: true });
  return {
    flags: here<ConnectFlags>({ ...(noFlag ? {} : { kubeconfig: 'F/config' }), ...flags }),
    env: { PATH: process.env.PATH, HOME: home, ...here(env) } as Record<string, string>,
  };
}

type Answer = { identity: { username: string; extra?: Record<string, string[]> } } | { refusal: string };

async function askKubectl(flags: ConnectFlags, env: Record<string, string>): Promise<Answer> {
  const args = Object.entries(flags).flatMap(([name, value]) => {
    const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return Array.isArray(value) ? value.map((one) => `${flag}=${one}`) : [`${flag}=${value}`];
  });
  const asked = promisify(execFile)('kubectl', ['auth', 'whoami', '-o', 'json', ...args], { env, timeout: 60_000 });
  asked.child.stdin?.end();
  return asked.then(
    ({ stdout }) => ({ identity: JSON.parse(stdout).status.userInfo }),
    ({ stderr }) => ({ refusal: oneLine(stderr) }),
  );
}

/** kubectl's several lines as our one: a list of problems, and the hint how to install a plugin without its preface. */
const oneLine = (stderr: string): string =>
  stderr
    .trim()
    .replace(/ \n\* /, ' ')
    .replaceAll(/\n\* /g, '; ')
    .replace(/ not found\n\nIt looks like.*?#client-go-credential-plugins\n\n/s, ' not found: ')
    .replaceAll('\n', ' ');

async function askUs(flags: ConnectFlags, env: Record<string, string>, serviceAccountFolder = '/none'): Promise<Answer> {
  try {
    const connection = await connect(flags, { env, stdinIsTerminal: false, version: '0', serviceAccountFolder });
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const response = await connection.send({ method: 'POST', path: '/apis/authentication.k8s.io/v1/selfsubjectreviews', body });
    connection.close();
    if (response.status !== 201) return { refusal: `${response.status}` };
    return { identity: JSON.parse(String(response.body)).status.userInfo };
  } catch (error) {
    const isOurs = error instanceof UserError;
    assert.ok(
      isOurs || (error as NodeJS.ErrnoException).code,
      `neither an error for the reader nor of the network: ${(error as Error).stack}`,
    );
    const { message } = error as Error;
    assert.doesNotMatch(message, /secret|jane-token|\n/);
    return { refusal: message };
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
