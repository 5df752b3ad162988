import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Seccomp } from './bundle.ts';
import type { Process, Sandbox } from './process.ts';
import { as, both, DEFAULTS, own, userNamespace } from './processes.ts';
import { run, skipReason, whyNot } from './runc.ts';
import type { Copy, Report } from './seen.ts';

const COPIES: Copy[] = ['plain', 'setuid', 'fileCapability'];
const admin = ['NET_ADMIN'];

/** Which copies could take another address; those that the kernel does not start at all, with its error. */
const takers = (details: Report) =>
  COPIES.map((copy) => ('exec' in details[copy] ? details[copy].exec : !details[copy].takeAddress)).join();

describe('what else is seen in a container', { skip: skipReason, concurrency: 2 }, () => {
  const addresses: [why: string, process: Process, sandbox: Sandbox, takers: string][] = [
    ['NET_ADMIN without NET_RAW takes an address, and no file capability starts', as(0, admin), own, 'true,true,EPERM'],
    ['another user by a setuid program', as(1000, admin), own, 'false,true,EPERM'],
    ['or not at all', as(1000, admin, { noNewPrivileges: true }), own, 'false,false,EPERM'],
    ['NET_RAW alone does not', as(0, ['NET_RAW']), own, 'false,false,false'],
    ['in a user namespace that has the network', as(0, admin), userNamespace, 'true,true,EPERM'],
    ["nor in one without the host's network", as(0, admin), both, 'false,false,EPERM'],
  ];
  for (const [why, process, sandbox, expected] of addresses) {
    test(`${why}: ${expected}`, { skip: whyNot(process, sandbox) }, async () => {
      const { details } = await run(process, sandbox);
      assert.equal(takers(details), expected, JSON.stringify(details));
    });
  }

  const defaults = as(0, DEFAULTS);
  const skip = whyNot(defaults, own);
  // Conditions on socket(family, type, protocol); the low four bits of a type are the type.
  const packet = { index: 0, value: 17, op: 'SCMP_CMP_EQ' };
  const raw = { index: 1, value: 0xf, valueTwo: 3, op: 'SCMP_CMP_MASKED_EQ' };
  const forbidding = (...conditions: (typeof raw | typeof packet)[]): Seccomp => ({
    defaultAction: 'SCMP_ACT_ALLOW',
    syscalls: conditions.map((condition) => ({ names: ['socket'], action: 'SCMP_ACT_ERRNO', args: [condition] })),
  });

  test('a profile on the node decides', { skip }, async () => {
    const { details, ...opens } = await run(defaults, own, { seccomp: forbidding(packet, raw) });
    assert.deepEqual(opens, { plain: false, setuid: false, fileCapability: false }, JSON.stringify(details));
    assert.ok(
      'status' in details.plain &&
        details.plain.status.Seccomp === '2' &&
        details.plain.status.CapEff === '00000000a80425fb',
    );
  });

  test('a profile may forbid some of these sockets: that is neither yes nor no', { skip }, async () => {
    const some = run(defaults, own, { seccomp: forbidding(packet) });
    await assert.rejects(
      some,
      /^Error: neither open nor forbidden: .*"AF_INET SOCK_RAW":"".*"AF_PACKET SOCK_RAW":"EPERM"/,
    );
  });
});
