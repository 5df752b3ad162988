import { readYaml, YamlError } from '../yaml/read.ts';
import { MAX_DEPTH, ParseError } from './parse-error.ts';

/**
 * The first document in `text` as a JSON value, read as kubectl reads manifests; none where the document is empty or
 * null. Like kubectl, it ignores everything after the end of the document (`...`). `line` is the line of the text in
 * its file. Throws ParseError, also for aliases that expand to more than the text could contain.
 */
export function parseYaml(text: string, line: number): unknown[] {
  try {
    const value = readYaml(text, MAX_DEPTH);
    return value === undefined || value === null ? [] : [value];
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const reason = hasTemplate(text)
      ? `it looks like a Helm template: render it first, with helm template (${error.message})`
      : error.message;
    throw new ParseError(line + error.line - 1, reason);
  }
}

/** Whether a line has two opening braces followed by two closing ones. */
function hasTemplate(text: string): boolean {
  for (let start = text.indexOf('{{'); start >= 0; ) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end < 0 ? text.length : end);
    if (line.includes('}}', 2)) return true;
    start = end < 0 ? -1 : text.indexOf('{{', end);
  }
  return false;
}
