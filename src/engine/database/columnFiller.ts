import type { Cell, KqlType } from '../../model/kqlType.ts';
import { parseDatetime } from '../../model/values/datetime.ts';
import { parseLong, parseReal } from '../../model/values/numbers.ts';
import { parseTimespan } from '../../model/values/timespan.ts';
import { READ, readWireTicks } from '../../model/values/wireTicks.ts';
import type { CellTexts } from '../../ports/rows.ts';
import type { PhysicalType } from '../functions/contract.ts';
import type { ColumnSource } from './columnSource.ts';
import { CHUNK_ROWS } from './tableAppender.ts';
import type { ChunkMemory } from './tableAppender.ts';

const QUOTE = 34,
  MINUS = 45,
  ZERO = 48,
  BACKSLASH = 92,
  LOWER_F = 102,
  LOWER_N = 110,
  LOWER_T = 116;
const BYTES: Readonly<Record<PhysicalType, number>> = { BOOLEAN: 1, INTEGER: 4, BIGINT: 8, DOUBLE: 8, VARCHAR: 16 };

const WORD = 4_294_967_296;

type Rows = readonly (readonly Cell[])[];
type CellSource = Extract<ColumnSource, { readonly from: 'cell' }>;

/** Fills one column's vector, chunk after chunk, in memory that it keeps. */
export class ColumnFiller {
  private readonly buffer: ArrayBuffer;
  private readonly bytes: Uint8Array;
  private readonly words: Uint32Array;
  private readonly reals: Float64Array;
  private readonly valid = new Uint8Array(CHUNK_ROWS / 8);
  private nulls = false;

  private readonly source: ColumnSource;
  private readonly stored: PhysicalType;
  private readonly column: number;

  /** `most`: rows of the largest chunk there will be. */
  constructor(source: ColumnSource, stored: PhysicalType, column: number, most = CHUNK_ROWS) {
    this.source = source;
    this.stored = stored;
    this.column = column;
    this.buffer = new ArrayBuffer(most * BYTES[stored]);
    this.bytes = new Uint8Array(this.buffer);
    this.words = new Uint32Array(this.buffer, 0, this.buffer.byteLength >> 2);
    this.reals = new Float64Array(this.buffer, 0, this.buffer.byteLength >> 3);
  }

  /** Fills `count` rows of the chunk with those from `from` on; a running number begins with `sequence`. */
  fill(chunk: ChunkMemory, rows: Rows | CellTexts, from: number, count: number, sequence: number): void {
    const { source } = this;
    this.nulls = false;
    this.valid.fill(0xff);
    let long: number[] | undefined;
    if (source.from === 'sequence') for (let r = 0; r < count; r++) this.setLong(r, sequence + r);
    else if (source.from === 'constant') new Int32Array(this.buffer).fill(source.value, 0, count);
    else if (source.from === 'nothing') {
      this.words.fill(0);
      // A string without a value is the empty one, which all zeros are.
      if (source.type !== 'string') {
        this.valid.fill(0);
        this.nulls = true;
      }
    } else if ('places' in rows) long = this.fillFromTexts(rows, from, count, source);
    else if (this.stored === 'VARCHAR') long = this.fillText(rows, from, count, source);
    else for (let r = 0; r < count; r++) this.setValue(r, rows[from + r]![source.index] ?? null, source.type);
    chunk.data(this.column, this.buffer, count * BYTES[this.stored]);
    if (long) {
      const { index } = source as CellSource;
      chunk.texts(
        this.column,
        long,
        'places' in rows ? (r) => textAt(rows, from + r, index) : (r) => toText(rows[from + r]![index]!),
      );
    }
    if (this.nulls) chunk.validity(this.column, this.valid.buffer, Math.ceil(count / 64) * 8);
  }

  /** Texts of up to 12 ASCII characters are written in place; the rest is returned for the slow way. */
  private fillText(rows: Rows, from: number, count: number, { index, type }: CellSource): number[] | undefined {
    const { bytes, words } = this;
    let long: number[] | undefined;
    for (let r = 0; r < count; r++) {
      const cell = rows[from + r]![index];
      const word = r * 4;
      words[word] = words[word + 1] = words[word + 2] = words[word + 3] = 0;
      if (cell === null || cell === undefined) {
        if (type !== 'string') this.setNull(r);
        continue;
      }
      const text = toText(cell);
      const { length } = text;
      let i = length <= 12 ? 0 : -1;
      for (const at = r * 16 + 4; i >= 0 && i < length; i++) {
        const code = text.charCodeAt(i);
        if (code > 127) {
          i = -2;
          break;
        }
        bytes[at + i] = code;
      }
      if (i >= 0) {
        words[word] = length;
        continue;
      }
      words[word + 1] = words[word + 2] = words[word + 3] = 0;
      (long ??= []).push(r);
    }
    return long;
  }

  /** As `fillText` and `setValue`, from the text of the cells: most of them never become a value of JavaScript. */
  private fillFromTexts(
    page: CellTexts,
    from: number,
    count: number,
    { index, type }: CellSource,
  ): number[] | undefined {
    const { places, columns } = page,
      bytes = asBuffer(page.bytes);
    let long: number[] | undefined;
    for (let r = 0, at = 2 * (from * columns + index); r < count; r++, at += 2 * columns) {
      const start = places[at]!,
        end = places[at + 1]!;
      if (this.stored === 'VARCHAR') {
        if (!this.putText(r, bytes, start, end, type)) (long ??= []).push(r);
      } else if (bytes[start] === LOWER_N) this.setNull(r);
      else this.putValue(r, bytes, start, end, type);
    }
    return long;
  }

