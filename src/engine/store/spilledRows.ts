import { rm } from 'node:fs/promises';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Cell, Column } from '../../model/kqlType.ts';
import { storedTypes } from '../database/columnSource.ts';
import type { ColumnSource } from '../database/columnSource.ts';
import type { Database } from '../database/database.ts';
import { RowAppender } from '../database/rowAppender.ts';
import type { Session } from '../database/session.ts';
import { CHUNK_ROWS } from '../database/tableAppender.ts';
import { columnDefinition } from '../database/types.ts';
import { quoteText } from '../translate/relation.ts';

/** Rows of a part: one row group of DuckDB, the least that a table writes at once. */
const PART_ROWS = 60 * CHUNK_ROWS;

/**
 * Rows on their way into a file, in the order they come, columns `c0`, `c1` ... as the engine stores them. However many
 * there are, memory holds one part: each that is full goes to a file of the database's own folder, and the next begins.
 */
export class SpilledRows {
  private readonly database: Database;
  private readonly session: Session;
  private readonly name: string;
  private readonly columns: readonly Column[];
  private readonly sources: readonly ColumnSource[];
  private readonly parts: string[] = [];
  private open: RowAppender | undefined;
  private held = 0;
  /** How many have come. */
  rows = 0;

  /** `name` is the table's and no other's in the database. */
  constructor(database: Database, session: Session, name: string, columns: readonly Column[]) {
    this.database = database;
    this.session = session;
    this.name = name;
    this.columns = columns;
    this.sources = columns.map(({ type }, index): ColumnSource => ({ from: 'cell', index, type }));
  }

  async append(rows: readonly (readonly Cell[])[], signal?: CancelSignal): Promise<void> {
    for (let from = 0, to; from < rows.length; from = to) {
      to = Math.min(from + CHUNK_ROWS, from + PART_ROWS - this.held, rows.length);
      this.open ??= await this.newTable();
      this.open.append(rows, from, to);
      this.rows += to - from;
      this.held += to - from;
      if (this.held >= PART_ROWS) await this.endPart(signal);
    }
  }

  /** Where SQL reads all of them, in order. No row comes after it. */
  async source(signal?: CancelSignal): Promise<string> {
    if (this.parts.length === 0) {
      this.open ??= await this.newTable();
      this.open.close();
      return this.name;
    }
    if (this.held > 0) await this.endPart(signal);
    return `read_parquet([${this.parts.map(quoteText).join(', ')}])`;
  }

  /** Lets go of all of them. */
  async discard(): Promise<void> {
    await this.session.run(`DROP TABLE IF EXISTS ${this.name}`).catch(() => undefined);
    for (const part of this.parts) await rm(part, { force: true });
  }

  private async newTable(): Promise<RowAppender> {
    const columns = this.columns.map(({ type }, i) => columnDefinition(`c${i}`, type)).join(', ');
    await this.session.run(`CREATE TABLE ${this.name} (${columns})`);
    return new RowAppender(await this.session.openAppender(this.name, storedTypes(this.sources)), this.sources);
  }

  private async endPart(signal: CancelSignal | undefined): Promise<void> {
    this.open?.close();
    const part = this.database.temporaryFile(`${this.name}-${this.parts.length}.parquet`);
    this.parts.push(part);
    await this.database.run(`COPY ${this.name} TO ${quoteText(part)} (FORMAT parquet, COMPRESSION lz4)`, signal);
    await this.session.run(`DROP TABLE ${this.name}`);
    this.open = undefined;
    this.held = 0;
  }
}
