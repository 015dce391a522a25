import { AppError } from '../../base/errors.ts';
import { kqlName } from '../../model/kqlNames.ts';
import type { Cell, Column, DataTable, KqlType } from '../../model/kqlType.ts';
import type { RollupTable, SchemaDiff } from '../../model/rollup.ts';
import {
  createFunction,
  createMapping,
  createTable,
  FOLDER,
  ingestionPolicy,
  MAPPING,
  mappingOf,
  text,
  wantedFunctions,
  wantedTables,
} from './centreTables.ts';
import type { WantedFunction, WantedTable } from './centreTables.ts';

/** Asks the cluster a command. */
type Ask = (command: string) => Promise<DataTable>;

/**
 * Makes what a version of a roll-up needs at the centre, and nothing that is there already: who only stores needs no
 * right to make tables. Rejects with `input.rollupSchema` where a column is there with another type, and with
 * `input.centreName` where somebody else has a function or table of that name; then nothing was made.
 */
export async function prepareCentre(
  ask: Ask,
  table: RollupTable,
  ingestion: 'queued' | 'streaming',
): Promise<SchemaDiff> {
  const wanted = wantedTables(table);
  const known = await ask('.show tables');
  const there = await Promise.all(wanted.map((one) => columnsOf(ask, known, one)));
  const diff = differences(table, there[0]);
  const commands: string[] = [];
  for (const [at, one] of wanted.entries()) {
    const names = new Set(there[at]?.map(({ name }) => name));
    if (one.columns.some(({ name }) => !names.has(name))) commands.push(createTable(one));
    if (!there[at] || !(await isMapped(ask, one))) commands.push(createMapping(one));
    const [policy, value] = ingestionPolicy(one, ingestion);
    if (!there[at] || !(await hasPolicy(ask, policy, value)))
      commands.push(`.alter ${policy} ${text(JSON.stringify(value))}`);
  }
  commands.push(...(await missingFunctions(ask, known, wantedFunctions(table))).map(createFunction));
  for (const command of commands) await ask(command);
  return diff;
}

async function columnsOf(ask: Ask, known: DataTable, { name }: WantedTable): Promise<readonly Column[] | undefined> {
  const row = rowOf(known, 'TableName', name);
  if (!row) return undefined;
  if (row['Folder'] !== FOLDER) throw taken('table', name);
  const [schema] = records(await ask(`.show table ${kqlName(name)} schema as json`));
  const { OrderedColumns } = JSON.parse(String(schema?.['Schema'])) as {
    OrderedColumns: { Name: string; CslType: KqlType }[];
  };
  return OrderedColumns.map(({ Name, CslType }) => ({ name: Name, type: CslType }));
}

function differences(table: RollupTable, there: readonly Column[] | undefined): SchemaDiff {
  const types = new Map(there?.map(({ name, type }) => [name, type]));
  for (const { name, type } of table.columns) {
    const was = types.get(name);
    if (was !== undefined && was !== type)
      throw new AppError(
        'input.rollupSchema',
        `${table.name} stores ${name} as ${was}, and would have it as ${type} now. Give the column another name.`,
      );
  }
  const added = there ? table.columns.filter(({ name }) => !types.has(name)) : [];
  return { isNew: there === undefined, added, changed: [] };
}

async function isMapped(ask: Ask, table: WantedTable): Promise<boolean> {
  const mappings = await ask(`.show table ${kqlName(table.name)} ingestion json mappings`);
  const mapping = rowOf(mappings, 'Name', MAPPING)?.['Mapping'];
  if (mapping === undefined) return false;
  const entries = JSON.parse(String(mapping)) as { column?: string; Properties?: { Path?: string } }[];
  const paths = new Map(entries.map(({ column, Properties }) => [column, Properties?.Path]));
  return mappingOf(table).every(({ column, Properties }) => paths.get(column) === Properties.Path);
}

async function hasPolicy(ask: Ask, policy: string, value: object): Promise<boolean> {
  const [row] = records(await ask(`.show ${policy}`));
  const has = JSON.parse(String(row?.['Policy'] ?? 'null')) as Record<string, unknown> | null;
  return Object.entries(value).every(([name, wanted]) => has?.[name] === wanted);
}

async function missingFunctions(
  ask: Ask,
  known: DataTable,
  wanted: readonly WantedFunction[],
): Promise<readonly WantedFunction[]> {
  // A function hides the table of its name.
  for (const { name } of wanted) if (rowOf(known, 'TableName', name)) throw taken('table', name);
  const there = await ask('.show functions');
  return wanted.filter(({ name, body }) => {
    const row = rowOf(there, 'Name', name);
    if (!row) return true;
    if (row['Folder'] !== FOLDER) throw taken('function', name);
    return bare(String(row['Body'])) !== bare(`{${body}}`);
  });
}

/** A body without its blanks, which the service may lay out anew. */
function bare(body: string): string {
  return body.replaceAll(/\s+/g, '');
}

function taken(kind: string, name: string): AppError {
  return new AppError(
    'input.centreName',
    `The database has a ${kind} ${name} that is not Tenantscope's (it lies outside the folder ${FOLDER}). Give the roll-up another name.`,
  );
}

function records({ columns, rows }: DataTable): Record<string, Cell>[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null])));
}

function rowOf(table: DataTable, column: string, value: string): Record<string, Cell> | undefined {
  return records(table).find((row) => row[column] === value);
}
