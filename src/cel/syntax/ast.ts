/**
 * An expression as it is written. A chain of `&&` or of `||` is one node, so that a long chain is not nested deeply.
 */
export type Node =
  | { op: 'literal'; value: Literal }
  | { op: 'name'; name: string }
  | { op: 'select'; of: Node; field: string; optional: boolean }
  | { op: 'index'; of: Node; index: Node; optional: boolean }
  | { op: 'call'; name: string; target: Node | null; args: readonly Node[] }
  | { op: 'list'; items: readonly { value: Node; optional: boolean }[] }
  | { op: 'map'; entries: readonly { key: Node; value: Node; optional: boolean }[] }
  /** `Object.spec{hostPID: false}`; `type` includes the dots. */
  | { op: 'struct'; type: string; fields: readonly { name: string; value: Node; optional: boolean }[] }
  | { op: 'and' | 'or'; terms: readonly Node[] }
  | { op: 'choose'; condition: Node; then: Node; otherwise: Node };

export type Literal =
  | { type: 'null'; value: null }
  | { type: 'bool'; value: boolean }
  | { type: 'int' | 'uint'; value: bigint }
  | { type: 'double'; value: number }
  | { type: 'string'; value: string }
  | { type: 'bytes'; value: Uint8Array };

/** Why an expression cannot be read: it is not CEL, or it uses a feature that is not known here. */
export class Unparsable extends Error {}
