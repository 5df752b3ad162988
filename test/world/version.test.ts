import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  borrowedRules,
  compareVersions,
  effectiveVersion,
  formatVersion,
  parseVersion,
} from '../../src/world/version.ts';

const parsed: [string, string | null][] = [
  ['1.34', '1.34'],
  ['v1.33.4-eks-ab12', '1.33'],
  ['v1.31.5-gke.1023000', '1.31'],
  ['1.31+', '1.31'],
  [' 1.30 ', '1.30'],
  ['v1.37.0-alpha.1+abc', '1.37'],
  ['1', null],
  ['4.16', null],
  ['2.0', null],
  ['11.34', null],
  ['1.34x', null],
  ['1.034', null],
  ['latest', null],
  ['1.x', null],
  ['', null],
];
for (const [text, expected] of parsed) {
  test(`${JSON.stringify(text)} is ${expected ?? 'no version'}`, () => {
    const version = parseVersion(text);
    assert.equal(version && formatVersion(version), expected);
  });
}

const infos: [string, Record<string, unknown>, string | null][] = [
  ['major and minor', { major: '1', minor: '36', gitVersion: 'v1.36.2' }, '1.36'],
  ['a minor with a plus', { major: '1', minor: '31+' }, '1.31'],
  ['an emulated version beats the own', { major: '1', minor: '37', emulationMajor: '1', emulationMinor: '34' }, '1.34'],
  ['gitVersion alone', { gitVersion: 'v1.33.4-eks-ab12' }, '1.33'],
  ['empty fields', { major: '', minor: '', gitVersion: 'v1.30.1' }, '1.30'],
  ['numbers where strings belong', { major: 1, minor: 30 }, null],
  ['nothing', {}, null],
  ['a major that nobody knows', { major: '4', minor: '16', gitVersion: 'v4.16.1' }, null],
  ['an own number beside the one of Kubernetes', { major: '4', minor: '16', gitVersion: 'v1.29.6+aba1e8d' }, '1.29'],
];
for (const [name, info, expected] of infos) {
  test(`the effective version from ${name}: ${expected}`, () => {
    const version = effectiveVersion(info);
    assert.equal(version && formatVersion(version), expected);
  });
}

test('1.9 is older than 1.10', () => {
  assert.ok(compareVersions({ major: 1, minor: 9 }, { major: 1, minor: 10 }) < 0);
});

const borrowed: [string | null, string | null][] = [
  [null, null],
  ['1.29', null],
  ['1.37', null],
  ['1.28', 'the rules of Kubernetes 1.29, the oldest known here, hold for 1.28'],
  ['1.21', 'the rules of Kubernetes 1.29, the oldest known here, hold for 1.21'],
  ['1.38', 'the rules of Kubernetes 1.37, the newest known here, hold for 1.38'],
  ['1.99', 'the rules of Kubernetes 1.37, the newest known here, hold for 1.99'],
];
for (const [text, rules] of borrowed)
  test(`the rules that hold for ${text}`, () =>
    assert.equal(borrowedRules(text === null ? null : parseVersion(text)), rules));
