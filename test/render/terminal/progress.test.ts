import assert from 'node:assert/strict';
import { on } from 'node:events';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { startProgress } from '../../../src/render/terminal/progress.ts';

/** As much of a terminal as a spinner wants. */
const terminal = () =>
  Object.assign(new PassThrough(), { isTTY: true, columns: 80, clearLine() {}, cursorTo() {}, moveCursor() {} });

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

for (const columns of [undefined, 0, -1, Number.NaN, 1, 19])
  test(`nothing is drawn on a terminal of ${columns} columns`, async () => {
    const { spin } = await import('../../../src/render/terminal/spinner.ts');
    const { columns: _, ...rest } = terminal();
    assert.equal(
      spin('Reading', Object.assign(new PassThrough(), rest, columns === undefined ? {} : { columns }), false),
      null,
    );
  });

test('a terminal that loses its width is drawn on no more', async () => {
  const { spin } = await import('../../../src/render/terminal/spinner.ts');
  let moves = 0;
  const stream = Object.assign(terminal(), { moveCursor: () => ++moves });
  const spinner = spin('Reading', stream, false);
  assert.ok(spinner);
  stream.columns = 0;
  stream.emit('resize');
  const drawn = stream.readableLength;
  spinner.say('more');
  spinner.stop();
  assert.ok(drawn > 0);
  assert.deepEqual([stream.readableLength, moves, stream.listenerCount('resize')], [drawn, 0, 0]);
});
