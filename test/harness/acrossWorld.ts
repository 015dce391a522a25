import type { EngineDatabase, EngineTable, LocalEngine, QueryOptions } from '../../src/engine/face.ts';
import type { AcrossPlan } from '../../src/kql/across/acrossPlan.ts';
import { acrossSchema } from '../../src/kql/across/acrossSchema.ts';
import { ATTRIBUTION, isAttribution } from '../../src/kql/across/expressions.ts';
import { planAcross } from '../../src/kql/across/planAcross.ts';
import type { SourceSchema } from '../../src/kql/scopeSchema.ts';
import type { Cell, Column } from '../../src/model/kqlType.ts';
import { askAlone, askTogether } from './acrossPart.ts';
import type { PartQuestion } from './acrossPart.ts';

/** One table's rows in one workspace; columns of a workspace may be fewer, or of other types. */
export interface WorkspaceTable {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}
/** A workspace of a test, with whose it is. */
export interface WorkspaceRows {
  readonly attribution: readonly [customer: string, tenant: string, workspace: string];
  readonly tables: readonly WorkspaceTable[];
}
/** The rows of some workspaces, each by itself and all in one. */
export interface AcrossWorld {
  readonly engine: LocalEngine;
  readonly workspaces: readonly {
    /** What its rows have as `TenantId`, where they have that. */
    readonly id: string;
    readonly attribution: readonly string[];
    readonly schema: SourceSchema;
    readonly database: EngineDatabase;
  }[];
  /** One workspace with everybody's rows and whose they are. */
  readonly whole: EngineDatabase;
  /** The same without whose they are. */
  readonly plain: EngineDatabase;
  /** What everybody reads at an address of `externaldata`. */
  readonly external?: NonNullable<QueryOptions['external']>;
}

/** What an across answer was, and what it cost. */
export interface AcrossAnswer {
  readonly plan: AcrossPlan;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Rows that came from workspaces. */
  readonly travelled: number;
  /** What each workspace was sent, part by part. */
  readonly sent: readonly string[];
}

let worlds = 0;

/** Puts rows into an engine: as many workspaces, and one of all of them. */
export async function makeWorld(engine: LocalEngine, workspaces: readonly WorkspaceRows[]): Promise<AcrossWorld> {
  const id = ++worlds;
  const made = [];
  for (const [i, { attribution, tables }] of workspaces.entries()) {
    const stored: EngineTable[] = [];
    for (const { name, columns, rows } of tables) {
      const table = await engine.createTable(`w${id}_${i}`, name, columns);
      await engine.append(table, rows);
      stored.push(table);
    }
    // What a service keeps hidden is in no schema of it.
    const told = tables.map((table) => ({ ...table, columns: table.columns.filter(({ name }) => name[0] !== '$') }));
    made.push({
      id: `id-${i}`,
      attribution,
      schema: { tables: told, name: attribution[2] },
      database: { name: `w${i}`, tables: stored },
    });
  }
  const merged = acrossSchema(made.map(({ schema }) => schema));
  const whole: EngineTable[] = [];
  const plain: EngineTable[] = [];
  for (const { name, columns: seen } of merged.attributed.tables) {
    const hidden = workspaces.flatMap(({ tables }) => tables.filter((each) => each.name === name))[0]!.columns;
    const bareColumns = [...seen.slice(0, -ATTRIBUTION.length), ...hidden.filter((column) => column.name[0] === '$')];
    const columns = [...bareColumns, ...ATTRIBUTION];
    const table = await engine.createTable(`whole${id}`, name, columns);
    const bare = await engine.createTable(`plain${id}`, name, bareColumns);
    for (const { attribution, tables } of workspaces) {
      const own = tables.find((each) => each.name === name);
      const rows = (own?.rows ?? []).map((row) => [
        ...bareColumns.map((column) => cellOf(own!, row, column, merged.splits.get(name))),
        ...attribution,
      ]);
      await engine.append(table, rows);
      await engine.append(
        bare,
        rows.map((row) => row.slice(0, bareColumns.length)),
      );
    }
    whole.push(table);
    plain.push(bare);
  }
  return {
    engine,
    workspaces: made,
    whole: { name: 'whole', tables: whole },
    plain: { name: 'plain', tables: plain },
  };
}

function cellOf(
  table: WorkspaceTable,
  row: readonly Cell[],
  column: Column,
  splits: ReadonlyMap<string, { readonly from: string; readonly type: string }> | undefined,
): Cell {
  const name = splits?.get(column.name)?.from ?? column.name;
  const at = table.columns.findIndex((own) => own.name === name && own.type === column.type);
  return at < 0 ? (column.type === 'string' ? '' : null) : row[at]!;
}

/** The same rows with the id of their workspace, which the service has in every table. */
export function withIds(workspaces: readonly WorkspaceRows[]): WorkspaceRows[] {
  return workspaces.map((workspace, i) => ({
    ...workspace,
    tables: workspace.tables.map(({ name, columns, rows }) => ({
      name,
      columns: [...columns, { name: 'TenantId', type: 'string' }],
      rows: rows.map((row) => [...row, `id-${i}`]),
    })),
  }));
}

