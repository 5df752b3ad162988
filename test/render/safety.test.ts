import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { load } from 'js-yaml';
import type { Answer } from '../../src/answer/answer.ts';
import type { RenderOptions } from '../../src/render/options.ts';
import { finding, options } from '../helpers/answers.ts';
import { hints, render } from '../helpers/rendered.ts';
import { RAW_SOCKETS_STORIES } from './raw-sockets-stories.ts';
import { STORIES } from './stories.ts';

/**
 * Whatever strings an attacker chooses, for every string of an answer: what is printed obeys the terminal's rules, not
 * theirs.
 */
const outputs: RenderOptions[] = [
  options(),
  options({ showSystem: true, allNamespaces: true }),
  options({ output: 'wide', showSystem: true }),
  options({ explain: true, showSystem: true }),
  options({ output: 'name', showSystem: true }),
  options({ output: 'json' }),
  options({ output: 'yaml' }),
  options({ color: true }),
];

for (const each of outputs) {
  test(`nothing that a terminal obeys survives: ${JSON.stringify(each)}`, () => {
    fc.assert(
      fc.property(answers, (hostile) =>
        assertHarmless(each.color ? stripVTControlCharacters(render(hostile, each)) : render(hostile, each)),
      ),
      { numRuns: 100 },
    );
  });
}

test('hints are harmless, whatever the names', () => {
  fc.assert(
    fc.property(answers, text, text, (hostile, name, user) => {
      const request = { verb: 'get', group: '', resource: 'pods', subresource: 'log', namespace: name, name };
      const checks = () => [{ identity: { user, groups: [name] }, request }];
      for (const line of hints(
        hostile.map((answer) => ({ answer, checks })),
        [],
      )) {
        assertHarmless(line);
        assert.ok(!line.includes('\n'));
      }
    }),
  );
});

test('a long document reads back exactly too, with each finding in a line of its own', () => {
  const forged = '\n  "findings": []';
  fc.assert(
    fc.property(answers, (hostile) => {
      const long = hostile.map((each) => {
        const findings = Array.from({ length: 1001 }, (_, index) => ({
          ...(each.findings[index % each.findings.length] ?? finding()),
          reason: `${index}`,
        }));
        return { ...each, question: forged, summary: `${forged}\n  "items": []`, findings };
      });
      const lines = render(long, options({ output: 'json', asList: true })).split('\n');
      const parsed = JSON.parse(lines.join('\n'));
      assert.deepEqual(parsed.items, JSON.parse(JSON.stringify(long)));
      assert.equal(lines.filter((line) => line.startsWith('        {"id":')).length, 1001 * long.length);
      if (long.length === 1) assert.deepEqual(JSON.parse(render(long, options({ output: 'json' }))), parsed.items[0]);
    }),
    { numRuns: 10 },
  );
});

test('JSON and YAML read back exactly', () => {
  fc.assert(
    fc.property(answers, (hostile) => {
      const list = { apiVersion: 'whocan-escalate/v1alpha1', kind: 'AnswerList', items: hostile };
      for (const asList of [true, false]) {
        const expected = !asList && hostile.length === 1 ? hostile[0] : list;
        assert.deepEqual(JSON.parse(render(hostile, options({ output: 'json', asList }))), expected);
        assert.deepEqual(load(render(hostile, options({ output: 'yaml', asList }))), expected);
      }
    }),
    { numRuns: 100 },
  );
});

test('no YAML parser takes a string for something else', () => {
  const [answer] = STORIES[0]?.answers ?? [];
  for (const word of [
    'yes',
    'no',
    'on',
    'null',
    '~',
    '1e3',
    '0x10',
    '1.37',
    '2026-11-23',
    '12:30',
    '=',
    '<<',
    '',
    ' x',
    '- a',
    'a: b',
    '#',
  ]) {
    const yaml = render([{ ...(answer as Answer), question: word }], options({ output: 'yaml' }));
    assert.match(yaml, /^question: ['"]/m, word);
  }
});

test('nothing to say is an empty list, and no name', () => {
  assert.deepEqual(JSON.parse(render([], options({ output: 'json' }))), {
    apiVersion: 'whocan-escalate/v1alpha1',
    kind: 'AnswerList',
    items: [],
  });
  assert.equal(render([], options({ output: 'name' })), '');
  assert.equal(render([], options()), '');
});

/**
 * Line breaks are ours: no line may come from a string. A hostile string is marked, so that a line that starts with it
 * is noticed.
 */
function assertHarmless(printed: string): void {
  const found = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Variation_Selector}]/u.exec(
    printed.replaceAll('\n', ''),
  );
  assert.equal(found, null);
  assert.doesNotMatch(printed, /^INJECTED/m);
}

const nasty = fc.constantFrom(
  '\nINJECTED',
  '\r\nINJECTED',
  '\u2028INJECTED',
  '\u0085INJECTED',
  '\u001b]0;title\u0007',
  '\u001b[2J',
  '\u009b2J',
  '\u202e',
  '\u2066',
  '\u200b',
  '\ufeff',
  '\ufe0f',
  '\u{e0041}',
  '\ud800',
  '\udc00',
  "'",
  '"',
  '\\',
  '$(id)',
  ' ',
);
const text = fc.oneof(
  fc
    .array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 4 })
    .map((parts) => parts.join('')),
  fc.constant('-'),
);

/** One of the stories with every string replaced, but for the words that the contract fixes. */
const answers: fc.Arbitrary<Answer[]> = fc
  .tuple(
    fc.constantFrom(...[...STORIES, ...RAW_SOCKETS_STORIES].map((story) => story.answers)),
    fc.infiniteStream(text),
  )
  .map(([story, strings]) => replaceStrings(story, strings) as Answer[]);

function replaceStrings(value: unknown, strings: Iterator<string>, field = ''): unknown {
  if (typeof value === 'string')
    return FIXED.has(field) && FIXED_WORDS.test(value) ? value : (strings.next().value ?? value);
  if (Array.isArray(value)) return value.map((item) => replaceStrings(item, strings, field));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceStrings(item, strings, key)]));
}

const FIXED: ReadonlySet<string> = new Set([
  'apiVersion',
  'kind',
  'question',
  'verdict',
  'leaning',
  'id',
  'answer',
  'network',
]);
const FIXED_WORDS =
  /^(whocan-escalate\/v1alpha1|Answer|admit|Pod|ServiceAccount|yes|no|depends|raw-sockets|net-admin-spoof|via-binary|unknown|node|pod|pod-\S+|account-right)$/;
