// Reads a ZIP archive by its own table of contents, so that a package is judged by what is in it.
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const ENTRY = 0x02014b50;

/**
 * The files of an archive: name -> { size, read() }. `size` is in bytes, unpacked. Throws where the file is no ZIP
 * archive. Archives above 4 GB are not read.
 */
export function openZip(path) {
  const bytes = readFileSync(path);
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== END) end--;
  if (end < 0) throw new Error(`${path} is not a ZIP archive.`);
  const files = new Map();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (bytes.readUInt32LE(at) !== ENTRY) throw new Error(`${path} has a broken table of contents.`);
    const [packed, size] = [bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24)];
    const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    const method = bytes.readUInt16LE(at + 10);
    const start = bytes.readUInt32LE(at + 42);
    const read = () => {
      // The local header repeats the name, and has an extra field of its own length.
      const from = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
      const body = bytes.subarray(from, from + packed);
      return method === 0 ? Buffer.from(body) : inflateRawSync(body);
    };
    files.set(bytes.toString('utf8', at + 46, at + 46 + name), { size, read });
    at += 46 + name + extra + comment;
  }
  return files;
}
