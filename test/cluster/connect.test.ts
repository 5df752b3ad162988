import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { certificateAuthority } from '../helpers/certificates.ts';
import { type SeenRequest, startServer } from '../helpers/http-server.ts';
import { connectBy, folderWith } from '../helpers/kubeconfig.ts';

const authority = certificateAuthority();
const serving = authority.issue({ user: 'api', ips: ['127.0.0.1'] });
const ca = { 'certificate-authority-data': Buffer.from(authority.cert).toString('base64') };
const get = { method: 'GET', path: '/version' } as const;

const ok = (_: SeenRequest, response: ServerResponse) => response.end('{}');
async function server(
  t: TestContext,
  answer: (request: SeenRequest, response: ServerResponse) => void = ok,
  tls: object | undefined = serving,
) {
  const started = await startServer(answer, tls);
  t.after(() => started.close());
  return started;
}
const http = (t: TestContext, answer?: (request: SeenRequest, response: ServerResponse) => void) =>
  startServer(answer ?? ok).then((started) => {
    t.after(() => started.close());
    return started;
  });

test('who we are, what we take and what we send', async (t) => {
  const api = await server(t);
  const connection = await connectBy(t, { cluster: { server: api.url, ...ca }, user: { token: 'sesame' } });
  const request = {
    method: 'POST',
    path: '/a?b=c',
    body: { name: 'jané' },
    headers: { accept: 'text/plain' },
  } as const;
  assert.equal(String((await connection.send(request)).body), '{}');
  const [{ method, url, headers, body } = assert.fail()] = api.requests;
  assert.deepEqual([method, url, body], ['POST', '/a?b=c', '{"name":"jané"}']);
  const { authorization, accept, 'accept-encoding': encoding, 'content-type': type, 'user-agent': agent } = headers;
  assert.deepEqual(
    [authorization, accept, encoding, type],
    ['Bearer sesame', 'text/plain', 'gzip', 'application/json'],
  );
  assert.match(agent ?? '', /^kubectl-whocan_escalate\/1\.2\.3 \([a-z]+\/[a-z0-9]+\)$/);
});

test('the prefix of the server comes before every path, which is sent as it is', async (t) => {
  const api = await server(t);
  const connection = await connectBy(t, {
    cluster: { server: `${api.url}/k8s/clusters/c-1/?x=y#z`, ...ca },
    user: { token: 'a' },
  });
  await connection.send({ method: 'GET', path: '/api/v1/namespaces/../%2e?limit=5' });
  assert.equal(api.requests[0]?.url, '/k8s/clusters/c-1/api/v1/namespaces/../%2e?limit=5');
  assert.equal(connection.server, `${api.url}/k8s/clusters/c-1`);
});

test('the context in use and its namespace, which -n replaces', async (t) => {
  const by = (flags: object) => connectBy(t, { cluster: { server: 'http://127.0.0.1:1' }, flags });
  assert.deepEqual(await by({}).then(({ context, namespace }) => [context, namespace]), ['x', 'default']);
  assert.equal((await by({ namespace: 'shop' })).namespace, 'shop');
});

test('gzip is undone, and not asked for where it is disabled', async (t) => {
  const api = await server(t, ({ headers }, response) => {
    const body = '{"name":"ключ"}';
    if (headers['accept-encoding'] === 'gzip') response.setHeader('content-encoding', 'gzip').end(gzipSync(body));
    else response.end(body);
  });
  for (const [flags, encoding] of [
    [{}, 'gzip'],
    [{ disableCompression: true }, undefined],
  ] as const) {
    const connection = await connectBy(t, { cluster: { server: api.url, ...ca }, user: { token: 'a' }, flags });
    assert.equal(String((await connection.send(get)).body), '{"name":"ключ"}');
    assert.equal(api.requests.at(-1)?.headers['accept-encoding'], encoding);
  }
});

for (const [what, answer, code] of [
  ['a body cut short', (response: ServerResponse) => response.setHeader('content-length', 10).write('{'), 'ECONNRESET'],
  [
    'a gzip body cut short',
    (response: ServerResponse) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync('{"a":1}').subarray(0, -9)),
    'Z_BUF_ERROR',
  ],
  [
    'what is no gzip',
    (response: ServerResponse) => response.setHeader('content-encoding', 'gzip').end('{}'),
    'Z_DATA_ERROR',
  ],
] as const) {
  test(`${what} is no answer`, async (t) => {
    const api = await server(t, (_, response) => {
      answer(response);
      if (!response.writableEnded) setImmediate(() => response.destroy());
    });
    const connection = await connectBy(t, { cluster: { server: api.url, ...ca }, user: { token: 'a' } });
    await assert.rejects(connection.send(get), { code });
  });
}

