import type { PhysicalValue, ScalarFunction } from './contract.ts';
import { callJs, scalar, scripted, uncertain } from './define.ts';
import { isBag, jsonText, parseJson, dynamicValue, physicalDynamic, type Json, type JsonBag } from './json.ts';
import { emitParseJson } from './parseJson.ts';
import { parseXml } from './xmlText.ts';

const str = (value: PhysicalValue | undefined) => (typeof value === 'string' ? value : '');

function queryBag(query: string): JsonBag {
  const bag: JsonBag = new Map();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    bag.set(at < 0 ? pair : pair.slice(0, at), at < 0 ? '' : pair.slice(at + 1));
  }
  return bag;
}

/** The parts of an absolute URL, all texts; where a part is missing it is "". */
function parseUrl(url: string): JsonBag {
  const [, scheme = '', authority, rest = ''] = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([\s\S]*)$/.exec(url) ?? [
    undefined,
    '',
    undefined,
    url,
  ];
  const [, path = '', query = '', fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(?:#([\s\S]*))?$/.exec(rest) ?? [];
  const at = authority?.lastIndexOf('@') ?? -1;
  const user = at >= 0 ? (authority?.slice(0, at) ?? '') : '';
  const [, host = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?/.exec(authority?.slice(at + 1) ?? '') ?? [];
  const colon = user.indexOf(':');
  return new Map<string, Json>([
    ['Scheme', scheme],
    ['Host', host],
    ['Port', port],
    ['Path', path],
    ['Username', colon < 0 ? user : user.slice(0, colon)],
    ['Password', colon < 0 ? '' : user.slice(colon + 1)],
    ['Query Parameters', queryBag(query)],
    ['Fragment', fragment],
  ]);
}

/** The parts of a Windows or Unix file path, all texts. */
function parsePath(path: string): JsonBag {
  const [, scheme = '', afterScheme = path] = /^([A-Za-z][A-Za-z0-9+.-]+):\/\/([\s\S]*)$/.exec(path) ?? [];
  const root = /^(?:\\\\\?\\)?([A-Za-z]:)(?=[\\/]|$)/.exec(afterScheme)?.[1] ?? '';
  const cut = Math.max(afterScheme.lastIndexOf('/'), afterScheme.lastIndexOf('\\'));
  const directory = cut < 0 ? '' : afterScheme.slice(0, cut);
  const last = afterScheme.slice(cut + 1);
  const stream = last.indexOf(':');
  const file = stream < 0 ? last : last.slice(0, stream);
  const name = directory.slice(Math.max(directory.lastIndexOf('/'), directory.lastIndexOf('\\')) + 1);
  return new Map<string, Json>([
    ['Scheme', scheme],
    ['RootPath', root],
    ['DirectoryPath', directory],
    ['DirectoryName', name],
    ['Filename', file],
    ['Extension', file.includes('.') ? file.slice(file.lastIndexOf('.') + 1) : ''],
    ['AlternateDataStreamName', stream < 0 ? '' : last.slice(stream + 1)],
  ]);
}

/** The fields of the first record. */
function parseCsv(text: string): string[] {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    const quoted = text[at] === '"' ? /^"((?:[^"]|"")*)"?([^,\r\n]*)/.exec(text.slice(at)) : undefined;
    const field = quoted?.[0] ?? /^[^,\r\n]*/.exec(text.slice(at))?.[0] ?? '';
    fields.push(quoted ? (quoted[1] ?? '').replaceAll('""', '"') + (quoted[2] ?? '') : field);
    at += field.length;
    if (text[at] !== ',') return fields;
    at++;
  }
}

/** A version of up to four numbers as one decimal: eight digits for each below the first. */
function parseVersion(text: string): string | null {
  if (!/^\d{1,8}(\.\d{1,8}){0,3}$/.test(text.trim())) return null;
  const parts = text.trim().split('.');
  return [0, 1, 2, 3].reduce((whole, i) => whole * 100_000_000n + BigInt(parts[i] ?? 0), 0n).toString();
}

/**
 * The keys and places of `$.a.b[0]['c']`; undefined where the path is not of that form (wildcards, recursion and slices
 * are none).
 */
