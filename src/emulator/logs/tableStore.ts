import { key } from '../armId.ts';
import type { Workspace, WorkspaceTable, World } from '../state.ts';
import type { EngineTable, LocalEngine } from '../../engine/face.ts';
import type { IngestedRows } from '../ingestion/ingestedRows.ts';
import { emptyTable, unioned, widened } from './relations.ts';
import { RowVolumes, type Portion } from './rowVolumes.ts';
import type { FileRows, LogSource, MadeRows } from './source.ts';
import { columnsOf } from './tableColumns.ts';

/** New rows are made when the ones there are older than this (ms). */
const FRESH = 20_000;

interface Loaded {
  readonly portion: Portion;
  until: number;
  work: Promise<void>;
}
interface OpenTable {
  readonly table: EngineTable;
  readonly release: () => void;
}

/** Puts the rows of workspaces into the engine when a query first wants them, and adds the new ones as time goes on. */
export class TableStore {
  private readonly world: World;
  private readonly source: LogSource | undefined;
  private readonly engine: () => Promise<LocalEngine>;
  private readonly ingested: IngestedRows;
  private readonly volumes: RowVolumes;
  private readonly made = new Map<string, Promise<Loaded>>();
  private readonly files = new Map<string, Promise<EngineTable>>();

  constructor(world: World, source: LogSource | undefined, engine: () => Promise<LocalEngine>, ingested: IngestedRows) {
    this.ingested = ingested;
    this.world = world;
    this.source = source;
    this.engine = engine;
    this.volumes = new RowVolumes(engine);
  }

  /** True where the workspace has rows of anything. */
  hasData(workspace: Workspace): boolean {
    const { customerId } = workspace.properties;
    return (this.source?.find(customerId)?.tables.length ?? 0) > 0 || this.ingested.has(customerId);
  }

  hasRows(workspace: Workspace, table: WorkspaceTable): boolean {
    return (
      this.rowsOf(workspace, table) !== undefined || this.ingested.has(workspace.properties.customerId, table.name)
    );
  }

  private rowsOf(workspace: Workspace, table: WorkspaceTable): MadeRows | FileRows | undefined {
    return this.source
      ?.find(workspace.properties.customerId)
      ?.tables.find((made) => key(made.table) === key(table.name));
  }

  /** Workspaces (customer ids) that hold rows of a resource or of what lies under it. */
  holdersOf(resourceId: string): string[] {
    const id = key(resourceId).replace(/\/$/, '');
    const under = `${id}/`;
    return [...(this.source?.all() ?? [])]
      .filter(({ resources }) => resources.some((resource) => resource === id || resource.startsWith(under)))
      .map(({ customerId }) => key(customerId));
  }

  /** The table as who may not read its rows sees it: its columns. */
  without(table: WorkspaceTable): OpenTable {
    return { table: emptyTable(table.name, columnsOf(this.world, table)), release: () => undefined };
  }

  /** A table of a workspace with its rows up to now. `release` it when the query is done. */
  async open(workspace: Workspace, table: WorkspaceTable): Promise<OpenTable> {
    const own = await this.openOwn(workspace, table);
    const came = await this.ingested.open(workspace.properties.customerId, table.name);
    if (came.length === 0) return own;
    const columns = columnsOf(this.world, table);
    const parts = came.map((part) => widened(table.name, columns, part, {}));
    return { ...own, table: unioned(table.name, own.table.empty ? parts : [own.table, ...parts]) };
  }

  private async openOwn(workspace: Workspace, table: WorkspaceTable): Promise<OpenTable> {
    const rows = this.rowsOf(workspace, table);
    if (!rows) return this.without(table);
    const id = `${key(workspace.properties.customerId)} ${key(table.name)}`;
    if (rows.kind === 'file') {
      const stored = await once(this.files, id, () => this.loadRows(workspace, table, rows));
      return {
        table: widened(table.name, columnsOf(this.world, table), stored, rows.constants),
        release: () => undefined,
      };
    }
    const { portion, release } = await this.upToDate(id, rows);
    return { table: widened(table.name, columnsOf(this.world, table), portion.table, rows.constants), release };
  }

  /**
   * A file as a table. Parquet brings its own columns: a custom table takes them over, a Microsoft table keeps its
   * types.
   */
  private async loadRows(workspace: Workspace, table: WorkspaceTable, rows: FileRows): Promise<EngineTable> {
    const engine = await this.engine();
    const schema = `ws_${workspace.properties.customerId.replaceAll('-', '')}`;
    if (rows.columns.length) return engine.loadFile(rows.path, schema, rows.table, rows.columns);
    const loaded = await engine.loadFile(rows.path, schema, rows.table);
    const known = new Map(columnsOf(this.world, table).map(({ name, type }) => [name, type]));
    table.columns = [
      ...(table.columns ?? []),
      ...loaded.columns.filter(({ name }) => !known.has(name)).map((column) => ({ ...column })),
    ];
    this.world.touch();
    if (loaded.columns.every(({ name, type }) => (known.get(name) ?? type) === type)) return loaded;
    return engine.loadFile(
      rows.path,
      schema,
      rows.table,
      loaded.columns.map(({ name, type }) => ({ name, type: known.get(name) ?? type })),
    );
  }

  private async upToDate(
    id: string,
    rows: MadeRows,
  ): Promise<{ readonly portion: Portion; readonly release: () => void }> {
    for (;;) {
      const loaded = await once(this.made, id, () => this.load(rows));
      const release = this.volumes.hold(loaded.portion);
      if (!this.volumes.isGone(loaded.portion)) {
        try {
          await this.bringUp(loaded, rows);
        } catch (error) {
          release();
          throw error;
        }
        return { portion: loaded.portion, release };
      }
      // Dropped to make room: made again.
      release();
      this.made.delete(id);
    }
  }

  private async load(rows: MadeRows): Promise<Loaded> {
    const portion = await this.volumes.portion(rows);
    const release = this.volumes.hold(portion);
    const until = this.world.clock.now();
    try {
      await this.volumes.append(portion, rows.rows(until - rows.span, until, true));
    } finally {
      release();
    }
    await this.volumes.trim();
    return { portion, until, work: Promise.resolve() };
  }

  /** One at a time: two queries that find a table stale add its new rows once. */
  private bringUp(loaded: Loaded, rows: MadeRows): Promise<void> {
    const before = loaded.work.catch(() => undefined);
    loaded.work = (async () => {
      await before;
      await this.addNew(loaded, rows);
    })();
    return loaded.work;
  }

  private async addNew(loaded: Loaded, rows: MadeRows): Promise<void> {
    const now = this.world.clock.now();
    if (Math.abs(now - loaded.until) < FRESH) return;
    const from = loaded.until;
    loaded.until = now;
    if (now > from) {
      await this.volumes.append(loaded.portion, rows.rows(from, now, false));
      return;
    }
    // The clock was set back: what was written since has not happened yet.
    await this.volumes.empty(loaded.portion);
    await this.volumes.append(loaded.portion, rows.rows(now - rows.span, now, true));
  }
}

/** The work of an id, begun once; what failed may be tried again. */
function once<T>(begun: Map<string, Promise<T>>, id: string, work: () => Promise<T>): Promise<T> {
  let promise = begun.get(id);
  if (!promise) {
    promise = work();
    begun.set(id, promise);
    promise.catch(() => {
      begun.delete(id);
    });
  }
  return promise;
}
