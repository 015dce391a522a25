import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { KqlType } from '../../../src/model/kqlType.ts';
import type { PhysicalValue, SqlExpr } from '../../../src/engine/functions/contract.ts';
import { printSql } from '../../../src/engine/sql/expression.ts';
import { Bench, column, datetime, dyn, long, str, ticks } from './evaluate.ts';

let bench: Bench;
before(async () => {
  bench = await Bench.open();
});
after(() => bench.close());

type Case = readonly [call: string, args: readonly SqlExpr[], type: KqlType, want: PhysicalValue];

async function all(cases: readonly Case[]): Promise<void> {
  for (const [name, args, type, want] of cases)
    assert.equal(
      await bench.scalar(name, args, type),
      want,
      `${name}(${args.map((arg) => printSql(arg.sql)).join(', ')})`,
    );
}

test('length, case and order count characters, not bytes', () =>
  all([
    ['strlen', [str('⒦é')], 'long', 2n],
    ['string_size', [str('⒦é')], 'long', 5n],
    ['toupper', [str('aé')], 'string', 'AÉ'],
    ['reverse', [str('a😀b')], 'string', 'b😀a'],
    ['strcmp', [str('a'), str('B')], 'long', 1n],
    ['strcat', [str('a'), long(1), datetime('2024-01-02')], 'string', 'a12024-01-02T00:00:00.0000000Z'],
    ['strcat_delim', [str('-'), str('a'), column('string', ''), str('b')], 'string', 'a--b'],
    ['strrep', [str('ab'), long(3), str('.')], 'string', 'ab.ab.ab'],
  ]));

test('substring: zero-based, negative from the end', () =>
  all([
    ['substring', [str('abcdef'), long(2)], 'string', 'cdef'],
    ['substring', [str('abcdef'), long(2), long(2)], 'string', 'cd'],
    ['substring', [str('abcdef'), long(-2)], 'string', 'ef'],
    ['substring', [str('abc'), long(-9)], 'string', ''],
    ['substring', [str('abc'), long(9)], 'string', ''],
    ['substring', [str('a😀bc'), column('long', 1n), long(2)], 'string', '😀b'],
  ]));

test('indexof looks within a length, and for the n-th match', () =>
  all([
    ['indexof', [str('abcdefg'), str('cde')], 'long', 2n],
    ['indexof', [str('abcdefg'), str('cde'), long(1), long(2)], 'long', -1n],
    ['indexof', [str('abcdefg'), str('cde'), long(-5)], 'long', 2n],
    ['indexof', [str('abcabc'), str('bc'), long(0), long(-1), long(2)], 'long', 4n],
    ['indexof', [str('abc'), str('c'), long(0), long(-2)], 'long', null],
    ['indexof', [str('abc'), str('')], 'long', null],
    ['indexof_regex', [str('xab ab'), str('\\bab')], 'long', 4n],
    ['indexof_regex', [str('ababaa'), str('a.a'), long(0), long(-1), long(2)], 'long', -1n],
    ['indexof_regex', [str('abc'), str('b'), long(-1)], 'long', null],
    ['countof', [str('aaaa'), str('aa')], 'long', 3n],
    ['countof', [str('ababa'), str('aba'), str('regex')], 'long', 1n],
  ]));

test('regular expressions: extract, extract_all, replace, trim', () =>
  all([
    ['extract', [str('x=(\\d+)'), long(1), str('ax=42b')], 'string', '42'],
    ['extract', [str('(z)'), long(1), str('a')], 'string', ''],
    ['extract_all', [str('(\\w)(\\d)'), str('a1b2')], 'dynamic', '[["a","1"],["b","2"]]'],
    ['extract_all', [str('(\\d)'), str('a1b2')], 'dynamic', '["1","2"]'],
    ['extract_all', [str('(\\d)'), str('ab')], 'dynamic', null],
    ['extract_all', [str('(?P<l>\\w)(?P<d>\\d)'), dyn(['d', 1]), str('a1b2')], 'dynamic', '[["1","a"],["2","b"]]'],
    ['replace_regex', [str('a1b22'), str('(\\d+)'), str('<\\1>')], 'string', 'a<1>b<22>'],
    ['replace', [str('b'), str('c'), str('abab')], 'string', 'acac'],
    ['trim', [str('--'), str('--a--b----')], 'string', 'a--b--'],
    ['trim_start', [str('\\s+'), str('  a ')], 'string', 'a '],
    ['trim_end', [str('[^\\w]+'), str('a! ')], 'string', 'a'],
    ['matches regex', [str('abc'), str('^A')], 'bool', false],
    ['regex_quote', [str('a.b')], 'string', 'a\\.b'],
  ]));

