import { type Event, parseEvents, YAMLException } from 'js-yaml';
import { BadNode } from './bad-node.ts';
import { construct } from './construct.ts';
import { checkEvents } from './stricter.ts';
import { checkTabs } from './tabs.ts';
import { firstDocument } from './tree.ts';

/**
 * Thrown for text that Go's parser refuses. `line` is the line in the text, from 1. `discreet` is the reason without
 * any part of the text.
 */
export class YamlError extends Error {
  readonly line: number;
  readonly discreet: string;

  constructor(line: number, reason: string, discreet = reason) {
    super(reason);
    this.line = line;
    this.discreet = discreet;
  }
}

/**
 * The first document in `text` as a JSON value, read as kubectl reads it (sigs.k8s.io/yaml over go.yaml.in/yaml/v2);
 * undefined where there is none. js-yaml finds the nodes, and their values are determined here, since its own follow
 * another version of YAML. Throws YamlError.
 */
export function readYaml(text: string, maxDepth: number): unknown {
  let source = text;
  try {
    const found = eventsOf(text, maxDepth);
    source = found.source;
    checkEvents(source, found.events);
    checkTabs(source, found.events, FAR);
    const root = firstDocument(source, found.events);
    return root === null ? undefined : construct(root);
  } catch (error) {
    if (error instanceof YAMLException)
      throw new YamlError((error.mark?.line ?? 0) + 1, error.reason, withoutQuoted(error.reason));
    if (error instanceof BadNode)
      throw new YamlError(source.slice(0, error.position).split('\n').length, error.message, error.discreet);
    // A hostile text may be nested too deep for the parser.
    if (error instanceof RangeError) throw new YamlError(1, 'invalid YAML');
    throw error;
  }
}

/**
 * Go's parser requires no indentation in brackets and quotes, and no blank before the `#` of a comment there; js-yaml
 * does. Where js-yaml refuses such text, white space is inserted, which has no meaning there, and it parses again.
 */
function eventsOf(text: string, maxDepth: number): { events: Event[]; source: string } {
  let source = text;
  for (let attempts = 0; ; attempts += 1) {
    try {
      return { events: parseEvents(source, { maxDepth }), source };
    } catch (error) {
      const at = error instanceof YAMLException ? whereBlanksHelp(source, error) : null;
      if (at === null || attempts === MOST_ATTEMPTS || attempts * source.length > MOST_READ) throw error;
      source = source.slice(0, at) + FAR + source.slice(at);
    }
  }
}

function whereBlanksHelp(source: string, { reason, mark }: YAMLException): number | null {
  if (!mark) return null;
  if (reason === 'deficient indentation') return mark.position - mark.column;
  return source[mark.position] === '#' && !/\s/.test(source[mark.position - 1] ?? ' ') ? mark.position : null;
}

const FAR = ' '.repeat(80);
const MOST_ATTEMPTS = 500;
/** The number of characters that are parsed again in all attempts, which takes seconds. */
const MOST_READ = 20_000_000;
/** A reason of js-yaml without what it quotes from the text. */
function withoutQuoted(reason: string): string {
  const start = QUOTE.exec(reason);
  if (!start) return reason;
  const end = start.index + start[0].length;
  return `${reason.slice(0, end)}…${END_OF_QUOTE.exec(reason.slice(end))?.[0] ?? ''}`;
}

const QUOTE = /such characters: |"/;
const END_OF_QUOTE = /"?(?: tag handle)?$/;
