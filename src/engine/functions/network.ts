import type { PhysicalValue, ScalarFunction } from './contract.ts';
import { scripted } from './define.ts';
import {
  formatIpv4,
  formatIpv6,
  maskBits,
  parseIpv4,
  parseIpv6,
  parseIpv6ToCompare,
  rangeToCidrs,
  type IpAddress,
} from './ipText.ts';
import { dynamicValue, jsonText, jsonToString } from './json.ts';

type Physical = PhysicalValue | undefined;
interface Family {
  readonly width: 32 | 128;
  readonly parse: (text: string) => IpAddress | undefined;
}

const V4: Family = { width: 32, parse: parseIpv4 };
const V6: Family = { width: 128, parse: parseIpv6ToCompare };
const str = (value: Physical) => (typeof value === 'string' ? value : '');

/**
 * A given prefix; undefined where it is no count of bits in the address. A prefix for IPv6 functions may be given for
 * IPv4 notation too.
 */
function prefixOf(value: Physical, width: number): number | undefined {
  if (value === undefined) return width;
  const prefix = value === null ? -1 : Number(value);
  return prefix >= 0 && prefix <= width ? prefix : undefined;
}

/** -1, 0 or 1 under the shortest of the prefixes; null where something is no address. */
function compare(family: Family, a: Physical, b: Physical, given: Physical): bigint | null {
  const x = family.parse(str(a)),
    y = family.parse(str(b)),
    prefix = prefixOf(given, family.width);
  if (!x || !y || prefix === undefined) return null;
  const shortest = Math.min(x.prefix, y.prefix, prefix);
  const left = maskBits(x.bits, shortest, family.width),
    right = maskBits(y.bits, shortest, family.width);
  return left < right ? -1n : left > right ? 1n : 0n;
}

function isInRange(family: Family, address: Physical, range: Physical): boolean | null {
  const x = family.parse(str(address)),
    y = family.parse(str(range));
  if (!x || !y) return null;
  return maskBits(x.bits, y.prefix, family.width) === maskBits(y.bits, y.prefix, family.width);
}

const rangesOf = (args: readonly Physical[]) =>
  args.flatMap((arg) => {
    const value = dynamicValue(arg);
    return (Array.isArray(value) ? value : [value]).map(jsonToString);
  });

function isInAny(family: Family, address: Physical, ranges: readonly string[]): boolean | null {
  const found = ranges.map((range) => isInRange(family, address, range));
  if (found.length === 0) return family.parse(str(address)) ? false : null;
  return found.includes(true) ? true : found.every((one) => one === null) ? null : false;
}

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']
  .map((range) => parseIpv4(range))
  .filter((range) => range !== undefined);

function isPrivate(text: Physical): boolean | null {
  const address = parseIpv4(str(text));
  if (!address) return null;
  return PRIVATE.some(
    (range) => address.prefix >= range.prefix && maskBits(address.bits, range.prefix, 32) === range.bits,
  );
}

/** The addresses that stand in a text, each delimited by something that is no letter or digit. */
function addressesIn(text: string): string[] {
  return [...text.matchAll(/(?<![A-Za-z0-9])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![A-Za-z0-9])/g)]
    .map(([found]) => found)
    .filter((found) => parseIpv4(found));
}

const hasAddress = (text: Physical, wanted: readonly string[]) => {
  const bits = new Set(
    wanted.map((one) => (one.includes('/') ? undefined : parseIpv4(one)?.bits)).filter((one) => one !== undefined),
  );
  return bits.size > 0 && addressesIn(str(text)).some((found) => bits.has(parseIpv4(found)?.bits ?? -1n));
};

/** A prefix is whole octets that end in a dot, or a full address. */
const hasPrefix = (text: Physical, wanted: readonly string[]) => {
  const valid = wanted.filter((prefix) => /^(\d{1,3}\.){1,3}$/.test(prefix) || parseIpv4(prefix));
  return addressesIn(str(text)).some((found) =>
    valid.some((prefix) => (prefix.endsWith('.') ? found.startsWith(prefix) : found === prefix)),
  );
};