test('replacing several words: each takes its places before the next looks', () =>
  all([
    ['replace_strings', [str('This is'), dyn(['This', 'is']), dyn(['This', 'was'])], 'string', 'This was'],
    ['replace_strings', [str('This is'), dyn(['is', 'This']), dyn(['was', 'x'])], 'string', 'Thwas was'],
    ['replace_strings', [str('ab'), dyn(['a', 'b']), dyn(['b', 'c'])], 'string', 'bc'],
    ['replace_string', [str('a.b.c'), str('.'), str('-')], 'string', 'a-b-c'],
    ['translate', [str('krasp'), str('otsku'), str('spark')], 'string', 'kusto'],
  ]));

test('splitting and joining', () =>
  all([
    ['split', [str('a__b'), str('_')], 'dynamic', '["a","","b"]'],
    ['split', [str(''), str('_')], 'dynamic', '[""]'],
    ['split', [str('a_b'), str('_'), long(1)], 'dynamic', '["b"]'],
    ['strcat_array', [dyn(['a', 1, null, 2.5]), str('-')], 'string', 'a-1--2.5'],
    ['unicode_codepoints_from_string', [str('A⒦')], 'dynamic', '[65,9382]'],
    ['make_string', [long(72), dyn([105, 33])], 'string', 'Hi!'],
    ['parse_csv', [str('a,"b ""c"", d",\ne,f')], 'dynamic', '["a","b \\"c\\", d",""]'],
    [
      'parse_command_line',
      [str('prog.exe "a b" c\\"d e\\\\"f g"'), str('windows')],
      'dynamic',
      '["prog.exe","a b","c\\"d","e\\\\f g"]',
    ],
  ]));

test('encodings and hashes', () =>
  all([
    ['base64_encode_tostring', [str('Kusto')], 'string', 'S3VzdG8='],
    ['base64_decode_tostring', [str('S3VzdG8=')], 'string', 'Kusto'],
    ['base64_decode_tostring', [str('_')], 'string', ''],
    ['base64_decode_toguid', [str('8jMxriJuSUmwahbmqbIS6w==')], 'guid', 'ae3133f2-6e22-4949-b06a-16e6a9b212eb'],
    ['base64_decode_toguid', [str('8jMx')], 'guid', null],
    ['base64_decode_toarray', [str('S3U=')], 'dynamic', '[75,117]'],
    ['url_encode', [str('a b/é')], 'string', 'a+b%2f%c3%a9'],
    ['url_encode_component', [str('a b/é')], 'string', 'a%20b%2f%c3%a9'],
    ['url_decode', [str('a+b%2F%C3%A9')], 'string', 'a b/é'],
    ['hash', [str('World')], 'long', 1846988464401551951n],
    ['hash', [str('World'), long(100)], 'long', 51n],
    ['hash', [datetime('2015-01-01')], 'long', 1380966698541616202n],
    ['hash_md5', [str('World')], 'string', 'f5a7924e621e84c9280a9a27e1bcb7f6'],
    ['hash_md5', [datetime('2020-01-01')], 'string', '786c530672d1f8db31fee25ea8a9390b'],
    ['hash', [str('Nobody inspects the spammish repetition')], 'long', BigInt.asIntN(64, 0xfbcea83c8a378bf1n)],
    [
      'gzip_decompress_from_base64_string',
      [str('H4sIAAAAAAAA/wEUAOv/MTIzNDU2Nzg5MHF3ZXJ0eXVpb3A6m7f2FAAAAA==')],
      'string',
      '1234567890qwertyuiop',
    ],
    ['zlib_decompress_from_base64_string', [str('x0x0x0')], 'string', ''],
    ['tohex', [long(-256)], 'string', 'ffffffffffffff00'],
    ['tohex', [column('int', -1n)], 'string', 'ffffffff'],
    ['tohex', [long(256), long(8)], 'string', '00000100'],
    ['punycode_from_string', [str('académie-française')], 'string', 'acadmie-franaise-npb1a'],
    ['punycode_to_string', [str('acadmie-franaise-npb1a')], 'string', 'académie-française'],
  ]));

