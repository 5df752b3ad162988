/**
 * Array.find over `items`, which begins with those that it found last: one row notices several mistakes, and they stand
 * together.
 */
export function recentFirst<T>(items: readonly T[]): (isWanted: (item: T) => boolean) => T | undefined {
  const order = [...items];
  return (isWanted) => {
    const index = order.findIndex(isWanted);
    if (index > 0) order.unshift(...order.splice(index, 1));
    return index < 0 ? undefined : order[0];
  };
}
