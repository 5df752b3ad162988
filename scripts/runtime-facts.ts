/**
 * Writes what containerd, CRI-O and moby themselves make of add, drop and privileged, for the unit tests of
 * src/runtime/ to compare with:
 *
 *   test/runtime/capabilities/upstream.json
 *
 *   node scripts/runtime-facts.ts        (Node 26, Go, unshare, Linux 5.9 or newer; downloads the runtimes from the Go module proxy)
 *
 * Each runtime's own code is built and run on every case. To be run again for new versions, in
 * scripts/runtime-facts/runtimes.ts.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { askRuntime } from './runtime-facts/ask.ts';
import { allCases } from './runtime-facts/cases.ts';
import { compact } from './runtime-facts/compact.ts';
import { RUNTIMES } from './runtime-facts/runtimes.ts';

const TARGET = 'test/runtime/capabilities/upstream.json';
const CHECKPOINT_RESTORE = 40;

const last = Number(readFileSync('/proc/sys/kernel/cap_last_cap', 'utf8'));
if (last !== CHECKPOINT_RESTORE)
  throw new Error(`the kernel's last capability is ${last}: what ALL means would not be as on a node of today`);

const cases = allCases();
const answers = RUNTIMES.flatMap((runtime) => {
  const started = performance.now();
  const outcomes = askRuntime(runtime, cases);
  console.log(`${runtime.family} ${runtime.version}: ${Math.round((performance.now() - started) / 1000)} s`);
  return [...outcomes].map(([setting, each]) => ({ runtime, setting, outcomes: each }));
});
const path = join(import.meta.dirname, '..', TARGET);
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, compact(cases, answers));
console.log(`${TARGET}: ${cases.length} cases, ${answers.length} runtimes and settings`);
