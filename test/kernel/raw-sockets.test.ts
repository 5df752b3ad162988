import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CAPABILITIES } from '../../src/runtime/capabilities/names.ts';
import type { Process, Sandbox } from './process.ts';
import { as, both, DEFAULTS, FEWER, hostNetwork, own, userNamespace } from './processes.ts';
import { type Outcome, run, skipReason, whyNot } from './runc.ts';

/**
 * What a verdict claims of a container: its own processes open raw sockets, only programs with powers of their own do,
 * or none.
 */
type Reach = 'yes' | 'via-binary' | 'no';

const OPENS: Record<Reach, Omit<Outcome, 'details'>> = {
  yes: { plain: true, setuid: true, fileCapability: true },
  'via-binary': { plain: false, setuid: true, fileCapability: true },
  no: { plain: false, setuid: false, fileCapability: false },
};

const NO_NEW = { noNewPrivileges: true };
const allFive = { inheritable: [...CAPABILITIES], ambient: [...CAPABILITIES] };
const onlyRaw = ['NET_RAW'];
const allButRaw = CAPABILITIES.filter((name) => name !== 'NET_RAW');

const cases: [why: string, process: Process, sandbox: Sandbox, opens: Reach][] = [
  ['root has what bounds it', as(0, DEFAULTS), own, 'yes'],
  ['root needs nothing else', as(0, onlyRaw), own, 'yes'],
  ['no_new_privs takes nothing from root', as(0, DEFAULTS, NO_NEW), own, 'yes'],
  ['root without it', as(0, FEWER), own, 'no'],
  ['root with nothing', as(0, []), own, 'no'],
  ['privileged', as(0, CAPABILITIES), own, 'yes'],
  ['everything else is not NET_RAW', as(0, allButRaw), own, 'no'],
  ['NET_ADMIN alone', as(0, ['NET_ADMIN']), own, 'no'],
  ['SYS_ADMIN alone', as(0, ['SYS_ADMIN']), own, 'no'],
  ['exec leaves another user nothing', as(1000, DEFAULTS), own, 'via-binary'],
  ['added for another user: no more than that', as(1000, onlyRaw), own, 'via-binary'],
  ['no_new_privs closes that door', as(1000, DEFAULTS, NO_NEW), own, 'no'],
  ['out of bounds: neither copy helps', as(1000, FEWER), own, 'no'],
  ['NET_ADMIN alone, another user', as(1000, ['NET_ADMIN']), own, 'no'],
  ['privileged, as containerd does it', as(1000, CAPABILITIES), own, 'via-binary'],
  ['privileged, as CRI-O does it', as(1000, CAPABILITIES, allFive), own, 'yes'],
  ['ambient', as(1000, DEFAULTS, { inheritable: onlyRaw, ambient: onlyRaw }), own, 'yes'],
  [
    'no_new_privs leaves what is ambient',
    as(1000, DEFAULTS, { ...NO_NEW, inheritable: onlyRaw, ambient: onlyRaw }),
    own,
    'yes',
  ],
  ['inheritable is not ambient', as(1000, DEFAULTS, { inheritable: DEFAULTS }), own, 'via-binary'],
  ['inheritable, for root', as(0, DEFAULTS, { inheritable: DEFAULTS }), own, 'yes'],
  ["the host's network, for root", as(0, DEFAULTS), hostNetwork, 'yes'],
  ["the host's network, for another user", as(1000, DEFAULTS), hostNetwork, 'via-binary'],
  ["the host's network without it", as(0, FEWER), hostNetwork, 'no'],
  ['a user namespace that has the network', as(0, DEFAULTS), userNamespace, 'yes'],
  ['the same for another user', as(1000, DEFAULTS), userNamespace, 'via-binary'],
  ['the same, no_new_privs', as(1000, DEFAULTS, NO_NEW), userNamespace, 'no'],
  ['the same without it', as(0, FEWER), userNamespace, 'no'],
  ['the same, privileged', as(0, CAPABILITIES), userNamespace, 'yes'],
  ["a user namespace, the host's network", as(0, DEFAULTS), both, 'no'],
  ['the same for another user: no copy helps', as(1000, DEFAULTS), both, 'no'],
  ['the same, privileged', as(0, CAPABILITIES), both, 'no'],
  ['the same, ambient', as(1000, CAPABILITIES, allFive), both, 'no'],
];

describe('in a container by runc', { skip: skipReason, concurrency: 2 }, () => {
  for (const [why, process, sandbox, opens] of cases) {
    test(`${why}: ${opens}`, { skip: whyNot(process, sandbox) }, async () => {
      const { details, ...outcome } = await run(process, sandbox);
      assert.deepEqual(outcome, OPENS[opens], JSON.stringify(details));
    });
  }
});
