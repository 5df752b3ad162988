import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arithmeticOf } from '../../../src/runtime/capabilities/index.ts';
import { CAPABILITIES } from '../../../src/runtime/capabilities/names.ts';
import { parseRuntime } from '../../../src/runtime/runtimes/parse.ts';

const FAMILIES = ['containerd://1.7.27', 'cri-o://1.30.0', 'cri-o://1.21.0', 'docker://24.0.7'] as const;

/** NET_RAW in the final set: yes, no, or `refused` where the runtime does not start the container. */
type Outcome = 'yes' | 'no' | 'refused';

const list = (names: string): string[] =>
  names === '' ? [] : names.split(',').map((name) => (name === "''" ? '' : name));

const cases: [add: string, drop: string, ...outcomes: [Outcome, Outcome, Outcome, Outcome], why: string][] = [
  // add              drop            containerd  CRI-O 1.30  CRI-O 1.21  docker     why
  ['', '', 'yes', 'no', 'no', 'yes', 'the default: CRI-O has dropped it since 1.18'],
  ['', 'ALL', 'no', 'no', 'no', 'no', 'ALL in capitals'],
  ['', 'all', 'no', 'no', 'no', 'no', 'ALL in any case'],
  ['', 'NET_RAW', 'no', 'no', 'no', 'no', 'by name'],
  ['', 'net_raw', 'no', 'no', 'no', 'no', 'by name, in any case'],
  ['', 'CAP_NET_RAW', 'yes', 'no', 'no', 'no', 'containerd makes CAP_CAP_NET_RAW of it, which drops nothing'],
  ['', 'cap_net_raw', 'yes', 'no', 'no', 'no', 'the same in lower case'],
  ['', 'CAP_ALL', 'yes', 'refused', 'refused', 'refused', 'CAP_ALL is no capability anywhere'],
  ['', ' ALL', 'yes', 'refused', 'refused', 'refused', 'a blank before it'],
  ['NET_RAW', '', 'yes', 'yes', 'yes', 'yes', 'added by name'],
  ['net_raw', '', 'yes', 'yes', 'yes', 'yes', 'added by name, in any case'],
  ['CAP_NET_RAW', 'ALL', 'no', 'yes', 'yes', 'yes', 'containerd adds nothing by that name'],
  ['NOT_A_CAPABILITY', '', 'yes', 'refused', 'refused', 'refused', 'an unknown name is passed over, or refused'],
  ['NET_RAW', 'ALL', 'yes', 'yes', 'yes', 'yes', 'drop ALL and add X is X'],
  ['CHOWN', 'ALL', 'no', 'no', 'no', 'no', 'drop ALL and add another is that other'],
  ['NET_RAW', 'NET_RAW', 'no', 'no', 'no', 'yes', 'docker adds last, all others drop last'],
  ['NET_RAW', 'ALL,NET_RAW', 'no', 'no', 'no', 'yes', 'the same with ALL'],
  ['ALL', 'ALL', 'no', 'no', 'no', 'yes', 'ALL on both sides'],
  ['ALL', 'NET_RAW', 'no', 'no', 'no', 'no', 'all but that'],
  ['ALL', 'CHOWN', 'yes', 'yes', 'yes', 'yes', 'all but another'],
  ['ALL', '', 'yes', 'yes', 'yes', 'yes', 'all'],
];
for (const [add, drop, ...rest] of cases) {
  const why = rest.at(-1);
  for (const [index, family] of FAMILIES.entries())
    test(`${family}: add [${add}] drop [${drop}]: ${rest[index]}: ${why}`, () => {
      assert.equal(outcome(family, { privileged: false, add: list(add), drop: list(drop) }), rest[index]);
    });
}

function outcome(family: string, asked: { privileged: boolean; add: string[]; drop: string[] }): Outcome {
  const [runtime] = parseRuntime(family);
  assert.ok(runtime);
  const sets = arithmeticOf(runtime).count(asked);
  return sets.refusal !== null ? 'refused' : sets.capabilities.has('NET_RAW') ? 'yes' : 'no';
}

const setsOf = (family: string, asked: { privileged?: boolean; add?: string[]; drop?: string[] }) => {
  const [runtime] = parseRuntime(family);
  assert.ok(runtime);
  return arithmeticOf(runtime).count({ privileged: false, add: [], drop: [], ...asked });
};

test('privileged is everything, whatever is added and dropped', () => {
  for (const family of FAMILIES) {
    const sets = setsOf(family, { privileged: true, add: ['CHOWN'], drop: ['ALL'] });
    assert.deepEqual([...sets.capabilities], CAPABILITIES, family);
    assert.deepEqual(sets.ineffectiveDrops, ['ALL'], family);
  }
});

