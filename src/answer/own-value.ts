/**
 * What a record has under a key itself. Keys from users and clusters may be called `constructor` or `__proto__`, which
 * every object inherits something by.
 */
export const ownValue = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;
