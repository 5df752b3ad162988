import { EVENT_ID, type Event, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { BadNode } from './bad-node.ts';

/**
 * Refuses what js-yaml accepts and Go's parser does not, since nobody could apply it. Throws BadNode. Mirrors
 * go.yaml.in/yaml/v2 scannerc.go, which follows YAML 1.1, where U+0085, U+2028 and U+2029 are line breaks.
 */
export function checkEvents(source: string, events: readonly Event[]): void {
  const other = OTHER_BREAKS.exec(source);
  if (other) throw new BadNode(other.index, 'a line break of YAML 1.1 (U+0085, U+2028, U+2029)');
  for (const event of events) {
    if (event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT) continue;
    if (event.anchorStart >= 0 && !NAME.test(source.slice(event.anchorStart, event.anchorEnd)))
      throw new BadNode(event.anchorStart, 'did not find expected alphabetic or numeric character');
    if (event.type === EVENT_ID.ALIAS) continue;
    if (event.tagEnd >= 0 && FLOW_INDICATOR.test(source[event.tagEnd] ?? ''))
      throw new BadNode(event.tagStart, 'did not find expected whitespace or line break');
    if (event.type === EVENT_ID.SCALAR && event.valueStart >= 0) checkScalar(source, event);
  }
}

function checkScalar(source: string, { style, valueStart, valueEnd }: ScalarEvent): void {
  if (style === SCALAR_STYLE.PLAIN) {
    if (/^:[,[\]{}]/.test(source.slice(valueEnd, valueEnd + 2))) throw new BadNode(valueEnd, "a ':' next to a bracket");
  } else if (style === SCALAR_STYLE.DOUBLE_QUOTED) {
    const text = source.slice(valueStart, valueEnd);
    if (text.includes('\\') && BAD_ESCAPE.test(text)) throw new BadNode(valueStart, 'found unknown escape character');
  } else if (style !== SCALAR_STYLE.SINGLE_QUOTED && TAB_FIRST.test(source.slice(valueStart, valueEnd))) {
    throw new BadNode(valueStart, 'found a tab character where an indentation space is expected');
  }
}

/**
 * Checks a key without a question mark before it: it has to be on one line with its colon, and not longer than 1024
 * characters. `start` and `end` are the bounds of the key with its quotes.
 */
export function checkKey(source: string, start: number, end: number): void {
  const isLong = end - start > LONGEST_KEY;
  if (!isLong && !COLON_BELOW.test(source.slice(end, end + 1000))) return;
  if (EXPLICIT.test(source.slice(Math.max(0, start - 200), start))) return;
  throw new BadNode(start, isLong ? 'mapping values are not allowed in this context' : "could not find expected ':'");
}

const LONGEST_KEY = 1024;
const OTHER_BREAKS = /[\u0085\u2028\u2029]/;
const NAME = /^[\w-]+$/;
const FLOW_INDICATOR = /[,[\]{}]/;
/** Matches `\/`, and halves of surrogate pairs, after backslashes that come in pairs. */
const BAD_ESCAPE = /(?<!\\)(?:\\\\)*\\(?:\/|u[dD][89a-fA-F]|U0000[dD][89a-fA-F])/;
const TAB_FIRST = /^(?: *\r?\n)* *\t/;
const COLON_BELOW = /^[ \t]*(?:#[^\n]*)?\r?\n\s*:(?:\s|[,[\]{}]|$)/;
const EXPLICIT = /(?:^|[\s,[{])\?\s+(?:[&!]\S+\s+)*$/;
