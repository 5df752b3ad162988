import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Sets } from '../../../src/runtime/capabilities/arithmetic.ts';
import { arithmeticOf } from '../../../src/runtime/capabilities/index.ts';
import { isCapability } from '../../../src/runtime/capabilities/names.ts';
import { parseRuntime } from '../../../src/runtime/runtimes/parse.ts';

/** What upstream's own code said, version by version: written by `npm run facts:runtime`. */
interface Facts {
  cases: { add: string[] | null; drop: string[] | null; privileged: boolean }[];
  lists: string[][];
  results: (Record<'bounding' | 'effective' | 'permitted' | 'inheritable' | 'ambient', number> | { refused: string })[];
  /** `root` and `other`: of each case the result for user 0, and for any other. */
  runtimes: {
    family: string;
    version: string;
    module: string;
    setting: string;
    defaults: number;
    root: number[];
    other: number[];
  }[];
}

const { cases, lists, results, runtimes }: Facts = JSON.parse(
  readFileSync(join(import.meta.dirname, 'upstream.json'), 'utf8'),
);

/** A name that nobody knows stays in the sets of containerd, and runc passes over it. */
const known = (index: number): string[] => (lists[index] ?? []).filter(isCapability).sort();
const sorted = (names: ReadonlySet<string>): string[] => [...names].sort();

/** Configured otherwise, or so old that no kubelet in support runs it. */
const isSet = ({ family, version, setting }: Facts['runtimes'][number]): boolean =>
  setting !== '' && (family !== 'containerd' || version === '1.5.0');

for (const runtime of runtimes.filter((each) => !isSet(each)))
  test(`${runtime.module} ${runtime.setting}: ${cases.length} cases are counted as upstream counts them`, () => {
    const [parsed, ...others] = parseRuntime(`${runtime.family}://${runtime.version}`);
    assert.ok(parsed && others.length === 0);
    const arithmetic = arithmeticOf(parsed);
    assert.deepEqual(sorted(arithmetic.defaults), known(runtime.defaults));
    const decided = { refused: 0, yes: 0, no: 0 };
    for (const [index, { add, drop, privileged }] of cases.entries()) {
      const sets = arithmetic.count({ add: add ?? [], drop: drop ?? [], privileged });
      const asked = JSON.stringify(cases[index]);
      const [root, other] = [runtime.root, runtime.other].map((of) => results[of[index] ?? -1]);
      assert.ok(root && other);
      if ('refused' in root) {
        assert.notEqual(sets.refusal, null, `${asked}: ${root.refused}`);
        decided.refused += 1;
        continue;
      }
      assert.equal(sets.refusal, null, asked);
      assert.deepEqual(
        forRoot(sets),
        { bounding: known(root.bounding), effective: known(root.effective), ambient: known(root.ambient) },
        asked,
      );
      assert.ok(!('refused' in other));
      assert.deepEqual(
        [sorted(sets.capabilities), sorted(sets.ambient)],
        [known(other.bounding), known(other.ambient)],
        asked,
      );
      decided[sets.capabilities.has('NET_RAW') ? 'yes' : 'no'] += 1;
    }
    assert.ok(decided.yes > 50 && decided.no > 50, JSON.stringify(decided));
    assert.equal(decided.refused > 20, runtime.family !== 'containerd', JSON.stringify(decided));
  });

const forRoot = ({ capabilities, ambient }: Sets) => ({
  bounding: sorted(capabilities),
  effective: sorted(capabilities),
  ambient: sorted(ambient),
});