  /** False for a text that does not fit in place, or is not what it says. */
  private putText(r: number, from: Buffer, start: number, end: number, type: KqlType): boolean {
    const { bytes, words } = this;
    const word = r * 4;
    words[word] = words[word + 1] = words[word + 2] = words[word + 3] = 0;
    if (from[start] !== QUOTE) {
      if (from[start] !== LOWER_N) return false;
      if (type !== 'string') this.setNull(r);
      return true;
    }
    const length = end - start - 2;
    if (length > 12) return false;
    for (let i = 0, at = r * 16 + 4, source = start + 1; i < length; i++) {
      const c = from[source + i]!;
      if (c > 127 || c === BACKSLASH) {
        words[word + 1] = words[word + 2] = words[word + 3] = 0;
        return false;
      }
      bytes[at + i] = c;
    }
    words[word] = length;
    return true;
  }

  private putValue(r: number, from: Buffer, start: number, end: number, type: KqlType): void {
    const first = from[start]!;
    if (type === 'bool' && (first === LOWER_T || first === LOWER_F)) {
      this.bytes[r] = first === LOWER_T ? 1 : 0;
      return;
    }
    if (first === QUOTE) {
      this.setValue(r, textIn(from, start, end), type);
      return;
    }
    const whole = smallWhole(from, start, end);
    if (whole !== undefined) {
      this.setValue(r, whole, type);
      return;
    }
    const digits = from.toString('latin1', start, end);
    this.setValue(r, type === 'long' && /^-?\d+$/.test(digits) ? BigInt(digits) : (JSON.parse(digits) as Cell), type);
  }

  private setValue(r: number, cell: Cell, type: KqlType): void {
    if (cell === null) {
      this.setNull(r);
      return;
    }
    switch (type) {
      case 'bool':
        this.bytes[r] = cell === true || cell === 'true' || (typeof cell === 'number' && cell !== 0) ? 1 : 0;
        return;
      case 'int':
        if (typeof cell === 'number' && (cell | 0) === cell) this.words[r] = cell;
        else this.setNull(r);
        return;
      case 'long':
        this.setLong(r, cell);
        return;
      case 'real':
        this.setReal(r, cell);
        return;
      case 'datetime':
        this.setDatetime(r, cell);
        return;
      default:
        this.setTicks(r, typeof cell === 'string' ? parseTimespan(cell) : undefined);
    }
  }

  private setLong(r: number, cell: Cell): void {
    if (typeof cell === 'number' && Number.isSafeInteger(cell)) {
      this.words[r * 2] = cell;
      this.words[r * 2 + 1] = Math.floor(cell / WORD);
    } else this.setTicks(r, typeof cell === 'bigint' ? cell : typeof cell === 'string' ? parseLong(cell) : undefined);
  }

  private setReal(r: number, cell: Cell): void {
    const value =
      typeof cell === 'number'
        ? cell
        : typeof cell === 'bigint'
          ? Number(cell)
          : typeof cell === 'string'
            ? parseReal(cell)
            : undefined;
    this.reals[r] = value ?? 0;
    if (value === undefined) this.setNull(r);
  }

  private setDatetime(r: number, cell: Cell): void {
    if (typeof cell === 'string' && readWireTicks(cell)) {
      this.words[r * 2] = READ.low;
      this.words[r * 2 + 1] = READ.high;
    } else this.setTicks(r, typeof cell === 'string' ? parseDatetime(cell) : undefined);
  }

  private setTicks(r: number, ticks: bigint | undefined): void {
    if (ticks === undefined || BigInt.asIntN(64, ticks) !== ticks) {
      this.setNull(r);
      return;
    }
    this.words[r * 2] = Number(ticks & 0xffff_ffffn);
    this.words[r * 2 + 1] = Number((ticks >> 32n) & 0xffff_ffffn);
  }

  private setNull(r: number): void {
    this.nulls = true;
    this.valid[r >> 3]! &= ~(1 << (r & 7));
  }
}

function toText(cell: string | number | bigint | boolean): string {
  return typeof cell === 'string' ? cell : String(cell);
}

/** A whole number of at most 15 digits, which a double holds exactly; undefined for anything else. */
function smallWhole(bytes: Uint8Array, start: number, end: number): number | undefined {
  const negative = bytes[start] === MINUS;
  let at = negative ? start + 1 : start;
  if (end - at > 15) return undefined;
  let value = 0;
  for (; at < end; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return negative ? -value : value;
}

/** The string in quotes that lies there. */
function textIn(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start + 1, end - 1);
  return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
}

/** A cell as text: a string's characters, anything else as JavaScript writes it. */
function textAt({ bytes, places, columns }: CellTexts, row: number, index: number): string {
  const at = 2 * (row * columns + index);
  const start = places[at]!,
    end = places[at + 1]!;
  return bytes[start] === QUOTE
    ? textIn(asBuffer(bytes), start, end)
    : String(JSON.parse(asBuffer(bytes).toString('latin1', start, end)));
}

/** The same memory with Node's ways to read text in it. */
function asBuffer(bytes: Uint8Array): Buffer {
  return bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
