/**
 * Runs test files under Node's own runner, in the order in which they are given: `node --test` sorts them, and one that
 * takes long would run alone at the end.
 *
 *   node scripts/run-tier.mjs OPTIONS      { files, concurrency, timeout, execArgv, coverage, tally } as JSON; ends with 1 when a test fails
 *
 * What it prints is for people; `tally` is the file for the sum (scripts/tally.mjs).
 */
import { createWriteStream } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { run } from 'node:test';
import { spec as Spec } from 'node:test/reporters';
import sum from './tally.mjs';

const { files, concurrency, timeout, execArgv, coverage, tally } = JSON.parse(process.argv[2]);
const events = run({ files, concurrency, timeout, execArgv, coverage, coverageIncludeGlobs: ['src/**'] });
const [forPeople, forSum] = [new PassThrough({ objectMode: true }), new PassThrough({ objectMode: true })];
events.on('test:fail', ({ todo }) => {
  if (todo === undefined || todo === false) process.exitCode = 1;
});
await Promise.all([
  pipeline(
    events,
    async function* (all) {
      for await (const event of all) {
        if (!forSum.write(event)) await new Promise((resolve) => forSum.once('drain', resolve));
        // A table of hundreds of lines, of which checkCoverage (tier.mjs) prints the sum.
        if (event.type !== 'test:coverage') yield event;
      }
      forSum.end();
    },
    forPeople,
  ),
  pipeline(forPeople, new Spec(), process.stdout, { end: false }),
  pipeline(Readable.from(sum(forSum)), createWriteStream(tally)),
]);
