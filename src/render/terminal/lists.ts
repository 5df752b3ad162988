import { join, type Printable, sentence } from './printable.ts';

/** `a, b, c +4 more`: as many as fit into a width, at least one. */
export function listWithin(items: readonly Printable[], width: number): Printable {
  let columns = 0;
  const over = items.findIndex((item, index) => {
    columns += item.width + SEPARATOR.length;
    const more = items.length - index - 1;
    return index > 0 && columns - SEPARATOR.length + (more === 0 ? 0 : ` +${more} more`.length) > width;
  });
  if (over === -1) return join(items, SEPARATOR);
  return sentence`${join(items.slice(0, over), SEPARATOR)} +${items.length - over} more`;
}

/** All of them, on as many lines as it takes, those after the first indented. */
export function wrapList(first: Printable, items: readonly Printable[], width: number): Printable[] {
  const lines: Printable[] = [];
  let line = first;
  for (const [index, item] of items.entries()) {
    const entry = index === items.length - 1 ? item : sentence`${item},`;
    const longer = sentence`${line} ${entry}`;
    const full = longer.width > width && index > 0;
    if (full) lines.push(line);
    line = full ? sentence`  ${entry}` : longer;
  }
  return [...lines, line];
}

const SEPARATOR = ', ';
