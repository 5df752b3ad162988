/** Protobuf as API servers write it, in pieces that can be put together wrongly. */

/** A number: base 128, low bits first. */
export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

/** A field of text, bytes or a message. */
export function field(number: number, ...content: (string | Buffer)[]): Buffer {
  const bytes = Buffer.concat(content.map((each) => Buffer.from(each)));
  return Buffer.concat([varint(8 * number + 2), varint(bytes.length), bytes]);
}

export const numberField = (number: number, value: number | bigint): Buffer =>
  Buffer.concat([varint(8 * number), varint(value)]);

export const time = (number: number, seconds: number): Buffer =>
  field(number, numberField(1, seconds), numberField(2, 0));

/** What a server sends: the magic, the type, the message, and that it is encoded in no further way. */
export const envelope = (kind: string, ...message: Buffer[]): Buffer =>
  typed('rbac.authorization.k8s.io/v1', kind, ...message);

export const typed = (apiVersion: string, kind: string, ...message: Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from('k8s\0'),
    field(1, field(1, apiVersion), field(2, kind)),
    field(2, ...message),
    field(3),
    field(4),
  ]);

/** A list, as much of its metadata as there ever is. */
export const listOf = (items: readonly Buffer[], next = ''): Buffer =>
  envelope(
    'RoleBindingList',
    field(1, field(1), field(2, '36658'), field(3, next)),
    ...items.map((item) => field(2, item)),
  );

export const status = (code: number, reason: string, message: string, retryAfter = 0): Buffer =>
  typed(
    'v1',
    'Status',
    field(1, field(1), field(2), field(3)),
    ...[
      field(2, 'Failure'),
      field(3, message),
      field(4, reason),
      field(5, field(1, 'x'), numberField(5, retryAfter)),
      numberField(6, code),
    ],
  );

/** With fields that nobody reads, of each wire type. */
export const binding = (namespace: string, name: string, role: string, user: string): Buffer =>
  Buffer.concat([
    field(
      1,
      ...[
        field(1, name),
        field(2),
        field(3, namespace),
        field(4),
        field(5, 'e6db1cc0'),
        field(6, '14'),
        numberField(7, -1n),
      ],
      ...[time(8, 1_796_082_460), field(11, field(1, 'app'), field(2, 'x'))],
      field(
        17,
        field(1, 'helm'),
        field(2, 'Update'),
        field(3, 'v1'),
        time(4, 1_796_082_461),
        field(6, 'FieldsV1'),
        field(7, field(1, '{}')),
      ),
    ),
    field(2, field(1, 'User'), field(2, 'rbac.authorization.k8s.io'), field(3, user), field(4)),
    field(3, field(1, 'rbac.authorization.k8s.io'), field(2, 'Role'), field(3, role)),
    Buffer.concat([varint(8 * 20 + 1), Buffer.alloc(8), varint(8 * 21 + 5), Buffer.alloc(4)]),
  ]);
