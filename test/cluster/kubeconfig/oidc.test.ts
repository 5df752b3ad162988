import assert from 'node:assert/strict';
import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { dump } from 'js-yaml';
import { UserError } from '../../../src/answer/user-error.ts';
import { connect } from '../../../src/cluster/connect/connect.ts';
import { certificateAuthority } from '../../helpers/certificates.ts';
import { type SeenRequest, startServer } from '../../helpers/http-server.ts';
import { connectBy, folderWith } from '../../helpers/kubeconfig.ts';

const authority = certificateAuthority();
const serving = authority.issue({ user: 'issuer', ips: ['127.0.0.1'] });
const ca = Buffer.from(authority.cert).toString('base64');
const get = { method: 'GET', path: '/version' } as const;
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const idToken = (name: string, seconds: number) =>
  `${part({ name })}.${part({ exp: Math.floor(Date.now() / 1000) + seconds })}.signature`;
const valid = idToken('valid', 3600);
const expired = idToken('expired', 5);
const renewed = idToken('renewed', 3600);

/**
 * An issuer whose token endpoint answers with `reply`, and an API server; what a request through both of them leads to.
 */
async function logIn(
  t: TestContext,
  config: object,
  reply: (request: SeenRequest) => object | number = () => ({ id_token: renewed }),
) {
  const issuer = await startServer((request, response) => {
    if (request.url === '/realm/.well-known/openid-configuration')
      return response.end(JSON.stringify({ token_endpoint: `${issuer.url}/token?x=y` }));
    const answer = reply(request);
    response.writeHead(typeof answer === 'number' ? answer : 200).end(JSON.stringify(answer));
  }, serving);
  const api = await startServer((_, response) => response.end(), serving);
  t.after(() => {
    issuer.close();
    api.close();
  });
  const folder = folderWith(t);
  const provider = {
    name: 'oidc',
    config: {
      'idp-issuer-url': `${issuer.url}/realm/`,
      'idp-certificate-authority-data': ca,
      'client-id': 'me',
      ...config,
    },
  };
  const log = async () => {
    const connection = await connectBy(t, {
      cluster: { server: api.url, 'certificate-authority-data': ca },
      user: { 'auth-provider': provider },
      folder,
    });
    await Promise.all([connection.send(get), connection.send(get)]);
  };
  return {
    log,
    folder,
    api,
    issuerOf: provider.config,
    sent: () => api.requests.map(({ headers }) => headers.authorization),
    issuer,
    kubeconfig: () => readFileSync(join(folder, 'config'), 'utf8'),
  };
}

test('a valid ID token is sent, and nobody is asked for another', async (t) => {
  const { log, sent, issuer } = await logIn(t, { 'id-token': valid, 'refresh-token': 'r1' });
  await log();
  assert.deepEqual([sent(), issuer.requests], [[`Bearer ${valid}`, `Bearer ${valid}`], []]);
});

for (const [what, tokens] of [
  ['an ID token that expires in seconds', { 'id-token': expired }],
  ['no ID token', {}],
] as const) {
  test(`${what}: the refresh token gets another, once`, async (t) => {
    const { log, sent, issuer } = await logIn(t, { ...tokens, 'refresh-token': 'r1', 'client-secret': 's&s' });
    await log();
    assert.deepEqual(sent(), [`Bearer ${renewed}`, `Bearer ${renewed}`]);
    const [, token, ...rest] = issuer.requests;
    assert.deepEqual(
      [token?.method, token?.url, token?.body, rest],
      ['POST', '/token?x=y', 'grant_type=refresh_token&refresh_token=r1', []],
    );
    assert.equal(token?.headers.authorization, `Basic ${Buffer.from('me:s%26s').toString('base64')}`);
  });
}

test('an issuer that wants the client in the body', async (t) => {
  const { log, sent, issuer } = await logIn(t, { 'refresh-token': 'r1', 'client-secret': 's' }, ({ headers }) =>
    headers.authorization ? 401 : { id_token: renewed },
  );
  await log();
  assert.equal(sent()[0], `Bearer ${renewed}`);
  assert.equal(issuer.requests.at(-1)?.body, 'grant_type=refresh_token&refresh_token=r1&client_id=me&client_secret=s');
});

test('new tokens are kept in the kubeconfig, where nothing else changes', async (t) => {
  const { log, kubeconfig } = await logIn(t, { 'id-token': expired, 'refresh-token': 'r1-secret' }, () => ({
    id_token: renewed,
    refresh_token: 'r2-$&',
  }));
  await log();
  const after = JSON.parse(kubeconfig());
  const { config } = after.users[0].user['auth-provider'];
  assert.deepEqual([config['id-token'], config['refresh-token'], config['client-id']], [renewed, 'r2-$&', 'me']);
  assert.equal(after['current-context'], 'x');
});

