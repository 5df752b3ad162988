import { dump } from 'js-yaml';
import { UserError } from '../../../src/answer/user-error.ts';
import type { Opened } from '../../../src/cli/run/source.ts';
import { connect } from '../../../src/cluster/connect/connect.ts';
import { withProviderConfig } from '../../../src/cluster/connect/kubeconfig/edit-user.ts';
import { claimsOf } from '../../../src/cluster/connect/kubeconfig/jwt.ts';
import { proxyFor } from '../../../src/cluster/connect/kubeconfig/proxy.ts';
import { parseServer } from '../../../src/cluster/connect/kubeconfig/server.ts';
import { findTarget } from '../../../src/cluster/connect/kubeconfig/target.ts';
import type { Random } from '../../helpers/random.ts';
import { ENVIRONMENT, type Input } from '../ask.ts';
import { HOSTILE } from '../hostile.ts';
import { mangleNames, mangleStructure, mangleText } from '../mangle.ts';
import { FOLDER, place } from './files.ts';
import { serverOpened } from './server.ts';

const config = (cluster: object, user: object, context: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'c', cluster: { server: 'https://10.0.0.1:6443', ...cluster } }],
  users: [{ name: 'u', user }],
  contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'dev', ...context } }],
  'current-context': 'x',
  preferences: {},
});

/** Of users who have what they need. */
const PLAIN: readonly object[] = [
  config({}, { token: 'abc' }),
  config({ 'insecure-skip-tls-verify': true, 'tls-server-name': 'api.example' }, { username: 'jane', password: 'p' }),
  config(
    { 'proxy-url': 'socks5://127.0.0.1:1080', 'disable-compression': true },
    { token: 'abc', as: 'jane', 'as-uid': '7', 'as-groups': ['dev'], 'as-user-extra': { reason: ['x'] } },
  ),
  config({ server: 'http://jane:pw@[::1]:8080/prefix/' }, {}),
  config(
    { 'certificate-authority-data': 'aGVsbG8=', extensions: [{ name: 'e', extension: { a: 1 } }] },
    { tokenFile: '/nonexistent/token' },
  ),
];
/** Of users for whom somebody has to be asked, which nobody is here. */
const ASKING: readonly object[] = [
  config(
    {},
    {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: 'login',
        args: ['-x'],
        env: [{ name: 'A', value: 'b' }],
        interactiveMode: 'Never',
        provideClusterInfo: true,
        installHint: 'install it',
      },
    },
  ),
  config(
    {},
    {
      'auth-provider': {
        name: 'oidc',
        config: {
          'idp-issuer-url': 'https://issuer.example',
          'client-id': 'me',
          'id-token': 'a.b.c',
          'refresh-token': 'r',
        },
      },
    },
  ),
];

const LINES: readonly string[] = [
  'exec web',
  'who get /metrics',
  'raw-sockets web',
  'who create pods/exec --subject user/jane -o json',
];
const write = (document: unknown, choose: Random): string =>
  choose.chance(0.5) ? JSON.stringify(document) : dump(document, { skipInvalid: true });

/**
 * A kubeconfig that nobody should have, and a question of the cluster that it leads to. Nothing is sent to any server,
 * and nothing else is run.
 */
export function kubeconfigOf(choose: Random): Input {
  const isAsking = choose.chance(0.3);
  const seed = choose.pick(isAsking ? ASKING : PLAIN);
  const text = choose.chance(0.2)
    ? mangleText(write(seed, choose), choose)
    : write(choose.chance(0.3) ? mangleNames([seed], seed, choose)[0] : mangleStructure(seed, choose, 1), choose);
  return { words: choose.pick(LINES).split(' '), open: () => opened(text, isAsking ? targetOf : connected) };
}

type Told = { context: string | null; namespace: string; server: string };

async function opened(text: string | Buffer, open: (path: string) => Promise<Told>): Promise<Opened> {
  return serverOpened((_, body) => body, await open(place('config', text)));
}

const environment = {
  env: ENVIRONMENT,
  stdinIsTerminal: false,
  version: '0.0.0',
  serviceAccountFolder: `${FOLDER}/none`,
};

async function connected(kubeconfig: string): Promise<Told> {
  const connection = await connect({ kubeconfig }, environment);
  connection.close();
  return connection;
}

async function targetOf(kubeconfig: string): Promise<Told> {
  const { cluster, contextName, namespace } = findTarget({ kubeconfig }, environment);
  const { url } = parseServer(cluster.server ?? '');
  proxyFor(url, cluster['proxy-url'], environment.env);
  return { context: contextName, namespace, server: url.href };
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value) ?? '').toString('base64url');

/** A token that an issuer should not have sent, kept in the kubeconfig of somebody who then asks. */
export function tokenOf(choose: Random): Input {
  const claims = mangleStructure(
    { exp: 4_000_000_000, sub: 'jane', groups: ['dev'], iss: 'https://issuer.example' },
    choose,
  );
  const whole = [encode({ alg: 'RS256' }), encode(claims), 'c2lnbmF0dXJlIG9mIHRoZSBpc3N1ZXI'].join('.');
  const token = choose.chance(0.4)
    ? whole
    : choose.chance(0.5)
      ? mangleText(whole, choose).toString()
      : `${whole.slice(0, choose.below(40))}${choose.pick(HOSTILE)}\n  name: ${choose.pick(HOSTILE)}`;
  const text = write(ASKING[1], choose);
  const renew = async (): Promise<Opened> => {
    claimsOf(token);
    let edited: string | null;
    try {
      edited = withProviderConfig(text, 'u', { 'id-token': token });
    } catch (error) {
      throw new UserError(`Unable to connect to the server: ${(error as Error).message}`);
    }
    return opened(edited ?? text, targetOf);
  };
  return { words: choose.pick(LINES).split(' '), open: renew, ...(token.length > 20 ? { secret: token } : {}) };
}
