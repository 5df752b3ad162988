import type { Raw } from '../../../world/raw.ts';
import { LARGEST_BODY, tooLarge } from '../../transport/bad-body.ts';
import type { ListEvents } from '../list-events.ts';
import { Broken } from './broken.ts';
import { Input } from './input.ts';
import { MAGIC } from './magic.ts';
import { decodeMessage, LONGEST_VARINT, varintAt } from './message.ts';
import type { Schema } from './schema.ts';
import { LIST_META, STATUS, TYPE_META } from './schemas.ts';

/**
 * Reads a list in protobuf while it arrives, as ListReader reads one in JSON: its metadata and each item are handed on
 * as soon as they are complete. A Status instead of the list is read too. Any other message, and one whose lengths are
 * wrong, is broken as a whole. Throws BadBody for a message that is too large to be one object.
 */
export class ProtobufListReader {
  readonly #input = new Input();
  readonly #reading: Generator<undefined, Raw>;
  #value: Raw | null = null;
  #isBroken = false;

  constructor(items: Schema, events: ListEvents) {
    this.#reading = readEnvelope(this.#input, items, events);
  }

  push(piece: Buffer): void {
    if (this.#isBroken) return;
    this.#input.add(piece);
    try {
      const step = this.#reading.next();
      if (step.done) this.#value ??= step.value;
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      this.#isBroken = true;
    }
  }

  /**
   * The result after the last piece: the list without its items, which have been handed on, or the Status; where it is
   * broken or cut short, the text with which it began.
   */
  end(): Raw | string {
    const isWhole = !this.#isBroken && this.#input.left === 0;
    return (isWhole && this.#value) || MAGIC.toString();
  }
}

/**
 * Reads the magic, the type of the message, the message, and then its encoding and its content type, which are both
 * empty for plain protobuf. Mirrors apimachinery pkg/runtime/serializer/protobuf and pkg/runtime/types_proto.go, which
 * write them in this order.
 */
function* readEnvelope(input: Input, items: Schema, events: ListEvents): Generator<undefined, Raw> {
  yield* expect(input, MAGIC);
  const type = decodeMessage(TYPE_META, yield* take(input, yield* header(input, FIRST, Infinity)));
  const length = yield* header(input, SECOND, Infinity);
  if (type.kind !== 'Status' && !String(type.kind).endsWith('List')) throw new Broken('another kind');
  const whole =
    type.kind === 'Status'
      ? { ...type, ...decodeMessage(STATUS, yield* take(input, length)) }
      : yield* readList(input, type, length, items, events);
  yield* expect(input, END);
  return whole;
}

/** Reads metadata, items, and nothing else. */
function* readList(
  input: Input,
  type: Raw,
  length: number,
  schema: Schema,
  { onHead, onItem }: ListEvents,
): Generator<undefined, Raw> {
  const end = input.passed + length;
  const metadata = decodeMessage(LIST_META, yield* take(input, yield* header(input, FIRST, length)));
  const head = { ...type, metadata, items: [] };
  onHead(head);
  for (let left = end - input.passed; left > 0; left = end - input.passed) {
    const longest = Math.min(left, LONGEST_HEADER);
    if (!input.has(longest)) yield* input.need(longest);
    const size = readHeader(input, SECOND, left);
    if (size > LARGEST_BODY) throw tooLarge();
    if (!input.has(size)) yield* input.need(size);
    onItem(decodeMessage(schema, input.bytes, input.at, input.at + size));
    input.pass(size);
  }
  return head;
}

function* header(input: Input, tag: number, left: number): Generator<undefined, number> {
  yield* input.need(Math.min(left, LONGEST_HEADER));
  return readHeader(input, tag, left);
}

/** The length of the next field, which has this tag and ends within `left` bytes. */
function readHeader(input: Input, tag: number, left: number): number {
  const { value, end } = varintAt(input.bytes, input.at + 1);
  const length = end - input.at;
  if (input.bytes[input.at] !== tag || length + value > left)
    throw new Broken('another field, or one that ends after its message');
  input.pass(length);
  return value;
}

function* take(input: Input, length: number): Generator<undefined, Buffer> {
  if (length > LARGEST_BODY) throw tooLarge();
  yield* input.need(length);
  const bytes = input.bytes.subarray(input.at, input.at + length);
  input.pass(length);
  return bytes;
}

function* expect(input: Input, bytes: Buffer): Generator<undefined, void> {
  if (!(yield* take(input, bytes.length)).equals(bytes)) throw new Broken('no protobuf of an API server');
}

const LONGEST_HEADER = 1 + LONGEST_VARINT;
/** The tags of fields 1 and 2, which are followed by a length. */
const [FIRST, SECOND] = [0x0a, 0x12];
/** Fields 3 and 4, which are empty. */
const END = Buffer.from([0x1a, 0, 0x22, 0]);
