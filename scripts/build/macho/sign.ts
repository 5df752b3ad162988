import { createHash } from 'node:crypto';
import { endLinkEdit, HEADER, KIND, loadCommands, SEGMENT, segmentOf } from './commands.ts';

/**
 * The Mach-O executable with an ad hoc signature: the hash of each page, and no certificate. macOS on arm64 runs no
 * code without one. Throws where there is a signature already, or no room for another load command. What Go's linker
 * writes (cmd/internal/codesign), and Apple's cs_blobs.h describes.
 */
export function signAdHoc(unsigned: Buffer, identifier: string): Buffer {
  if (loadCommands(unsigned).some(({ kind }) => kind === KIND.signature))
    throw new Error('the Mach-O file is signed already');
  const codeEnd = Math.ceil(unsigned.length / 16) * 16;
  const directory = directoryFor(unsigned, codeEnd, identifier);
  const size = SUPER_BLOB + directory.length;
  const file = Buffer.alloc(codeEnd + size);
  unsigned.copy(file);
  addCommand(file, codeEnd, size);
  endLinkEdit(file, file.length);

  // The header that is hashed has to be the final one.
  for (let page = 0; page * PAGE < codeEnd; page += 1) {
    const hash = createHash('sha256').update(file.subarray(page * PAGE, Math.min((page + 1) * PAGE, codeEnd)));
    directory.set(hash.digest(), directory.readUInt32BE(16) + page * HASH);
  }
  const superBlob = Buffer.alloc(SUPER_BLOB);
  for (const [index, word] of [0xfade0cc0, size, 1, 0, SUPER_BLOB].entries()) superBlob.writeUInt32BE(word, index * 4);
  superBlob.copy(file, codeEnd);
  directory.copy(file, codeEnd + SUPER_BLOB);
  return file;
}

/** A code directory, version 0x20400, whose hashes are still missing. */
function directoryFor(file: Buffer, codeEnd: number, identifier: string): Buffer {
  const name = Buffer.from(`${identifier}\0`);
  const slots = Math.ceil(codeEnd / PAGE);
  const hashesAt = DIRECTORY + name.length;
  const directory = Buffer.alloc(hashesAt + slots * HASH);
  const text = segmentOf(file, '__TEXT').at;
  const flags = ADHOC | LINKER_SIGNED;
  const words = [0xfade0c02, directory.length, 0x20400, flags, hashesAt, DIRECTORY, 0, slots, codeEnd];
  for (const [index, word] of words.entries()) directory.writeUInt32BE(word, index * 4);
  directory.set([HASH, SHA256, 0, Math.log2(PAGE)], 36);
  directory.writeBigUInt64BE(file.readBigUInt64LE(text + SEGMENT.fileOffset), 64);
  directory.writeBigUInt64BE(file.readBigUInt64LE(text + SEGMENT.fileSize), 72);
  directory.writeBigUInt64BE(MAIN_BINARY, 80);
  name.copy(directory, DIRECTORY);
  return directory;
}

/** Between the load commands and the first section is room for one more. */
function addCommand(file: Buffer, offset: number, size: number): void {
  const end = HEADER.size + file.readUInt32LE(HEADER.commandBytes);
  if (end + COMMAND > firstContent(file)) throw new Error('a Mach-O file without room for the command of a signature');
  for (const [index, word] of [KIND.signature, COMMAND, offset, size].entries())
    file.writeUInt32LE(word, end + index * 4);
  file.writeUInt32LE(file.readUInt32LE(HEADER.commands) + 1, HEADER.commands);
  file.writeUInt32LE(file.readUInt32LE(HEADER.commandBytes) + COMMAND, HEADER.commandBytes);
}

/** Where the content of the first section begins. */
function firstContent(file: Buffer): number {
  const { at } = segmentOf(file, '__TEXT');
  const sections = file.readUInt32LE(at + SEGMENT.sections);
  const offsets = Array.from({ length: sections }, (_, index) =>
    file.readUInt32LE(at + SEGMENT.firstSection + index * SECTION_SIZE + 48),
  );
  return Math.min(...offsets.filter((offset) => offset > 0));
}

const PAGE = 4096;
const HASH = 32;
const SHA256 = 2;
const ADHOC = 0x2;
const LINKER_SIGNED = 0x20000;
const MAIN_BINARY = 1n;
/** Bytes of a code directory before the identifier. */
const DIRECTORY = 88;
/** Bytes of a super blob with one entry. */
const SUPER_BLOB = 20;
const COMMAND = 16;
const SECTION_SIZE = 80;
