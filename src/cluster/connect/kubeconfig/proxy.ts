import { BlockList, isIP } from 'node:net';
import { userInfoOf } from '../../wire/user-info.ts';

/**
 * The proxy for requests to `server`. The kubeconfig's `proxy-url` applies to every server. Without one the environment
 * decides, by Go's rules (golang.org/x/net/http/httpproxy): `HTTPS_PROXY` or `HTTP_PROXY` by the server's scheme, upper
 * case first, but never for localhost, loopback addresses or the hosts in `NO_PROXY`. null where there is no proxy.
 * Pure.
 */
export function proxyFor(server: URL, proxyUrl: string | undefined, env: NodeJS.ProcessEnv): URL | null {
  const given = proxyUrl && parseProxyUrl(proxyUrl);
  if (given instanceof URL) return given;
  const value = server.protocol === 'https:' ? env.HTTPS_PROXY || env.https_proxy : httpProxy(env);
  const proxy = value && parseEnvironmentProxy(value);
  return proxy && !isExempt(server, env.NO_PROXY || env.no_proxy || '') ? proxy : null;
}

/** Parses a `proxy-url` of a kubeconfig. The problem is described without the URL, which may contain a password. */
export function parseProxyUrl(text: string): URL | { problem: string } {
  const url = URL.parse(text);
  if (!url) return { problem: 'could not parse' };
  const scheme = url.protocol.slice(0, -1);
  if (userInfoOf(url) === null) return { problem: 'invalid URL escape in the user name or the password' };
  return schemes.includes(scheme) ? url : { problem: `unsupported scheme "${scheme}", must be http, https, or socks5` };
}

const schemes = ['http', 'https', 'socks5'];

/**
 * A web server sets HTTP_PROXY for its CGI programs from a request's Proxy header, so that it is not trusted there.
 */
const httpProxy = (env: NodeJS.ProcessEnv) => (env.REQUEST_METHOD ? env.http_proxy : env.HTTP_PROXY || env.http_proxy);

/** A value without a scheme is an http proxy; a value that is no URL of a proxy is ignored. */
function parseEnvironmentProxy(value: string): URL | null {
  const url = URL.parse(value.includes('://') ? value : `http://${value}`);
  return url && userInfoOf(url) !== null && [...schemes, 'socks5h'].includes(url.protocol.slice(0, -1)) ? url : null;
}

function isExempt(server: URL, noProxy: string): boolean {
  const host = server.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = server.port || (server.protocol === 'https:' ? '443' : '80');
  if (host === 'localhost' || inSubnets(host, ['127.0.0.0/8', '::1/128'])) return true;
  const entries = noProxy.split(',').map((entry) => entry.trim().toLowerCase());
  return entries.includes('*') || entries.some((entry) => entry !== '' && matches(entry, host, port));
}

/**
 * Whether an entry of NO_PROXY matches: `10.0.0.0/8`, `10.1.2.3`, `[::1]:443`, `example.com` with its subdomains,
 * `.example.com` and `*.example.com` with only the subdomains, each with an optional port.
 */
function matches(entry: string, host: string, port: string): boolean {
  if (entry.includes('/')) return inSubnets(host, [entry]);
  const [, name = entry, wanted] = isIP(entry) ? [] : (entry.match(/^\[?([^\]]*?)\]?:(\d*)$/) ?? []);
  if (name === '' || (wanted && wanted !== port)) return false;
  if (isIP(name)) return inSubnets(host, [`${name}/${isIP(name) === 4 ? 32 : 128}`]);
  const suffix = name.replace(/^\*(?=\.)/, '');
  return suffix.startsWith('.') ? host.endsWith(suffix) : host === suffix || host.endsWith(`.${suffix}`);
}

function inSubnets(host: string, subnets: string[]): boolean {
  const version = isIP(host);
  if (version === 0) return false;
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address = '', bits = ''] = subnet.split('/');
    const family = isIP(address);
    if (family === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) continue;
    list.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  }
  return list.check(host, version === 4 ? 'ipv4' : 'ipv6');
}
