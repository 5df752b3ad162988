import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitProxyName } from '../../src/rbac/proxy-name.ts';

const cases: [spelling: string, parts: [scheme: string, name: string, port: string] | null, why: string][] = [
  ['n1', ['', 'n1', ''], 'the bare name'],
  ['n1:10250', ['', 'n1', '10250'], 'with a port'],
  ['web:http', ['', 'web', 'http'], 'with a named port'],
  ['https:n1:10250', ['https', 'n1', '10250'], 'with a scheme and a port'],
  ['https:n1:', ['https', 'n1', ''], 'with a scheme and no port'],
  ['http:n1:', ['http', 'n1', ''], 'the other scheme'],
  [':n1:10250', ['', 'n1', '10250'], 'with an empty scheme'],
  [':n1:', ['', 'n1', ''], 'with nothing but colons'],
  ['n1:', ['', 'n1', ''], 'with an empty port'],
  ['https:n1', ['', 'https', 'n1'], 'two parts are name and port, whatever they look like'],
  [':n1', null, 'so that this one has no name'],
  ['', null, 'no name'],
  ['::', null, 'no name with a scheme'],
  ['ftp:n1:21', null, 'a scheme that no proxy speaks'],
  ['HTTPS:n1:443', null, 'schemes are compared with their case'],
  ['https:n1:443:1', null, 'four parts'],
];

for (const [spelling, parts, why] of cases) {
  test(`${JSON.stringify(spelling)}: ${why}`, () => {
    const [scheme, name, port] = parts ?? [];
    assert.deepEqual(splitProxyName(spelling), parts && { scheme, name, port });
  });
}
