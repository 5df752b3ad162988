import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { Answer } from '../../src/answer/answer.ts';
import { displayWidth } from '../../src/render/terminal/width.ts';
import { commandsOn } from '../helpers/printed-commands.ts';
import { main } from '../helpers/run-main.ts';

/** Pods of the demo with nothing out of the ordinary: one line of what is not known at most. */
const ORDINARY = [
  'web-0 -n shop',
  'web-1 -n shop',
  'deployment/checkout -n shop',
  'shell -n dev',
  'deployment/preview -n dev',
  'deployment/gateway -n payments',
  'deployment/operator -n backup',
  'deployment/intranet -n legacy',
  'kube-apiserver-cp-1 -n kube-system',
];

describe('the card on a terminal of 24 rows and 80 columns', () => {
  for (const pod of ORDINARY)
    test(pod, async () => {
      const { stdout, stderr, code } = await main(`pod ${pod} --demo`, { columns: 80, rows: 24 });
      assert.equal(code, 0, stderr);
      assert.equal(stderr, '', 'what to do next stands on the card itself');
      const lines = stripVTControlCharacters(stdout).trimEnd().split('\n');
      // The prompt needs a row, too.
      assert.ok(lines.length <= 23, `${lines.length} rows:\n${stdout}`);
      for (const line of lines) assert.ok(displayWidth(line) <= 80, line);
      assert.match(lines[0] ?? '', /^yes: /);
      for (const part of [/^Get in /m, /^Reaches /m, /^Beside /m, /^What now /m])
        if (!pod.startsWith('kube-')) assert.match(lines.join('\n'), part);
    });

  test('every action of the document is there by its trial, and the audit line whole', async () => {
    const { stdout: json } = await main('pod web-0 -n shop --demo -o json');
    const { pod } = JSON.parse(json) as Answer;
    assert.equal(pod?.now?.length, 3);
    const { stdout } = await main('pod web-0 -n shop --demo', { columns: 80, rows: 24 });
    const screen = stripVTControlCharacters(stdout).replaceAll(/ \\\n +/g, ' ');
    for (const { commands } of pod.now ?? []) {
      assert.ok(screen.includes(`${commands[0]}\n`), screen);
      assert.ok(!screen.includes(`${commands[1]}\n`), 'nothing that is pasted deletes');
    }
    assert.ok(pod.audit && screen.includes(pod.audit), screen);
    assert.equal(commandsOn(screen).length, 3);
  });

  test('a pod that is root on its node begins with that, and one that becomes cluster-admin with that', async () => {
    const partsOf = async (pod: string): Promise<string[]> => {
      const { stdout } = await main(`pod ${pod} --demo`, { columns: 80, rows: 24 });
      return [...stripVTControlCharacters(stdout).matchAll(/^(Get in|Becomes|Reaches)\b/gm)].map(
        ([, part = '']) => part,
      );
    };
    assert.deepEqual(await partsOf('deployment/builder -n ci'), ['Reaches', 'Becomes', 'Get in']);
    assert.deepEqual(await partsOf('deployment/operator -n backup'), ['Becomes', 'Get in', 'Reaches']);
    assert.deepEqual(await partsOf('web-0 -n shop'), ['Get in', 'Becomes', 'Reaches']);
  });

  test('a pipe, -o wide and --explain have the whole card', async () => {
    for (const flags of ['', '-o wide', '--explain']) {
      const { stdout } = await main(
        `pod web-0 -n shop --demo ${flags}`.trim(),
        flags === '' ? undefined : { columns: 80 },
      );
      const text = stripVTControlCharacters(stdout).replaceAll(/\n {6}/g, ' ');
      for (const part of [
        'Who can get in:',
        'What its account may do:',
        'What code in it can become:',
        'Who shares node worker-1 with it:',
      ])
        assert.ok(text.includes(part), part);
      assert.match(text, /^ {4}destroys: the evidence/m);
      assert.match(text, /^ {4}ends: .*a bound token dies with its pod or account/m);
      assert.match(text, /^ {2}indirectly +2 /m);
    }
  });

  test('without indirect ways it says nothing of what nobody looked for', async () => {
    const { stdout } = await main('pod web-0 -n shop --demo --direct', { columns: 80, rows: 24 });
    assert.doesNotMatch(stdout, /Becomes|Indirectly|end its way/);
    assert.match(stdout, /delete the pod and its bound token/);
  });
});
