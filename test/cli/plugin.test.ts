import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plugin, run } from '../helpers/plugin.ts';

describe('as a plugin of kubectl', { concurrency: 4 }, () => {
  test('kubectl finds it by both spellings', async () => {
    const dash = await plugin('--version');
    assert.match(dash.stdout, /^kubectl-whocan-escalate \d+\.\d+\.\d+ \(commit \S+, Node v?26\.\S+\)\n$/);
    assert.deepEqual(await run('kubectl', ['whocan_escalate', '--version']), dash);
  });

  test('kubectl lists it, without a complaint', async () => {
    const { stdout, stderr } = await run('kubectl', ['plugin', 'list']);
    assert.match(stdout, /\/kubectl-whocan_escalate$/m);
    assert.doesNotMatch(stderr, /whocan/);
  });

  test('flags before its name are refused by kubectl itself', async () => {
    const { code, stdout, stderr } = await run('kubectl', ['-n', 'shop', 'whocan-escalate', 'exec', 'web-0']);
    assert.deepEqual([code, stdout, stderr], [1, '', 'Error: flags cannot be placed before plugin name: -n\n']);
  });

  test('without arguments, outside a terminal: the help', async () => {
    const help = await plugin('--help');
    assert.deepEqual([help.code, help.stderr], [0, '']);
    for (const words of ['', '-h', 'help']) assert.deepEqual(await plugin(words), help, words);
    const commands = [...help.stdout.matchAll(/^ {2}([a-z-]+) [A-Z]\S*( \S+)? {2,}\S/gm)].map(([, name]) => name);
    assert.deepEqual(commands, [
      ...['pod', 'port-forward', 'exec', 'attach', 'debug', 'logs', 'proxy', 'who'],
      ...['sa', 'user', 'group', 'node', 'reach', 'snapshot'],
    ]);
    assert.ok(help.stdout.split('\n').every((line) => line.length <= 80));
  });

  for (const name of ['exec', 'who', 'snapshot'])
    test(`the help of ${name}`, async () => {
      const { code, stdout, stderr } = await plugin(`${name} --help`);
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, new RegExp(`^Usage:\\n {2}kubectl whocan-escalate ${name} `, 'm'));
      assert.ok(stdout.split('\n').every((line) => line.length <= 80));
      assert.equal((await plugin(`help ${name}`)).stdout, stdout);
    });
});
