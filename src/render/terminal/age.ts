/**
 * How long ago, as kubectl writes it: `45s`, `3m20s`, `5d`, `2y10d`. `since` and `now` are RFC 3339; null where one of
 * them is no date. Mirrors apimachinery pkg/util/duration HumanDuration.
 */
export function age(since: string | null, now: string): string | null {
  const milliseconds = Date.parse(now) - Date.parse(since ?? '');
  return Number.isNaN(milliseconds) ? null : humanDuration(milliseconds);
}

/** Whether that is so short that it may be part of what is going on: kubectl does not count it in days yet. */
export const isRecent = (since: string | null, now: string): boolean =>
  Date.parse(now) - Date.parse(since ?? '') < 2 * DAY * 1000;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** Exported for the tests' table. */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 2 * MINUTE) return `${seconds}s`;
  if (seconds < 10 * MINUTE) return two(seconds, MINUTE, 'm', 1, 's');
  if (seconds < 3 * HOUR) return `${Math.trunc(seconds / MINUTE)}m`;
  if (seconds < 8 * HOUR) return two(seconds, HOUR, 'h', MINUTE, 'm');
  if (seconds < 2 * DAY) return `${Math.trunc(seconds / HOUR)}h`;
  if (seconds < 8 * DAY) return two(seconds, DAY, 'd', HOUR, 'h');
  if (seconds < 2 * YEAR) return `${Math.trunc(seconds / DAY)}d`;
  if (seconds < 8 * YEAR) return two(seconds, YEAR, 'y', DAY, 'd');
  return `${Math.trunc(seconds / YEAR)}y`;
}

/** `3m20s`, `3m`: the smaller unit where it is not 0. */
function two(seconds: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.trunc((seconds % large) / small);
  return `${Math.trunc(seconds / large)}${largeName}${rest === 0 ? '' : `${rest}${smallName}`}`;
}
