import { before } from '../../answer/ends.ts';
import { BuiltMap, Extension, failure, type Value } from '../values.ts';
import type { CelFunction, Functions } from './function.ts';

/** Absolute URLs and absolute paths. Mirrors apiserver pkg/cel/library/urls.go over Go's net/url. */
export const urlFunctions: Functions = {
  url: ([text]) => (typeof text === 'string' ? (parse(text) ?? failure(bad(text))) : undefined),
  isURL: ([text]) => (typeof text === 'string' ? parse(text) !== undefined : undefined),
};

export const urlMethods: Functions = {
  getScheme: part(({ scheme }) => scheme),
  getHost: part(({ host }) => host),
  getHostname: part(({ host }) => host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1')),
  getPort: part(({ host }) => /:(\d*)$/.exec(host)?.[1] ?? ''),
  getEscapedPath: part(({ path }) => path.replace(/[^!-~]|["<>\\^`{|}]/gu, encodeURIComponent)),
  getQuery: part(({ query }) => parameters(query)),
};

class Url extends Extension {
  readonly type = 'kubernetes.URL';
  readonly key: string;
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;

  constructor(text: string, { scheme, host, path, query }: Pick<Url, 'scheme' | 'host' | 'path' | 'query'>) {
    super();
    this.key = text;
    this.scheme = scheme;
    this.host = host;
    this.path = path;
    this.query = query;
  }
}

function parse(text: string): Url | undefined {
  if (/\p{Cc}/u.test(text)) return undefined;
  const whole = before(text, '#');
  const place = before(whole, '?');
  const query = whole.slice(place.length + 1);
  const [, scheme = ''] = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(place) ?? [];
  const rest = scheme === '' ? place : place.slice(scheme.length + 1);
  const [, authority] = /^\/\/([^/]*)/.exec(rest) ?? [];
  const path = authority === undefined ? rest : rest.slice(2 + authority.length);
  if (scheme === '' && !text.startsWith('/')) return undefined;
  if (authority === undefined && !path.startsWith('/')) return undefined;
  const host = (authority ?? '').replace(/^.*@/, '');
  const isHost = /^(?:\[[0-9a-fA-F:.]+(?:%25[^\]]*)?\]|[^[\]\s"<>\\^`{|}:]*)(?::\d*)?$/.test(host);
  if (!isHost || /%(?![0-9a-fA-F]{2})/.test(path + host)) return undefined;
  return new Url(text, { scheme: scheme.toLowerCase(), host, path, query });
}

/** The values by name, in the order of the query; parts that cannot be decoded are left out, as in Go. */
function parameters(query: string): BuiltMap {
  const values = new Map<string, string[]>();
  for (const pair of query.split('&')) {
    if (pair === '' || pair.includes(';')) continue;
    const [name = '', ...rest] = pair.split('=');
    const key = decoded(name);
    const value = decoded(rest.join('='));
    if (key !== undefined && value !== undefined) values.set(key, [...(values.get(key) ?? []), value]);
  }
  return new BuiltMap(values);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function part(run: (url: Url) => Value): CelFunction {
  return ([url]) => (url instanceof Url ? run(url) : undefined);
}

const bad = (text: string): string =>
  `URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`;