test('addresses of the web and of files', () =>
  all([
    [
      'parse_url',
      [str('https://u:p@host:81/a/b?x=1&y#f')],
      'dynamic',
      '{"Scheme":"https","Host":"host","Port":"81","Path":"/a/b","Username":"u","Password":"p","Query Parameters":{"x":"1","y":""},"Fragment":"f"}',
    ],
    [
      'parse_path',
      [str('C:\\temp\\a.tar.gz:s')],
      'dynamic',
      '{"Scheme":"","RootPath":"C:","DirectoryPath":"C:\\\\temp","DirectoryName":"temp","Filename":"a.tar.gz","Extension":"gz","AlternateDataStreamName":"s"}',
    ],
    ['parse_version', [str('1.2.3.4')], 'decimal', '1000000020000000300000004'],
    ['parse_version', [str('1.x')], 'decimal', null],
    [
      'parse_xml',
      [str('<?xml version="1.0"?><e n="v">t<a>1</a><a>2</a><b/></e>')],
      'dynamic',
      '{"e":{"@n":"v","#text":"t","a":["1","2"],"b":null}}',
    ],
    ['parse_xml', [str('<a><b></a>')], 'dynamic', null],
  ]));

test('networks', () =>
  all([
    ['parse_ipv4', [str('192.168.1.1/24')], 'long', 3232235776n],
    ['parse_ipv4', [str('300.1.1.1')], 'long', null],
    ['ipv4_is_private', [str('172.31.0.1')], 'bool', true],
    ['ipv4_is_private', [str('8.8.8.8')], 'bool', false],
    ['ipv4_is_in_range', [str('10.1.2.3'), str('10.1.0.0/16')], 'bool', true],
    ['ipv4_is_in_any_range', [str('10.1.2.3'), dyn(['192.168.0.0/16', '10.0.0.0/8'])], 'bool', true],
    ['ipv4_compare', [str('10.0.0.1'), str('10.0.0.2')], 'long', -1n],
    ['ipv4_compare', [str('10.0.0.1'), str('10.0.0.2'), long(24)], 'long', 0n],
    [
      'ipv4_range_to_cidr_list',
      [str('1.1.128.0'), str('1.1.140.255')],
      'dynamic',
      '["1.1.128.0/21","1.1.136.0/22","1.1.140.0/24"]',
    ],
    ['parse_ipv6', [str('fe80::85d:e82c:9446:7994/120')], 'string', 'fe80:0000:0000:0000:085d:e82c:9446:7900'],
    ['ipv6_is_match', [str('::ffff:c0a8:0101'), str('192.168.1.1')], 'bool', true],
    ['has_ipv4', [str('at 127.0.0.1:80'), str('127.0.0.1')], 'bool', true],
    ['has_ipv4', [str('at127.0.0.1'), str('127.0.0.1')], 'bool', false],
    ['has_ipv4_prefix', [str('127.0.0.1'), str('127.0.')], 'bool', true],
    ['has_ipv4_prefix', [str('127.0.0.1'), str('127.0')], 'bool', false],
    ['format_ipv4', [long(3232235777), long(24)], 'string', '192.168.1.0'],
  ]));

test('a constant is not needed where a column will do', async () => {
  assert.equal(
    await bench.scalar(
      'strcat',
      [column('datetime', ticks('2024-01-01')), column('bool', null), column('real', 2)],
      'string',
    ),
    '2024-01-01T00:00:00.0000000Z2.0',
  );
});
