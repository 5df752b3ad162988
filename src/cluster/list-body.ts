import type { Raw } from '../world/reduce/raw.ts';
import { ListReader } from './list-reader.ts';
import { MAGIC, ProtobufListReader } from './protobuf/list-reader.ts';
import type { Schema } from './protobuf/schema.ts';

export interface ListEvents {
  /** The list without its items. */
  onHead: (head: Raw) => void;
  onItem: (item: unknown) => void;
}

/** The body of a list, read while it arrives: as protobuf where it begins so and the schema of its items is given, else as text. */
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
    this.#reader = this.#schema && isProtobuf ? new ProtobufListReader(this.#schema, this.#events) : textReader(this.#events);
    this.#reader.push(start);
  }

  /** After the last piece: the list without its items, which have been handed on; else what came instead, a text or a Status. */
  end(): Raw | string {
    return this.#reader?.end() ?? this.#start.toString();
  }
}

function textReader({ onHead, onItem }: ListEvents) {
  const reader = new ListReader(onHead, onItem);
  const decoder = new TextDecoder();
  return {
    push: (piece: Buffer) => reader.push(decoder.decode(piece, { stream: true })),
    end() {
      reader.push(decoder.decode());
      return reader.end();
    },
  };
}
