import { isRaw, type Raw } from '../../world/raw.ts';
import { SELINUX_FIELDS, type SeLinux } from './scc.ts';
import type { Violation } from './violation.ts';

/** Sets the options of a MustRunAs in a security context that has none. */
export function defaultOptions(security: Raw, { type, options }: SeLinux): void {
  if (type !== 'MustRunAs' || isRaw(security.seLinuxOptions)) return;
  security.seLinuxOptions = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== ''));
}

/**
 * Checks that all four fields are the SCC's own; the categories of a level may be in any order. Mirrors
 * selinux/mustrunas.go.
 */
export function checkOptions(actual: unknown, { type, options }: SeLinux, path: string): Violation[] {
  if (type !== 'MustRunAs') return [];
  const set = isRaw(actual) ? actual : {};
  const wrong = SELINUX_FIELDS.filter((field) => !isSame(field, options[field], set[field] ?? ''));
  return wrong.map((field) => ({
    check: 'seLinuxContext',
    detail: `seLinuxOptions.${field} must be ${options[field]}`,
    rests: `${path}.seLinuxOptions.${field}`,
  }));
}

const isSame = (field: string, expected: string, actual: unknown): boolean =>
  expected === actual ||
  (field === 'level' && typeof actual === 'string' && normal(expected) === normal(actual) && expected.includes(':'));

function normal(level: string): string {
  const [sensitivity = '', ...rest] = level.split(':');
  return [sensitivity, rest.join(':').split(',').sort().join(',')].join(':');
}
