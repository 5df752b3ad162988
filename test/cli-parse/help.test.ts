import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS, FLAGS } from '../../src/cli/commands.ts';
import { helpOf } from '../../src/cli/parse/help.ts';
import { parseArgs } from '../../src/cli/parse/parse.ts';

for (const name of [undefined, ...COMMANDS.map((command) => command.name)]) {
  test(`the help of ${name ?? 'the program'} fits 80 columns`, () => {
    assert.deepEqual(
      helpOf(name)
        .split('\n')
        .filter((line) => line.length > 80 || line !== line.trimEnd()),
      [],
    );
  });
}

for (const command of COMMANDS) {
  test(`the help of ${command.name} shows its flags and no others`, () => {
    const shown = [...helpOf(command.name).matchAll(/^ {2}(?:-\w, | {4})?--?([\w-]+)/gm)].map(([, flag]) => flag);
    const expected = command.flags.filter((flag) => flag.group !== null).map((flag) => flag.name);
    assert.deepEqual(shown.toSorted(), expected.toSorted());
  });

  for (const [question, line] of command.examples)
    test(`the example of ${command.name} can be typed: ${question}`, () => {
      const { action } = parseArgs(line.split(' '), {});
      assert.ok(action === 'ask' || action === 'snapshot' || action === 'versions', action);
    });
}

test('no two flags share a name or a letter', () => {
  const names = FLAGS.flatMap(({ name, short }) => [`--${name}`, ...(short ? [`-${short}`] : [])]);
  assert.deepEqual(names, [...new Set(names)]);
});

test('the help of the program lists every command', () => {
  for (const { name, usage, summary } of COMMANDS)
    assert.ok(helpOf(undefined).includes(`  ${name} ${usage}`) && helpOf(undefined).includes(summary));
});
