/**
 * A Windows executable without the certificate of whoever made the runtime, which no longer holds and would only be a
 * reason for warnings. Throws where it is not a 64-bit one, or where anything follows the certificate. Format:
 * Microsoft's PE/COFF specification.
 */
export function unsignPe(original: Buffer): Buffer {
  const header = original.readUInt32LE(0x3c);
  if (original.readUInt32LE(header) !== 0x00004550 || original.readUInt16LE(header + 24) !== 0x20b)
    throw new Error('not a 64-bit Windows executable');
  const entry = header + 24 + FIRST_DIRECTORY + CERTIFICATES * 8;
  const [offset, size] = [original.readUInt32LE(entry), original.readUInt32LE(entry + 4)];
  if (offset === 0) return original;
  if (offset + size !== original.length) throw new Error('a Windows executable that does not end with its certificate');
  const file = Buffer.from(original.subarray(0, offset));
  file.fill(0, entry, entry + 8);
  file.writeUInt32LE(0, header + 24 + CHECKSUM);
  return file;
}

/** Offsets in the optional header. */
const CHECKSUM = 64;
const FIRST_DIRECTORY = 112;
const CERTIFICATES = 4;
