import type { Raw } from '../../world/raw.ts';
import { textIn, utf8Decoder } from '../transport/bad-body.ts';
import type { ListEvents } from './list-events.ts';
import { ListReader } from './list-reader.ts';
import { ProtobufListReader } from './protobuf/list-reader.ts';
import { MAGIC } from './protobuf/magic.ts';
import type { Schema } from './protobuf/schema.ts';

/**
 * The body of a list, read while it arrives: as protobuf where it begins so and the schema of its items is given, else
 * as text. Throws BadBody for a text that is no UTF-8, or too large.
 */
export class ListBody {
  readonly #events: ListEvents;
  readonly #schema: Schema | undefined;
  /** Too little to tell by. */
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
   * After the last piece: the list without its items, which have been handed on; else what came instead, a text or a
   * Status.
   */
  end(): Raw | string {
    return this.#reader?.end() ?? textIn(this.#start);
  }
}

/** Protobuf that was not asked for. */
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
