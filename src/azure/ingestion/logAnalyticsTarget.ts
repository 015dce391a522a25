import type { CancelSignal } from '../../base/cancel.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import type { LogAnalyticsCentre } from '../../model/centre.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { Cell, Column } from '../../model/kqlType.ts';
import { centreNames, rollupOfTable, storedNames, storedRows } from '../../model/logAnalyticsCentre.ts';
import { ROLLUP_COLUMNS } from '../../model/rollup.ts';
import type { RollupTable, SchemaDiff, WindowKey } from '../../model/rollup.ts';
import {
  arrivedQuestion,
  newestQuestion,
  readArrived,
  readRecords,
  recordCells,
  windowsQuestion,
} from '../../ports/appendQuestions.ts';
import { RECORD_COLUMNS, WRITE_COLUMNS } from '../../ports/appendTarget.ts';
import type { AppendTarget, ArrivedRows, WindowRecord, WriteStamp } from '../../ports/appendTarget.ts';
import type { CentrePort } from '../../ports/centre.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { LogsPort } from '../../ports/logs.ts';
import type { SavedQueriesPort } from '../../ports/savedQueries.ts';
import { callAzure } from '../calls.ts';
import type { AzureClients } from '../clients.ts';
import { subjectOf } from '../errors/subject.ts';
import { CentreResources } from './centreResources.ts';
import { storedObjects } from './storedObjects.ts';

/** One upload of a few megabytes, with its repeats. */
const UPLOAD_DEADLINE_MS = 5 * 60_000;

/** What a centre in Log Analytics is reached with. */
export interface LogAnalyticsWorld {
  readonly clients: Pick<AzureClients, 'ingestion' | 'cloud'>;
  readonly logs: Pick<LogsPort, 'query'>;
  readonly resources: Pick<CentrePort, 'table' | 'tables' | 'collectionRule' | 'deleteRows'>;
  readonly savedQueries: Pick<SavedQueriesPort, 'query'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Columns of the table of rows, before the roll-up's own. */
const BEFORE: readonly Column[] = [...WRITE_COLUMNS, ...ROLLUP_COLUMNS];

/**
 * A workspace of the provider that rows are sent to through the Logs Ingestion API, and read back by its query API.
 * Where they are sent, and which rule takes them, is what Resource Manager says and no file.
 */
export class LogAnalyticsTarget implements AppendTarget {
  readonly name: string;
  /** Four requests of the megabyte that the service takes, at once. */
  readonly pieceBytes = 3_500_000;
  /** The first rows of a new table take up to 15 minutes (azure-sdk-for-js, monitor-ingestion/TROUBLESHOOTING.md). */
  readonly visibleWithinMs: number;
  private readonly centre: LogAnalyticsCentre;
  private readonly workspaceGuid: string;
  private readonly issuer: Issuer;
  private readonly world: LogAnalyticsWorld;
  private readonly resources: CentreResources;

  /** `workspaceGuid`: the workspace's ID; `issuer`: of the centre's tenant. */
  constructor(
    centre: LogAnalyticsCentre,
    workspaceGuid: string,
    issuer: Issuer,
    world: LogAnalyticsWorld,
    visibleWithinMs = 20 * 60_000,
  ) {
    this.name = centre.name;
    this.centre = centre;
    this.workspaceGuid = workspaceGuid;
    this.issuer = issuer;
    this.world = world;
    this.visibleWithinMs = visibleWithinMs;
    this.resources = new CentreResources(centre, issuer, world);
  }

  prepare(table: RollupTable): Promise<SchemaDiff> {
    return this.resources.check(table, [...BEFORE, ...table.columns]);
  }

  async appendRows(
    table: RollupTable,
    { write, customer }: WriteStamp,
    rows: readonly (readonly Cell[])[],
    signal: CancelSignal,
  ): Promise<void> {
    const columns = [...BEFORE, ...table.columns];
    const stamped = rows.map((row) => [write, customer, ...row]);
    await this.upload(table.id, centreNames(table.id).rowsStream, storedObjects(columns, stamped), signal);
  }

