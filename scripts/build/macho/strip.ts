import { commandOf, endLinkEdit, HEADER, KIND, loadCommands } from './commands.ts';

/**
 * A Mach-O executable without its local symbols, which no running program looks at, and without its signature, which no
 * longer holds. Throws where the symbols are not the last of it. Format: Apple's mach-o/loader.h and nlist.h.
 */
export function stripMachO(original: Buffer): Buffer {
  const file = Buffer.from(original);
  removeSignature(file);
  const symbols = commandOf(file, KIND.symbols).at;
  const dynamic = commandOf(file, KIND.dynamicSymbols).at;
  const [symbolsAt, count, stringsAt, stringBytes] = words(file, symbols + 8, 4);
  const [, local] = words(file, dynamic + DYNAMIC.local, 2);
  const [indirectAt, indirectCount] = words(file, dynamic + DYNAMIC.indirect, 2);
  if (!(symbolsAt <= indirectAt && indirectAt <= stringsAt))
    throw new Error('a Mach-O file whose tables of symbols stand in another order');

  const kept = Buffer.from(file.subarray(symbolsAt + local * ENTRY, symbolsAt + count * ENTRY));
  const names = renumber(kept, file.subarray(stringsAt, stringsAt + stringBytes));
  const indirect = Buffer.from(file.subarray(indirectAt, indirectAt + indirectCount * 4));
  for (let at = 0; at < indirect.length; at += 4) {
    const index = indirect.readUInt32LE(at);
    if (index >= NO_SYMBOL) continue;
    if (index < local) throw new Error('a Mach-O file that calls a local symbol indirectly');
    indirect.writeUInt32LE(index - local, at);
  }

  const newIndirectAt = symbolsAt + kept.length;
  const newStringsAt = newIndirectAt + indirect.length;
  file.writeUInt32LE(kept.length / ENTRY, symbols + 12);
  file.writeUInt32LE(newStringsAt, symbols + 16);
  file.writeUInt32LE(names.length, symbols + 20);
  file.writeUInt32LE(0, dynamic + DYNAMIC.local + 4);
  for (const field of [DYNAMIC.external, DYNAMIC.undefined])
    file.writeUInt32LE(file.readUInt32LE(dynamic + field) - local, dynamic + field);
  file.writeUInt32LE(newIndirectAt, dynamic + DYNAMIC.indirect);
  endLinkEdit(file, newStringsAt + names.length);
  return Buffer.concat([file.subarray(0, symbolsAt), kept, indirect, names]);
}

/** The signature is the last of the load commands, or another one takes its place. */
function removeSignature(file: Buffer): void {
  const commands = loadCommands(file);
  const signature = commands.find(({ kind }) => kind === KIND.signature);
  if (!signature) return;
  const end = HEADER.size + file.readUInt32LE(HEADER.commandBytes);
  file.copy(file, signature.at, signature.at + signature.size, end);
  file.fill(0, end - signature.size, end);
  file.writeUInt32LE(commands.length - 1, HEADER.commands);
  file.writeUInt32LE(file.readUInt32LE(HEADER.commandBytes) - signature.size, HEADER.commandBytes);
}

/** A table of the names that `symbols` have, to which they refer from now on. It is a multiple of 8 bytes long. */
function renumber(symbols: Buffer, strings: Buffer): Buffer {
  // The name at 0 is the empty one.
  const names: Buffer[] = [Buffer.from(' \0')];
  let length = 2;
  for (let at = 0; at < symbols.length; at += ENTRY) {
    const start = symbols.readUInt32LE(at);
    const name = strings.subarray(start, strings.indexOf(0, start) + 1);
    symbols.writeUInt32LE(length, at);
    names.push(name);
    length += name.length;
  }
  return Buffer.concat([...names, Buffer.alloc((8 - (length % 8)) % 8)]);
}

function words(file: Buffer, at: number, count: 2): [number, number];
function words(file: Buffer, at: number, count: 4): [number, number, number, number];
function words(file: Buffer, at: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => file.readUInt32LE(at + index * 4));
}

/** Bytes of a symbol. */
const ENTRY = 16;
const DYNAMIC = { local: 8, external: 16, undefined: 24, indirect: 56 };
/** INDIRECT_SYMBOL_ABS, and above it INDIRECT_SYMBOL_LOCAL: no numbers of symbols. */
const NO_SYMBOL = 0x40000000;
