import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levelOf, uniform } from '../../../src/admission/pod-security/labels.ts';
import {
  formatLevelVersion,
  levelFlag,
  levelVersionFlag,
  parsePolicyVersion,
} from '../../../src/admission/pod-security/level.ts';

const UPSTREAM = uniform({ level: 'privileged', version: 'latest' });
const P = 'pod-security.kubernetes.io/';

/** Each mode as it is printed: enforce, audit, warn. */
const cases: [labels: Record<string, string>, policy: [string, string, string], why: string][] = [
  [{}, ['privileged:latest', 'privileged:latest', 'privileged:latest'], 'nothing said'],
  [
    { enforce: 'baseline' },
    ['baseline:latest', 'privileged:latest', 'baseline:latest'],
    'warn follows a stricter enforce',
  ],
  [
    { enforce: 'baseline', 'enforce-version': 'v1.24' },
    ['baseline:v1.24', 'privileged:latest', 'baseline:v1.24'],
    'with its version',
  ],
  [
    { enforce: 'baseline', 'enforce-version': 'v1.24', 'warn-version': 'v1.30' },
    ['baseline:v1.24', 'privileged:latest', 'baseline:v1.30'],
    'unless warn has one',
  ],
  [
    { enforce: 'restricted', warn: 'baseline' },
    ['restricted:latest', 'privileged:latest', 'baseline:latest'],
    'warn speaks for itself',
  ],
  [
    { enforce: 'strict' },
    ['restricted:latest', 'privileged:latest', 'privileged:latest'],
    'a bad level is restricted, and warn does not follow',
  ],
  [{ enforce: 'Baseline' }, ['restricted:latest', 'privileged:latest', 'privileged:latest'], 'case counts'],
  [{ enforce: '' }, ['restricted:latest', 'privileged:latest', 'privileged:latest'], 'an empty level is a bad one'],
  [
    { enforce: 'baseline', 'enforce-version': '1.24' },
    ['baseline:latest', 'privileged:latest', 'baseline:latest'],
    'a version without v is a bad one',
  ],
  [
    { enforce: 'baseline', 'enforce-version': 'v1.99' },
    ['baseline:v1.99', 'privileged:latest', 'baseline:v1.99'],
    'the future is printed as it is said',
  ],
  [{ 'enforce-version': 'v1.20' }, ['privileged:v1.20', 'privileged:latest', 'privileged:latest'], 'a version alone'],
  [
    { audit: 'none', warn: 'none' },
    ['privileged:latest', 'privileged:latest', 'privileged:latest'],
    'bad audit and warn let everything pass',
  ],
];
for (const [labels, policy, why] of cases) {
  test(`labels ${JSON.stringify(labels)}: ${why}`, () => {
    const { enforce, audit, warn } = levelOf(prefixed(labels), { default: UPSTREAM });
    assert.deepEqual([enforce, audit, warn].map(formatLevelVersion), policy);
  });
}

test('what is not said is the default, each part by itself', () => {
  const fallback = uniform(
    { level: 'baseline', version: { major: 1, minor: 30 } },
    { level: 'restricted', version: 'latest' },
  );
  const shown = (labels: Record<string, string>) =>
    formatLevelVersion(levelOf(prefixed(labels), { default: fallback }).enforce);
  assert.equal(shown({}), 'baseline:v1.30');
  assert.equal(shown({ 'enforce-version': 'latest' }), 'baseline:latest');
  assert.equal(shown({ enforce: 'restricted' }), 'restricted:v1.30');
  assert.deepEqual(fallback.warn, { level: 'restricted', version: 'latest' }, 'the default itself stays as it is');
});

test('labels that are wrong are told, and inherited properties are no labels', () => {
  const { problems } = levelOf(prefixed({ enforce: 'x', 'warn-version': 'v2.0' }), { default: UPSTREAM });
  assert.deepEqual(problems, [
    { label: `${P}enforce`, value: 'x', message: 'must be one of privileged, baseline, restricted' },
    { label: `${P}warn-version`, value: 'v2.0', message: 'must be "latest" or "v1.x"' },
  ]);
  assert.equal(
    levelOf(Object.create({ [`${P}enforce`]: 'restricted' }), { default: UPSTREAM }).enforce.level,
    'privileged',
  );
});

test('versions as labels spell them', () => {
  assert.deepEqual(parsePolicyVersion('v1.0'), { major: 1, minor: 0 });
  assert.equal(parsePolicyVersion('latest'), 'latest');
  for (const bad of [
    '',
    'v1',
    '1.20',
    'v1.020',
    'v1.-1',
    'v2.1',
    'v1.20.1',
    'Latest',
    ' v1.20',
    'v1.20\n',
    'v1.99999999999999999999',
  ])
    assert.equal(parsePolicyVersion(bad), null, bad);
});

test('flags tell what they do not know', () => {
  assert.equal(levelFlag('baseline'), 'baseline');
  assert.deepEqual(levelVersionFlag('v1.20'), { major: 1, minor: 20 });
  assert.throws(() => levelFlag('strict'), {
    exitCode: 2,
    message: /no Pod Security level is called "strict": must be one of privileged, baseline, restricted/,
  });
  assert.throws(() => levelVersionFlag('1.20'), { exitCode: 2, message: /must be "latest" or "v1.x"/ });
  assert.throws(() => levelVersionFlag('v1.99'), { exitCode: 2, message: /v1.99 is not known: the newest is v1.37/ });
});

const prefixed = (labels: Record<string, string>) =>
  Object.fromEntries(Object.entries(labels).map(([key, value]) => [P + key, value]));
