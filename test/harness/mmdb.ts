/** Makes tiny databases of addresses in MaxMind's format (https://maxmind.github.io/MaxMind-DB/), for tests. */
type Value = string | number | readonly Value[] | { readonly [key: string]: Value };

/**
 * A database of kind `kind` with the value of each network: `1.2.3.0/24`, or `2001:db8::/32` written out in full
 * groups.
 */
export function makeMmdb(kind: string, networks: Readonly<Record<string, Value>>): Buffer {
  const nodes: [number | string | undefined, number | string | undefined][] = [[undefined, undefined]];
  for (const [network, bits] of Object.keys(networks).map((name): [string, string] => [name, bitsOf(name)])) {
    let at = 0;
    for (const [i, bit] of [...bits].entries()) {
      const side = Number(bit) as 0 | 1;
      if (i === bits.length - 1) {
        nodes[at]![side] = network;
        break;
      }
      const next = nodes[at]![side];
      if (typeof next === 'number') {
        at = next;
        continue;
      }
      nodes.push([undefined, undefined]);
      nodes[at]![side] = nodes.length - 1;
      at = nodes.length - 1;
    }
  }
  const offsets = new Map<string, number>();
  const data: Buffer[] = [];
  let length = 0;
  for (const [network, value] of Object.entries(networks)) {
    const bytes = encode(value);
    offsets.set(network, length);
    data.push(bytes);
    length += bytes.length;
  }
  const tree = Buffer.alloc(nodes.length * 8);
  nodes.forEach((pair, i) =>
    pair.forEach((to, side) =>
      tree.writeUInt32BE(
        to === undefined ? nodes.length : typeof to === 'number' ? to : nodes.length + 16 + offsets.get(to)!,
        i * 8 + side * 4,
      ),
    ),
  );
  const about = {
    node_count: nodes.length,
    record_size: 32,
    ip_version: 6,
    database_type: kind,
    languages: ['en'],
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000,
    description: { en: 'made for a test' },
  };
  return Buffer.concat([
    tree,
    Buffer.alloc(16),
    ...data,
    Buffer.from('abcdef4d61784d696e642e636f6d', 'hex'),
    encode(about),
  ]);
}

function bitsOf(network: string): string {
  const [address = '', size] = network.split('/');
  const v4 = address.includes('.');
  const bits = v4
    ? '0'.repeat(96) +
      address
        .split('.')
        .map((part) => Number(part).toString(2).padStart(8, '0'))
        .join('')
    : address
        .split(':')
        .map((part) => Number.parseInt(part, 16).toString(2).padStart(16, '0'))
        .join('');
  return bits.slice(0, Number(size) + (v4 ? 96 : 0));
}

function encode(value: Value): Buffer {
  if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    return Buffer.concat([control(2, bytes.length), bytes]);
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(Number.isInteger(value) ? 4 : 8);
    if (Number.isInteger(value)) bytes.writeUInt32BE(value);
    else bytes.writeDoubleBE(value);
    return Buffer.concat([control(Number.isInteger(value) ? 6 : 3, bytes.length), bytes]);
  }
  if (Array.isArray(value))
    return Buffer.concat([control(11, value.length), ...(value as readonly Value[]).map(encode)]);
  const entries = Object.entries(value as Readonly<Record<string, Value>>);
  return Buffer.concat([control(7, entries.length), ...entries.flatMap(([key, item]) => [encode(key), encode(item)])]);
}
function control(type: number, size: number): Buffer {
  const low = Math.min(size, 29);
  return Buffer.from([...(type > 7 ? [low, type - 7] : [(type << 5) | low]), ...(size >= 29 ? [size - 29] : [])]);
}
