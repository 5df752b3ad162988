import { COLLECTION_STYLE, EVENT_ID, type Event, SCALAR_STYLE } from 'js-yaml';
import { BadNode } from './bad-node.ts';

/**
 * Refuses tabs where Go's parser requires spaces: at the beginning of a line in block style, after a dash, and in the
 * lines of a plain scalar that are indented less than its block. Brackets, quotes and block scalars may have them.
 * `padding` is what was inserted before lines of `source`, and is not counted. Throws BadNode. Mirrors
 * go.yaml.in/yaml/v2 scannerc.go yaml_parser_scan_to_next_token and yaml_parser_scan_plain_scalar.
 */
export function checkTabs(source: string, events: readonly Event[], padding: string): void {
  if (!source.includes('\t')) return;
  const { inside, plains } = areas(source, events);
  let next = 0;
  for (const { index, 0: blanks } of source.matchAll(TABS)) {
    const at = index + blanks.length - 1;
    if (inside[at] === TEXT) continue;
    while ((plains[next]?.start ?? Infinity) <= at) next += 1;
    const before = plains[next - 1];
    const gap = before && before.end <= at ? source.slice(before.end, at) : '';
    if (before && (before.end > at || /^\s*$/.test(gap))) {
      const isFirst = source.slice(index, at).trim() === '';
      if (isFirst && columnOf(source.slice(index, at), padding) <= before.indent)
        throw new BadNode(at, 'found a tab character that violates indentation');
    } else if (inside[at] !== FLOW) {
      throw new BadNode(at, 'found character that cannot start any token');
    }
  }
}

/**
 * The kind of text that each character of `source` is in, and the plain scalars. `indent` is the column of the block
 * around a scalar, or -1 where there is none.
 */
function areas(
  source: string,
  events: readonly Event[],
): { inside: Uint8Array; plains: { start: number; end: number; indent: number }[] } {
  const inside = new Uint8Array(source.length);
  const plains: { start: number; end: number; indent: number }[] = [];
  const open: { start: number; indent: number; isFlow: boolean }[] = [];
  let cursor = 0;
  for (const event of events) {
    const indent = open.at(-1)?.indent ?? -1;
    if (event.type === EVENT_ID.DOCUMENT) open.push({ start: cursor, indent: -1, isFlow: false });
    else if (event.type === EVENT_ID.POP) {
      const closed = open.pop();
      if (!closed?.isFlow) continue;
      const isInside = open.at(-1)?.isFlow === true;
      CLOSING.lastIndex = cursor;
      cursor = CLOSING.test(source) ? CLOSING.lastIndex : cursor;
      // Brackets within brackets are part of the outer ones.
      for (let i = closed.start; i < cursor && !isInside; i += 1) inside[i] ||= FLOW;
    } else if (event.type === EVENT_ID.ALIAS) cursor = event.anchorEnd;
    else if (event.type === EVENT_ID.SCALAR) {
      cursor = Math.max(cursor, event.anchorEnd, event.tagEnd, event.valueEnd);
      if (event.valueStart < 0) continue;
      if (event.style === SCALAR_STYLE.PLAIN) plains.push({ start: event.valueStart, end: event.valueEnd, indent });
      else inside.fill(TEXT, event.valueStart - 1, event.valueEnd);
      const isQuoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
      if (isQuoted) cursor += 1;
    } else {
      const isFlow = event.style === COLLECTION_STYLE.FLOW;
      cursor = Math.max(cursor, event.start + (isFlow ? 1 : 0));
      open.push({ start: event.start, indent: isFlow ? indent : columnAt(source, event.start), isFlow });
    }
  }
  return { inside, plains };
}

const columnAt = (source: string, position: number): number => position - source.lastIndexOf('\n', position - 1) - 1;

function columnOf(blanks: string, padding: string): number {
  const rest = blanks.startsWith(padding) ? blanks.slice(padding.length) : blanks;
  return rest === blanks ? rest.length : columnOf(rest, padding);
}

const TEXT = 1;
const FLOW = 2;
/** The first tab of a line, which only spaces, dashes and indicators of keys and values precede. */
const TABS = /^ *(?:[-?:](?: +|(?=\t)))*\t/gm;
/** The text from the last node in brackets to the closing bracket. */
const CLOSING = /(?:[\s,:?]|#[^\n]*\n)*[\]}]/y;