test('docker refuses what it does not know even of a privileged container, and knew less until 20.10', () => {
  assert.notEqual(setsOf('docker://28.5.2', { privileged: true, add: ['NONSENSE'] }).refusal, null);
  assert.notEqual(setsOf('docker://20.10.27', { add: ['BPF'] }).refusal, null);
  assert.equal(setsOf('docker://23.0.5', { add: ['BPF'] }).refusal, null);
  assert.equal(setsOf('docker://20.10.27', { privileged: true }).capabilities.size, 38);
});

test('privileged is ambient on CRI-O, on no other', () => {
  for (const family of FAMILIES) {
    const { ambient } = setsOf(family, { privileged: true });
    assert.equal(ambient.has('NET_RAW'), family.startsWith('cri-o'), family);
    assert.equal(setsOf(family, { add: ['NET_RAW'] }).ambient.size, 0, family);
  }
});

test('dropping ALL dropped nothing of the defaults in CRI-O until 1.21', () => {
  assert.deepEqual([...setsOf('cri-o://1.21.9', { drop: ['ALL'] }).capabilities].length, 9);
  assert.deepEqual(setsOf('cri-o://1.21.9', { drop: ['ALL'] }).ineffectiveDrops, ['ALL']);
  assert.equal(setsOf('cri-o://1.22.0', { drop: ['ALL'] }).capabilities.size, 0);
  assert.ok(setsOf('cri-o://1.17.0', { drop: ['ALL'] }).capabilities.has('NET_RAW'));
});

test('the default of CRI-O lost NET_RAW in 1.18', () => {
  assert.deepEqual(
    ['1.17.5', '1.18.0', '2.0.0'].map((version) => setsOf(`cri-o://${version}`, {}).capabilities.has('NET_RAW')),
    [true, false, false],
  );
});

test('the inheritable set of CRI-O ended in 1.24', () => {
  assert.deepEqual(
    ['1.21.0', '1.23.9', '1.24.0'].map((version) =>
      setsOf(`cri-o://${version}`, { add: ['NET_RAW'] }).inheritable.has('NET_RAW'),
    ),
    [true, true, false],
  );
});

test('names that only look like protection are told', () => {
  assert.deepEqual(setsOf('containerd://2.1.0', { drop: ['CAP_NET_RAW', 'net_admin', 'X'] }).ineffectiveDrops, [
    'CAP_NET_RAW',
    'X',
  ]);
  assert.deepEqual(setsOf('containerd://2.1.0', { add: ['CAP_SYS_ADMIN', 'CHOWN'] }).ineffectiveAdds, [
    'CAP_SYS_ADMIN',
  ]);
  assert.deepEqual(setsOf('docker://24.0', { add: ['NET_RAW'], drop: ['net_raw'] }).ineffectiveDrops, ['net_raw']);
});

const runtimes: [text: string, expected: string[], why: string][] = [
  ['containerd://1.7.27', ['containerd 1.7'], 'as it is'],
  ['containerd://1.6.20~ds1', ['containerd 1.6'], 'a suffix of Debian'],
  ['containerd://2.0.5-k3s1', ['containerd 2.0'], 'a suffix of k3s'],
  ['containerd://v2.1.0', ['containerd 2.1'], 'a v'],
  ['containerd://1.7.23+unknown', ['containerd 1.7'], 'a build tag'],
  ['cri-o://1.30.0', ['cri-o 1.30'], 'CRI-O'],
  ['cri-o://1.29.5-4.rhaos4.16.git1.el9', ['cri-o 1.29'], 'a suffix of OpenShift'],
  ['CRI-O://1.30.0', ['cri-o 1.30'], 'in capitals'],
  ['docker://24.0.7', ['docker 24.0'], 'docker'],
  ['containerd://', ['containerd'], 'no version'],
  ['containerd://Unknown', ['containerd'], 'no number'],
  ['cri-o://', ['cri-o 1.17', 'cri-o 1.21', 'cri-o 1.24'], 'CRI-O before and after its changes'],
  ['', ['containerd', 'cri-o', 'docker'], 'nothing'],
  ['rkt://1.30', ['containerd', 'cri-o', 'docker'], 'another runtime'],
  ['containerd', ['containerd', 'cri-o', 'docker'], 'no URL'],
  ['1.7.27', ['containerd', 'cri-o', 'docker'], 'a number alone'],
  ['xcontainerd://1.7', ['containerd', 'cri-o', 'docker'], 'a name that ends like one'],
];
for (const [text, expected, why] of runtimes)
  test(`runtime ${JSON.stringify(text)} is ${expected.join(' or ')}: ${why}`, () => {
    const found = parseRuntime(text).map(({ family, version }) =>
      version ? `${family} ${version.major}.${version.minor}` : family,
    );
    assert.deepEqual(found, expected);
  });
