/** A load command of a Mach-O file: its kind, where it stands, how long it is. */
export interface LoadCommand {
  kind: number;
  at: number;
  size: number;
}

/** The kinds that stripping and signing look at. Format: Apple's mach-o/loader.h. */
export const KIND = { symbols: 0x2, dynamicSymbols: 0xb, segment: 0x19, signature: 0x1d } as const;

/** Offsets in the header of a 64-bit Mach-O file. */
export const HEADER = { commands: 16, commandBytes: 20, size: 32 } as const;

/** Offsets in the command of a segment. */
export const SEGMENT = {
  name: 8,
  memorySize: 32,
  fileOffset: 40,
  fileSize: 48,
  sections: 64,
  firstSection: 72,
} as const;

/** Throws where it is not a thin 64-bit little-endian Mach-O file. */
export function loadCommands(file: Buffer): LoadCommand[] {
  if (file.readUInt32LE(0) !== 0xfeedfacf) throw new Error('not a 64-bit little-endian Mach-O file');
  const commands: LoadCommand[] = [];
  let at: number = HEADER.size;
  for (let left = file.readUInt32LE(HEADER.commands); left > 0; left -= 1) {
    const size = file.readUInt32LE(at + 4);
    commands.push({ kind: file.readUInt32LE(at), at, size });
    at += size;
  }
  return commands;
}

/** The one command of a kind. Throws where there is none. */
export function commandOf(file: Buffer, kind: number): LoadCommand {
  const found = loadCommands(file).find((command) => command.kind === kind);
  if (!found) throw new Error(`a Mach-O file without load command 0x${kind.toString(16)}`);
  return found;
}

/** The command of a segment. Throws where there is none of that name. */
export function segmentOf(file: Buffer, name: string): LoadCommand {
  const found = loadCommands(file).find(
    ({ kind, at }) =>
      kind === KIND.segment && file.toString('latin1', at + SEGMENT.name, at + 24).replace(/\0+$/, '') === name,
  );
  if (!found) throw new Error(`a Mach-O file without segment ${name}`);
  return found;
}

/** Ends the file at `end`, which is the end of __LINKEDIT too. Memory is counted in pages of 16 kB. */
export function endLinkEdit(file: Buffer, end: number): void {
  const { at } = segmentOf(file, '__LINKEDIT');
  const size = end - Number(file.readBigUInt64LE(at + SEGMENT.fileOffset));
  file.writeBigUInt64LE(BigInt(size), at + SEGMENT.fileSize);
  file.writeBigUInt64LE(BigInt(Math.ceil(size / PAGE) * PAGE), at + SEGMENT.memorySize);
}

const PAGE = 0x4000;
