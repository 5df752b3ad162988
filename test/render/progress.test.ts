import assert from 'node:assert/strict';
import { on } from 'node:events';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { startProgress } from '../../src/render/progress.ts';

/** As much of a terminal as a spinner wants. */
const terminal = () => Object.assign(new PassThrough(), { isTTY: true, columns: 80, clearLine() {}, cursorTo() {}, moveCursor() {} });

test('a quick answer needs no spinner', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const stream = terminal();
  const progress = startProgress('Reading', stream, false);
  t.mock.timers.tick(299);
  progress.stop();
  t.mock.timers.tick(1000);
  assert.equal(stream.readableLength, 0);
});

test('a slow one has it after 300 ms, with what was said last, harmless', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const stream = terminal();
  const progress = startProgress('Reading', stream, false);
  progress.say('Reading \u202eshop');
  t.mock.timers.tick(300);
  let written = '';
  for await (const [chunk] of on(stream, 'data')) {
    written += chunk;
    if (written.includes('shop')) break;
  }
  progress.stop();
  assert.match(written, /Reading \\u202eshop/);
});

test('nothing is written where there is no terminal', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const progress = startProgress('Reading', null, false);
  t.mock.timers.tick(1000);
  progress.say('still reading');
  progress.stop();
});
