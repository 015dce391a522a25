import { createHash } from 'node:crypto';
import { deflateSync, gzipSync, gunzipSync, inflateSync } from 'node:zlib';
import { textSql } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import type { EmitContext, PhysicalValue, ScalarFunction, SqlExpr } from './contract.ts';
import { argument, callJs, jsFunction, literalText, scalar, scripted, uncertain } from './define.ts';
import { dynamicValue, jsonText } from './json.ts';
import { xxhash64 } from './xxhash64.ts';

const str = (value: PhysicalValue | undefined) => (typeof value === 'string' ? value : '');
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const toBase64 = (bytes: Iterable<number>) => Buffer.from([...bytes]).toString('base64');
const toHex = (bytes: Iterable<number>) => Buffer.from([...bytes]).toString('hex');

/** The text of UTF-8 bytes; undefined where they are not UTF-8. */
function readUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function readBase64(text: string): Uint8Array | undefined {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
    ? Uint8Array.from(Buffer.from(text, 'base64'))
    : undefined;
}

/** The bytes of a GUID as .NET lays them out: the first three groups little-endian. */
const GUID_ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

function guidToBase64(guid: string): string {
  const bytes = Buffer.from(guid.replaceAll('-', ''), 'hex');
  return toBase64(GUID_ORDER.map((i) => bytes[i] ?? 0));
}

