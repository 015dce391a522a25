import type { EngineTable, LocalEngine } from '../../engine/face.ts';
import type { DataTable } from '../../model/kqlType.ts';
import type { Caller } from '../arm/gate.ts';
import type { Subscription, World } from '../state.ts';
import { GRAPH_COLUMNS, GRAPH_TABLES } from '../../kql/graph/graphTables.ts';
import { namesOfTables } from './subset.ts';
import { FILLED_TABLES, graphRows } from './tables.ts';
import { ticksOfMs } from '../../model/values/ticks.ts';

/**
 * Runs a KQL text over what a caller may read of the estate. A `further` page of the same query is cut from the same
 * answer.
 */
export interface GraphQuery {
  run(query: string, caller: Caller, subscriptions: readonly Subscription[], further: boolean): Promise<DataTable>;
}

interface Loaded {
  readonly version: number;
  readonly tables: Promise<EngineTable[]>;
}

/** How many callers' tables, and how many answers, are kept. */
const KEPT = 16;

/** Resource Graph on the local engine: the tables of a caller are loaded once and again when the world has changed. */
export class EngineGraphQuery implements GraphQuery {
  private readonly world: World;
  private readonly engine: () => Promise<LocalEngine>;
  private readonly loaded = new Map<string, Loaded>();
  /** The last answers that may have further pages. */
  private readonly answers = new Map<string, DataTable>();
  private count = 0;

  constructor(world: World, engine: () => Promise<LocalEngine>) {
    this.world = world;
    this.engine = engine;
  }

  async run(
    query: string,
    caller: Caller,
    subscriptions: readonly Subscription[],
    further: boolean,
  ): Promise<DataTable> {
    const name = [this.world.version, nameOf(caller, subscriptions), query].join(' ');
    const kept = further ? this.answers.get(name) : undefined;
    if (kept) return kept;
    const answer = await this.ask(query, caller, subscriptions);
    this.answers.delete(name);
    if (answer.rows.length > 1) this.answers.set(name, answer);
    for (const old of [...this.answers.keys()].slice(0, Math.max(0, this.answers.size - KEPT)))
      this.answers.delete(old);
    return answer;
  }

  private async ask(query: string, caller: Caller, subscriptions: readonly Subscription[]): Promise<DataTable> {
    const engine = await this.engine();
    const loaded = await this.tables(engine, caller, subscriptions);
    const tables = withSpellings(loaded, query);
    const now = ticksOfMs(this.world.clock.now());
    const answer = await engine.query(query, { database: { name: 'graph', tables }, now });
    try {
      const first = answer.tables[0];
      return first ? { columns: first.columns, rows: await first.rows() } : { columns: [], rows: [] };
    } finally {
      for (const table of answer.tables) await table.dispose();
    }
  }

  private async tables(
    engine: LocalEngine,
    caller: Caller,
    subscriptions: readonly Subscription[],
  ): Promise<EngineTable[]> {
    const name = nameOf(caller, subscriptions);
    const kept = this.loaded.get(name);
    if (kept?.version === this.world.version) return kept.tables;
    const tables = this.load(engine, caller, subscriptions);
    this.loaded.delete(name);
    this.loaded.set(name, { version: this.world.version, tables });
    tables.catch(() => {
      this.loaded.delete(name);
    });
    if (kept) await drop(engine, kept);
    for (const [old, entry] of [...this.loaded].slice(0, Math.max(0, this.loaded.size - KEPT))) {
      this.loaded.delete(old);
      await drop(engine, entry);
    }
    return tables;
  }

  private async load(
    engine: LocalEngine,
    caller: Caller,
    subscriptions: readonly Subscription[],
  ): Promise<EngineTable[]> {
    const schema = `graph_${++this.count}`;
    const tables: EngineTable[] = [];
    for (const name of FILLED_TABLES) {
      const table = await engine.createTable(schema, name, GRAPH_COLUMNS);
      await engine.append(table, graphRows(this.world, name, caller, subscriptions));
      tables.push(table);
    }
    const empty = await engine.createTable(schema, 'empty', GRAPH_COLUMNS);
    const others = GRAPH_TABLES.map(({ name }) => name.toLowerCase());
    for (const name of others) if (!tables.some((table) => table.name === name)) tables.push({ ...empty, name });
    return tables;
  }
}

/** The tables also under the names that a query has for them: the service takes any case. */
function withSpellings(tables: readonly EngineTable[], query: string): EngineTable[] {
  const spelled = namesOfTables(query).flatMap((name) => {
    const table = tables.find((one) => one.name === name.toLowerCase());
    return table && table.name !== name ? [{ ...table, name }] : [];
  });
  return [...tables, ...spelled];
}

function nameOf({ claims }: Caller, subscriptions: readonly Subscription[]): string {
  return [claims.tid, claims.oid, ...subscriptions.map((subscription) => subscription.subscriptionId)].join(' ');
}

/** Queries that still read the old tables fail then; a second's grace keeps that from happening in practice. */
async function drop(engine: LocalEngine, { tables }: Loaded): Promise<void> {
  const list = await tables.catch(() => []);
  const timer = setTimeout(() => {
    for (const table of new Map(list.map((one) => [one.source, one])).values())
      void engine.dropTable(table).catch(() => undefined);
  }, 1_000);
  timer.unref();
}
