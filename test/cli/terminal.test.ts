import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { startServer } from '../helpers/http-server.ts';
import { noTerminal, terminal } from '../helpers/terminal.ts';

const ESCAPE = '\u001b';
const EXEC = 'kubectl whocan-escalate exec web-0';
const hint = 'Try:   kubectl whocan-escalate pod web-0 -n shop --demo';

describe('in a terminal', { skip: noTerminal, concurrency: 4 }, () => {
  for (const [command, env, colored, hinted] of [
    [`${EXEC} --demo`, {}, true, true],
    [`${EXEC} --demo`, { NO_COLOR: '1' }, false, true],
    [`${EXEC} --demo`, { TERM: 'dumb' }, false, true],
    [`${EXEC} --demo --color never`, {}, false, true],
    [`${EXEC} --demo -q`, {}, true, false],
    [`${EXEC} --demo -o json`, {}, false, false],
    [`${EXEC} --demo -o name`, {}, false, false],
    [`${EXEC} --demo > answer; test -s answer && ! grep -q "$(printf '\\033')" answer`, {}, false, false],
    [`${EXEC} --demo | cat`, {}, false, false],
    [`${EXEC} --demo 2>&1 | head -n 3`, {}, false, false],
    [`${EXEC} --demo 2> errors; test ! -s errors`, {}, true, false],
  ] as const)
    test(`${command} ${JSON.stringify(env)}: ${colored ? 'coloured' : 'plain'}, ${hinted ? 'with a hint' : 'without hints'}`, async (t) => {
      const shown = terminal(t, command, env);
      assert.equal(await shown.ended, 0, shown.screen);
      assert.deepEqual([shown.screen.includes(ESCAPE), shown.screen.includes(hint)], [colored, hinted]);
    });

  test('the verdict comes first, in colour and in words; then the next question, and the verdict again where the first scrolled away', async (t) => {
    const shown = terminal(t, `${EXEC} --demo`);
    await shown.ended;
    assert.match(
      shown.screen,
      new RegExp(`^${ESCAPE}\\[31myes${ESCAPE}\\[39m: \\d+ subjects can exec into pod shop/web-0`),
    );
    assert.match(
      shown.screen,
      new RegExp(
        `\n\n${hint.replaceAll('/', '[/]')}\n\n${ESCAPE}\\[31myes${ESCAPE}\\[39m: \\d+ subjects can exec[^\n]*\n  indirectly, [^\n]*\n$`,
      ),
    );
  });

  test('an error is one line, without hints', async (t) => {
    const shown = terminal(t, 'kubectl whocan-escalate exec nope --demo');
    assert.equal(await shown.ended, 1);
    assert.equal(shown.screen, 'Error from server (NotFound): pods "nope" not found in namespace shop\n');
  });

  /** A server that answers nothing until it is told to, and then refuses everything. */
  async function slowServer(t: TestContext) {
    const waiting: ServerResponse[] = [];
    let isOpen = false;
    const refuse = (response: ServerResponse) => {
      const status = {
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        reason: 'Forbidden',
        code: 403,
        message: 'not you',
      };
      response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify(status));
    };
    const server = await startServer((_, response) => (isOpen ? refuse(response) : waiting.push(response)));
    t.after(() => server.close());
    const open = () => {
      isOpen = true;
      for (const response of waiting) refuse(response);
    };
    return { ask: `${EXEC} -n shop --server ${server.url}`, host: server.url, open };
  }

  test('what takes long is said to be waited for, and gone when the answer is there', async (t) => {
    const { ask, host, open } = await slowServer(t);
    const shown = terminal(t, ask);
    await shown.shows(`Reading ${host}`);
    open();
    assert.equal(await shown.ended, 0);
    const [, answer = ''] = shown.screen.split('depends');
    assert.match(answer, /nobody that could be seen can exec into pod shop\/web-0/);
    assert.doesNotMatch(answer, /Reading/);
    assert.ok(shown.screen.includes(`${ESCAPE}[?25h`), 'the cursor is back');
  });

  for (const flags of ['-q', '2> errors; test ! -s errors'])
    test(`${flags}: nothing is said while waiting`, async (t) => {
      const { ask, open } = await slowServer(t);
      const shown = terminal(t, `${ask} --request-timeout 400ms ${flags}`);
      await shown.ended;
      open();
      assert.doesNotMatch(shown.screen, /Reading/);
    });

  /** What expect, `docker run -t` and others open. */
  const sizes: [columns: number, rows: number][] = [
    [0, 0],
    [0, 24],
    [80, 0],
    [1, 1],
    [19, 5],
  ];
  for (const [columns, rows] of sizes) {
    test(`a terminal of ${columns} columns and ${rows} rows is not flooded while waiting, and time-outs hold`, async (t) => {
      const { ask } = await slowServer(t);
      const shown = terminal(t, `${ask} --request-timeout 900ms`, {}, { columns, rows });
      assert.equal(await shown.ended, 1);
      assert.ok(
        shown.screen.includes('Unable to connect to the server: no answer within 0.9s\n'),
        shown.screen.slice(-200),
      );
      assert.ok(shown.screen.length < 10_000, `${shown.screen.length} letters`);
      assert.equal(shown.screen.includes('Reading'), columns === 80);
    });

    test(`a terminal of ${columns} columns and ${rows} rows shows the answer`, async (t) => {
      const shown = terminal(t, `${EXEC} --demo`, {}, { columns, rows });
      assert.equal(await shown.ended, 0);
      const usual = terminal(t, `${EXEC} --demo`, {}, { columns: columns || 80, rows: 1000 });
      await usual.ended;
      assert.ok(shown.screen.startsWith(usual.screen), shown.screen);
      const again = shown.screen.slice(usual.screen.length);
      assert.equal(again !== '', rows > 0, 'the verdict is said again only where the first scrolled away');
    });
  }

  for (const size of sizes.filter(([columns]) => columns < 80))
    test(`a window that shrinks to ${size.join('x')} while waiting ends the animation`, async (t) => {
      const { ask, host, open } = await slowServer(t);
      const shown = terminal(t, ask);
      await shown.shows(`Reading ${host}`);
      shown.resize(...size);
      await shown.shows(`${ESCAPE}[?25h`);
      open();
      assert.equal(await shown.ended, 0);
      assert.ok(shown.screen.includes('depends'), shown.screen.slice(-200));
      assert.ok(shown.screen.length < 30_000, `${shown.screen.length} letters`);
    });

  test('an interrupt ends it at once, and leaves a clean line', async (t) => {
    const { ask, host } = await slowServer(t);
    const shown = terminal(t, ask);
    await shown.shows(`Reading ${host}`);
    shown.type('\u0003');
    assert.equal(await shown.ended, 130);
    assert.doesNotMatch(shown.screen, /error|at /i);
    assert.ok(shown.screen.includes(`${ESCAPE}[?25h`), 'the cursor is back');
  });

  test('a server that never answers is given up', async (t) => {
    const { ask } = await slowServer(t);
    const shown = terminal(t, `${ask} --request-timeout=1ms -q`);
    assert.equal(await shown.ended, 1);
    assert.equal(shown.screen, 'Unable to connect to the server: no answer within 0.001s\n');
  });
});
