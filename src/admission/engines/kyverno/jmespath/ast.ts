export type Comparator = '==' | '!=' | '<' | '<=' | '>' | '>=';

export type Node =
  | { type: 'current' }
  | { type: 'literal'; value: unknown }
  | { type: 'field'; name: string }
  | { type: 'index'; index: number }
  | { type: 'not' | 'flatten'; of: Node }
  | { type: 'then' | 'pipe' | 'or' | 'and' | 'project' | 'projectValues'; left: Node; right: Node }
  | { type: 'filter'; left: Node; right: Node; condition: Node }
  | { type: 'compare'; comparator: Comparator; left: Node; right: Node }
  | { type: 'list'; items: readonly Node[] }
  | { type: 'object'; entries: readonly (readonly [string, Node])[] }
  | { type: 'call'; name: string; args: readonly Node[] };
