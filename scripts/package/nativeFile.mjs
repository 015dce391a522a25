// What the header of a native file says of the machine it is made for.

const ELF = { 0x3e: 'x64', 0xb7: 'arm64' };
const PE = { 0x8664: 'x64', 0xaa64: 'arm64' };
const MACH = { 0x01000007: 'x64', 0x0100000c: 'arm64' };

/**
 * { system, machines, libc } of a native file's bytes, in Node's words (`linux`, [`arm64`]); `libc` is set for Linux
 * only, `machines` has two entries for a universal file of macOS. Undefined where the bytes are none of ELF, PE and
 * Mach-O.
 */
export function describeNativeFile(bytes) {
  if (bytes.length < 64) return undefined;
  if (bytes.readUInt32BE(0) === 0x7f454c46)
    return {
      system: 'linux',
      machines: [ELF[bytes.readUInt16LE(18)]],
      libc: bytes.includes('libc.musl-') ? 'musl' : bytes.includes('libc.so.6') ? 'glibc' : undefined,
    };
  if (bytes.toString('latin1', 0, 2) === 'MZ') {
    const header = bytes.readUInt32LE(0x3c);
    return bytes.toString('latin1', header, header + 4) === 'PE\0\0'
      ? { system: 'win32', machines: [PE[bytes.readUInt16LE(header + 4)]] }
      : undefined;
  }
  if (bytes.readUInt32LE(0) === 0xfeedfacf) return { system: 'darwin', machines: [MACH[bytes.readUInt32LE(4)]] };
  // A universal file: a table of big-endian entries of 20 bytes, each beginning with its machine.
  if (bytes.readUInt32BE(0) === 0xcafebabe)
    return {
      system: 'darwin',
      machines: Array.from({ length: bytes.readUInt32BE(4) }, (_, at) => MACH[bytes.readUInt32BE(8 + 20 * at)]),
    };
  return undefined;
}
