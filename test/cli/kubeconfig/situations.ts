import type { ConnectFlags } from '../../../src/cluster/connect/connection.ts';
import { certificateAuthority } from '../../helpers/certificates.ts';
import type { ControlPlane } from '../../helpers/control-plane.ts';
import type { Issuer } from '../../helpers/oidc-issuer.ts';
import type { Proxy as TestProxy } from '../../helpers/proxy.ts';

/**
 * One situation. Paths are relative to its own folder, where `files` are written; `F` in `says` stands for that folder.
 */
export interface Situation {
  /**
   * Fields of the only cluster, laid over one that works; the same for the user (whose token is jane's) and the
   * context.
   */
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

/**
 * The user that the server has to see, or the words of the refusal (`kubectl`: where its own are others), or just that
 * all are refused.
 */
export type Outcome = { user: string } | { says: string; kubectl?: RegExp } | 'refused';

/** What kubectl auth whoami says when kubectl has become anonymous without a word. */
export const anonymous =
  /the selfsubjectreviews API is not enabled in the cluster or you do not have permission to call it/;
/** Of files kubectl says only when it connects what it says of data at once. */
const lately = /^Unable to connect to the server: tls: failed to find any PEM data in (certificate|key) input$/;
/** How kubectl ends where it finds no credentials, asks for a name and a password, and is not answered. */
const prompted = /^(Please enter Username: )?error: EOF$/;
const invalidHeader = /net\/http: invalid header field value for "Authorization"/;

/** The user of the token in every kubeconfig. */
export const jane = { token: 'jane-token', user: 'jane', uid: 'jane-uid', groups: ['developers', 'ops'] };

const v1 = 'client.authentication.k8s.io/v1';

/** A credential plugin that answers with this status. */
const credential = (status: object, apiVersion = v1): string =>
  `#!/bin/sh\ncat <<'END'\n${JSON.stringify({ kind: 'ExecCredential', apiVersion, status })}\nEND\n`;

/** A user whose credentials a plugin has. */
export const plugin = (command: string, more: object = {}) => ({
  token: '',
  exec: { apiVersion: v1, command, interactiveMode: 'Never', ...more },
});

export const janesPlugin = { plugin: credential({ token: jane.token }) };

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Kubeconfigs, flags and environments, and whom the server has to see then. */
export function situationsOf(plane: ControlPlane, proxy: TestProxy, issuer: Issuer): [string, Situation, Outcome][] {
  const server = plane.url;
  const { port } = new URL(server);
  const ca = plane.caFile;
  const caData = base64(plane.caData);
  const works = { 'certificate-authority': ca, server };
  const edges = `clusters: [\n{name: c, cluster: {server: "${server}", certificate-authority: "${ca}"}}\n]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x\n`;
  const bob = plane.certificate({ user: 'bob', groups: ['developers'] });
  const stranger = certificateAuthority('another-ca').issue({ user: 'stranger' });
  const bobFiles = { 'bob.crt': bob.cert, 'bob.key': bob.key };
  const bobPaths = { token: '', 'client-certificate': 'bob.crt', 'client-key': 'bob.key' };
  const admin = { token: plane.adminToken };
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

  const issued = (tokens: object) =>
    oidc({
      'idp-issuer-url': issuer.url,
      'client-id': 'whocan',
      'idp-certificate-authority-data': base64(issuer.ca),
      ...tokens,
    });
  const old = issuer.token('olga', -60);

  // biome-ignore format: one situation a line
  return [
    ['a token', {}, { user: 'jane' }],
    ['a wrong token', { user: { token: 'wrong' } }, 'refused'],
    ['a token that is a number in YAML', { user: { token: 12345 } }, { says: `error: error loading config file "F/config": json: cannot unmarshal number into Go struct field AuthInfo.users.user.token of type string` }],
    ['a token file, relative to the kubeconfig', { user: { token: '', tokenFile: 'token' }, files: { token: 'jane-token\n' } }, { user: 'jane' }],
    ['a token file wins over a token', { user: { token: plane.adminToken, tokenFile: 'token' }, files: { token: jane.token } }, { user: 'jane' }],
    ['a token file wins over --token', { user: { token: '', tokenFile: 'token' }, files: { token: jane.token }, flags: admin }, { user: 'jane' }],
    ['a token file that is missing', { user: { token: '', tokenFile: 'none' } }, { says: 'error: open F/none: no such file or directory' }],
    ['a token file that is a folder', { user: { token: '', tokenFile: '.' } }, { says: 'error: read F: is a directory' }],
    ['a token file without a byte', { user: { token: '', tokenFile: 'token' }, files: { token: '' } }, { says: 'error: read empty token from file "F/token"', kubectl: prompted }],
    ['a token file with a line end alone', { user: { token: '', tokenFile: 'token' }, files: { token: '\n' } }, { says: 'error: read empty token from file "F/token"', kubectl: invalidHeader }],
    ['a token file with blanks alone', { user: { token: '', tokenFile: 'token' }, files: { token: '  ' } }, { says: 'error: read empty token from file "F/token"', kubectl: anonymous }],
    ['a token file without a byte, of a user with a name to impersonate', { user: { token: '', tokenFile: 'token', as: 'carol' }, files: { token: '' } }, { says: 'error: read empty token from file "F/token"', kubectl: prompted }],
    ['a token file without a byte, beside a token', { user: { tokenFile: 'token' }, files: { token: '' } }, { user: 'jane' }],
    ['a token file that is missing, beside a token', { user: { tokenFile: 'none' } }, { user: 'jane' }],
    ['a token file without a byte, and --token', { user: { token: '', tokenFile: 'token' }, files: { token: '' }, flags: admin }, { user: 'admin' }],
    ['a token file without a byte, beside a client certificate', { user: { ...bobPaths, tokenFile: 'token' }, files: { ...bobFiles, token: '' } }, { says: 'error: read empty token from file "F/token"' }],
    ['a token of blanks', { user: { token: '  ' } }, { says: 'error: the token is empty', kubectl: anonymous }],
    ['a token that is a line end', { user: { token: '\n' } }, { says: 'error: the token is empty', kubectl: invalidHeader }],
    ['a token with a blank before it', { user: { token: ' jane-token' } }, 'refused'],
    ['a token with a line end behind it', { user: { token: 'jane-token\n' } }, { says: 'Unable to connect to the server: net/http: invalid header field value for "Authorization"', kubectl: invalidHeader }],
    ['a token that is null', { user: { token: null } }, 'refused'],
    ['--token of blanks', { flags: { token: ' ' } }, { says: 'error: the token is empty', kubectl: anonymous }],
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
    ['a client certificate without a byte', { user: bobPaths, files: { ...bobFiles, 'bob.crt': '' } }, { says: 'error: tls: failed to find any PEM data in certificate input', kubectl: lately }],
    ['a client certificate of blanks', { user: bobPaths, files: { ...bobFiles, 'bob.crt': ' \n' } }, { says: 'error: tls: failed to find any PEM data in certificate input', kubectl: lately }],
    ['a client key without a byte', { user: bobPaths, files: { ...bobFiles, 'bob.key': '' } }, { says: 'error: tls: failed to find any PEM data in key input', kubectl: lately }],
    ['client certificate data of blanks', { user: { token: '', 'client-certificate-data': base64(' \n'), 'client-key-data': base64(bob.key) } }, { says: 'error: tls: failed to find any PEM data in certificate input' }],
    ['client certificate data without a byte', { user: { token: '', 'client-certificate-data': '', 'client-key-data': base64(bob.key) } }, 'refused'],
    ['data that is not base64', { user: { 'client-certificate-data': '%%%' } }, { says: 'error: error loading config file "F/config": illegal base64 data at input byte 0' }],
    ['data without its padding', { cluster: { 'certificate-authority': '', 'certificate-authority-data': 'aGVsbG8' } }, { says: 'error: error loading config file "F/config": illegal base64 data at input byte 4' }],
    ['basic auth, which no server takes any more', { user: { token: '', username: 'jane', password: 'secret' } }, 'refused'],
    ['basic auth and a token', { user: { username: 'jane', password: 'secret' } }, { says: 'error: more than one authentication method found for u; found [token basicAuth], only one is allowed' }],
    ['basic auth and a token file', { user: { token: '', tokenFile: 'token', username: 'jane', password: 'secret' }, files: { token: jane.token } }, { says: 'error: username/password or bearer token may be set, but not both' }],
    ['--username beside a token', { flags: { username: 'jane', password: 'secret' } }, { says: 'error: more than one authentication method found for u; found [token basicAuth], only one is allowed' }],
    ['a password without a name', { user: { token: '', password: 'secret' } }, 'refused'],
    ['a name of blanks for basic auth', { user: { token: '', username: ' ', password: 'secret' } }, 'refused'],
    ['no credentials', { user: { token: '' } }, 'refused'],
    ['no credentials, but somebody to impersonate', { user: { token: '', as: 'carol' } }, 'refused'],
    ['a user that is null', { text: file({ c: works }, { u: null }, { x: { cluster: 'c', user: 'u' } }, 'x') }, 'refused'],

    ['a CA in the kubeconfig', { cluster: { 'certificate-authority': '', 'certificate-authority-data': caData } }, { user: 'jane' }],
    ['a CA in base64 with line ends', { cluster: { 'certificate-authority': '', 'certificate-authority-data': caData.replaceAll(/.{76}/g, '$&\n') } }, { user: 'jane' }],
    ['a CA in a file, relative to the kubeconfig', { cluster: { 'certificate-authority': 'my.crt' }, files: { 'my.crt': plane.caData } }, { user: 'jane' }],
    ['another CA', { cluster: { 'certificate-authority': 'my.crt' }, files: { 'my.crt': certificateAuthority().cert } }, 'refused'],
    ['no CA: the roots of the machine', { cluster: { 'certificate-authority': '' } }, 'refused'],
    ['a CA that is missing', { cluster: { 'certificate-authority': 'none' } }, { says: 'error: unable to read certificate-authority F/none for c due to open F/none: no such file or directory' }],
    ['a CA that is a folder', { cluster: { 'certificate-authority': '.' } }, { says: 'error: read F: is a directory' }],
    ['a CA that is none', { cluster: { 'certificate-authority': '', 'certificate-authority-data': 'aGVsbG8=' } }, { says: 'error: unable to load root certificates: unable to parse bytes as PEM block' }],
    ['a CA twice', { cluster: { 'certificate-authority-data': caData } }, { says: 'error: certificate-authority-data and certificate-authority are both specified for c. certificate-authority-data will override.' }],
    ['NODE_EXTRA_CA_CERTS is for others', { cluster: { 'certificate-authority': '' }, env: { NODE_EXTRA_CA_CERTS: ca } }, 'refused'],
    ['NODE_TLS_REJECT_UNAUTHORIZED is for others', { cluster: { 'certificate-authority': '' }, env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } }, 'refused'],
    ['NODE_OPTIONS are for others', { env: { NODE_OPTIONS: '--require F/none --throw-deprecation' } }, { user: 'jane' }],
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
    ['YAML: a document behind its marker', { text: `--- ${file({ c: works }, { u: jane }, { x: { cluster: 'c', user: 'u' } }, 'x')}` }, { user: 'jane' }],
    ['YAML: brackets that close at the edge', { text: `users: [\n{name: u, user: {\ntoken: jane-token\n}}\n]\n${edges}` }, { user: 'jane' }],
    ['YAML: an anchor, a merge and a tag', { text: `users: [{name: u, user: &u {token: jane-token}}, {name: v, user: {<<: *u, token: !!str jane-token}}]\n${edges}` }, { user: 'jane' }],
    ['YAML: brackets with tabs', { text: `users: [\n\t{name: u, user: {\n\t\ttoken: "jane-token"}}\n\t]\n${edges}` }, { user: 'jane' }],
    ['YAML: a tab below a plain text', { text: `users: [\n\t{name: u, user: {\n\t\ttoken: jane-token\n\t}}]\n${edges}` }, 'refused'],
    ['YAML: a tab as indentation', { text: `users:\n\t- {name: u, user: {token: jane-token}}\n${edges}` }, 'refused'],
    ['YAML: a tag that does not fit', { text: `users: [{name: u, user: {token: !!int jane-token}}]\n${edges}` }, 'refused'],
    ['YAML: a token that is an octal', { text: `users: [{name: u, user: {token: 010}}]\n${edges}` }, { says: 'error: error loading config file "F/config": json: cannot unmarshal number into Go struct field AuthInfo.users.user.token of type string' }],
    ['YAML: a token that is yes', { text: `users: [{name: u, user: {token: yes}}]\n${edges}` }, { says: 'error: error loading config file "F/config": json: cannot unmarshal bool into Go struct field AuthInfo.users.user.token of type string' }],
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
    ['a plugin with empty fields', { user: plugin('./plugin'), files: { plugin: credential({ token: '', clientCertificateData: '', clientKeyData: '' }) } }, { says: "Unable to connect to the server: getting credentials: exec plugin didn't return a token or cert/key pair" }],
    ['a plugin with a token that is null', { user: plugin('./plugin'), files: { plugin: credential({ token: null }) } }, { says: "Unable to connect to the server: getting credentials: exec plugin didn't return a token or cert/key pair" }],
    ['a plugin with a token of blanks', { user: plugin('./plugin'), files: { plugin: credential({ token: '  ' }) } }, { says: "Unable to connect to the server: getting credentials: exec plugin didn't return a token or cert/key pair", kubectl: anonymous }],
    ['a plugin with a token that is a line end', { user: plugin('./plugin'), files: { plugin: credential({ token: '\n' }) } }, { says: "Unable to connect to the server: getting credentials: exec plugin didn't return a token or cert/key pair", kubectl: invalidHeader }],
    ['a plugin with a line end behind its token', { user: plugin('./plugin'), files: { plugin: credential({ token: 'jane-token\n' }) } }, { says: 'Unable to connect to the server: net/http: invalid header field value for "Authorization"', kubectl: invalidHeader }],
    ['a plugin with a certificate and a token', { user: plugin('./plugin'), files: { plugin: credential({ token: jane.token, clientCertificateData: bob.cert, clientKeyData: bob.key }) } }, { user: 'bob' }],
    ['a plugin with a certificate and a token of blanks', { user: plugin('./plugin'), files: { plugin: credential({ token: ' ', clientCertificateData: bob.cert, clientKeyData: bob.key }) } }, { user: 'bob' }],
    ['a plugin whose credential has expired', { user: plugin('./plugin'), files: { plugin: credential({ token: jane.token, expirationTimestamp: '2020-01-01T00:00:00Z' }) } }, { user: 'jane' }],
    ['a plugin whose credential will expire', { user: plugin('./plugin'), files: { plugin: credential({ token: jane.token, expirationTimestamp: '2100-01-01T00:00:00Z' }) } }, { user: 'jane' }],
    ['a plugin that says null of when', { user: plugin('./plugin'), files: { plugin: credential({ token: jane.token, expirationTimestamp: null }) } }, { user: 'jane' }],
    ['a plugin that says soon', { user: plugin('./plugin'), files: { plugin: credential({ token: jane.token, expirationTimestamp: 'soon' }) } }, 'refused'],
    ['a v1beta1 plugin with a certificate', { user: plugin('./plugin', { apiVersion: `${v1}beta1`, interactiveMode: '' }), files: { plugin: credential({ clientCertificateData: bob.cert, clientKeyData: bob.key }, `${v1}beta1`) } }, { user: 'bob' }],
    ['a v1beta1 plugin that refuses', { user: plugin('./plugin', { apiVersion: `${v1}beta1`, interactiveMode: '' }), files: { plugin: '#!/bin/sh\nexit 1\n' } }, { says: 'Unable to connect to the server: getting credentials: exec: executable F/plugin failed with exit code 1' }],
    ['a plugin that lists nothing but says it on stderr', { user: plugin('./plugin'), files: { plugin: janesPlugin.plugin.replace('\n', '\necho asked >&2\n') } }, { user: 'jane' }],
    ['a plugin whose variable replaces ours', { user: plugin('./plugin', { env: [{ name: 'HOME', value: '/nowhere' }] }), files: { plugin: credential({ token: 'X' }).replace("cat <<'END'", 'test "$HOME" = /nowhere && cat <<END').replace('X', 'jane-token') } }, { user: 'jane' }],
    ['a plugin with a variable without a name', { user: plugin('./plugin', { env: [{ value: 'x' }] }), files: janesPlugin }, { says: 'error: env variable name must be specified for u to use exec authentication plugin' }],
    ['a plugin and somebody to impersonate', { user: { ...plugin('./plugin'), as: 'carol' }, files: { plugin: credential({ token: plane.adminToken }) } }, { user: 'carol' }],
    ['a plugin that is no program', { user: plugin('./config') }, { says: 'Unable to connect to the server: getting credentials: exec: fork/exec F/config: permission denied' }],
    ['a plugin that is nothing', { user: { token: '', exec: {} } }, 'refused'],
    ['a plugin with half a certificate', { user: plugin('./plugin'), files: { plugin: credential({ clientKeyData: 'x' }) } }, { says: 'Unable to connect to the server: getting credentials: exec plugin returned only certificate or key, not both' }],
    ['a plugin with a bad certificate', { user: plugin('./plugin'), files: { plugin: credential({ clientCertificateData: 'x', clientKeyData: 'y' }) } }, { says: 'Unable to connect to the server: getting credentials: failed parsing client key/certificate: tls: failed to find any PEM data in certificate input' }],
    ['a plugin with a number for a token', { user: plugin('./plugin'), files: { plugin: credential({ token: 7 }) } }, { says: 'Unable to connect to the server: getting credentials: decoding stdout: json: cannot unmarshal number into Go struct field ExecCredentialStatus.status.token of type string' }],

    ['OIDC without an issuer', { user: oidc({}) }, { says: 'error: Must provide idp-issuer-url' }],
    ['OIDC without a client', { user: oidc({ 'idp-issuer-url': 'https://x' }) }, { says: 'error: Must provide client-id' }],
    ['OIDC with what is no token', { user: oidc({ 'idp-issuer-url': 'https://x', 'client-id': 'c', 'id-token': 'x' }) }, { says: 'Unable to connect to the server: ID Token is not a valid JWT' }],
    ['OIDC, expired', { user: oidc({ 'idp-issuer-url': 'https://x', 'client-id': 'c', 'id-token': expired }) }, { says: 'Unable to connect to the server: No valid id-token, and cannot refresh without refresh-token' }],
    ['OIDC', { user: issued({ 'id-token': issuer.token('olga', 3600) }) }, { user: 'oidc:olga' }],
    ['OIDC of another issuer', { user: issued({ 'id-token': `${issuer.token('olga', 3600)}x` }) }, 'refused'],
    ['OIDC, renewed', { user: issued({ 'id-token': old, 'refresh-token': 'olga' }) }, { user: 'oidc:olga' }],
    ['OIDC, for the first time', { user: issued({ 'refresh-token': 'olga' }) }, { user: 'oidc:olga' }],
    ['OIDC, refused', { user: issued({ 'id-token': old, 'refresh-token': 'spent' }) }, 'refused'],
    ['OIDC, renewed without a token', { user: issued({ 'id-token': old, 'refresh-token': 'none' }) }, { says: 'Unable to connect to the server: token response did not contain an id_token', kubectl: /token response did not contain an id_token/ }],
    ['OIDC, renewed with an empty token', { user: issued({ 'id-token': old, 'refresh-token': 'empty' }) }, { says: 'Unable to connect to the server: token response did not contain an id_token', kubectl: anonymous }],
    ['OIDC of an issuer that is not trusted', { user: issued({ 'id-token': old, 'refresh-token': 'olga', 'idp-certificate-authority-data': base64(plane.caData) }) }, 'refused'],
    ['OIDC with an empty token', { user: oidc({ 'idp-issuer-url': 'https://x', 'client-id': 'c', 'id-token': '' }) }, { says: 'Unable to connect to the server: No valid id-token, and cannot refresh without refresh-token' }],
    ['OIDC with a token of blanks', { user: oidc({ 'idp-issuer-url': 'https://x', 'client-id': 'c', 'id-token': ' ' }) }, { says: 'Unable to connect to the server: ID Token is not a valid JWT' }],
    ['OIDC without a configuration', { user: { token: '', 'auth-provider': { name: 'oidc' } } }, { says: 'error: Must provide idp-issuer-url' }],
    ['an auth provider without a name', { user: { token: '', 'auth-provider': {} } }, { says: 'error: no Auth Provider found for name ""' }],
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
}
