import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { parseYaml } from '../../src/cluster/connect/kubeconfig/parse.ts';
import { certificateAuthority } from '../helpers/certificates.ts';
import { startServer } from '../helpers/http-server.ts';
import { HOME, run } from '../helpers/plugin.ts';

/** An ID token that runs for an hour, or has run out. */
const idToken = (name: string, seconds: number): string =>
  `${part({ name })}.${part({ exp: Math.floor(Date.now() / 1000) + seconds })}.x`;
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const expired = idToken('expired', -60);
const renewed = idToken('renewed', 3600);

const authority = certificateAuthority();
const serving = authority.issue({ user: 'both', ips: ['127.0.0.1'] });
const ca = Buffer.from(authority.cert).toString('base64');

/**
 * Answers as an API server that lets nobody in, and as an issuer: a refresh token is the `id_token` that comes for it.
 */
const server = await startServer(({ url, body }, response) => {
  if (url.endsWith('openid-configuration')) response.end(JSON.stringify({ token_endpoint: `${server.url}/token` }));
  else if (url === '/token')
    response.end(JSON.stringify({ id_token: new URLSearchParams(body).get('refresh_token'), refresh_token: 'r2' }));
  else response.writeHead(401).end();
}, serving);
after(() => server.close());

const kubeconfig = (user: string, target = `server: ${JSON.stringify(server.url)}`): string => `# mine
clusters: [{name: c, cluster: {certificate-authority-data: ${ca}, ${target}}}]
users:
- name: u
  user: ${user}
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
`;
const oidc = (refreshToken: string): string =>
  JSON.stringify({
    'auth-provider': {
      name: 'oidc',
      config: {
        'idp-issuer-url': server.url,
        'client-id': 'me',
        'idp-certificate-authority-data': ca,
        'id-token': expired,
        'refresh-token': refreshToken,
      },
    },
  });

/** Asks in a new folder with this kubeconfig. */
async function ask(config: string, env: NodeJS.ProcessEnv = {}, files: Record<string, string> = {}) {
  const folder = mkdtempSync(join(HOME, 'credentials-'));
  const path = join(folder, 'config');
  writeFileSync(path, config);
  chmodSync(path, 0o640);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content, { mode: 0o755 });
  }
  const from = server.requests.length;
  const program = join(import.meta.dirname, '../../dist/kubectl-whocan_escalate');
  const outcome = await run(
    '/bin/sh',
    ['-c', 'cd "$0" && exec "$@"', folder, program, 'who', 'get', 'pods', '-n', 'x', '--kubeconfig', path],
    {
      env,
    },
  );
  const sent = new Set(server.requests.slice(from).map(({ headers }) => headers.authorization ?? ''));
  return { ...outcome, folder, sent, config: readFileSync(path, 'utf8'), mode: statSync(path).mode & 0o777 };
}

