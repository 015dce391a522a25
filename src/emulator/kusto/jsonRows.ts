import { digitsOf, parseExact, writeExact } from '../../engine/runtime/exactJson.ts';
import type { Cell, KqlType } from '../../model/kqlType.ts';
import type { KustoTable } from '../stores.ts';

/** Why a body does not become rows: a code of the service (DX ingestion error codes) and what it says. */
export class BadRows extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * The rows of a JSON body by a table's mapping: objects one after another, a line each (`json`), or in an array
 * (`multijson`). All of them or none. Without a mapping columns are taken by their names: queued ingestion allows it.
 */
export function jsonRows(table: KustoTable, text: string, format: string, mapping: string | undefined): Cell[][] {
  if (!/^(?:multi)?json$/i.test(format))
    throw new BadRows('BadRequest_FormatNotSupported', `The emulator does not take the format ${format}.`);
  const places = mapping === undefined ? undefined : table.mappings.get(mapping);
  if (mapping !== undefined && !places)
    throw new BadRows(
      'BadRequest_MappingReferenceWasNotFound',
      `Mapping reference '${mapping}' of type 'Json' was not found.`,
    );
  const names = new Map(places?.map(({ column, path }) => [column, nameOf(path)]));
  return recordsOf(text, format).map((record) =>
    table.columns.map(({ name, type }) => {
      const from = places ? names.get(name) : name;
      return toCell(from === undefined ? undefined : record[from], type);
    }),
  );
}

/** The member a JSON path leads to: `$.name` or `$['name']`, no further. */
function nameOf(path: string): string {
  const [, plain, quoted] = /^\$(?:\.(\w+)|\['((?:[^'\\]|\\.)*)'\])$/.exec(path) ?? [];
  if (plain === undefined && quoted === undefined)
    throw new BadRows('BadRequest_InvalidMapping', `The emulator does not follow the path ${path}.`);
  return plain ?? quoted!.replaceAll(/\\(.)/g, '$1');
}

function recordsOf(text: string, format: string): Record<string, unknown>[] {
  try {
    const value = /^multi/i.test(format) && text.trimStart().startsWith('[') ? parseExact(text) : lines(text);
    const records = value as unknown[];
    if (records.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one)))
      return records as Record<string, unknown>[];
  } catch {
    // Said below.
  }
  throw new BadRows('Stream_DynamicPropertyBagTooLargeOrMalformedJson', 'The stream has malformed JSON.');
}

function lines(text: string): unknown[] {
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [parseExact(line)]));
}

/** A value in the encoding of the query API; what does not fit its column becomes null when the engine takes it. */
function toCell(value: unknown, type: KqlType): Cell {
  if (value === undefined || value === null) return type === 'string' ? '' : null;
  const digits = digitsOf(value);
  if (type === 'dynamic') return writeExact(value);
  if (digits !== undefined) return type === 'string' ? digits : BigInt(digits);
  if (typeof value === 'object') return type === 'string' ? writeExact(value) : null;
  return value as Cell;
}
