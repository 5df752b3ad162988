/**
 * Parses a duration as Go writes it (`1h30m`, `-1.5s`, `0`) into nanoseconds; null for any other text. Mirrors
 * time.ParseDuration.
 */
export function parseDuration(text: string): number | null {
  const match = /^([+-]?)(.+)$/.exec(text);
  if (!match) return null;
  const [, sign, rest = ''] = match;
  if (rest === '0') return 0;
  if (rest.length > 60 || !/^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) return null;
  let sum = 0;
  for (const [, number, unit = ''] of rest.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy))
    sum += Number(number) * (UNITS.get(unit) ?? 0);
  return sign === '-' ? -sum : sum;
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['µs', 1e3],
  ['μs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 6e10],
  ['h', 3.6e12],
]);
