import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suggestionsFor } from '../../../src/spawn/probes/suggestions.ts';
import type { Raw } from '../../../src/world/raw.ts';
import { policyOf } from '../../admission/engines/kyverno/policies.ts';
import { HOSTILE } from '../../admission/objects.ts';
import { policy, worldWith } from '../../admission/policies/objects.ts';

const by = (name: string, kind = 'ValidatingAdmissionPolicy') => ({ kind, namespace: null, name });
const of = (...expressions: string[]) =>
  suggestionsFor(by('p'), worldWith([policy('p', { validations: expressions.map((expression) => ({ expression })) })]));
const images = (...expressions: string[]) => of(...expressions).flatMap(({ image }) => image ?? []);
const labels = (...expressions: string[]) => of(...expressions).flatMap((each) => (each.labels ? [each.labels] : []));
const users = (...expressions: string[]) => of(...expressions).flatMap(({ user }) => user ?? []);

test('a registry that a policy names, as an image of it', () => {
  assert.deepEqual(images("c.image.startsWith('good.example/')"), ['good.example/whocan-escalate:1']);
  assert.ok(images("c.image == 'good.example/app:2'").includes('good.example/app:2'));
});

test('a pattern of images', () => {
  const world = worldWith([policyOf('p', { pattern: { spec: { containers: [{ image: 'good.example/*' }] } } })]);
  assert.ok(
    suggestionsFor(by('p', 'ClusterPolicy'), world).some(({ image }) => image === 'good.example/whocan-escalate'),
  );
});

test('a label that a policy names, with the values that it names', () => {
  assert.deepEqual(labels("object.metadata.labels.team == 'shop'"), [{ team: 'whocan-escalate' }, { team: 'shop' }]);
  for (const spelled of [
    "object.metadata.labels['team'] == 'shop'",
    "object.metadata.labels[?'team'].orValue('') == 'shop'",
    "'team' in object.metadata.labels && 'shop' == 'shop'",
    "object.metadata.?labels.?team.orValue('') == 'shop'",
  ])
    assert.ok(
      labels(spelled).some((each) => each.team === 'shop'),
      spelled,
    );
});

test('a user that a policy names, and the next', () => {
  assert.deepEqual(users('c.securityContext.runAsUser >= 10000'), [10000, 10001]);
  assert.deepEqual(users('c.image.size() >= 10000'), [], 'a number that is no user');
  assert.ok(!users('c.securityContext.runAsUser != 0').includes(0), 'root is never suggested');
});

test('a pattern of labels, and no selector', () => {
  const world = worldWith([
    policyOf(
      'p',
      { pattern: { metadata: { labels: { '=(team)': '?*' } } } },
      { exclude: { any: [{ resources: { selector: { labels: { never: 'x' } } } }] } },
    ),
  ]);
  const keys = new Set(
    suggestionsFor(by('p', 'ClusterPolicy'), world).flatMap((each) => Object.keys(each.labels ?? {})),
  );
  assert.deepEqual([...keys], ['team']);
});

test('what is not there suggests nothing', () => assert.deepEqual(suggestionsFor(by('gone'), worldWith([])), []));

test('few, of however long a policy', () => {
  const many = Array.from(
    { length: 500 },
    (_, index) => `object.metadata.labels.k${index} == 'v${index}' && c.image == 'r${index}.example/a'`,
  );
  assert.ok(of(...many).length < 60);
});

test('hostile policies suggest nothing, and break nothing', () => {
  const deep = Array.from({ length: 200 }).reduce<Raw>((inner) => ({ inner }), { x: "labels['a'] == 'b'" });
  for (const spec of [...HOSTILE, deep])
    assert.ok(Array.isArray(suggestionsFor(by('p'), worldWith([{ ...policy('p', {}), spec }]))));
});
