import { randomUUID } from 'node:crypto';
import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import type { DataExplorerCentre } from '../../model/centre.ts';
import type { CustomerKey } from '../../model/ids.ts';
import { kqlName } from '../../model/kqlNames.ts';
import type { Cell, DataTable } from '../../model/kqlType.ts';
import type { RollupTable, SchemaDiff, WindowKey } from '../../model/rollup.ts';
import {
  arrivedQuestion,
  newestQuestion,
  readArrived,
  readRecords,
  recordCells,
  windowsQuestion,
} from '../../ports/appendQuestions.ts';
import type { AppendTarget, ArrivedRows, WindowRecord, WriteStamp } from '../../ports/appendTarget.ts';
import { RECORD_COLUMNS } from '../../ports/appendTarget.ts';
import { callAzure } from '../calls.ts';
import { FOLDER, MAPPING, namesOf, text, wantedTables } from './centreTables.ts';
import type { WantedTable } from './centreTables.ts';
import type { KustoDoor } from './kustoDoor.ts';
import { prepareCentre } from './prepareCentre.ts';
import { bodiesOf } from './rowJson.ts';

/** Of one request that is streamed the service takes 4 MB, unpacked (DX ingest-data-streaming.md). */
const MOST_STREAMED = 4_000_000;
const MOST_QUEUED = 16_000_000;
const MINUTE = 60_000;
const ASK_DEADLINE_MS = 5 * MINUTE;
const SEND_DEADLINE_MS = 10 * MINUTE;
/** Attempts whose blobs are still known, to tell why they did not arrive. */
const MOST_ATTEMPTS = 1_000;

/**
 * A database of Azure Data Explorer, or of an Eventhouse: two tables for each version of a roll-up and a function that
 * gives its rows once. No tags and no conditions of the service are used: streaming has none, and queued ones only
 * make a doubled delivery rarer, while the function makes it nothing.
 */
export class DataExplorerTarget implements AppendTarget {
  readonly name: string;
  readonly pieceBytes: number;
  readonly visibleWithinMs: number;
  private readonly door: () => Promise<KustoDoor>;
  private readonly centre: Omit<DataExplorerCentre, 'kind'>;
  /** Ids of what was queued for an attempt and accepted, and how many of its rows were seen last. */
  private readonly sent = new Map<string, { readonly ids: string[]; seen?: number }>();

  constructor(door: () => Promise<KustoDoor>, centre: Omit<DataExplorerCentre, 'kind'>) {
    this.door = door;
    this.centre = centre;
    this.name = centre.name;
    const streaming = centre.ingestion === 'streaming';
    this.pieceBytes = streaming ? 2_000_000 : 8_000_000;
    // Queued rows are gathered for half a minute, then wait for their turn; a stream shows within seconds, after a
    // change of the schema within five minutes.
    this.visibleWithinMs = (streaming ? 6 : 30) * MINUTE;
  }

  prepare(table: RollupTable): Promise<SchemaDiff> {
    return prepareCentre((command) => this.ask(command, NEVER), table, this.centre.ingestion);
  }

  async appendRows(
    table: RollupTable,
    { write, customer }: WriteStamp,
    rows: readonly (readonly Cell[])[],
    signal: CancelSignal,
  ): Promise<void> {
    const ids = await this.append(
      wantedTables(table)[0],
      rows.map((row) => [write, customer, ...row]),
      signal,
    );
    const attempt = this.sent.get(write) ?? { ids: [] };
    attempt.ids.push(...ids);
    this.sent.set(write, attempt);
    for (const oldest of this.sent.keys()) {
      if (this.sent.size <= MOST_ATTEMPTS) break;
      this.sent.delete(oldest);
    }
  }

  async appendRecords(rollup: string, records: readonly WindowRecord[], signal: CancelSignal): Promise<void> {
    const table = { name: namesOf(rollup).windows, columns: RECORD_COLUMNS, about: '' };
    await this.append(table, records.map(recordCells), signal);
  }

  async arrived(rollup: string, write: string, signal: CancelSignal): Promise<ArrivedRows> {
    const { rows } = await this.ask(arrivedQuestion(kqlName(namesOf(rollup).rows), write), signal);
    const there = readArrived(rows);
    const attempt = this.sent.get(write);
    // Only where nothing came since the last look: each look costs a command.
    if (attempt?.seen === there.rows) await this.failIfRefused(attempt.ids, signal);
    if (attempt) attempt.seen = there.rows;
    return there;
  }

  async newest(key: WindowKey, signal: CancelSignal): Promise<WindowRecord | undefined> {
    return readRecords((await this.ask(newestQuestion(kqlName(namesOf(key.rollup).windows), key), signal)).rows)[0];
  }

