import type { Raw } from '../../world/raw.ts';
import { textIn, utf8Decoder } from '../transport/bad-body.ts';
import type { ListEvents } from './list-events.ts';
import { ListReader } from './list-reader.ts';
import { ProtobufListReader } from './protobuf/list-reader.ts';
import { MAGIC } from './protobuf/magic.ts';
import type { Schema } from './protobuf/schema.ts';

/**
 * The body of a list, which is read while it arrives: as protobuf where it begins so and the schema of its items is
 * given, or else as text. Throws BadBody for a text that is not UTF-8, or too large.
 */
export class ListBody {
  readonly #events: ListEvents;
  readonly #schema: Schema | undefined;
  /** The first bytes, as long as they are too few to recognise the format. */
  #start: Buffer = Buffer.alloc(0);
  #reader: { push(piece: Buffer): void; end(): Raw | string } | null = null;

  constructor(events: ListEvents, schema?: Schema) {
    this.#events = events;
    this.#schema = schema;
  }

  push(piece: Buffer): void {
    if (this.#reader) this.#reader.push(piece);
    else this.#begin(Buffer.concat([this.#start, piece]));
  }

  #begin(start: Buffer): void {
    this.#start = start;
    if (start.length < MAGIC.length) return;
    const isProtobuf = start.subarray(0, MAGIC.length).equals(MAGIC);
    if (!isProtobuf) this.#reader = textReader(this.#events);
    else this.#reader = this.#schema ? new ProtobufListReader(this.#schema, this.#events) : UNWANTED;
    this.#reader.push(start);
  }

  /**
   * The result after the last piece: the list without its items, which have been handed on, or else what arrived
   * instead, a text or a Status.
   */
  end(): Raw | string {
    return this.#reader?.end() ?? textIn(this.#start);
  }
}

/** Reads protobuf that was not asked for. */
const UNWANTED = { push: () => undefined, end: () => MAGIC.toString() };

function textReader({ onHead, onItem }: ListEvents) {
  const reader = new ListReader(onHead, onItem);
  const decoder = utf8Decoder();
  return {
    push: (piece: Buffer) => reader.push(decoder.push(piece)),
    end() {
      reader.push(decoder.end());
      return reader.end();
    },
  };
}
