import { loadAll, YAMLException } from 'js-yaml';
import { KUBECTL_YAML } from '../yaml-schema.ts';
import { MAX_DEPTH, ParseError } from './parse-error.ts';

/**
 * The documents in `text` as JSON values, empty ones left out, read as kubectl reads manifests (sigs.k8s.io/yaml): YAML 1.1's booleans
 * (`yes` is true), dates stay strings, aliases are copies, two equal keys are an error. `line` is that of the text in its file.
 * Throws ParseError, also for aliases that expand to more than the text could hold.
 */
export function parseYaml(text: string, line: number): unknown[] {
  try {
    const documents = loadAll(text, { schema: KUBECTL_YAML, maxDepth: MAX_DEPTH, maxTotalMergeKeys: text.length }).filter(
      (each) => each !== null,
    );
    checkExpansion(documents, text.length, line);
    // As JSON: what is kept of a value then holds on to neither the text nor what an alias shared.
    return JSON.parse(JSON.stringify(documents));
  } catch (error) {
    if (error instanceof ParseError) throw error;
    // Texts made to break the parser throw other errors too (RangeError).
    const reason = error instanceof YAMLException ? error.reason : 'invalid YAML';
    const at = line + (error instanceof YAMLException ? (error.mark?.line ?? 0) : 0);
    throw new ParseError(
      at,
      TEMPLATE.test(text) ? `it looks like a Helm template: render it first, with helm template (${reason})` : reason,
    );
  }
}

const TEMPLATE = /\{\{.*\}\}/;

/** Without aliases no text has more values than characters, give or take an empty document. */
function checkExpansion(documents: unknown[], length: number, line: number): void {
  const rest: unknown[] = [documents];
  for (let count = 0; rest.length > 0; count += 1) {
    const value = rest.pop();
    if (count > length + 10) throw new ParseError(line, 'aliases expand to more than the document holds');
    if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) rest.push(each);
  }
}
