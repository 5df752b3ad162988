import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../src/answer/user-error.ts';
import { parseArgs } from '../../src/cli/parse/parse.ts';
import { serverVersionFlag } from '../../src/cli/parse/server-version.ts';
import { formatVersion } from '../../src/world/version.ts';

const versions: [text: string, version: string][] = [
  ['1.34', '1.34'],
  ['v1.34', '1.34'],
  ['1.37.2', '1.37'],
  ['v1.37.2-gke.100', '1.37'],
  ['v1.33.4-eks-ab12', '1.33'],
  ['v1.30.4+k3s1', '1.30'],
  ['1.31+', '1.31'],
  ['v1.31-eks', '1.31'],
  ['v1.37.0-alpha.1+abc', '1.37'],
  [' 1.30 ', '1.30'],
  ['1.21', '1.21'],
  ['1.8', '1.8'],
];
for (const [text, version] of versions)
  test(`${JSON.stringify(text)} is ${version}`, () => assert.equal(formatVersion(serverVersionFlag(text)), version));

const NEWER = 'the newest version of Kubernetes whose rules are known here is 1.37';
const NONE = 'must be a version of Kubernetes such as 1.34';
const refused: [text: string, why: string][] = [
  ['1.38', NEWER],
  ['1.99', NEWER],
  ['v1.99', NEWER],
  ['v1.99.0-rc.1', NEWER],
  ['1.370', NEWER],
  ['2.0', NONE],
  ['v2.1.0', NONE],
  ['0.9', NONE],
  ['10.1', NONE],
  ['11.34', NONE],
  ['4.16', `${NONE}: OpenShift 4.16 has Kubernetes 1.29`],
  ['v4.19.3', `${NONE}: OpenShift 4.19 has Kubernetes 1.32`],
  ['4.2', NONE],
  ['4.99', NONE],
  ['1', NONE],
  ['1.', NONE],
  ['v', NONE],
  ['', NONE],
  ['latest', NONE],
  ['1.x', NONE],
  ['1.034', NONE],
  ['01.34', NONE],
  ['1.34.x', NONE],
  ['1.34x', NONE],
  ['1,34', NONE],
  ['1 34', NONE],
  ['-1.34', NONE],
  ['1.34.', NONE],
  ['1e2', NONE],
  ['1.5', 'RBAC is v1 since Kubernetes 1.8: older servers are not known here'],
];
for (const [text, why] of refused)
  test(`${JSON.stringify(text)} is refused`, () =>
    assert.throws(
      () => serverVersionFlag(text),
      (error) =>
        error instanceof UserError &&
        error.exitCode === 2 &&
        error.message === `error: invalid argument "${text}" for "--server-version" flag: ${why}`,
    ));

/** Every question takes it in the same way. */
const questions = [
  'exec a --demo',
  'who get pods --demo',
  'privileged sa/a --demo',
  'raw-sockets --input f',
  'admit -f a --input f',
  'admit -f a --level baseline',
];
for (const line of questions)
  for (const version of ['4.16', '1.99'])
    test(`${line} --server-version ${version}`, () =>
      assert.partialDeepStrictEqual(parseArgs([...line.split(' '), '--server-version', version], {}), {
        action: 'misuse',
      }));

test('a level is asked of no server that has no Pod Security', () => {
  const parse = (version: string) =>
    parseArgs(['admit', '-f', 'a', '--level', 'baseline', '--server-version', version], {});
  assert.partialDeepStrictEqual(parse('1.21'), {
    action: 'misuse',
    message: 'error: Kubernetes 1.21 has no Pod Security: it came with 1.22',
  });
  assert.partialDeepStrictEqual(parse('1.22'), { action: 'ask' });
});
