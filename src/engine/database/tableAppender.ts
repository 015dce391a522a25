import { DuckDBDataChunk } from '@duckdb/node-api';
import type { DuckDBAppender } from '@duckdb/node-api';
import bindings from '@duckdb/node-bindings';
import type { DataChunk } from '@duckdb/node-bindings';
import type { PhysicalType } from '../functions/contract.ts';
import { toEngineError } from './errors.ts';
import { PACKAGE_TYPES } from './packageTypes.ts';

/** Rows of a chunk, the most that are written at a time: DuckDB's own size of a vector. */
export const CHUNK_ROWS = 2_048;

/**
 * The raw way into a table: chunks whose vectors are written as memory. Synchronous; an error leaves the chunk's rows
 * out.
 */
export class TableAppender {
  private readonly appender: DuckDBAppender;
  /** One chunk for all: its memory is native, so the garbage collector would not hurry to free others. */
  private readonly chunk: DuckDBDataChunk;

  constructor(appender: DuckDBAppender, types: readonly PhysicalType[]) {
    this.appender = appender;
    this.chunk = DuckDBDataChunk.create(types.map((name) => PACKAGE_TYPES[name]));
  }

  /** Appends `rows` rows (at most `CHUNK_ROWS`) that `fill` writes. */
  appendChunk(rows: number, fill: (chunk: ChunkMemory) => void): void {
    guarded(() => {
      this.chunk.reset();
      this.chunk.rowCount = rows;
      fill(new ChunkMemory(this.chunk.chunk));
      this.appender.appendDataChunk(this.chunk);
    });
  }

  flush(): void {
    guarded(() => {
      this.appender.flushSync();
    });
  }
  close(): void {
    guarded(() => {
      this.appender.closeSync();
    });
  }
}

/**
 * The vectors of a chunk as memory, in DuckDB's own layout. A VARCHAR takes 16 bytes a row: length, then up to 12 bytes
 * in place; longer ones by `texts`.
 */
export class ChunkMemory {
  private readonly chunk: DataChunk;
  constructor(chunk: DataChunk) {
    this.chunk = chunk;
  }

  data(column: number, buffer: ArrayBuffer, bytes: number): void {
    bindings.copy_data_to_vector(bindings.data_chunk_get_vector(this.chunk, column), 0, buffer, 0, bytes);
  }

  /** One bit per row, 1 for a value; `bytes` a multiple of 8. */
  validity(column: number, buffer: ArrayBuffer, bytes: number): void {
    const vector = bindings.data_chunk_get_vector(this.chunk, column);
    bindings.vector_ensure_validity_writable(vector);
    bindings.copy_data_to_vector_validity(vector, 0, buffer, 0, bytes);
  }

  /** After `data`: texts that do not fit in place. */
  texts(column: number, rows: readonly number[], textOf: (row: number) => string): void {
    const vector = bindings.data_chunk_get_vector(this.chunk, column);
    for (const row of rows) {
      const text = textOf(row);
      // The short way ends at a NUL character.
      if (text.includes('\0')) bindings.vector_assign_string_element_len(vector, row, ENCODER.encode(text));
      else bindings.vector_assign_string_element(vector, row, text);
    }
  }
}
const ENCODER = new TextEncoder();

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toEngineError(error);
  }
}
