import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import { BadNode } from './bad-node.ts';
import { checkKey } from './stricter.ts';

/** A node of a YAML document. An alias is a node that names another one. */
export type Node = ScalarNode | AliasNode | CollectionNode;

/** A scalar. `tag` is short (`!!int`), and empty where there is none. `start` is its offset in the text. */
export interface ScalarNode {
  kind: 'scalar';
  text: string;
  tag: string;
  isPlain: boolean;
  start: number;
  /** The offset after the scalar and its closing quote. */
  end: number;
}

export interface AliasNode {
  kind: 'alias';
  to: Node;
  name: string;
  start: number;
}

/** A list or a map. The children of a map are alternately keys and values. */
export interface CollectionNode {
  kind: 'mapping' | 'sequence';
  children: Node[];
  start: number;
}

/**
 * The tree of the first document in a stream of events; null where there is none. An alias refers to the last node of
 * that name before it, which may contain the alias. Throws BadNode. Mirrors go.yaml.in/yaml/v2 decode.go parser.
 */
export function firstDocument(source: string, events: readonly Event[]): Node | null {
  const anchors = new Map<string, Node>();
  const open: CollectionNode[] = [];
  let root: Node | null = null;
  const place = (node: Node): void => {
    const parent = open.at(-1);
    if (parent?.kind === 'mapping' && parent.children.length % 2 === 0 && node.kind === 'scalar')
      checkKey(source, node.start, node.end);
    if (parent) parent.children.push(node);
    else root = node;
  };
  let documents = 0;
  for (const event of events) {
    if (event.type === EVENT_ID.DOCUMENT) {
      documents += 1;
      if (documents > 1) break;
      if (event.directives.some((each) => each.kind !== 'yaml' || each.version !== '1.1'))
        throw new BadNode(0, 'did not find expected <document start>');
    } else if (event.type === EVENT_ID.POP) {
      open.pop();
    } else if (event.type === EVENT_ID.ALIAS) {
      const name = source.slice(event.anchorStart, event.anchorEnd);
      const to = anchors.get(name);
      if (!to) throw new BadNode(event.anchorStart, "unknown anchor '%' referenced", name);
      place({ kind: 'alias', to, name, start: event.anchorStart });
    } else {
      const node = nodeOf(source, event);
      if (event.anchorStart >= 0) anchors.set(source.slice(event.anchorStart, event.anchorEnd), node);
      place(node);
      if ('children' in node) open.push(node);
    }
  }
  return root;
}

function nodeOf(source: string, event: Exclude<Event, { type: 1 | 5 | 6 }>): Node {
  if (event.type === EVENT_ID.SEQUENCE) return { kind: 'sequence', children: [], start: event.start };
  if (event.type === EVENT_ID.MAPPING) return { kind: 'mapping', children: [], start: event.start };
  const isPlain = event.style === SCALAR_STYLE.PLAIN;
  const isQuoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
  const start = event.tagStart >= 0 ? event.tagStart : event.valueStart;
  const tag = event.tagStart >= 0 ? shortTag(source.slice(event.tagStart, event.tagEnd)) : '';
  return {
    kind: 'scalar',
    text: event.valueStart < 0 ? '' : getScalarValue(source, event),
    tag,
    isPlain,
    start,
    end: event.valueEnd + (isQuoted ? 1 : 0),
  };
}

/** The short form of a tag: `!!int` for `!<tag:yaml.org,2002:int>`. */
function shortTag(tag: string): string {
  const whole = tag.startsWith('!<') ? tag.slice(2, -1) : tag;
  return whole.startsWith(PREFIX) ? `!!${whole.slice(PREFIX.length)}` : whole;
}

const PREFIX = 'tag:yaml.org,2002:';
