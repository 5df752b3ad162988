import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { certificateAuthority } from '../../helpers/certificates.ts';
import { startServer } from '../../helpers/http-server.ts';
import { connectBy } from '../../helpers/kubeconfig.ts';
import { startProxy } from '../../helpers/proxy.ts';

const authority = certificateAuthority();
const serving = authority.issue({ user: 'api', ips: ['127.0.0.1'] });
const ca = { 'certificate-authority-data': Buffer.from(authority.cert).toString('base64') };
const get = { method: 'GET', path: '/version' } as const;
const withUser = (url: string) => url.replace('//', '//me:p%40ss@');
const basic = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;

// server  proxy      what the proxy is asked
const cases = [
  ['https', 'http', (port: number) => [`CONNECT 127.0.0.1:${port} ${basic}`]],
  ['https', 'https', (port: number) => [`CONNECT 127.0.0.1:${port} ${basic}`]],
  ['https', 'socks5', (port: number) => [`SOCKS 127.0.0.1:${port} me:p@ss`]],
  ['http', 'http', (port: number) => [`GET http://127.0.0.1:${port}/prefix/version ${basic}`]],
  ['http', 'socks5', (port: number) => [`SOCKS 127.0.0.1:${port} me:p@ss`]],
] as const;
for (const [scheme, kind, asked] of cases) {
  test(`an ${scheme} server behind an ${kind} proxy with a password`, async (t) => {
    const api = await startServer((_, response) => response.end('directly'), scheme === 'https' ? serving : undefined);
    const proxy = await startProxy(kind === 'https' ? serving : undefined);
    t.after(() => {
      api.close();
      proxy.close();
    });
    const url = withUser(kind === 'socks5' ? proxy.socksUrl : proxy.url);
    const cluster = { server: `${api.url}/prefix`, 'proxy-url': url, ...(scheme === 'https' && ca) };
    const connection = await connectBy(t, { cluster, user: { token: 'sesame' } });
    const { body } = await connection.send(get);
    assert.equal(String(body), scheme === 'http' && kind === 'http' ? 'through the proxy' : 'directly');
    assert.deepEqual(proxy.requests, asked(api.port));
  });
}

for (const [scheme, kind, expected] of [
  ['https', 'http', 'CONNECT'],
  ['https', 'socks5', 'SOCKS'],
] as const) {
  test(`a password that is no UTF-8 reaches an ${kind} proxy as its bytes`, async (t) => {
    const api = await startServer((_, response) => response.end(), serving);
    const proxy = await startProxy();
    t.after(() => {
      api.close();
      proxy.close();
    });
    const url = (kind === 'socks5' ? proxy.socksUrl : proxy.url).replace('//', '//me:%ff@');
    const connection = await connectBy(t, {
      cluster: { server: `${scheme}://127.0.0.1:${api.port}`, 'proxy-url': url, ...ca },
      user: { token: 't' },
    });
    assert.equal((await connection.send(get)).status, 200);
    assert.ok(proxy.requests[0]?.startsWith(expected));
    assert.ok(
      kind === 'socks5' || proxy.requests[0]?.endsWith(`Basic ${Buffer.from('me:\xff', 'latin1').toString('base64')}`),
    );
  });
}

test('a password that is no UTF-8, for a plain request through an http proxy: one line that does not tell it', async (t) => {
  const connecting = connectBy(t, {
    cluster: { server: 'http://127.0.0.1:1', 'proxy-url': 'http://me:sesame%ff@127.0.0.1:1' },
  });
  await assert.rejects(connecting, {
    name: 'UserError',
    message: 'error: the user name or the password of the proxy is no UTF-8',
  });
});

test('a password that is too long for a socks5 proxy is not cut', async (t) => {
  const proxy = await startProxy();
  t.after(() => proxy.close());
  const url = proxy.socksUrl.replace('//', `//me:${'x'.repeat(300)}@`);
  const connection = await connectBy(t, {
    cluster: { server: 'https://127.0.0.1:1', 'proxy-url': url, ...ca },
    user: { token: 't' },
  });
  await assert.rejects(connection.send(get), { message: 'socks connect: invalid username/password' });
});

// host             address type and address, in hex
const addresses = [
  ['10.1.2.3', '010a010203'],
  ['[fd00::1:2]', '04fd000000000000000000000000010002'],
  ['[::1]', '0400000000000000000000000000000001'],
  ['[::]', '0400000000000000000000000000000000'],
  ['[1:2:3:4:5:6:7:8]', '0400010002000300040005000600070008'],
  ['api.example', `030b${Buffer.from('api.example').toString('hex')}`],
] as const;
for (const [host, expected] of addresses) {
  test(`a socks5 proxy is asked for ${host}`, async (t) => {
    const asked = Promise.withResolvers<string>();
    const proxy = createServer((socket) => {
      socket
        .on('error', () => {})
        .once('data', () => {
          socket.write(Buffer.of(5, 0));
          socket.once('data', (request: Buffer) => {
            asked.resolve(request.subarray(3, -2).toString('hex'));
            socket.end(Buffer.of(5, 4, 0, 1, 0, 0, 0, 0, 0, 0));
          });
        });
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    t.after(() => proxy.close());
    const url = `socks5://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const connection = await connectBy(t, {
      cluster: { server: `https://${host}:6443`, ...ca, 'proxy-url': url },
      user: { token: 'a' },
    });
    await assert.rejects(connection.send(get), { message: 'socks connect: host unreachable' });
    assert.equal(await asked.promise, expected);
  });
}

for (const kind of ['http', 'socks5'] as const) {
  test(`an ${kind} proxy that refuses: no answer, and its password is not told`, async (t) => {
    const refusing = createServer((socket) =>
      socket
        .on('error', () => {})
        .once('data', () => socket.end(kind === 'http' ? 'HTTP/1.1 403 Forbidden\r\n\r\n' : Buffer.of(5, 255))),
    );
    refusing.listen(0, '127.0.0.1');
    await once(refusing, 'listening');
    t.after(() => refusing.close());
    const proxy = `${kind}://me:sesame@127.0.0.1:${(refusing.address() as AddressInfo).port}`;
    const connection = await connectBy(t, {
      cluster: { server: 'https://127.0.0.1:1', ...ca, 'proxy-url': proxy },
      user: { token: 'sesame' },
    });
    await assert.rejects(connection.send(get), (error: Error) => {
      assert.doesNotMatch(`${error.message} ${JSON.stringify(error)}`, /sesame/);
      assert.match(error.message, kind === 'http' ? /403/ : /no acceptable authentication methods/);
      return true;
    });
  });

  test(`an ${kind} proxy that does not answer can be given up`, async (t) => {
    const silent = createServer((socket) => socket.on('error', () => {}));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    t.after(() => silent.close());
    const proxy = `${kind}://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const connection = await connectBy(t, {
      cluster: { server: 'https://127.0.0.1:1', ...ca, 'proxy-url': proxy },
      user: { token: 'a' },
    });
    const controller = new AbortController();
    const sent = connection.send({ ...get, signal: controller.signal });
    await once(silent, 'connection');
    controller.abort();
    await assert.rejects(sent, { name: 'AbortError' });
  });
}
