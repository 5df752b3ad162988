import { Extension, failure, type Value } from '../values.ts';
import type { CelFunction, Functions } from './function.ts';

/** Semantic versions. Mirrors apiserver pkg/cel/library/semverlib.go. */
export const semverFunctions: Functions = {
  semver: ([text, normalize = false]) => read(text, normalize, (version) => version ?? failure(reason(String(text)))),
  isSemver: ([text, normalize = false]) => read(text, normalize, (version) => version !== undefined),
};

export const semverMethods: Functions = {
  major: part(0),
  minor: part(1),
  patch: part(2),
  isGreaterThan: compared((order) => order > 0),
  isLessThan: compared((order) => order < 0),
  compareTo: compared((order) => BigInt(Math.sign(order))),
};

class Semver extends Extension {
  readonly type = 'kubernetes.Semver';
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly pre: readonly string[];

  constructor(numbers: readonly [bigint, bigint, bigint], pre: readonly string[]) {
    super();
    this.numbers = numbers;
    this.pre = pre;
  }

  /** Build metadata are not compared. */
  get key(): string {
    return `${this.numbers.join('.')}-${this.pre.join('.')}`;
  }
}

function read(
  text: Value | undefined,
  normalize: Value,
  use: (version: Semver | undefined) => Value,
): Value | undefined {
  if (typeof text !== 'string' || typeof normalize !== 'boolean') return undefined;
  return use(parse(normalize ? normalized(text) : text));
}

function parse(text: string): Semver | undefined {
  const match = SEMVER.exec(text);
  if (!match || text.length > 1000) return undefined;
  const [major = '', minor = '', patch = ''] = match.slice(1);
  const pre = match[4]?.split('.') ?? [];
  if (pre.some((each) => /^0\d+$/.test(each))) return undefined;
  return new Semver([BigInt(major), BigInt(minor), BigInt(patch)], pre);
}

/** The version without `v` and leading zeros, and with all three numbers. */
function normalized(text: string): string {
  const [major = '', minor, ...rest] = text.replace(/^v/, '').split('.');
  const parts = minor === undefined ? [major] : rest.length === 0 ? [major, minor] : [major, minor, rest.join('.')];
  if (parts.length < 3 && /[+-]/.test(parts.at(-1) ?? '')) return '';
  const full = [...parts, '0', '0'].slice(0, 3);
  return full.map((each) => each.replace(/^0+(?=\d)/, '')).join('.');
}

function order(a: Semver, b: Semver): number {
  for (const [index, each] of a.numbers.entries()) {
    const other = b.numbers[index] ?? 0n;
    if (each !== other) return each < other ? -1 : 1;
  }
  if (a.pre.length === 0 || b.pre.length === 0) return b.pre.length - a.pre.length;
  for (const [index, each] of a.pre.entries()) {
    const other = b.pre[index];
    if (other === undefined) return 1;
    if (each !== other) return preOrder(each, other);
  }
  return a.pre.length - b.pre.length;
}

/** Compares parts of a pre-release: numbers come before words. */
function preOrder(a: string, b: string): number {
  const [left, right] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (left && right) return BigInt(a) < BigInt(b) ? -1 : 1;
  return left !== right ? (left ? -1 : 1) : a < b ? -1 : 1;
}

function part(index: 0 | 1 | 2): CelFunction {
  return ([version]) => (version instanceof Semver ? version.numbers[index] : undefined);
}

function compared(decide: (order: number) => Value): CelFunction {
  return ([a, b]) => (a instanceof Semver && b instanceof Semver ? decide(order(a, b)) : undefined);
}

const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** The server's error for missing numbers; other errors are not told apart. */
const reason = (text: string): string =>
  text === ''
    ? 'Version string empty'
    : text.split('.').length < 3
      ? 'No Major.Minor.Patch elements found'
      : `Invalid character(s) found in ${JSON.stringify(text)}`;
