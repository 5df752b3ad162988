import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseProxyUrl, proxyFor } from '../../../src/cluster/connect/kubeconfig/proxy.ts';

// biome-ignore format: a table
const exemptions: [noProxy: string, server: string, isExempt: boolean, why: string][] = [
  ['',                   'https://api.example.com',      false, 'nothing is exempt'],
  ['*',                  'https://api.example.com',      true,  'everything is'],
  ['a, *',               'https://api.example.com',      true,  'everything is, in a list with blanks'],
  ['example.com',        'https://example.com',          true,  'the name itself'],
  ['example.com',        'https://api.example.com',      true,  'a name includes its subdomains'],
  ['example.com',        'https://notexample.com',       false, 'at a dot only'],
  ['.example.com',       'https://api.example.com',      true,  'a leading dot means subdomains'],
  ['.example.com',       'https://example.com',          false, 'a leading dot leaves the name itself out'],
  ['*.example.com',      'https://api.example.com',      true,  'a star does the same'],
  ['*.example.com',      'https://example.com',          false, 'a star leaves the name itself out'],
  ['api.*.com',          'https://api.example.com',      false, 'a star stands at the front only'],
  ['EXAMPLE.com',        'https://Api.Example.COM',      true,  'case does not matter'],
  ['example.com:6443',   'https://example.com:6443',     true,  'with the port'],
  ['example.com:6443',   'https://example.com',          false, 'with another port'],
  ['example.com:443',    'https://example.com',          true,  'with the port of the scheme'],
  ['example.com:80',     'http://example.com',           true,  'with the port of plain http'],
  [':6443',              'https://example.com:6443',     false, 'a port alone is ignored'],
  ['10.0.0.0/8',         'https://10.1.2.3:6443',        true,  'an address in a subnet'],
  ['10.0.0.0/8',         'https://11.1.2.3:6443',        false, 'an address outside'],
  ['10.0.0.0/8',         'https://10.example.com',       false, 'a name is in no subnet'],
  ['10.0.0.0/99',        'https://10.1.2.3',             false, 'what is no subnet is ignored'],
  ['10.1.2.3',           'https://10.1.2.3:6443',        true,  'an address'],
  ['10.1.2.3:6443',      'https://10.1.2.3:6443',        true,  'an address with the port'],
  ['10.1.2.3:443',       'https://10.1.2.3:6443',        false, 'an address with another port'],
  ['fd00::/8',           'https://[fd12::1]:6443',       true,  'an IPv6 address in a subnet'],
  ['fd12::1',            'https://[fd12:0::1]:6443',     true,  'an IPv6 address, however it is written'],
  ['[fd12::1]:6443',     'https://[fd12::1]:6443',       true,  'an IPv6 address with the port'],
  ['[fd12::1]:443',      'https://[fd12::1]:6443',       false, 'an IPv6 address with another port'],
  ['',                   'https://localhost:6443',       true,  'localhost, always'],
  ['',                   'https://127.0.0.1:6443',       true,  'loopback, always'],
  ['',                   'https://127.8.8.8:6443',       true,  'all of loopback'],
  ['',                   'https://[::1]:6443',           true,  'IPv6 loopback'],
  ['',                   'https://localhost.example',    false, 'not what only begins so'],
];
for (const [noProxy, server, isExempt, why] of exemptions) {
  test(`NO_PROXY=${noProxy} for ${server}: ${why}`, () => {
    for (const name of ['NO_PROXY', 'no_proxy']) {
      const env = { HTTPS_PROXY: 'http://proxy:1', HTTP_PROXY: 'http://proxy:1', [name]: noProxy };
      assert.equal(proxyFor(new URL(server), undefined, env) === null, isExempt);
    }
  });
}

// biome-ignore format: a table
const choices: [env: NodeJS.ProcessEnv, server: string, proxyUrl: string | undefined, proxy: string | null, why: string][] = [
  [{},                                                         'https://a', undefined,      null,              'no proxy'],
  [{ HTTPS_PROXY: 'http://p:1' },                              'https://a', undefined,      'http://p:1/',     'HTTPS_PROXY is for https'],
  [{ HTTPS_PROXY: 'http://p:1' },                              'http://a',  undefined,      null,              'and not for http'],
  [{ HTTP_PROXY: 'http://p:1' },                               'http://a',  undefined,      'http://p:1/',     'HTTP_PROXY is for http'],
  [{ HTTP_PROXY: 'http://p:1', REQUEST_METHOD: 'GET' },        'http://a',  undefined,      null,              'unless a CGI program cannot trust it'],
  [{ http_proxy: 'http://p:1' },                               'http://a',  undefined,      'http://p:1/',     'lower case'],
  [{ HTTPS_PROXY: 'http://p:1', https_proxy: 'http://q:1' },   'https://a', undefined,      'http://p:1/',     'upper case wins'],
  [{ HTTPS_PROXY: '', https_proxy: 'http://q:1' },             'https://a', undefined,      'http://q:1/',     'empty is absent'],
  [{ HTTPS_PROXY: 'p:8080' },                                  'https://a', undefined,      'http://p:8080/',  'without a scheme it is http'],
  [{ HTTPS_PROXY: 'socks5://p:1' },                            'https://a', undefined,      'socks5://p:1',    'socks5'],
  [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' },               'https://a', 'http://q:1',   'http://q:1/',     'proxy-url wins over all of it'],
  [{},                                                         'https://localhost', 'http://q:1', 'http://q:1/', 'proxy-url is for loopback too'],
  [{ HTTPS_PROXY: 'http://' },                                 'https://a', undefined,      null,              'what is no URL is ignored'],
  [{ HTTPS_PROXY: 'http://me:%zz@p:1' },                       'https://a', undefined,      null,              'so is a bad escape'],
  [{ HTTPS_PROXY: 'me:p%4@p:1' },                              'https://a', undefined,      null,              'without a scheme too'],
  [{ HTTPS_PROXY: 'ftp://p:1' },                               'https://a', undefined,      null,              'what is no proxy is ignored'],
];
for (const [env, server, proxyUrl, proxy, why] of choices) {
  test(`the proxy of ${server} by ${JSON.stringify(env)} and ${proxyUrl}: ${why}`, () => {
    assert.equal(proxyFor(new URL(server), proxyUrl, env)?.href ?? null, proxy);
  });
}

test('a proxy-url with another scheme, or none, is refused without repeating it', () => {
  const problem = 'unsupported scheme "ftp", must be http, https, or socks5';
  assert.deepEqual(parseProxyUrl('ftp://me:sesame@x'), { problem });
  assert.deepEqual(parseProxyUrl('sesame'), { problem: 'could not parse' });
  const refused = { problem: 'invalid URL escape in the user name or the password' };
  for (const text of ['http://me:%sesame@x', 'https://%:sesame@x', 'socks5://me:sesame%2@x'])
    assert.deepEqual(parseProxyUrl(text), refused);
});
