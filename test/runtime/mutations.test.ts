import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { arithmeticOf } from '../../src/runtime/capabilities/index.ts';
import { containersOf } from '../../src/runtime/container.ts';
import { powerOf } from '../../src/runtime/power.ts';
import { parseRuntime } from '../../src/runtime/runtimes/parse.ts';
import { reducePod } from '../../src/world/reduce/pod.ts';
import { importMutant } from '../helpers/mutate.ts';
import { contained, surroundings } from './helpers.ts';
import { MUTATIONS } from './mutations.ts';
import { CASES, CONTAINERD } from './power-cases.ts';
import { STATES, statePod } from './state-cases.ts';

interface Engine {
  arithmeticOf: typeof arithmeticOf;
  containersOf: typeof containersOf;
  powerOf: typeof powerOf;
}

const RUNTIME = join(import.meta.dirname, '../../src/runtime');
const ENTRIES = ['capabilities/index.ts', 'container.ts', 'power.ts'];
const { cases: ASKED } = JSON.parse(readFileSync(join(import.meta.dirname, 'capabilities/upstream.json'), 'utf8')) as {
  cases: { add: string[] | null; drop: string[] | null; privileged: boolean }[];
};
const FAMILIES = [
  'containerd://1.7.27',
  'cri-o://1.17.0',
  'cri-o://1.18.0',
  'cri-o://1.21.0',
  'cri-o://1.22.0',
  'cri-o://1.34.0',
  'docker://20.10.1',
  'docker://24.0.7',
];

/** All that the engine says to the cases of the tables, and of upstream's. */
const said = ({ arithmeticOf, containersOf, powerOf }: Engine): string =>
  JSON.stringify([
    FAMILIES.flatMap((text) => {
      const [runtime] = parseRuntime(text);
      assert.ok(runtime);
      const { count } = arithmeticOf(runtime);
      return ASKED.map(({ add, drop, privileged }) => {
        const { capabilities, ambient, refusal } = count({ add: add ?? [], drop: drop ?? [], privileged });
        return [...[capabilities, ambient].map((set) => [...set].sort()), refusal !== null];
      });
    }),
    CASES.map(({ own, pod, uid, runtime = CONTAINERD, handler, os }) => {
      const { reach, leaning, row, source } = powerOf(
        'NET_RAW',
        contained(own, pod, uid, containersOf).settings,
        surroundings(runtime, handler, os),
      );
      return [reach, leaning, row, source];
    }),
    STATES.map((each) => containersOf(reducePod(statePod(each))).map(({ state }) => state)),
  ]);

test(`each of ${MUTATIONS.length} deliberate mistakes is noticed by a case`, async () => {
  const right = said({ arithmeticOf, containersOf, powerOf });
  const survivors: string[] = [];
  for (const mutation of MUTATIONS) {
    const mutant = await importMutant<Engine>(RUNTIME, ENTRIES, mutation);
    if (isSame(mutant, right)) survivors.push(mutation.name);
  }
  assert.deepEqual(survivors, []);
});

function isSame(mutant: Engine, right: string): boolean {
  try {
    return said(mutant) === right;
  } catch {
    return false;
  }
}
