import { once } from 'node:events';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { TestContext } from 'node:test';
import { certificateAuthority } from '../helpers/certificates.ts';
import { failed, faultyServer, type Handler, send } from '../helpers/faulty-server.ts';

const authority = certificateAuthority();
const here = { user: 'server', ips: ['127.0.0.1'] };
const VERIFY = 'Unable to connect to the server: tls: failed to verify certificate: x509: ';

/** Short only where there is no answer, since a busy machine takes its time for those that there are. */
const PATIENCE = 10_000;

/** Where a server ought to be, and how long it is worth to wait for it. */
interface Place {
  server: string;
  /** What a client trusts; absent: the roots of the machine. */
  ca?: string;
  /** In ms. */
  requestTimeout: number;
}
type Start = (test: TestContext) => Promise<Place>;

/** How a server is not there, and how the line begins that kubectl says then; PORT stands for the server's. */
export const noServers: [name: string, start: Start, message: string][] = [
  [
    'nobody listens',
    refused,
    'The connection to the server 127.0.0.1:PORT was refused - did you specify the right host or port?',
  ],
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
  [
    'a client certificate is wanted',
    mutual('TLSv1.3'),
    'Unable to connect to the server: remote error: tls: certificate required',
  ],
  ['the same with TLS 1.2', mutual('TLSv1.2'), 'Unable to connect to the server: remote error: tls: handshake failure'],
  ['no TLS there', http, 'Unable to connect to the server: http: server gave HTTP response to HTTPS client'],
  ['a reset', plain((_, r) => void r.destroy()), 'Unable to connect to the server: connection reset by peer'],
  ['no answer', plain(() => undefined, 60), 'Unable to connect to the server: no answer within 0.06s'],
  [
    'a bad token',
    plain((_, r) => send(r, 401, failed(401, 'Unauthorized', 'Unauthorized'))),
    'error: You must be logged in to the server (Unauthorized)',
  ],
  [
    'a login page',
    plain((_, r) => send(r, 200, '<html>')),
    'Server returned an unexpected response: 200 OK: an HTML page instead of JSON',
  ],
  [
    'another protocol',
    plain((_, r) => void r.socket?.end('HTTP/1.1 101 Switching Protocols\r\n\r\n')),
    'Server returned an unexpected response: 101 Switching Protocols: an empty body',
  ],
  [
    'a load balancer alone',
    plain((_, r) => send(r, 503, 'no healthy upstream')),
    'Error from server: 503 Service Unavailable: no healthy upstream',
  ],
];
function at(server: string): Start {
  return async () => ({ server, requestTimeout: PATIENCE });
}

async function refused(): Promise<Place> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return { server: `http://127.0.0.1:${port}`, requestTimeout: PATIENCE };
}

function tls(
  identity: Parameters<typeof authority.issue>[0],
  client: { ca?: string },
  options: ServerOptions = {},
): Start {
  return async (t) => {
    const server = createTlsServer({ ...authority.issue(identity), ...options });
    t.after(() => server.close());
    return { server: `https://127.0.0.1:${await listen(server)}`, ...client, requestTimeout: PATIENCE };
  };
}

function mutual(maxVersion: 'TLSv1.2' | 'TLSv1.3'): Start {
  return tls(
    here,
    { ca: authority.cert },
    { requestCert: true, rejectUnauthorized: true, ca: authority.cert, maxVersion },
  );
}

function plain(handler: Handler, requestTimeout = PATIENCE): Start {
  return async (t) => ({ server: (await faultyServer(t, handler)).client.connection.server, requestTimeout });
}

async function http(t: TestContext): Promise<Place> {
  const { server, ...rest } = await plain(() => ({}))(t);
  return { server: server.replace('http:', 'https:'), ...rest };
}

async function listen(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}