for (const [what, reply, words] of [
  ['refuses', 400, /failed to refresh token: the issuer answered 400/],
  ['answers without an ID token', { access_token: 'a' }, /token response did not contain an id_token/],
] as const) {
  test(`an issuer that ${what}: one line that tells no token`, async (t) => {
    const { log } = await logIn(
      t,
      { 'id-token': expired, 'refresh-token': 'sesame', 'client-secret': 'sesame' },
      () => reply,
    );
    await assert.rejects(log(), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, words);
      assert.doesNotMatch(error.message, /sesame|\n/);
      return true;
    });
  });
}

/** What is no JSON Web Token, of which none reaches the server or the file. */
const noTokens: [name: string, idToken: unknown][] = [
  ['a word', 'sesame'],
  ['two parts', renewed.split('.').slice(0, 2).join('.')],
  ['four parts', `${renewed}.sesame`],
  ['parts without a byte', '..'],
  ['line ends behind a token', `${renewed}\n- name: evil\n  user: {exec: {command: sesame}}\ncurrent-context: evil\n`],
  ['a line end alone', `${renewed}\n`],
  ['a line end before it', `\n${renewed}`],
  ['a line end in the signature', `${renewed.slice(0, -1)}\nX-Sesame: 1`],
  ['quotes that close', `${renewed}"}}}}]} #`],
  ['a blank', `${renewed} sesame`],
  ['a header that is no JSON', `sesame.${renewed.split('.').slice(1).join('.')}`],
  ['claims that are a list', `${part({})}.${part([])}.x`],
  ['claims that are null', `${part({})}.${Buffer.from('null').toString('base64url')}.x`],
  ['claims in another encoding', `${part({})}.${Buffer.from('{"a":"\xff"}', 'latin1').toString('base64url')}.x`],
  ['padding', `${part({})}==.${part({})}.x`],
  ['a list', [renewed]],
  ['an object', { token: renewed }],
];
for (const [what, token] of noTokens)
  test(`an id_token of ${what} is refused before it is written or sent`, async (t) => {
    const { log, sent, kubeconfig } = await logIn(t, { 'id-token': expired, 'refresh-token': 'r1' }, () => ({
      id_token: token,
      refresh_token: 'r2',
    }));
    await assert.rejects(log(), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(
        error.message,
        /^Unable to connect to the server: (the id_token of the token response is not a valid JWT|token response did not contain an id_token)$/,
      );
      return true;
    });
    assert.deepEqual(sent(), []);
    const { config } = JSON.parse(kubeconfig()).users[0].user['auth-provider'];
    assert.deepEqual([config['id-token'], config['refresh-token']], [expired, 'r1']);
  });

/** What an issuer may call a refresh token: any text, and each is one value of the file. */
const refreshTokens = ['r2', '', 'yes', '"}', 'a\n- name: evil', 'a: b #c', '\u2028', '$&', 'é'.repeat(3000)];
for (const next of refreshTokens)
  test(`the refresh token ${JSON.stringify(next).slice(0, 20)} is one value of the file`, async (t) => {
    const { log, kubeconfig, folder } = await logIn(t, { 'id-token': expired, 'refresh-token': 'r1' }, () => ({
      id_token: renewed,
      refresh_token: next,
    }));
    await log();
    const after = JSON.parse(kubeconfig());
    assert.deepEqual(after.users[0].user['auth-provider'].config['refresh-token'], next || 'r1');
    assert.deepEqual([after.users.length, after['current-context']], [1, 'x']);
    assert.deepEqual([readdirSync(folder), statSync(join(folder, 'config')).mode & 0o777], [['config'], 0o644]);
  });

test('of several files the one that has the user is written, through its link', async (t) => {
  const { issuerOf, api } = await logIn(t, {});
  const user = {
    'auth-provider': { name: 'oidc', config: { ...issuerOf, 'id-token': expired, 'refresh-token': 'r1' } },
  };
  const first = 'current-context: x\nclusters: []\n# kept\nusers: [{name: v, user: {token: r1}}]\n';
  const second = dump({
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
  });
  const third = JSON.stringify({
    clusters: [{ name: 'c', cluster: { server: api.url, 'certificate-authority-data': ca } }],
    users: [{ name: 'u', user }],
  });
  const folder = folderWith(t, { first, 'real/second': second, third });
  symlinkSync('real/second', join(folder, 'second'));
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const connection = await connect(
    {},
    {
      env: { KUBECONFIG: ['first', 'second', 'third'].map((name) => join(folder, name)).join(delimiter) },
      stdinIsTerminal: false,
      version: '',
    },
  );
  t.after(() => connection.close());
  await connection.send(get);
  assert.deepEqual([read('first'), read('third')], [first, third]);
  assert.equal(
    read('second'),
    second.replace(expired, renewed).replace(`id-token: ${renewed}`, `id-token: "${renewed}"`),
  );
  assert.ok(lstatSync(join(folder, 'second')).isSymbolicLink());
});

test('an issuer of another CA', async (t) => {
  const { log } = await logIn(t, {
    'refresh-token': 'r',
    'idp-certificate-authority-data': Buffer.from(certificateAuthority().cert).toString('base64'),
  });
  await assert.rejects(log(), { name: 'UserError', message: /^Unable to connect to the server: / });
});