  async appendRecords(rollup: string, records: readonly WindowRecord[], signal: CancelSignal): Promise<void> {
    const objects = storedObjects(RECORD_COLUMNS, records.map(recordCells));
    await this.upload(rollup, centreNames(rollup).windowsStream, objects, signal);
  }

  async arrived(rollup: string, write: string, signal: CancelSignal): Promise<ArrivedRows> {
    return readArrived(await this.ask(arrivedQuestion(rowsOf(rollup), write), signal));
  }

  async newest(key: WindowKey, signal: CancelSignal): Promise<WindowRecord | undefined> {
    const [record] = readRecords(await this.ask(newestQuestion(recordsOf(key.rollup), key), signal));
    return record;
  }

  async rollups(signal: CancelSignal): Promise<readonly string[]> {
    const tables = await this.world.resources.tables(this.issuer, this.centre.workspace, signal);
    return tables.flatMap((name) => rollupOfTable(name) ?? []);
  }

  async windowsOf(rollup: string, customer: CustomerKey, signal: CancelSignal): Promise<readonly WindowRecord[]> {
    return readRecords(await this.ask(windowsQuestion(recordsOf(rollup), customer), signal));
  }

  async remove(rollup: string, customer: CustomerKey, signal: CancelSignal): Promise<readonly string[]> {
    const { rows } = centreNames(rollup);
    const [column] = storedNames([{ name: '_CustomerKey', type: 'string' }]);
    // Ten requests an hour are taken: none for what has nothing to delete.
    const there = await this.ask(`${rows} | where ${column!} == ${JSON.stringify(customer)} | take 1`, signal);
    if (there.length > 0)
      await this.world.resources.deleteRows(
        this.issuer,
        `${this.centre.workspace}/tables/${rows}`,
        [
          { column: column!, operator: '==', value: customer },
          // What is stored from now on is not meant.
          { column: 'TimeGenerated', operator: '<', value: new Date(this.world.clock.now()).toISOString() },
        ],
        signal,
      );
    return [
      'Log Analytics deletes the rows within 30 days; the answer of the centre has none of them from now on.',
      'A record of each window (the key of the customer, times and numbers of rows) stays for as long as the workspace keeps its tables.',
    ];
  }

  rowsOnce({ name }: RollupTable): string {
    return name;
  }

  private async upload(
    rollup: string,
    stream: string,
    rows: readonly Readonly<Record<string, string>>[],
    signal: CancelSignal,
  ): Promise<void> {
    const { name: rule, immutableId, endpoint } = await this.resources.rule(rollup, signal);
    const door = await this.world.clients.ingestion(this.issuer, endpoint);
    const subject = subjectOf(this.centre.workspace, this.issuer.tenant);
    await callAzure({ subject, signal, deadlineMs: UPLOAD_DEADLINE_MS }, ({ abortSignal }) =>
      door.upload({ rule, immutableId, stream }, rows, abortSignal),
    );
  }

  /** Rows of the answer; one that is not whole is none. */
  private async ask(query: string, signal: CancelSignal): Promise<readonly (readonly Cell[])[]> {
    const { issuer, workspaceGuid, centre } = this;
    const answer = await this.world.logs.query(
      { issuer, workspaceGuid, armId: centre.workspace, query, noCache: true },
      signal,
    );
    if (answer.partial) throw AppError.fromData(answer.partial);
    if (answer.deniedTables && answer.deniedTables.length > 0)
      throw new AppError(
        'access.tableDenied',
        `The workspace of the centre ${centre.name} keeps its rows from this identity. It needs Log Analytics Reader on it.`,
      );
    const rows = answer.tables[0]?.rows ?? [];
    return 'pages' in rows ? [...rows.pages()].flat() : rows;
  }
}

/** All rows of a roll-up, as far as questions look at them. */
function rowsOf(rollup: string): string {
  return storedRows(centreNames(rollup).rows, BEFORE);
}

function recordsOf(rollup: string): string {
  return storedRows(centreNames(rollup).windows, RECORD_COLUMNS);
}