function base64ToGuid(text: string): string | null {
  const bytes = readBase64(text);
  if (bytes?.length !== 16) return null;
  // The documented example leaves these two as they come, base64_encode_fromguid() turns them round.
  if (bytes[6] !== bytes[7])
    uncertain('base64_decode_toguid() of a GUID whose third group depends on the order of its bytes');
  const hex = toHex(GUID_ORDER.map((i) => bytes[i] ?? 0));
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function unpack(text: string, inflate: (bytes: Uint8Array) => Uint8Array): string {
  const bytes = readBase64(text);
  if (!bytes || bytes.length === 0) return '';
  try {
    return readUtf8(inflate(bytes)) ?? '';
  } catch {
    return '';
  }
}

const MAX_STORED = 100;

/**
 * Text in gzip or zlib form. The real engine's deflate (ISA-L) keeps short text as it is, since its code table alone is
 * longer; what it makes of longer text cannot be told, so only constants up to 100 bytes are packed.
 */
function emitPack(kind: 'gzip' | 'zlib', args: readonly SqlExpr[], ctx: EmitContext): Sql {
  const text = literalText(argument(args, 0, ctx)),
    bytes = utf8(text ?? '');
  if (text === undefined || bytes.length > MAX_STORED)
    return ctx.refuse(
      `${kind}_compress_to_base64_string() of more than a short constant`,
      'base64_encode_tostring() keeps text without packing it',
    );
  const stored = [1, bytes.length, 0, 255 - bytes.length, 255, ...bytes];
  const check = [...(kind === 'gzip' ? gzipSync(bytes) : deflateSync(bytes))];
  const packed =
    kind === 'gzip'
      ? [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, ...stored, ...check.slice(-8)]
      : [0x78, 1, ...stored, ...check.slice(-4)];
  return textSql(toBase64(packed));
}

const UNRESERVED = /[A-Za-z0-9\-_.~]/;
const percent = (bytes: Uint8Array) => [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** Percent encoding in lower-case hexadecimal of all but the characters of `keep`. */
function urlEncode(text: string, keep: RegExp, space: string): string {
  return [...text].map((char) => (char === ' ' ? space : keep.test(char) ? char : percent(utf8(char)))).join('');
}

function urlDecode(text: string): string {
  const bytes: number[] = [];
  const source = utf8(text);
  for (let i = 0; i < source.length; i++) {
    const hex = source[i] === 0x25 ? String.fromCharCode(...source.subarray(i + 1, i + 3)) : '';
    if (/^[0-9a-fA-F]{2}$/.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      i += 2;
    } else bytes.push(source[i] === 0x2b ? 0x20 : (source[i] ?? 0));
  }
  return Buffer.from(bytes).toString('utf8');
}

/** Text is hashed as UTF-8, ticks and longs as eight bytes little-endian. */
function emitHash(args: readonly SqlExpr[], ctx: EmitContext): Sql {
  const value = argument(args, 0, ctx),
    type = value.type;
  if (!['string', 'dynamic', 'long', 'datetime', 'timespan'].includes(type))
    ctx.refuse(`hash() of ${type}`, 'hash its text: hash(tostring(x))');
  const as = type === 'dynamic' ? 'string' : type;
  const call = (source: PhysicalValue, modulus?: PhysicalValue) => {
    if (source === null) return null;
    const hash = BigInt.asIntN(64, xxhash64(typeof source === 'bigint' ? littleEndian(source) : utf8(str(source))));
    if (modulus === undefined) return hash;
    return typeof modulus === 'bigint' && modulus > 0n ? ((hash % modulus) + modulus) % modulus : null;
  };
  return callJs(ctx, `kql_hash_${as}`, args, [as, 'long'], 'long', call);
}

function littleEndian(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, value, true);
  return bytes;
}

const digest = (names: string, algorithm: string) =>
  scalar(names, (args, ctx) =>
    ctx.js(
      jsFunction(`kql_hash_${algorithm}`, ['string'], 'string', (text) =>
        createHash(algorithm)
          .update(utf8(str(text)))
          .digest('hex'),
      ),
      ctx.convert(argument(args, 0, ctx), 'string').sql,
    ),
  );

/** Hashes, base64, compression and URL encoding of text. */
export const encodingFunctions: readonly ScalarFunction[] = [
  ...scalar('hash hash_xxhash64', emitHash),
  ...digest('hash_md5', 'md5'),
  ...digest('hash_sha1', 'sha1'),
  ...digest('hash_sha256', 'sha256'),
  ...scripted('base64_encode_tostring base64_encodestring', { params: ['string'], returns: 'string' }, (text) =>
    toBase64(utf8(str(text))),
  ),
  ...scripted(
    'base64_decode_tostring base64_decodestring',
    { params: ['string'], returns: 'string' },
    (text) => readUtf8(readBase64(str(text)) ?? new Uint8Array()) ?? '',
  ),
  ...scripted('base64_decode_toarray', { params: ['string'], returns: 'dynamic' }, (text) => {
    const bytes = readBase64(str(text));
    return bytes ? jsonText([...bytes].map(BigInt)) : null;
  }),
  ...scripted('base64_encode_fromarray', { params: ['dynamic'], returns: 'string' }, (list) => {
    const bytes = dynamicValue(list);
    return Array.isArray(bytes) && bytes.every((byte) => typeof byte === 'bigint' && byte >= 0n && byte <= 255n)
      ? toBase64(bytes.map(Number))
      : '';
  }),
  ...scripted('base64_encode_fromguid', { params: ['guid'], returns: 'string' }, (guid) =>
    typeof guid === 'string' ? guidToBase64(guid) : '',
  ),
  ...scripted('base64_decode_toguid', { params: ['string'], returns: 'guid' }, (text) => base64ToGuid(str(text))),
  ...scalar('gzip_compress_to_base64_string', (args, ctx) => emitPack('gzip', args, ctx)),
  ...scalar('zlib_compress_to_base64_string', (args, ctx) => emitPack('zlib', args, ctx)),
  ...scripted('gzip_decompress_from_base64_string', { params: ['string'], returns: 'string' }, (text) =>
    unpack(str(text), (bytes) => new Uint8Array(gunzipSync(bytes))),
  ),
  ...scripted('zlib_decompress_from_base64_string', { params: ['string'], returns: 'string' }, (text) =>
    unpack(str(text), (bytes) => new Uint8Array(inflateSync(bytes))),
  ),
  ...scripted('url_encode', { params: ['string'], returns: 'string' }, (text) =>
    urlEncode(str(text), /[A-Za-z0-9\-_.!*()]/, '+'),
  ),
  ...scripted('url_encode_component', { params: ['string'], returns: 'string' }, (text) =>
    urlEncode(str(text), UNRESERVED, '%20'),
  ),
  ...scripted('url_decode', { params: ['string'], returns: 'string' }, (text) => urlDecode(str(text))),
];