  async rollups(signal: CancelSignal): Promise<readonly string[]> {
    const { columns, rows } = await this.ask('.show tables', signal);
    const [name, folder, about] = ['TableName', 'Folder', 'DocString'].map((wanted) =>
      columns.findIndex((column) => column.name === wanted),
    );
    return rows.flatMap((row) => {
      const id = String(row[about!]);
      return row[folder!] === FOLDER && row[name!] === namesOf(id).rows ? [id] : [];
    });
  }

  async windowsOf(rollup: string, customer: CustomerKey, signal: CancelSignal): Promise<readonly WindowRecord[]> {
    return readRecords((await this.ask(windowsQuestion(kqlName(namesOf(rollup).windows), customer), signal)).rows);
  }

  async remove(rollup: string, customer: CustomerKey, signal: CancelSignal): Promise<readonly string[]> {
    const table = kqlName(namesOf(rollup).rows);
    const rows = `where _CustomerKey == ${text(customer)}`;
    const counted = await this.ask(`${table} | ${rows} | count`, signal);
    const kept = 'The list of windows keeps that there were some, with the customer’s key and without rows.';
    if (Number(counted.rows[0]?.[0] ?? 0) === 0) return [kept];
    const { database } = this.centre;
    const door = await this.door();
    if (!door.purges) {
      await this.ask(`.delete table ${table} records <| ${table} | ${rows}`, signal);
      return [kept, 'The Eventhouse has deleted the rows; its storage keeps them until its retention ends.'];
    }
    const command = `.purge table ${table} records in database ${kqlName(database)} with (noregrets='true') <| ${rows}`;
    const { columns, rows: purges } = await this.call(SEND_DEADLINE_MS, signal, (opened, abort) =>
      opened.manage(database, command, abort),
    );
    const operation = String(purges[0]?.[columns.findIndex(({ name }) => name === 'OperationId')] ?? '');
    if (operation === '')
      throw new AppError('service.unexpectedAnswer', `${this.name} purges, and does not say under which operation.`);
    return [
      kept,
      `Purge ${operation} of ${table} deletes the rows within hours and their storage within 30 days. ".show purges ${operation}" at the cluster's ingestion address says how far it is.`,
    ];
  }

  rowsOnce({ name }: RollupTable): string {
    return name;
  }

  /** Sends rows by the table's mapping; the ids of what was queued. */
  private async append(
    table: WantedTable,
    rows: readonly (readonly Cell[])[],
    signal: CancelSignal,
  ): Promise<string[]> {
    const { database, ingestion } = this.centre;
    const streaming = ingestion === 'streaming';
    const ids: string[] = [];
    for (const body of bodiesOf(table.columns, rows, streaming ? MOST_STREAMED : MOST_QUEUED)) {
      if (streaming && body.length > MOST_STREAMED)
        throw new AppError(
          'input.rowTooLarge',
          `A row has ${body.length} bytes; ${this.name} streams at most ${MOST_STREAMED}. Choose queued ingestion for this centre.`,
        );
      const id = randomUUID();
      const sending = { database, table: table.name, mapping: MAPPING, id, body };
      await this.call(SEND_DEADLINE_MS, signal, (door, abort) =>
        streaming ? door.stream(sending, abort) : door.queue(sending, abort),
      );
      ids.push(id);
    }
    return streaming ? [] : ids;
  }

  /**
   * Says so where the service tells that it could not take what was queued: nothing of it comes any more. It does not
   * tell everything there, so that silence means nothing.
   */
  private async failIfRefused(ids: readonly string[], signal: CancelSignal): Promise<void> {
    if (ids.length === 0) return;
    let failures: DataTable;
    try {
      failures = await this.ask('.show ingestion failures', signal);
    } catch (error) {
      if (toAppError(error).family === 'access') return;
      throw error;
    }
    const at = (name: string): number => failures.columns.findIndex((column) => column.name === name);
    const own = failures.rows.find((row) => ids.some((id) => String(row[at('IngestionSourcePath')]).includes(id)));
    if (!own) return;
    // What was lost on the way can be sent again; what cannot be read stays so.
    const code = String(own[at('ErrorCode')]);
    const retryable = own[at('FailureKind')] === 'Transient' || code.startsWith('Download_');
    throw new AppError(
      'service.ingestionFailed',
      `${this.name} could not take the rows of a window (${code}): ${String(own[at('Details')]).slice(0, 300)}`,
      { retryable },
    );
  }

  private ask(query: string, signal: CancelSignal): Promise<DataTable> {
    return this.call(ASK_DEADLINE_MS, signal, (door, abort) => door.ask(this.centre.database, query, abort));
  }

  private call<T>(
    deadlineMs: number,
    signal: CancelSignal,
    work: (door: KustoDoor, abort: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { tenant, name } = this.centre;
    return callAzure({ subject: { tenant, what: `centre ${name}` }, signal, deadlineMs }, async ({ abortSignal }) =>
      work(await this.door(), abortSignal),
    );
  }
}
