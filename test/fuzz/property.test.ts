import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseArgs } from '../../src/cli/parse/parse.ts';
import { random } from '../helpers/random.ts';
import { ask, type Ran } from './ask.ts';
import { inputOf, PIECES } from './fuzz.ts';
import { sentence } from './grammar.ts';
import * as grammars from './grammars.ts';
import { mangleStructure, mangleText } from './mangle.ts';
import { wrongWith } from './property.ts';

const ran = (line: string, parts: Partial<Ran>): Ran => ({
  ...{ code: 0, stdout: 'yes: jane can\n', stderr: '', invocation: parseArgs(line.split(' '), {}) },
  ...parts,
});
const ANSWER = JSON.stringify({ kind: 'Answer', verdict: 'no', summary: 'nobody' });

describe('what must not come out of the program is noticed', () => {
  const rows: [why: string, line: string, outcome: Partial<Ran>, wrong: string | null][] = [
    ['an answer', 'exec web', {}, null],
    ['an answer in colour', 'exec web', { stdout: '\u001b[32myes\u001b[39m: jane\n' }, null],
    ['an error', 'exec web', { code: 1, stdout: '', stderr: 'error: no server\n' }, null],
    ['a verdict as exit code, where that is wanted', 'exec web --exit-code', { code: 3 }, null],
    ['a verdict as exit code', 'exec web', { code: 3 }, 'the exit code is 3'],
    ['an exit code of nobody', 'exec web --exit-code', { code: 5 }, 'the exit code is 5'],
    [
      'a mistake of ours',
      'exec web',
      { code: 1, stdout: '', stderr: 'error: internal error: x is not iterable\n' },
      'internal error',
    ],
    ['a stack that is too deep', 'exec web', { stderr: 'Maximum call stack size exceeded\n' }, 'Maximum call stack'],
    ['an escape sequence', 'exec web', { stdout: 'yes: \u001b]0;x\u0007\n' }, 'it prints U+1b'],
    ['one in an error', 'exec web', { code: 1, stdout: '', stderr: 'error: \u009b2J\n' }, 'it prints U+9b'],
    ['an end of line of Unicode', 'exec web', { stdout: 'yes\u2028INJECTED\n' }, 'it prints U+2028'],
    ['text from right to left', 'exec web', { stdout: 'yes: \u202egnp\n' }, 'it prints U+202e'],
    ['half of a character', 'exec web', { stdout: 'yes: \ud800\n' }, 'it prints U+d800'],
    ['a line of somebody else', 'exec web', { stdout: 'yes\nINJECTED\n' }, 'a line of it is not its own'],
    ['something that is not there', 'exec web', { stdout: 'yes: pod undefined\n' }, 'it says undefined'],
    ['a number that is none', 'exec web', { stdout: 'yes: NaN subjects\n' }, 'it says NaN'],
    [
      'an object as text',
      'exec web',
      { code: 1, stdout: '', stderr: 'error: [object Object]\n' },
      'it says [object Object]',
    ],
    ['silence', 'exec web', { stdout: '' }, 'nothing is printed, and all is well'],
    ['no names', 'exec web -o name', { stdout: '' }, null],
    ['silence about an error', 'exec web', { code: 1, stdout: '' }, 'it fails without a word'],
    ['JSON', 'exec web -o json', { stdout: ANSWER }, null],
    ['a list of JSON', 'exec web -o json', { stdout: `{"kind":"AnswerList","items":[${ANSWER}]}` }, null],
    ['half of JSON', 'exec web -o json', { stdout: ANSWER.slice(1) }, 'its JSON is none'],
    [
      'JSON with no verdict',
      'exec web -o json',
      { stdout: ANSWER.replace('"no"', '"maybe"') },
      'its JSON is no answer',
    ],
    ['JSON of something else', 'exec web -o json', { stdout: '{"kind":"List"}' }, 'its JSON is no answer'],
  ];
  for (const [why, line, outcome, wrong] of rows)
    test(why, () => assert.equal(wrongWith(ran(line, outcome), { words: line.split(' ') }), wrong));
});

test('a secret is noticed, and so is something that every object has since', () => {
  assert.equal(
    wrongWith(ran('exec web', { stdout: 'yes: sesame\n' }), { words: [], secret: 'sesame' }),
    'it prints a secret',
  );
  Object.defineProperty(Object.prototype, 'polluted', { value: 1, configurable: true });
  try {
    assert.equal(wrongWith(ran('exec web', {}), { words: [] }), 'something was added to every object');
  } finally {
    delete (Object.prototype as { polluted?: number }).polluted;
  }
});

test('a number makes the same input again', () => {
  for (const [name] of PIECES) {
    const [first, second] = [inputOf(5, [name]).input, inputOf(5, [name]).input];
    assert.deepEqual([first.words, first.stdin], [second.words, second.stdin], name);
  }
});

test('what is mangled is another one, and the first is left as it was', () => {
  const document = { metadata: { name: 'web', labels: { app: 'web' } }, spec: { containers: [{ name: 'a' }] } };
  const before = JSON.stringify(document);
  const texts = new Set<string>();
  for (let seed = 0; seed < 1000; seed += 1) texts.add(JSON.stringify(mangleStructure(document, random(seed))));
  assert.equal(JSON.stringify(document), before);
  assert.ok(texts.size > 500, `${texts.size} of 1000`);
  assert.ok([...texts].some((text) => text.includes('"__proto__":')));
  const bytes = Array.from({ length: 200 }, (_, seed) => mangleText(before, random(seed)).toString('latin1'));
  assert.ok(bytes.filter((each) => each !== before).length > 150);
});

test('every symbol of a grammar has sentences, however deep it is', () => {
  for (const [name, grammar] of Object.entries(grammars))
    for (const symbol of Object.keys(grammar))
      for (let seed = 0; seed < 60; seed += 1)
        for (const depth of [0, 6])
          assert.doesNotMatch(sentence(grammar, symbol, random(seed), depth), /‹/, `${name}: ${symbol}`);
});

test('whatever the words are, nothing is written and no file is read but ours', async () => {
  const { invocation } = await ask({ words: ['snapshot', '/nonexistent/x'] });
  assert.equal(invocation.action, 'help');
  const asked = await ask({ words: ['admit', '-f', '/etc', '--level', 'baseline'] });
  assert.ok(asked.invocation.action === 'ask' && asked.invocation.asks.question.name === 'admit');
  assert.doesNotMatch(JSON.stringify(asked.invocation.asks.target), /etc/);
});
