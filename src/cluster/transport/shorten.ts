/**
 * A message of a server or of the operating system on one line, of limited length, and without text that looks like a
 * token.
 */
export function shorten(text: string): string {
  const line = text
    .slice(0, 10 * MAX_LENGTH)
    .replace(/\s+/g, ' ')
    .replace(/\bBearer [\w.~+/=-]+/gi, 'Bearer [hidden]')
    .replace(/\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g, '[hidden]')
    .trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1)}…` : line;
}

const MAX_LENGTH = 400;
