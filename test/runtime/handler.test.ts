import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handlerKind } from '../../src/runtime/runtimes/handler.ts';

const cases: [handler: string, kind: string][] = [
  ['runsc', 'gvisor'],
  ['gvisor', 'gvisor'],
  ['runsc-kvm', 'gvisor'],
  ['kata', 'vm'],
  ['kata-qemu', 'vm'],
  ['kata-clh', 'vm'],
  ['aws-firecracker', 'vm'],
  ['sysbox-runc', 'sysbox'],
  ['runc', 'native'],
  ['crun', 'native'],
  ['nvidia', 'native'],
  ['RUNC', 'native'],
  ['untrusted', 'unknown'],
  ['', 'unknown'],
  ['spin', 'unknown'],
  ['myrunc', 'unknown'],
];
for (const [handler, kind] of cases)
  test(`handler ${JSON.stringify(handler)} is ${kind}`, () => assert.equal(handlerKind(handler), kind));
