import assert from 'node:assert/strict';
import { test } from 'node:test';
import { opaque } from '../../src/cel/evaluation.ts';
import { expression } from '../../src/cel/expression.ts';
import { CelError, CelUnknown, type Value } from '../../src/cel/values.ts';
import { viewOf } from '../../src/cel/views.ts';

const POD = {
  metadata: { name: 'web', labels: { app: 'web', constructor: 'x' } },
  spec: {
    hostNetwork: false,
    containers: [
      { name: 'a', image: 'a:1', resources: { limits: { memory: '1Gi' } } },
      { name: 'b', image: 'b', securityContext: { privileged: true }, args: ['x', 'y'] },
    ],
    volumes: [],
  },
};

function evaluate(source: string): { value: Value; reads: string[] } {
  const reads = new Set<string>();
  const names: Record<string, Value> = {
    object: viewOf(POD, (path) => reads.add(path)),
    oldObject: null,
    hidden: opaque('it', 'hidden'),
  };
  const value = expression(source).evaluate((name) => (Object.hasOwn(names, name) ? names[name] : undefined));
  return { value, reads: [...reads].sort() };
}

const shown = (value: Value): unknown =>
  value instanceof CelError
    ? `error: ${value.message}`
    : value instanceof CelUnknown
      ? `unknown: ${value.unknowns.map(({ what }) => what).join()}`
      : value;

const READS = [
  // expression                                                  value   what it read
  ['object.spec.hostNetwork', false, 'spec.hostNetwork'],
  ['has(object.spec.hostPID)', false, 'spec.hostPID'],
  ['object.spec.containers.all(c, c.image != "z")', true, 'spec.containers[*].image'],
  [
    'object.spec.containers.exists(c, has(c.securityContext.privileged) && c.securityContext.privileged)',
    true,
    'spec.containers[*].securityContext spec.containers[*].securityContext.privileged',
  ],
  ['object.spec.containers[1].args[0]', 'x', 'spec.containers[*].args[*]'],
  ['object.spec.volumes.all(v, false)', true, 'spec.volumes'],
  ['object.metadata.labels.app', 'web', 'metadata.labels'],
  ['"zone" in object.metadata.labels', false, 'metadata.labels'],
  ['object.metadata.labels.all(k, v, v != "")', true, 'metadata.labels'],
  ['object.spec.containers[0].resources.limits.memory', '1Gi', 'spec.containers[*].resources.limits'],
  ['object.?spec.?priority.orValue(1)', 1n, 'spec.priority'],
  ['false && object.spec.hostNetwork', false, ''],
] as const;
for (const [source, value, reads] of READS) {
  test(`${source} reads ${reads || 'nothing'}`, () =>
    assert.deepEqual(evaluate(source), { value, reads: reads === '' ? [] : reads.split(' ') }));
}

