import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatekeeper } from '../../src/admission/engines/gatekeeper/layer.ts';
import { kyverno } from '../../src/admission/engines/kyverno/layer.ts';
import { avoiding, meeting } from '../../src/admission/exempt-labels.ts';
import { yes } from '../../src/answer/verdict.ts';
import type { LabelSelector, Labels } from '../../src/world/objects.ts';
import type { Raw } from '../../src/world/raw.ts';
import { matchesSelector } from '../../src/world/selectors.ts';
import { worldOf } from '../helpers/world-of.ts';
import { constraintOf, templateOf } from './engines/gatekeeper/templates.ts';
import { policyOf } from './engines/kyverno/policies.ts';
import { creating, podOf } from './objects.ts';

const expression = (key: string, operator: string, ...values: string[]): LabelSelector => ({
  matchLabels: {},
  matchExpressions: [{ key, operator, values }],
});
const equal = (matchLabels: Labels): LabelSelector => ({ matchLabels, matchExpressions: [] });

const SELECTORS: [LabelSelector, Labels, string][] = [
  [equal({ a: 'b' }), { a: 'b' }, 'equal'],
  [expression('a', 'In', 'b', 'c'), { a: 'c' }, 'in'],
  [expression('a', 'Exists'), { a: 'x' }, 'exists'],
  [expression('a', 'NotIn', 'b'), {}, 'not in'],
  [expression('a', 'DoesNotExist'), {}, 'does not exist'],
];
for (const [selector, labels, why] of SELECTORS) {
  test(`a selector by ${why} is left, and met again`, () => {
    assert.ok(matchesSelector(selector, labels));
    const left = changed(labels, avoiding(selector));
    assert.ok(!matchesSelector(selector, left));
    assert.ok(matchesSelector(selector, changed(left, meeting(selector, left))));
  });
}

function changed(labels: Labels, change: Readonly<Record<string, string | null>> | undefined): Labels {
  assert.ok(change);
  return Object.fromEntries(
    Object.entries({ ...labels, ...change }).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );
}

test('what selects everything cannot be left', () => assert.equal(avoiding(equal({})), undefined));
test('what contradicts itself cannot be met', () => {
  assert.equal(
    meeting({ matchLabels: { a: 'b' }, matchExpressions: [{ key: 'a', operator: 'DoesNotExist', values: [] }] }, {}),
    undefined,
  );
});

const pod = podOf({ securityContext: { privileged: true } }, {}, { labels: { app: 'web' } });

test('a refusal of Gatekeeper says which label was looked for, and without it there is none', () => {
  const kind = 'K8sPSPPrivilegedContainer';
  const world = worldOf([
    templateOf(kind),
    constraintOf(kind, {}, { match: { labelSelector: { matchLabels: { app: 'web' } } } }),
  ]);
  const layer = gatekeeper(() => yes());
  assert.deepEqual(layer.admits(creating(pod), world).evidence[0]?.exemptLabels, { app: null });
  assert.equal(layer.admits(creating({ ...pod, metadata: { name: 'web' } }), world).value, 'yes');
});

const NO_PRIVILEGED = { pattern: { spec: { containers: [{ '=(securityContext)': { '=(privileged)': false } }] } } };
const PODS = { resources: { kinds: ['Pod'] } };
const ESCAPES: [rule: object, change: Labels | Record<string, string | null> | undefined, why: string][] = [
  [{}, undefined, 'nothing to leave'],
  [
    { match: { any: [{ resources: { kinds: ['Pod'], selector: { matchLabels: { app: 'web' } } } }] } },
    { app: null },
    'the only filter',
  ],
  [
    { match: { any: [{ resources: { kinds: ['Pod'], selector: { matchLabels: { app: 'web' } } } }, PODS] } },
    undefined,
    'one of two filters',
  ],
  [
    { exclude: { any: [{ resources: { kinds: ['Pod'], selector: { matchLabels: { free: 'yes' } } } }] } },
    { free: 'yes' },
    'an exclusion',
  ],
  [
    { exclude: { any: [{ resources: { namespaces: ['ci'], selector: { matchLabels: { free: 'yes' } } } }] } },
    undefined,
    'an exclusion elsewhere',
  ],
  [{ exclude: { any: [{ resources: { selector: { matchLabels: { 'f*': 'yes' } } } }] } }, undefined, 'a wildcard'],
];
for (const [rule, change, why] of ESCAPES) {
  test(`a refusal of Kyverno is left by labels: ${why}`, () => {
    const world = worldOf([policyOf('p', NO_PRIVILEGED, rule)]);
    const layer = kyverno({ isEnforced: () => yes() });
    assert.deepEqual(layer.admits(creating(pod), world).evidence[0]?.exemptLabels, change);
    if (!change) return;
    const labels = changed({ app: 'web' }, change);
    const metadata = { ...(pod.metadata as Raw), labels };
    assert.equal(layer.admits(creating({ ...pod, metadata }), world).value, 'yes');
  });
}