describe('credentials, through the executable', { concurrency: false }, () => {
  test('a renewed ID token is sent, and is one value of the kubeconfig', async () => {
    const before = kubeconfig(oidc(renewed));
    const { sent, config, folder, mode } = await ask(before);
    assert.ok(sent.has(`Bearer ${renewed}`));
    const wanted = before.replace(expired, renewed).replace(`"refresh-token":"${renewed}"`, '"refresh-token":"r2"');
    assert.deepEqual(parseYaml(config), parseYaml(wanted));
    assert.deepEqual([readdirSync(folder), mode], [['config'], 0o640]);
  });

  const hostile = [
    `${renewed}\n- name: evil\n  user: {exec: {command: sh}}\ncurrent-context: evil\n`,
    `${renewed}"}}}}]\n`,
    'sesame',
    `${renewed}\n`,
    'a.b.c',
  ];
  for (const token of hostile)
    test(`an issuer that answers ${JSON.stringify(token).slice(-40)} writes and sends nothing`, async () => {
      const before = kubeconfig(oidc(token));
      const { code, stdout, stderr, sent, config, folder } = await ask(before);
      assert.deepEqual([code, stdout, config, readdirSync(folder)], [1, '', before, ['config']]);
      assert.equal(stderr, 'Unable to connect to the server: the id_token of the token response is not a valid JWT\n');
      assert.ok(![...sent].some((authorization) => authorization.startsWith('Bearer')));
    });

  const plugin = `#!/bin/sh\ntouch "$(dirname "$0")/ran"\nprintf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}'\n`;
  const exec = JSON.stringify({
    exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'whoami-plugin', interactiveMode: 'Never' },
  });
  for (const path of ['', '.', 'bin', './bin', '/usr/bin:', ':/usr/bin', '/usr/bin::/bin', '../none:.'])
    test(`a credential plugin in the current directory does not run with PATH=${path}`, async () => {
      const { code, stderr, folder } = await ask(
        kubeconfig(exec),
        { PATH: path },
        { 'whoami-plugin': plugin, 'bin/whoami-plugin': plugin },
      );
      assert.equal(
        stderr,
        'Unable to connect to the server: getting credentials: exec: executable whoami-plugin not found\n',
      );
      assert.deepEqual(
        [code, readdirSync(folder).includes('ran'), readdirSync(join(folder, 'bin')).includes('ran')],
        [1, false, false],
      );
    });

  test('a credential plugin in an absolute folder runs', async () => {
    mkdirSync(join(HOME, 'plugins'));
    writeFileSync(join(HOME, 'plugins/whoami-plugin'), plugin.replace('touch', 'true'), { mode: 0o755 });
    const { sent, stderr } = await ask(kubeconfig(exec), {
      PATH: ['/none', join(HOME, 'plugins'), process.env.PATH].join(delimiter),
    });
    assert.ok(sent.has('Bearer t'), stderr);
  });

  const urls: [target: string, env: NodeJS.ProcessEnv, stderr: RegExp][] = [
    ['server: "me:sesame@a/b"', {}, /^error: host must be a URL or a host:port pair: "a\/b"\n$/],
    ['server: "me:ses/ame@a"', {}, /^error: host must be a URL or a host:port pair: "a"\n$/],
    ['server: "https://me:sesame@a b"', {}, /^error: host must be a URL/],
    [
      'server: "https://me:%sesame@a"',
      {},
      /^error: parse "https:\/\/a": invalid URL escape in the user name or the password\n$/,
    ],
    ['server: "http://me:sesame@127.0.0.1:1"', {}, /^The connection to the server 127.0.0.1:1 was refused/],
    ['server: "me:sesame@127.0.0.1:1"', {}, /^The connection to the server 127.0.0.1:1 was refused/],
    [
      'server: "http://127.0.0.1:1", proxy-url: "http://me:%sesame@127.0.0.1:1"',
      {},
      /^error: invalid 'proxy-url' for cluster "c": invalid URL escape in the user name or the password\n$/,
    ],
    [
      'server: "https://127.0.0.1:1", proxy-url: "socks5://me:sesame%@127.0.0.1:1"',
      {},
      /^error: invalid 'proxy-url' for cluster "c": invalid URL escape/,
    ],
    [
      'server: "http://a.example:1", proxy-url: "http://me:sesame%ff@127.0.0.1:1"',
      {},
      /^error: the user name or the password of the proxy is no UTF-8\n$/,
    ],
    [
      'server: "https://a.invalid:1"',
      { HTTPS_PROXY: 'http://me:%sesame@127.0.0.1:1' },
      /^Unable to connect to the server: dial tcp: lookup a\.invalid: /,
    ],
    [
      'server: "https://a.invalid:1"',
      { HTTPS_PROXY: 'http://me:sesame@127.0.0.1:1' },
      /^The connection to the server a\.invalid:1 was refused/,
    ],
  ];
  for (const [target, env, says] of urls)
    test(`${target} ${JSON.stringify(env)}: one line without the password`, async () => {
      const { code, stdout, stderr } = await ask(
        kubeconfig('{}', target)
          .replace(`certificate-authority-data: ${ca}, `, '')
          .replace('user: {}', 'user: {token: t}'),
        env,
      );
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, says);
      assert.doesNotMatch(stderr, /ses\/?ame|internal|\n./);
    });
});
