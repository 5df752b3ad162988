/**
 * An ELF executable without its symbol table and debugging sections, which no running program looks at: everything
 * behind the last section that is loaded goes, and the table of sections is written anew. Throws where the file is not
 * a 64-bit little-endian one with its loaded sections first. Format: the System V ABI, chapters 4 and 5.
 */
export function stripElf(elf: Buffer): Buffer {
  if (elf.readUInt32BE(0) !== 0x7f454c46 || elf[4] !== 2 || elf[5] !== 1)
    throw new Error('not a 64-bit little-endian ELF file');
  const table = Number(elf.readBigUInt64LE(HEADER.tableOffset));
  const size = elf.readUInt16LE(HEADER.entrySize);
  const sections = Array.from({ length: elf.readUInt16LE(HEADER.entries) }, (_, index) =>
    elf.subarray(table + index * size, table + (index + 1) * size),
  );
  const names = sections[elf.readUInt16LE(HEADER.names)];
  if (!names) throw new Error('an ELF file without names of its sections');
  const [kept, dropped] = [sections.filter(isKept), sections.filter((section) => !isKept(section))];
  // Sections refer to each other by number: those that are kept have to keep theirs.
  if (sections.slice(0, kept.length).some((section) => !isKept(section)))
    throw new Error('an ELF file with sections that are not loaded before those that are');
  const contentEnd = Math.max(...kept.map(endOf));
  if (dropped.some((section) => offsetOf(section) < contentEnd && sizeOf(section) > 0))
    throw new Error('an ELF file whose symbols lie among what is loaded');

  const namesAt = contentEnd;
  const tableAt = roundUp(namesAt + sizeOf(names), 8);
  const content = Buffer.alloc(tableAt);
  elf.copy(content, 0, 0, contentEnd);
  elf.copy(content, namesAt, offsetOf(names), offsetOf(names) + sizeOf(names));
  const movedNames = Buffer.from(names);
  movedNames.writeBigUInt64LE(BigInt(namesAt), SECTION.offset);
  content.writeBigUInt64LE(BigInt(tableAt), HEADER.tableOffset);
  content.writeUInt16LE(kept.length + 1, HEADER.entries);
  content.writeUInt16LE(kept.length, HEADER.names);
  return Buffer.concat([content, ...kept, movedNames]);
}

/** Section 0 stands for none and has no flags; all others that are kept are loaded. */
const isKept = (section: Buffer): boolean =>
  section.readUInt32LE(SECTION.type) === NULL || (section.readBigUInt64LE(SECTION.flags) & ALLOC) !== 0n;
const offsetOf = (section: Buffer): number => Number(section.readBigUInt64LE(SECTION.offset));
const sizeOf = (section: Buffer): number =>
  section.readUInt32LE(SECTION.type) === NOBITS ? 0 : Number(section.readBigUInt64LE(SECTION.size));
const endOf = (section: Buffer): number => offsetOf(section) + sizeOf(section);
const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step;

const HEADER = { tableOffset: 0x28, entrySize: 0x3a, entries: 0x3c, names: 0x3e };
const SECTION = { type: 4, flags: 8, offset: 0x18, size: 0x20 };
const NULL = 0;
const NOBITS = 8;
const ALLOC = 2n;
