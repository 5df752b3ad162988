/**
 * Compares our regular expressions with Go's on random patterns: `npm run regex -- 20000 [--seed 7]`. Ends with 1 where
 * they differ. With `--write` the patterns and Go's answers become the sample that the unit tests check without Go.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { askGo, differences } from '../test/helpers/go-regexp.ts';
import { questions } from '../test/helpers/regex-patterns.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, write: { type: 'boolean' } },
});
const count = Number(positionals[0] ?? 20_000);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
if (!Number.isSafeInteger(count) || !Number.isSafeInteger(seed))
  throw new Error('usage: npm run regex -- PATTERNS [--seed N] [--write]');

const asked = [...questions(seed).take(count)];
const answers = askGo(asked);
const found = differences(asked, answers);
const compiling = answers.filter((each) => 'outcomes' in each).length;
console.log(`seed ${seed}: ${count} patterns, of which Go compiles ${compiling}; ${found.length} differ`);
for (const each of found.slice(0, 20)) console.log(each);
if (values.write) {
  const lines = asked.map((question, index) => JSON.stringify({ question, answer: answers[index] }));
  writeFileSync(
    join(import.meta.dirname, '..', 'test', 'admission', 'regex', 'go-answers.jsonl'),
    `${lines.join('\n')}\n`,
  );
}
process.exitCode = found.length > 0 ? 1 : 0;