export function pathSteps(path: string): (string | number)[] | undefined {
  const steps = /^\$((?:\.[^.[\]*]+|\[\d+\]|\['[^']*'\]|\["[^"]*"\])*)$/.exec(path.trim())?.[1];
  return steps === undefined
    ? undefined
    : [...steps.matchAll(/\.([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/g)].map(
        ([, name, index, single, double]) => (index === undefined ? (name ?? single ?? double ?? '') : Number(index)),
      );
}

function followPath(value: Json | undefined, path: string): Json | undefined {
  const steps =
    pathSteps(path) ?? uncertain('A JSON path of that form in extract_json()', "Write it as $.key['other key'][0].");
  return steps.reduce<Json | undefined>(
    (at, step) =>
      typeof step === 'number' ? (Array.isArray(at) ? at[step] : undefined) : isBag(at) ? at.get(step) : undefined,
    value,
  );
}

/** What parts the labels of a domain name: the full stops that IDNA counts as one. */
const LABEL_END = /[.\u3002\uff0e\uff61]/;
const BASE = 36,
  T_MIN = 1,
  T_MAX = 26;

function adapt(delta: number, count: number, first: boolean): number {
  let rest = first ? Math.floor(delta / 700) : delta >> 1,
    k = 0;
  rest += Math.floor(rest / count);
  for (; rest > ((BASE - T_MIN) * T_MAX) >> 1; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + 38));
}

/** Punycode of one label (RFC 3492), the case of plain letters kept. */
function punycode(text: string): string {
  const points = [...text].map((char) => char.codePointAt(0) ?? 0);
  let out = points
    .filter((point) => point < 128)
    .map((point) => String.fromCharCode(point))
    .join('');
  const basic = out.length;
  if (basic > 0) out += '-';
  let n = 128,
    delta = 0,
    bias = 72;
  for (let done = basic; done < points.length;) {
    const next = Math.min(...points.filter((point) => point >= n));
    delta += (next - n) * (done + 1);
    n = next;
    for (const point of points) {
      if (point < n) delta++;
      if (point !== n) continue;
      let q = delta;
      for (let k = BASE; ; k += BASE) {
        const t = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
        if (q < t) break;
        out += digit(t + ((q - t) % (BASE - t)));
        q = Math.floor((q - t) / (BASE - t));
      }
      out += digit(q);
      bias = adapt(delta, done + 1, done === basic);
      delta = 0;
      done++;
    }
    delta++;
    n++;
  }
  return out;
}

const digit = (value: number) => String.fromCharCode(value < 26 ? 97 + value : 22 + value);

function unpunycode(text: string): string | null {
  const cut = text.lastIndexOf('-');
  const points = cut > 0 ? [...text.slice(0, cut)].map((char) => char.codePointAt(0) ?? 0) : [];
  let n = 128,
    i = 0,
    bias = 72;
  for (let at = cut > 0 ? cut + 1 : 0; at < text.length;) {
    const before = i;
    let weight = 1;
    for (let k = BASE; ; k += BASE) {
      const value = Number.parseInt(text[at++] ?? '?', 36);
      if (Number.isNaN(value)) return null;
      const place = value < 10 ? value + 26 : value - 10;
      i += place * weight;
      const t = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
      if (place < t) break;
      weight *= BASE - t;
    }
    bias = adapt(i - before, points.length + 1, before === 0);
    n += Math.floor(i / (points.length + 1));
    i %= points.length + 1;
    if (n > 0x10ffff) return null;
    points.splice(i++, 0, n);
  }
  return String.fromCodePoint(...points);
}

/** Text taken apart: JSON, CSV, XML, URLs, paths and versions; and international domain names (punycode). */
export const parsingFunctions: readonly ScalarFunction[] = [
  ...scalar('parse_json parsejson todynamic toobject', emitParseJson),
  // A third argument is the type, which the call has by then: the value found is converted as a dynamic is.
  ...scalar('extract_json extractjson', (args, ctx, result) => {
    if (result === 'string')
      return callJs(ctx, 'kql_extract_json', args.slice(0, 2), ['string', 'string'], 'string', (path, json) => {
        const found = followPath(parseJson(str(json)), str(path));
        return found === undefined || found === null ? '' : typeof found === 'string' ? found : jsonText(found);
      });
    const sql = callJs(ctx, 'kql_extract_json_value', args.slice(0, 2), ['string', 'string'], 'dynamic', (path, json) =>
      physicalDynamic(followPath(parseJson(str(json)), str(path)) ?? null),
    );
    return ctx.convert({ sql, type: 'dynamic' }, result).sql;
  }),
  ...scripted('parse_url parseurl', { params: ['string'], returns: 'dynamic' }, (url) => jsonText(parseUrl(str(url)))),
  ...scripted('parse_urlquery parseurlquery', { params: ['string'], returns: 'dynamic' }, (query) =>
    jsonText(new Map<string, Json>([['Query Parameters', queryBag(str(query))]])),
  ),
  ...scripted('parse_path', { params: ['string'], returns: 'dynamic' }, (path) => jsonText(parsePath(str(path)))),
  ...scripted('parse_csv', { params: ['string'], returns: 'dynamic' }, (text) => jsonText(parseCsv(str(text)))),
  ...scripted('parse_xml', { params: ['string'], returns: 'dynamic' }, (text) => physicalDynamic(parseXml(str(text)))),
  ...scripted('parse_version', { params: ['string'], returns: 'decimal' }, (text) => parseVersion(str(text))),
  // Of other types it is what tostring() makes of them; of a text inside dynamic the documentation does not say whether
  // it is quoted.
  ...scalar('dynamic_to_json', ([value], ctx) =>
    value && value.type !== 'dynamic'
      ? ctx.convert(value, 'string').sql
      : callJs(ctx, 'kql_dynamic_to_json', value ? [value] : [], ['dynamic'], 'string', (json) => {
          const parsed = dynamicValue(json);
          return typeof parsed === 'string'
            ? uncertain('dynamic_to_json() of a text that is all of a dynamic value')
            : parsed === null
              ? ''
              : sortedText(parsed);
        }),
  ),
  ...scripted('punycode_from_string', { params: ['string'], returns: 'string' }, (text) => punycode(str(text))),
  ...scripted('punycode_to_string', { params: ['string'], returns: 'string' }, (text) => unpunycode(str(text)) ?? ''),
  ...scripted('punycode_domain_to_string', { params: ['string'], returns: 'string' }, (text) =>
    str(text)
      .split(LABEL_END)
      .map((label) => (/^[\u0000-\u007f]*$/.test(label) ? label : `xn--${punycode(label)}`))
      .join('.'),
  ),
  ...scripted('punycode_domain_from_string', { params: ['string'], returns: 'string' }, (text) =>
    str(text)
      .split('.')
      .map((label) => (/^xn--/i.test(label) ? (unpunycode(label.slice(4)) ?? label) : label))
      .join('.'),
  ),
];

/** JSON with the keys of every bag in order. */
function sortedText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(sortedText).join(',')}]`;
  if (!isBag(value)) return jsonText(value);
  const keys = [...value.keys()].sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${sortedText(value.get(key) ?? null)}`).join(',')}}`;
}
