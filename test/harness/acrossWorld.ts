import type { EngineDatabase, EngineTable, LocalEngine } from '../../src/engine/face.ts';
import type { AcrossPlan } from '../../src/kql/across/acrossPlan.ts';
import { acrossSchema } from '../../src/kql/across/acrossSchema.ts';
import { ATTRIBUTION, isAttribution } from '../../src/kql/across/expressions.ts';
import { isAsked } from '../../src/kql/across/isAsked.ts';
import { planAcross } from '../../src/kql/across/planAcross.ts';
import { remoteQuery } from '../../src/kql/across/remoteQuery.ts';
import type { SourceSchema } from '../../src/kql/scopeSchema.ts';
import type { Cell, Column } from '../../src/model/kqlType.ts';

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
    readonly attribution: readonly string[];
    readonly schema: SourceSchema;
    readonly database: EngineDatabase;
  }[];
  /** One workspace with everybody's rows and whose they are. */
  readonly whole: EngineDatabase;
  /** The same without whose they are. */
  readonly plain: EngineDatabase;
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
    made.push({ attribution, schema: { tables, name: attribution[2] }, database: { name: `w${i}`, tables: stored } });
  }
  const merged = acrossSchema(made.map(({ schema }) => schema));
  const whole: EngineTable[] = [];
  const plain: EngineTable[] = [];
  for (const { name, columns } of merged.attributed.tables) {
    const table = await engine.createTable(`whole${id}`, name, columns);
    const bare = await engine.createTable(`plain${id}`, name, columns.slice(ATTRIBUTION.length));
    for (const { attribution, tables } of workspaces) {
      const own = tables.find((each) => each.name === name);
      const rows = (own?.rows ?? []).map((row) => [
        ...attribution,
        ...columns.slice(ATTRIBUTION.length).map((column) => cellOf(own!, row, column, merged.splits.get(name))),
      ]);
      await engine.append(table, rows);
      await engine.append(
        bare,
        rows.map((row) => row.slice(ATTRIBUTION.length)),
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

/**
 * Asks every workspace by itself what the plan has it asked, and puts the answers together as the plan says. Names of
 * its own tables and columns apart, a workspace is sent nothing of which `isConfidential` is true.
 */
export async function askAcross(
  world: AcrossWorld,
  query: string,
  now: bigint,
  isConfidential?: (text: string) => boolean,
): Promise<AcrossAnswer> {
  const { engine, workspaces } = world;
  const schema = acrossSchema(workspaces.map((each) => each.schema));
  const plan = planAcross(query, schema, { now, ...(isConfidential ? { isConfidential } : {}) });
  const sent: string[] = [];
  const tables: EngineTable[] = [];
  let travelled = 0;
  const parts: (readonly Cell[])[][] = [];
  for (const part of plan.parts) {
    const collected: (readonly Cell[])[] = [];
    for (const { attribution, schema: own, database } of workspaces) {
      const text = remoteQuery(part, own, schema, now);
      const [_Customer, _Tenant, _Workspace] = attribution as [string, string, string];
      if (text === undefined || !isAsked(part, { _Customer, _Tenant, _Workspace })) continue;
      sent.push(text);
      const told = isConfidential && wordsOf(text, own).find(isConfidential);
      if (told !== undefined) throw new Error(`a workspace is sent ${told}:\n${text}`);
      const answer = await engine.query(text, { database, now });
      const [table] = answer.tables;
      const columns = table!.columns.map(({ name, type }) => `${name}:${type}`).join();
      const wanted = part.columns.map(({ name, type }) => `${name}:${type}`).join();
      if (columns !== wanted) throw new Error(`a part has ${columns} instead of ${wanted}:\n${text}`);
      for (const row of await table!.rows()) collected.push([...attribution, ...row]);
      for (const each of answer.tables) await each.dispose();
    }
    travelled += collected.length;
    const table = await engine.createTable('parts', part.name, [...ATTRIBUTION, ...part.columns]);
    await engine.append(table, collected);
    tables.push(table);
    parts.push(collected);
  }
  if (plan.local === undefined)
    return { plan, columns: [...ATTRIBUTION, ...plan.parts[0]!.columns], rows: parts[0]!, travelled, sent };
  const answer = await engine.query(plan.local, { database: { name: 'parts', tables }, now });
  const [table] = answer.tables;
  const rows = await table!.rows();
  for (const each of answer.tables) await each.dispose();
  return { plan, columns: table!.columns, rows, travelled, sent };
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
  const answer = await world.engine.query(query, { database, now });
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