/** The network of an address given as text or number under a prefix, as text; "" where it is none. */
function format(address: Physical, given: Physical, withMask: boolean): string {
  const value = dynamicValue(address);
  const number =
    typeof value === 'bigint' && value >= 0n && value <= 0xffffffffn ? { bits: value, prefix: 32 } : undefined;
  const parsed = number ?? (typeof value === 'string' ? parseIpv4(value) : undefined),
    prefix = prefixOf(given, 32);
  if (!parsed || prefix === undefined) return '';
  const shortest = Math.min(parsed.prefix, prefix);
  return formatIpv4(maskBits(parsed.bits, shortest, 32)) + (withMask ? `/${shortest}` : '');
}

function canonical6(text: Physical, given: Physical): string {
  const address = parseIpv6(str(text)),
    prefix = prefixOf(given, 128);
  return address && prefix !== undefined
    ? formatIpv6(maskBits(address.bits, Math.min(address.prefix, prefix), 128))
    : '';
}

function number4(text: Physical, given: Physical): bigint | null {
  const address = parseIpv4(str(text)),
    prefix = prefixOf(given, 32);
  return address && prefix !== undefined ? maskBits(address.bits, Math.min(address.prefix, prefix), 32) : null;
}

const pair = { params: ['string', 'string', 'long'], optional: 1 } as const;

const family = (name: 'ipv4' | 'ipv6', kind: Family): ScalarFunction[] => [
  ...scripted(`${name}_compare`, { ...pair, returns: 'long' }, (a, b, prefix) => compare(kind, a, b, prefix)),
  ...scripted(`${name}_is_match`, { ...pair, returns: 'bool' }, (a, b, prefix) => {
    const order = compare(kind, a, b, prefix);
    return order === null ? null : order === 0n;
  }),
  ...scripted(`${name}_is_in_range`, { params: ['string', 'string'], returns: 'bool' }, (address, range) =>
    isInRange(kind, address, range),
  ),
  ...scripted(
    `${name}_is_in_any_range`,
    { params: ['string'], rest: 'dynamic', returns: 'bool' },
    (address, ...ranges) => isInAny(kind, address, rangesOf(ranges)),
  ),
];

/** IPv4 and IPv6 addresses: parsed, written, compared by prefix, sought in ranges and in text. */
export const networkFunctions: readonly ScalarFunction[] = [
  ...family('ipv4', V4),
  ...family('ipv6', V6),
  ...scripted('parse_ipv4', { params: ['string'], returns: 'long' }, (text) => number4(text, undefined)),
  ...scripted('parse_ipv4_mask', { params: ['string', 'long'], returns: 'long' }, (text, prefix) =>
    number4(text, prefix),
  ),
  ...scripted('parse_ipv6', { params: ['string'], returns: 'string' }, (text) => canonical6(text, undefined)),
  ...scripted('parse_ipv6_mask', { params: ['string', 'long'], returns: 'string' }, (text, prefix) =>
    canonical6(text, prefix),
  ),
  ...scripted('format_ipv4', { params: ['dynamic', 'long'], optional: 1, returns: 'string' }, (address, prefix) =>
    format(address, prefix, false),
  ),
  ...scripted('format_ipv4_mask', { params: ['dynamic', 'long'], optional: 1, returns: 'string' }, (address, prefix) =>
    format(address, prefix, true),
  ),
  ...scripted('ipv4_is_private', { params: ['string'], returns: 'bool' }, isPrivate),
  ...scripted('ipv4_netmask_suffix', { params: ['string'], returns: 'long' }, (text) => {
    const address = parseIpv4(str(text));
    return address ? BigInt(address.prefix) : null;
  }),
  ...scripted('ipv4_range_to_cidr_list', { params: ['string', 'string'], returns: 'dynamic' }, (start, end) => {
    const from = parseIpv4(str(start)),
      to = parseIpv4(str(end));
    return from && to && from.bits <= to.bits ? jsonText(rangeToCidrs(from.bits, to.bits)) : null;
  }),
  ...scripted('has_ipv4', { params: ['string', 'string'], returns: 'bool' }, (text, address) =>
    hasAddress(text, [str(address)]),
  ),
  ...scripted('has_any_ipv4', { params: ['string'], rest: 'dynamic', returns: 'bool' }, (text, ...list) =>
    hasAddress(text, rangesOf(list)),
  ),
  ...scripted('has_ipv4_prefix', { params: ['string', 'string'], returns: 'bool' }, (text, prefix) =>
    hasPrefix(text, [str(prefix)]),
  ),
  ...scripted('has_any_ipv4_prefix', { params: ['string'], rest: 'dynamic', returns: 'bool' }, (text, ...list) =>
    hasPrefix(text, rangesOf(list)),
  ),
];
