import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { type TestContext, test } from 'node:test';
import { requireServer } from '../../src/cluster/no-server.ts';
import { ApiClient } from '../../src/cluster/transport.ts';
import { certificateAuthority } from '../helpers/certificates.ts';
import { failed, faultyServer, type Handler, send } from '../helpers/faulty-server.ts';
import { httpConnection } from '../helpers/http-connection.ts';

const authority = certificateAuthority();
const here = { user: 'server', ips: ['127.0.0.1'] };
const VERIFY = 'Unable to connect to the server: tls: failed to verify certificate: x509: ';
type Connect = (test: TestContext) => Promise<ApiClient>;

/** How a server is not there, and what kubectl says then. */
const cases: [string, Connect, string][] = [
  ['nobody listens', refused, 'The connection to the server 127.0.0.1:PORT was refused - did you specify the right host or port?'],
  ['no such name', at('http://nope.invalid'), 'Unable to connect to the server: dial tcp: lookup nope.invalid: '],
  ['an unknown authority', tls(here, {}), `${VERIFY}certificate signed by unknown authority`],
  [
    'a certificate for another address',
    tls({ user: 'server', ips: ['127.0.0.2', '127.0.0.3'] }, { ca: authority.cert }),
    `${VERIFY}certificate is valid for 127.0.0.2, 127.0.0.3, not 127.0.0.1`,
  ],
  [
    'a certificate for nothing',
    tls({ user: 'server' }, { ca: authority.cert }),
    `${VERIFY}certificate is not valid for any names, but wanted to match 127.0.0.1`,
  ],
  ['a client certificate is wanted', mutual('TLSv1.3'), 'Unable to connect to the server: remote error: tls: certificate required'],
  ['the same with TLS 1.2', mutual('TLSv1.2'), 'Unable to connect to the server: remote error: tls: handshake failure'],
  ['no TLS there', http, 'Unable to connect to the server: http: server gave HTTP response to HTTPS client'],
  ['a reset', plain((_, r) => void r.destroy()), 'Unable to connect to the server: connection reset by peer'],
  ['no answer', plain(() => undefined, 60), 'Unable to connect to the server: no answer within 0.06s'],
  [
    'a bad token',
    plain((_, r) => send(r, 401, failed(401, 'Unauthorized', 'Unauthorized'))),
    'error: You must be logged in to the server (Unauthorized)',
  ],
  ['a login page', plain((_, r) => send(r, 200, '<html>')), 'Server returned an unexpected response: 200 OK: an HTML page instead of JSON'],
  [
    'a load balancer alone',
    plain((_, r) => send(r, 503, 'no healthy upstream')),
    'Error from server: 503 Service Unavailable: no healthy upstream',
  ],
];
for (const [name, connect, message] of cases) {
  test(`${name}: ${message}`, async (t) => {
    const client = await connect(t);
    t.after(() => client.connection.close());
    const result = await client.get('/api');
    assert.ok(!result.ok);
    const expected = message.replace('PORT', new URL(client.connection.server).port);
    assert.throws(
      () => requireServer(client, [result.failure]),
      (error: Error) => error.name === 'UserError' && error.message.startsWith(expected),
      result.failure.message,
    );
  });
}

test('a refusal in the API’s words is a server', async (t) => {
  const { client } = await faultyServer(t, (_, response) => send(response, 403, failed(403, 'Forbidden', 'no')));
  const result = await client.get('/api');
  assert.doesNotThrow(() => requireServer(client, result.ok ? [] : [result.failure]));
});

function at(server: string): Connect {
  return async () => new ApiClient(httpConnection(server));
}

async function refused(): Promise<ApiClient> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return new ApiClient(httpConnection(`http://127.0.0.1:${port}`));
}

function tls(identity: Parameters<typeof authority.issue>[0], client: { ca?: string }, options: ServerOptions = {}): Connect {
  return async (t) => {
    const server = createTlsServer({ ...authority.issue(identity), ...options });
    t.after(() => server.close());
    return new ApiClient(httpConnection(`https://127.0.0.1:${await listen(server)}`, client));
  };
}

function mutual(maxVersion: 'TLSv1.2' | 'TLSv1.3'): Connect {
  return tls(here, { ca: authority.cert }, { requestCert: true, rejectUnauthorized: true, ca: authority.cert, maxVersion });
}

/** `requestTimeout`, in ms: short only where there is no answer, since a busy machine takes its time for those that there are. */
function plain(handler: Handler, requestTimeout = 10_000): Connect {
  return async (t) => (await faultyServer(t, handler, { requestTimeout, clock: { now: () => 0, sleep: async () => {} } })).client;
}

async function http(t: TestContext): Promise<ApiClient> {
  const { connection } = await plain(() => ({}))(t);
  connection.close();
  return new ApiClient(httpConnection(connection.server.replace('http:', 'https:')));
}

async function listen(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}
