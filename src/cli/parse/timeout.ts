import { usageError } from '../../answer/user-error.ts';

/**
 * Reads `--request-timeout` as kubectl does: seconds, or a Go duration such as `1m30s`. Whole milliseconds; 0: wait for
 * ever. Throws a usage error. Mirrors client-go tools/clientcmd/helpers.go ParseTimeout.
 */
export function parseTimeout(text: string): number {
  if (/^\+?\d+$/.test(text)) return timer(Number(text) * 1000);
  const [, sign, terms = ''] = /^([+-]?)((?:(?:\d+(?:\.\d*)?|\.\d+)(?:[nu\u00b5\u03bcm]?s|m|h))+)$/.exec(text) ?? [];
  if (terms === '') throw usageError(INVALID);
  const parts = [...terms.matchAll(/([\d.]+)([^\d.]+)/gy)].map(
    ([, number, unit = '']) => Number(number) * (MILLISECONDS[unit] ?? 0),
  );
  return sign === '-' ? 0 : timer(parts.reduce((sum, part) => sum + part, 0));
}

/** What a timer can count: anything above is for ever, anything but zero at least one. */
const timer = (milliseconds: number): number => (milliseconds < 2 ** 31 ? Math.ceil(milliseconds) : 0);

const MILLISECONDS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

const INVALID =
  'error: Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)';
