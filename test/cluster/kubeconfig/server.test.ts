import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseServer } from '../../../src/cluster/kubeconfig/server.ts';

// biome-ignore format: a table
const servers: [text: string, url: string, authorization: string | undefined, why: string][] = [
  ['https://a:6443',             'https://a:6443/',  undefined,           'a URL'],
  ['HTTPS://A',                  'https://a/',       undefined,           'in capitals'],
  ['a:6443',                     'http://a:6443/',   undefined,           'without a scheme it is http'],
  ['localhost',                  'http://localhost/', undefined,          'a host'],
  ['10.0.0.1:8080',              'http://10.0.0.1:8080/', undefined,      'an address'],
  ['https://a/b/?c=d#e',         'https://a/b/',     undefined,           'a path is a prefix, the rest is dropped'],
  ['https://me:p%40ss@a',        'https://a/',       'Basic bWU6cEBzcw==', 'a user is taken out'],
];
for (const [text, url, authorization, why] of servers) {
  test(`${text}: ${why}`, () => {
    const server = parseServer(text);
    assert.deepEqual([server.url.href, server.authorization], [url, authorization]);
  });
}

// biome-ignore format: a table
const refused: [text: string, message: string][] = [
  ['a:1/b',                  'error: host must be a URL or a host:port pair: "a:1/b"'],
  ['https://me:sesame@a b',  'error: host must be a URL or a host:port pair: "https://a b"'],
  ['https://a:99999',        'error: host must be a URL or a host:port pair: "https://a:99999"'],
  ['ftp://a',                'Unable to connect to the server: unsupported protocol scheme "ftp"'],
];
for (const [text, message] of refused)
  test(`${text} is refused`, () => assert.throws(() => parseServer(text), { name: 'UserError', message }));
