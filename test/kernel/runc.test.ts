import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pid } from 'node:process';
import { describe, test } from 'node:test';
import { as, DEFAULTS, own } from './processes.ts';
import { run, skipReason, whyNot } from './runc.ts';

const process = as(1000, DEFAULTS);

describe('containers of the tests', { skip: skipReason || whyNot(process, own) }, () => {
  test('one that runc refuses is no answer', async () => {
    await assert.rejects(run(as(-1, DEFAULTS), own), /^Error: no container \(1\): ./);
  });

  test('one that is not what was asked for is no answer', async () => {
    const beyond = { ...process.capabilities, inheritable: [], ambient: ['NET_RAW'] };
    await assert.rejects(run({ ...process, capabilities: beyond }, own), /^Error: (asked for .* got|no container)/);
  });

  test('they leave nothing behind', async () => {
    const mounts = () => readFileSync('/proc/self/mountinfo', 'utf8');
    const before = mounts();
    await Promise.all([run(process, own), run(process, own)]);
    assert.equal(mounts(), before);
    assert.equal(
      execFileSync('find', ['/sys/fs/cgroup', '-name', `whocan-escalate-${pid}-*`], { encoding: 'utf8' }),
      '',
    );
  });
});
