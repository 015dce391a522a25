/** Names that are devices in every folder of Windows, whatever ending they have. */
const DEVICES = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])$/i;
/** Whether Windows takes a file of this name, in any folder and with any ending, for a device. */
export function isDeviceName(name: string): boolean {
  return DEVICES.test(name.split('.')[0]!.trim());
}
/** Characters of a name, and bytes of it in UTF-8: room for endings below the 255 that file systems take. */
const MOST_CHARACTERS = 80;
const MOST_BYTES = 200;

/**
 * A name for a file of each of these customers, without an ending: valid on Windows, macOS and Linux, and no two alike
 * where case and composition of letters do not count. The same customers get the same names, in whatever order.
 */
export function customerFileNames(names: readonly string[]): string[] {
  const chosen: string[] = [];
  const taken = new Set<string>();
  const order = names.map((_, i) => i).sort((a, b) => (names[a]! < names[b]! ? -1 : 1));
  for (const i of order) {
    const wanted = fileName(names[i]!);
    let name = wanted;
    for (let n = 2; taken.has(likeness(name)); n++) name = `${wanted} (${n})`;
    taken.add(likeness(name));
    chosen[i] = name;
  }
  return chosen;
}

function fileName(name: string): string {
  const characters = name
    .normalize('NFC')
    .replace(/[\\/:*?"<>|]+/g, '-')
    // What shows nothing or turns the line has no business in a name; a half of a character is none.
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]+/gu, '')
    .replace(/\s+/g, ' ');
  const words = trimmed(cut(trimmed(characters))) || 'customer';
  // Beside each file lies one that ends so.
  const own = words.replace(/\.completeness$/i, '-completeness');
  return isDeviceName(own) ? `_${own}` : own;
}

/**
 * Windows drops dots and spaces at the end; at the start a dot hides a file, a dash makes an option of it, a tilde is
 * somebody's home or a lock of Excel.
 */
function trimmed(text: string): string {
  return text.replace(/^[\s.\-~]+|[\s.]+$/g, '');
}

function cut(text: string): string {
  let bytes = 0,
    length = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (length + character.length > MOST_CHARACTERS || bytes > MOST_BYTES) break;
    length += character.length;
  }
  return text.slice(0, length);
}

/** Equal where some file system takes two names for one. */
function likeness(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}
