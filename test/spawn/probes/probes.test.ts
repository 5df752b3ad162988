import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluatePod } from '../../../src/admission/pod-security/evaluate.ts';
import { defaultFields } from '../../../src/admission/request/defaults/pod.ts';
import { validatePod } from '../../../src/admission/request/validation/pod.ts';
import { HARMLESS, PROBES, VOLUME_CLAIM_PROBE } from '../../../src/spawn/probes/probes.ts';
import { reachesNode } from '../../../src/spawn/probes/strongest.ts';
import type { Raw } from '../../../src/world/raw.ts';

const problems = (spec: Raw) =>
  validatePod(defaultFields({ metadata: { name: 'web', namespace: 'shop' }, spec }), {
    isNew: true,
    allowPrivileged: true,
  });
const violations = (spec: object, level: 'baseline' | 'restricted'): string[] =>
  evaluatePod({ metadata: {}, spec }, level, 'latest', { major: 1, minor: 37 }).violations.map(({ check }) => check);

for (const probe of [...PROBES, VOLUME_CLAIM_PROBE])
  test(`the server takes ${probe.id} for valid in every variant`, () => {
    for (const spec of probe.specs) assert.deepEqual(problems(spec), []);
  });

test('ids and words are told apart', () => {
  assert.equal(new Set(PROBES.map(({ id }) => id)).size, PROBES.length);
  assert.equal(new Set(PROBES.map(({ words }) => words)).size, PROBES.length);
});

test('strongest first', () => {
  const reaching = PROBES.map(({ strength }) => reachesNode(strength));
  assert.deepEqual(
    reaching,
    reaching.toSorted((a, b) => Number(b) - Number(a)),
  );
});

test('baseline refuses what reaches the node, and nothing else', () => {
  for (const { id, strength, specs } of PROBES)
    for (const spec of specs) assert.equal(violations(spec, 'baseline').length > 0, reachesNode(strength), id);
});

test('restricted lets the harmless one pass, and the volume behind a claim', () => {
  for (const spec of HARMLESS.specs.slice(0, 2)) assert.deepEqual(violations(spec, 'restricted'), []);
  for (const spec of HARMLESS.specs)
    assert.ok(violations(spec, 'restricted').every((check) => check === 'seccompProfile_restricted'));
  assert.ok(VOLUME_CLAIM_PROBE.specs.some((spec) => violations(spec, 'restricted').length === 0));
});