/** How workspaces are asked: each by itself, or `together` those that can be. */
export interface Asking {
  readonly isConfidential?: (text: string) => boolean;
  readonly together?: boolean;
}

/**
 * Asks the workspaces what the plan has them asked, and puts the answers together as the plan says. Names of its own
 * tables and columns apart, a workspace is sent nothing of which `isConfidential` is true.
 */
export async function askAcross(
  world: AcrossWorld,
  query: string,
  now: bigint,
  { isConfidential, together = false }: Asking = {},
): Promise<AcrossAnswer> {
  const { engine, workspaces, external } = world;
  const schema = acrossSchema(workspaces.map((each) => each.schema));
  const plan = planAcross(query, schema, { now, ...(isConfidential ? { isConfidential } : {}) });
  const texts: string[] = [];
  const sent: PartQuestion['sent'] = (text, to) => {
    texts.push(text);
    const told = isConfidential && to.flatMap((each) => wordsOf(text, each.schema)).find(isConfidential);
    if (told !== undefined) throw new Error(`a workspace is sent ${told}:\n${text}`);
  };
  const tables: EngineTable[] = [];
  let travelled = 0;
  const parts: (readonly Cell[])[][] = [];
  for (const part of plan.parts) {
    const collected = await (together ? askTogether : askAlone)(workspaces, {
      engine,
      part,
      schema,
      now,
      sent,
      external,
    });
    travelled += collected.length;
    const table = await engine.createTable('parts', part.name, [...ATTRIBUTION, ...part.columns]);
    await engine.append(table, collected);
    tables.push(table);
    parts.push(collected);
  }
  if (plan.local === undefined)
    return { plan, columns: [...ATTRIBUTION, ...plan.parts[0]!.columns], rows: parts[0]!, travelled, sent: texts };
  const answer = await engine.query(plan.local, { database: { name: 'parts', tables }, now });
  const [table] = answer.tables;
  const rows = await table!.rows();
  for (const each of answer.tables) await each.dispose();
  return { plan, columns: table!.columns, rows, travelled, sent: texts };
}

/** The texts and names in a query, but for those of tables and columns that its workspace has itself. */
function wordsOf(text: string, { tables }: SourceSchema): string[] {
  const own = new Set(tables.flatMap(({ name, columns }) => [name, ...columns.map((column) => column.name)]));
  const words = text.match(/@?"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\p{L}_][\p{L}\p{N}_]*/gu) ?? [];
  return words.filter((word) => !own.has(word.replaceAll(/^['"]|['"]$/g, '')));
}

/** What one workspace of everybody's rows answers. */
export async function askWhole(
  world: AcrossWorld,
  query: string,
  now: bigint,
  attributed: boolean,
): Promise<{ readonly columns: readonly Column[]; readonly rows: readonly (readonly Cell[])[] }> {
  const database = attributed ? world.whole : world.plain;
  const { columns, rows } = await asked(world, query, now, database);
  if (!columns.some(({ name }) => name.startsWith(HIDDEN))) return { columns, rows };
  // Over tables without it `ingestion_time()` has its name all the same: what is called so only here is a table's own.
  const tables = database.tables.map((table) => ({
    ...table,
    columns: table.columns.filter((c) => c.name !== HIDDEN),
  }));
  const shown = await asked(world, query, now, { ...database, tables });
  const places = shown.columns.map(({ name }) => columns.findIndex((column) => column.name === name));
  return { columns: shown.columns, rows: rows.map((row) => places.map((at) => row[at]!)) };
}

/** What the service keeps hidden in its tables, and our engine does not. */
const HIDDEN = '$IngestionTime';

async function asked(
  { engine, external }: AcrossWorld,
  query: string,
  now: bigint,
  database: EngineDatabase,
): Promise<{ readonly columns: readonly Column[]; readonly rows: readonly (readonly Cell[])[] }> {
  const answer = await engine.query(query, { database, now, ...(external ? { external } : {}) });
  const [table] = answer.tables;
  const { columns } = table!;
  const rows = await table!.rows();
  for (const each of answer.tables) await each.dispose();
  return { columns, rows };
}

/** Rows as texts to compare, of these columns only. */
export function rowTexts(
  { columns, rows }: { readonly columns: readonly Column[]; readonly rows: readonly (readonly Cell[])[] },
  only: readonly string[],
): string[] {
  const places = only.map((name) => columns.findIndex((column) => column.name === name));
  return rows.map((row) =>
    JSON.stringify(
      places.map((at) => row[at]),
      (_, value: unknown) =>
        typeof value === 'bigint' ? `${value}n` : typeof value === 'number' ? Number(value.toPrecision(12)) : value,
    ),
  );
}

/** Names of columns that both have; attribution that only an across answer shows is left out. */
export function sharedNames(across: readonly Column[], whole: readonly Column[]): string[] {
  const extra = across.filter(({ name }) => !whole.some((column) => column.name === name));
  if (!extra.every(({ name }) => isAttribution(name)))
    throw new Error(
      `columns ${across.map(({ name }) => name).join()} instead of ${whole.map(({ name }) => name).join()}`,
    );
  return whole.map(({ name }) => name);
}
