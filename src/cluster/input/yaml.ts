import { readYaml, YamlError } from '../yaml/read.ts';
import { MAX_DEPTH, ParseError } from './parse-error.ts';

/**
 * The first document in `text` as a JSON value, read as kubectl reads manifests; none where it is empty, or null. What comes after the end of a document
 * (`...`) kubectl does not look at. `line` is that of the text in its file. Throws ParseError, also for aliases that expand to more than the text could
 * hold.
 */
export function parseYaml(text: string, line: number): unknown[] {
  try {
    const value = readYaml(text, MAX_DEPTH);
    return value === undefined || value === null ? [] : [value];
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const reason = TEMPLATE.test(text)
      ? `it looks like a Helm template: render it first, with helm template (${error.message})`
      : error.message;
    throw new ParseError(line + error.line - 1, reason);
  }
}

const TEMPLATE = /\{\{.*\}\}/;
