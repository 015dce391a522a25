/** An address of either kind as its bits, with the network prefix that was written after it. */
export interface IpAddress {
  readonly bits: bigint;
  readonly prefix: number;
}

/** `a.b.c.d[/n]`; undefined for anything else. */
export function parseIpv4(text: string): IpAddress | undefined {
  const match = /^\s*(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?\s*$/.exec(text);
  if (!match) return undefined;
  const parts = match.slice(1, 5).map(Number),
    prefix = match[5] === undefined ? 32 : Number(match[5]);
  if (parts.some((part) => part > 255) || prefix > 32) return undefined;
  return { bits: parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n), prefix };
}

/** The bits with all beyond the prefix cleared. */
export function maskBits(bits: bigint, prefix: number, width: 32 | 128): bigint {
  const tail = BigInt(width - prefix);
  return (bits >> tail) << tail;
}

/** The lower 32 bits as `a.b.c.d`. */
export function formatIpv4(bits: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 255n).join('.');
}

/** An IPv6 address, or an IPv4 address as `::ffff:a.b.c.d`; the prefix of IPv4 notation counts its own 32 bits. */
export function parseIpv6(text: string): IpAddress | undefined {
  const v4 = parseIpv4(text);
  if (v4) return { bits: 0xffff00000000n | v4.bits, prefix: v4.prefix + 96 };
  const match = /^\s*([0-9a-fA-F:.]+)(?:%\w+)?(?:\/(\d{1,3}))?\s*$/.exec(text);
  if (!match) return undefined;
  let address = match[1] ?? '',
    prefix = match[2] === undefined ? 128 : Number(match[2]);
  const dotted = /(?<=:)(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  if (dotted !== undefined) {
    const tail = parseIpv4(dotted);
    if (!tail) return undefined;
    address =
      address.slice(0, -dotted.length) +
      [tail.bits >> 16n, tail.bits & 0xffffn].map((group) => group.toString(16)).join(':');
    if (match[2] !== undefined) prefix += 96;
  }
  const groups = expandGroups(address);
  if (!groups || prefix > 128) return undefined;
  return { bits: groups.reduce((sum, group) => (sum << 16n) | BigInt(Number.parseInt(group, 16)), 0n), prefix };
}

function expandGroups(address: string): string[] | undefined {
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  return groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) ? groups : undefined;
}

/** The same for comparing: `::a.b.c.d` stands for the IPv4 address it spells. */
export function parseIpv6ToCompare(text: string): IpAddress | undefined {
  const address = parseIpv6(text);
  return address && text.includes('.') && address.bits >> 32n === 0n
    ? { ...address, bits: 0xffff00000000n | address.bits }
    : address;
}

/** Eight groups of four lower-case digits. */
export function formatIpv6(bits: bigint): string {
  return (bits.toString(16).padStart(32, '0').match(/.{4}/g) ?? []).join(':');
}

/** Fewest CIDR blocks that cover start to end. */
export function rangeToCidrs(start: bigint, end: bigint): string[] {
  const blocks: string[] = [];
  for (let at = start; at <= end;) {
    let size = 0;
    while (size < 32 && (at & ((1n << BigInt(size + 1)) - 1n)) === 0n && at + (1n << BigInt(size + 1)) - 1n <= end)
      size++;
    blocks.push(`${formatIpv4(at)}/${32 - size}`);
    at += 1n << BigInt(size);
  }
  return blocks;
}
