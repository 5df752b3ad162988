import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { userInfoOf } from './user-info.ts';

/**
 * Connects to `host:port` through a SOCKS5 proxy (RFC 1928, with the user name and password of RFC 1929 where the URL
 * has them). The proxy resolves names. Rejects with an Error that gives the proxy's answer.
 */
export async function socks5Connect(proxy: URL, host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const socket = connect(Number(proxy.port || 1080), proxy.hostname.replace(/^\[|\]$/g, ''));
  // Errors may also occur between two reads, when nothing waits for the socket.
  socket.on('error', () => {});
  try {
    await once(socket, 'connect', { signal });
    const { user, password } = userInfoOf(proxy) ?? NOBODY;
    // Each length is one byte.
    if (user.length > 255 || password.length > 255) throw new Error('socks connect: invalid username/password');
    if (host.length > 255) throw new Error('socks connect: FQDN too long');
    const method = user.length > 0 ? passwordMethod : 0;
    socket.write(Buffer.from([5, 1, method]));
    if ((await read(socket, 2, signal))[1] !== method)
      throw new Error('socks connect: no acceptable authentication methods');
    if (method === passwordMethod) {
      socket.write(Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]));
      if ((await read(socket, 2, signal))[1] !== 0)
        throw new Error('socks connect: username/password authentication failed');
    }
    socket.write(Buffer.concat([Buffer.from([5, 1, 0]), address(host), Buffer.from([port >> 8, port & 255])]));
    const [, reply = 1, , type = 1, length = 0] = await read(socket, 5, signal);
    if (reply !== 0) throw new Error(`socks connect: ${replies[reply] ?? `unknown reply ${reply}`}`);
    await read(socket, ({ 1: 4, 4: 16 }[type] ?? length + 1) + 1, signal);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

const passwordMethod = 2;
const NOBODY = { user: Buffer.alloc(0), password: Buffer.alloc(0) };

function address(host: string): Buffer {
  if (isIP(host) === 4) return Buffer.from([1, ...host.split('.').map(Number)]);
  if (isIP(host) === 6) return Buffer.from([4, ...ipv6(host)]);
  const name = Buffer.from(host);
  return Buffer.concat([Buffer.from([3, name.length]), name]);
}

/** The 16 bytes of an address that is spelled as in a URL. */
function ipv6(address: string): Buffer {
  const [left = [], right = []] = address.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill(''), ...right];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/**
 * The next bytes from the proxy; those after them stay to be read. All bytes that are present are read at once, since
 * remaining ones would be announced repeatedly.
 */
async function read(socket: Socket, size: number, signal: AbortSignal): Promise<Buffer> {
  let bytes: Buffer = Buffer.alloc(0);
  while (bytes.length < size) {
    const piece: Buffer | null = socket.read();
    if (piece) bytes = Buffer.concat([bytes, piece]);
    else if (socket.readableEnded || socket.destroyed) throw new Error('socks connect: connection closed by the proxy');
    else await somethingNew(socket, signal);
  }
  if (bytes.length > size) socket.unshift(bytes.subarray(size));
  return bytes.subarray(0, size);
}

/** Resolves once there may be more to read, or nothing more will arrive. Rejects when `signal` is aborted. */
async function somethingNew(socket: Socket, signal: AbortSignal): Promise<void> {
  const news = Promise.withResolvers<void>();
  const fail = () => news.reject(signal.reason);
  const events = ['readable', 'end', 'close'];
  for (const event of events) socket.on(event, news.resolve);
  signal.addEventListener('abort', fail);
  if (signal.aborted) fail();
  try {
    await news.promise;
  } finally {
    for (const event of events) socket.off(event, news.resolve);
    signal.removeEventListener('abort', fail);
  }
}

/** The replies of RFC 1928, section 6. */
const replies = [
  'succeeded',
  'general SOCKS server failure',
  'connection not allowed by ruleset',
  'network unreachable',
  'host unreachable',
  'connection refused',
  'TTL expired',
  'command not supported',
  'address type not supported',
];
