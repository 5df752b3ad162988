import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseServer } from '../../../src/cluster/connect/kubeconfig/server.ts';

// biome-ignore format: a table
const servers: [text: string, url: string, authorization: string | undefined, why: string][] = [
  ['https://a:6443',             'https://a:6443/',  undefined,           'a URL'],
  ['HTTPS://A',                  'https://a/',       undefined,           'in capitals'],
  ['a:6443',                     'http://a:6443/',   undefined,           'without a scheme it is http'],
  ['localhost',                  'http://localhost/', undefined,          'a host'],
  ['10.0.0.1:8080',              'http://10.0.0.1:8080/', undefined,      'an address'],
  ['https://a/b/?c=d#e',         'https://a/b/',     undefined,           'a path is a prefix, the rest is dropped'],
  ['https://me:p%40ss@a',        'https://a/',       'Basic bWU6cEBzcw==', 'a user is taken out'],
  ['me:p%40ss@a:6443',           'http://a:6443/',   'Basic bWU6cEBzcw==', 'also without a scheme'],
  ['https://me:p@ss@a',          'https://a/',       'Basic bWU6cEBzcw==', 'the last @ ends it'],
  ['https://me@a',               'https://a/',       'Basic bWU6',        'a user without a password'],
  ['https://:p@a',               'https://a/',       'Basic OnA=',        'a password without a user'],
  ['https://@a',                 'https://a/',       undefined,           'nobody'],
  ['https://m%ff:%c3%28@a',      'https://a/',       'Basic bf86wyg=',    'bytes that are no UTF-8, as Go sends them'],
  ['https://a/%zz',              'https://a/%zz',    undefined,           'an escape in the path is the server\'s affair'],
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
  ['me:sesame@a/b',          'error: host must be a URL or a host:port pair: "a/b"'],
  ['me:sesame@a b',          'error: host must be a URL or a host:port pair: "a b"'],
  ['me:ses/ame@a',           'error: host must be a URL or a host:port pair: "a"'],
  ['me:ses@ame@a/b',         'error: host must be a URL or a host:port pair: "a/b"'],
  ['https://me:ses/ame@a',   'error: host must be a URL or a host:port pair: "https://a"'],
  ['https://me:ses?ame@a',   'error: host must be a URL or a host:port pair: "https://a"'],
  ['https://me:ses#ame@a',   'error: host must be a URL or a host:port pair: "https://a"'],
  ['https://me:ses@ame@a b', 'error: host must be a URL or a host:port pair: "https://a b"'],
  ['https://me:sesame@',     'error: host must be a URL or a host:port pair: "https://"'],
  ['https:me:sesame@a/b c',  'error: host must be a URL or a host:port pair: "a/b c"'],
  ['//me:sesame@a/b',        'error: host must be a URL or a host:port pair: "a/b"'],
  ['https://me:sesame@a:x',  'error: host must be a URL or a host:port pair: "https://a:…"'],
  ['https://me:sesame',      'error: host must be a URL or a host:port pair: "https://me:…"'],
  ['https://me:ses/ame',     'error: host must be a URL or a host:port pair: "https://me:…"'],
  ['me:sesame',              'error: host must be a URL or a host:port pair: "me:…"'],
  ['[::1]:x',                'error: host must be a URL or a host:port pair: "[::1]:x"'],
  ['https://me:sesame\n@a b', 'error: host must be a URL or a host:port pair: "https://a b"'],
  ['a b?token=sesame',       'error: host must be a URL or a host:port pair: "a b"'],
  ['https://me:%sesame@a',   'error: parse "https://a": invalid URL escape in the user name or the password'],
  ['https://me:sesame%@a',   'error: parse "https://a": invalid URL escape in the user name or the password'],
  ['https://%zz:sesame@a/b', 'error: parse "https://a/b": invalid URL escape in the user name or the password'],
  ['me:sesame%4@a:6443',     'error: parse "a:6443": invalid URL escape in the user name or the password'],
  ['ftp://me:sesame@a',      'Unable to connect to the server: unsupported protocol scheme "ftp"'],
  ['ftp://a',                'Unable to connect to the server: unsupported protocol scheme "ftp"'],
];
for (const [text, message] of refused)
  test(`${text} is refused`, () => assert.throws(() => parseServer(text), { name: 'UserError', message }));