const TRAPS: readonly [string, unknown, string][] = [
  ['hidden || true', true, 'what is not known does not matter where the other side decides'],
  ['hidden && false', false, 'nor here'],
  ['hidden || false', 'unknown: it', 'but here it does'],
  ['hidden || object.zzz', 'unknown: it', 'what is not known may decide before an error counts'],
  ['object.zzz || hidden', 'unknown: it', 'on either side'],
  ['[hidden] == object.zzz', 'error: no such key: zzz', 'a strict operation fails whatever the unknown is'],
  ['hidden ? 1 == 1 : 2 == 2', true, 'both ways lead to the same'],
  ['hidden ? 1 == 1 : 2 == 1', 'unknown: it', 'they do not'],
  ['[1, 2].all(x, x > 5 || hidden)', 'unknown: it', 'of all elements'],
  ['[1, 2].all(x, x > 1 && hidden)', false, 'one that is false is enough'],
  ['nothing_like_it(1) || true', true, 'a function that is not known is not reached'],
  ['nothing_like_it(1)', 'unknown: the CEL function nothing_like_it', 'and is never guessed'],
  ['object.nothing_like_it()', 'unknown: the CEL function nothing_like_it', 'nor a method'],
  ['nobody.declared', 'unknown: the CEL name nobody', 'nor a name'],
  ['cel.bind(x, 1, x)', 'unknown: the CEL function bind', 'Kubernetes has no cel.bind'],
  ['object.metadata.labels.constructor', 'x', 'a label may be called constructor'],
  ['has(object.metadata.labels.toString)', false, 'what every JavaScript object has is not there'],
  ['has(object.__proto__)', false, 'nor its prototype'],
  ['object.metadata.labels.hasOwnProperty', 'error: no such key: hasOwnProperty', 'by no name'],
  ['object.spec.containers[1].args.join("-")', 'x-y', 'texts are joined'],
  [
    '["a", object.spec.hostNetwork].join("")',
    'error: join: invalid input: false',
    'nothing else is, and the error says what it was',
  ],
  [
    '[object.metadata].join("")',
    'error: join: invalid input: {"labels":{"app":"web", "constructor":"x"}, "name":"web"}',
    'be it an object',
  ],
  ['[dyn(1), "a"].join("")', 'error: join: invalid input: 1', 'or a number'],
  ['[null].join("")', 'error: join: invalid input: null', 'or nothing'],
  ['["a", hidden].join("")', 'unknown: it', 'but what is not known may well be a text'],
  ['[[hidden]].join("")', 'unknown: it', 'however deep it is'],
  ['oldObject == null', true, 'null is a value'],
  ['has(oldObject.x)', false, 'and has no fields'],
  ['[1].map(x, [2].map(x, x))[0][0]', 2n, 'the inner variable of the same name'],
  ['[1].map(x, [2].map(y, [3].map(x, x + y)))[0][0][0]', 5n, 'has its own place'],
  ['1 in {1: "a"} && 1u in {1: "a"}', true, 'keys are equal across number types'],
  ['"a" < "b" && "Z" < "a" && "\\uffff" < "\\U00010000"', true, 'strings are ordered by code point'],
  ['9223372036854775807 + 1', 'error: integer overflow', 'integers have 64 bits'],
  ['object.spec.containers.map(c, c.name) == ["a", "b"]', true, 'lists that were read equal those that were made'],
  ['["a", "b"] == object.spec.containers.map(c, c.name)', true, 'either way'],
];
for (const [source, value, why] of TRAPS)
  test(`${source}: ${why}`, () => assert.deepEqual(shown(evaluate(source).value), value));

const BAD = [
  '',
  '(',
  'a b',
  'a.',
  '1 +',
  '"open',
  "'x\ny'",
  '"\\q"',
  '99999999999999999999',
  'if',
  'Object{1: 1}',
  'f(x){a: 1}',
  'Other{a: 1}',
  '`x`',
  '[1 2]',
  '{1}',
  'a ? b',
  'x.true',
  '('.repeat(1000),
  '!'.repeat(100_000),
  '['.repeat(5000),
  'a'.repeat(100_001),
  '\u0000',
];
for (const source of BAD) {
  test(`${JSON.stringify(source.slice(0, 20))} is no CEL, and says so`, () =>
    assert.ok(evaluate(source).value instanceof CelUnknown));
}

const digits = '[0,1,2,3,4,5,6,7,8,9]';
const COSTLY: readonly [string, string][] = [
  [
    `${Array.from({ length: 12 }, (_, index) => `${digits}.all(x${index}, `).join('')}true${')'.repeat(12)}`,
    'loops within loops',
  ],
  ['lists.range(1000000000).size() > 0', 'a long list'],
  [
    `'${'a'.repeat(1000)}'.replace('a', '${'b'.repeat(1000)}').replace('b', '${'c'.repeat(1000)}') == ''`,
    'a long text',
  ],
  [
    `${'['.repeat(100)}1${']'.repeat(100)}.flatten(9223372036854775807).size() > 0 && ${digits}.map(a, ${digits}.map(b, ${digits}.map(c, ${digits}.map(d, ${digits})))).flatten(9).size() > 0`,
    'flattening',
  ],
  [
    `'${'a'.repeat(2000)}'.matches('(a*)*(a*)*(a*)*b') || lists.range(5000).exists(x, '${'a'.repeat(200)}'.matches('(a?){500}b'))`,
    'regular expressions',
  ],
  [Array.from({ length: 3000 }, () => 'true').join(' == '), 'a long chain'],
];
for (const [source, why] of COSTLY) {
  test(`${why} is given up on`, () =>
    assert.ok(evaluate(source).value instanceof CelUnknown, String(shown(evaluate(source).value)).slice(0, 200)));
}

test('a chain of thousands of terms is no deeper than one', () => {
  const source = Array.from({ length: 3500 }, () => 'object.spec.hostNetwork').join(' || ');
  assert.equal(evaluate(source).value, false);
});