test('statuses are answers', async (t) => {
  const api = await server(t, ({ url }, response) =>
    response.writeHead(Number(url.slice(1)), { 'x-a': 'b' }).end('no'),
  );
  const connection = await connectBy(t, { cluster: { server: api.url, ...ca }, user: { token: 'a' } });
  for (const status of [301, 401, 403, 404, 410, 429, 500, 503]) {
    const response = await connection.send({ method: 'GET', path: `/${status}` });
    assert.deepEqual([response.status, String(response.body), response.headers['x-a']], [status, 'no', 'b']);
  }
});

test('an aborted request rejects, and the next one works', async (t) => {
  const api = await server(t, ({ url }, response) => url === '/hang' || response.end('{}'));
  const connection = await connectBy(t, { cluster: { server: api.url, ...ca }, user: { token: 'a' } });
  const controller = new AbortController();
  const hanging = connection.send({ method: 'GET', path: '/hang', signal: controller.signal });
  while (api.requests.length === 0) await connection.send(get);
  controller.abort();
  await assert.rejects(hanging, { name: 'AbortError' });
  assert.equal((await connection.send(get)).status, 200);
});

test('one connection for requests one after the other, four for many at once', async (t) => {
  const waiting: ServerResponse[] = [];
  const api = await server(t, ({ url }, response) => {
    if (url === '/one') return response.end();
    waiting.push(response);
    if (waiting.length === 4) for (const one of waiting.splice(0)) one.end();
  });
  const connection = await connectBy(t, { cluster: { server: api.url, ...ca }, user: { token: 'a' } });
  for (let i = 0; i < 3; i++) await connection.send({ method: 'GET', path: '/one' });
  assert.deepEqual(
    api.requests.map((request) => request.connection),
    [1, 1, 1],
  );
  await Promise.all(Array.from({ length: 16 }, () => connection.send({ method: 'GET', path: '/many' })));
  assert.equal(Math.max(...api.requests.map((request) => request.connection)), 4);
});

test('impersonation of one request replaces that of the kubeconfig', async (t) => {
  const api = await server(t);
  const user = { token: 'a', as: 'jane', 'as-groups': ['ops'], 'as-user-extra': { a: ['b'] } };
  const connection = await connectBy(t, { cluster: { server: api.url, ...ca }, user });
  await connection.send(get);
  await connection.send({ ...get, impersonate: { user: 'bob', groups: ['x', 'y'] } });
  const seen = api.requests.map(({ message }) =>
    message.rawHeaders
      .map((name, i) => [name, message.rawHeaders[i + 1]])
      .filter(([name]) => name?.startsWith('impersonate')),
  );
  assert.deepEqual(seen, [
    [
      ['impersonate-user', 'jane'],
      ['impersonate-group', 'ops'],
      ['impersonate-extra-a', 'b'],
    ],
    [
      ['impersonate-user', 'bob'],
      ['impersonate-group', 'x'],
      ['impersonate-group', 'y'],
    ],
  ]);
});

test('plain http: no credentials, but impersonation', async (t) => {
  const api = await http(t);
  const connection = await connectBy(t, {
    cluster: { server: api.url.slice('http://'.length) },
    user: { token: 'sesame', tokenFile: '/none', as: 'jane' },
  });
  await connection.send(get);
  const { authorization, 'impersonate-user': user } = api.requests[0]?.headers ?? {};
  assert.deepEqual([authorization, user], [undefined, 'jane']);
});

test('a token file is read again, and what was read last is kept', async (t) => {
  const api = await server(t);
  const folder = folderWith(t, { token: 'one\n' });
  const connection = await connectBy(t, { cluster: { server: api.url, ...ca }, user: { tokenFile: 'token' }, folder });
  for (const token of [undefined, 'two', '']) {
    if (token !== undefined) writeFileSync(join(folder, 'token'), token);
    await connection.send(get);
  }
  assert.deepEqual(
    api.requests.map(({ headers }) => headers.authorization),
    ['Bearer one', 'Bearer two', 'Bearer two'],
  );
});

test('tls-server-name is asked for and checked', async (t) => {
  const named = authority.issue({ user: 'kubernetes' });
  let asked: string | false | undefined;
  const api = await server(
    t,
    ({ message }, response) => {
      asked = (message.socket as { servername?: string | false }).servername;
      response.end();
    },
    named,
  );
  const by = (name: string) =>
    connectBy(t, { cluster: { server: api.url, ...ca, 'tls-server-name': name }, user: { token: 'a' } });
  await (await by('kubernetes')).send(get);
  assert.equal(asked, 'kubernetes');
  await assert.rejects((await by('other')).send(get), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
});

test('a certificate of the CA file is trusted though it is not self-signed', async (t) => {
  const api = await server(t);
  const cluster = { server: api.url, 'certificate-authority-data': Buffer.from(serving.cert).toString('base64') };
  assert.equal((await (await connectBy(t, { cluster, user: { token: 'a' } })).send(get)).status, 200);
});
