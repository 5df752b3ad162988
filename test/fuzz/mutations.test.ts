import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Mutation, mistakes, withMutant } from '../helpers/mutate.ts';
import { ask, type Engine } from './ask.ts';
import { inputOf } from './fuzz.ts';
import { wrongWith } from './property.ts';

const SOURCES = join(import.meta.dirname, '../../src');

/** What a few hundred inputs find, of those that are about it. */
const MISTAKES: readonly [pieces: string, mutations: Mutation[]][] = [
  [
    'documents about rights',
    [
      ...mistakes('render/terminal/printable.ts', [
        [
          'nothing is escaped',
          'PLAIN.test(text) ? text : text.replace(LOOKALIKE',
          'true ? text : text.replace(LOOKALIKE',
        ],
      ]),
      ...mistakes('render/document.ts', [['nothing is escaped in JSON', 'PLAIN.test(piece) ? piece', 'true ? piece']]),
      ...mistakes('cli/run/exit-code.ts', [
        ['an error ends with another code', 'return maxOf(errors.map(({ exitCode }) => exitCode));', 'return 5;'],
      ]),
      ...mistakes('cli/run/print-result.ts', [['nobody is told of an answer', 'if (isAnswer) answered?.();', '']]),
      ...mistakes('cluster/input/json-bytes.ts', [
        [
          'what does not parse is an error of ours',
          "throw new ParseError(this.line, 'invalid JSON in the object that begins here');",
          "throw new TypeError('no JSON');",
        ],
      ]),
    ],
  ],
  [
    'manifests',
    mistakes('questions/admit/admitted.ts', [
      ['an odd pod ends everything', 'return understoodOr(', 'return ((read: () => Judged, _: unknown) => read())('],
    ]),
  ],
];

const ENTRIES = ['cli/run/run-ask.ts', 'cli/parse/parse.ts', 'cli/questions/admit.ts'];

describe('a mistake is found within 400 inputs', () => {
  for (const [pieces, mutations] of MISTAKES)
    for (const mutation of mutations)
      test(mutation.name, async () => {
        const isNoticed = (engine: Engine): Promise<boolean> => isFound(pieces, engine);
        assert.ok(await withMutant(SOURCES, ENTRIES, mutation, isNoticed));
      });
});

async function isFound(pieces: string, engine: Engine): Promise<boolean> {
  for (let seed = 1; seed <= 400; seed += 1) {
    const { input } = inputOf(seed, [pieces]);
    if (wrongWith(await ask(input, engine), input) !== null) return true;
  }
  return false;
}
