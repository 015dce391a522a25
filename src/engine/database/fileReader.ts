import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Cell } from '../../model/kqlType.ts';
import { toEngineError } from './errors.ts';
import { makeSpillFolder, removeSpillFolder } from './spillFolder.ts';

/** A database that may read files the user named, for loading only: no query of a user ever runs on it. */
export class FileReader {
  private readonly instance: DuckDBInstance;
  private readonly connection: DuckDBConnection;
  private readonly folder: string;
  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, folder: string) {
    this.instance = instance;
    this.connection = connection;
    this.folder = folder;
  }

  static async open(): Promise<FileReader> {
    const folder = makeSpillFolder();
    const instance = await DuckDBInstance.create(':memory:', {
      temp_directory: folder,
      threads: '1',
      memory_limit: '512MB',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    return new FileReader(instance, await instance.connect(), folder);
  }
  async describe(source: string): Promise<{ readonly name: string; readonly type: string }[]> {
    try {
      const result = await this.connection.run(`SELECT * FROM ${source} LIMIT 0`);
      return result.columnNames().map((name, i) => ({ name, type: String(result.columnType(i)) }));
    } catch (thrown) {
      throw toEngineError(thrown);
    }
  }
  async *rows(sql: string): AsyncGenerator<Cell[][]> {
    try {
      const result = await this.connection.stream(sql);
      for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk())
        yield chunk.getRows() as Cell[][];
    } catch (thrown) {
      throw toEngineError(thrown);
    }
  }
  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
    removeSpillFolder(this.folder);
  }
}
