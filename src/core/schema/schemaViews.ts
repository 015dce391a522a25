import { AppError } from '../../base/errors.ts';
import { didYouMean, suggestNames } from '../estate/suggestions.ts';
import type { SourceColumn } from '../../kql/scopeSchema.ts';
import type { Cell, Column, DataTable } from '../../model/kqlType.ts';
import type { SchemaView } from '../../model/schemaView.ts';
import type { EstateTable } from './estateTables.ts';

/** A workspace that told its tables; `name` is no other's. */
export interface NamedTables {
  readonly name: string;
  readonly tables: readonly EstateTable[];
}

/** Workspaces told by name about one column. */
const NAMED = 8;

/** Columns of the view `list`, a row for each table of a workspace. */
export const LIST_COLUMNS: readonly Column[] = [
  { name: 'Table', type: 'string' },
  { name: 'Plan', type: 'string' },
  { name: 'RetentionDays', type: 'int' },
  { name: 'Columns', type: 'int' },
  { name: 'Data', type: 'string' },
  { name: 'LastData', type: 'datetime' },
];

/** The rows of one workspace in the view `list`, by table. */
export function listRows(tables: readonly EstateTable[], only?: string): Cell[][] {
  return byName(tables.filter(({ name }) => only === undefined || name === only)).map(
    ({ name, plan = '', retentionDays = null, columns, data, lastData = null }) => [
      name,
      plan,
      retentionDays,
      columns.length,
      data,
      lastData,
    ],
  );
}

/**
 * The workspaces' tables together, as one of the other views lays them out; of one table alone where it is named.
 * Throws `input.unknownTable` where no workspace has that, or none is named for its columns.
 */
export function schemaTable(
  view: Exclude<SchemaView, 'list'>,
  workspaces: readonly NamedTables[],
  only: string | undefined,
): DataTable {
  const tables = gather(workspaces, only);
  if (only !== undefined && tables.length === 0)
    throw new AppError(
      'input.unknownTable',
      `No workspace of the scope that told its tables has one named ${only}.${didYouMean(suggestNames(only, namesOf(workspaces)))}`,
    );
  if (view === 'tables') return tableMatrix(tables, workspaces);
  if (view === 'differences') return differences(tables);
  if (only === undefined) throw new AppError('input.unknownTable', 'Name the table whose columns are to be shown.');
  return columnMatrix(tables[0]!, workspaces);
}

/** The names of all their tables, each once. */
function namesOf(workspaces: readonly Pick<NamedTables, 'tables'>[]): ReadonlySet<string> {
  return new Set(workspaces.flatMap(({ tables }) => tables.map(({ name }) => name)));
}

/** A table's name as the workspaces spell it, where it is there in another case alone; else as it is. */
export function spelledAs(wanted: string, workspaces: readonly Pick<NamedTables, 'tables'>[]): string {
  const names = namesOf(workspaces);
  if (names.has(wanted)) return wanted;
  return [...names].find((name) => name.toLowerCase() === wanted.toLowerCase()) ?? wanted;
}

/** The tables that received data in any of the workspaces lately; `each`: of each workspace those that did there. */
export function filledOnly<T extends Pick<NamedTables, 'tables'>>(workspaces: readonly T[], each: boolean): T[] {
  const isFilled = ({ data }: EstateTable): boolean => data === 'filled';
  const filled = new Set(workspaces.flatMap(({ tables }) => tables.filter(isFilled).map(({ name }) => name)));
  return workspaces.map((workspace) => ({
    ...workspace,
    tables: workspace.tables.filter((table) => (each ? isFilled(table) : filled.has(table.name))),
  }));
}

/** A table of the scope: who has it, and in which shapes. */
interface Gathered {
  readonly name: string;
  readonly owners: ReadonlyMap<NamedTables, EstateTable>;
  /** Columns by name: each type with those who have it so. */
  readonly columns: ReadonlyMap<string, ReadonlyMap<string, readonly NamedTables[]>>;
}

function gather(workspaces: readonly NamedTables[], only: string | undefined): Gathered[] {
  const owners = new Map<string, Map<NamedTables, EstateTable>>();
  for (const workspace of workspaces)
    for (const table of workspace.tables) {
      if (only !== undefined && table.name !== only) continue;
      const known = owners.get(table.name);
      if (known) known.set(workspace, table);
      else owners.set(table.name, new Map([[workspace, table]]));
    }
  return byName([...owners].map(([name, own]) => ({ name, owners: own, columns: columnsOf(own) })));
}

/** Lists of columns that are the same object are looked at once. */
function columnsOf(owners: ReadonlyMap<NamedTables, EstateTable>): Gathered['columns'] {
  const shapes = new Map<readonly SourceColumn[], NamedTables[]>();
  for (const [workspace, { columns }] of owners) {
    const known = shapes.get(columns);
    if (known) known.push(workspace);
    else shapes.set(columns, [workspace]);
  }
  const found = new Map<string, Map<string, NamedTables[]>>();
  for (const [columns, of] of shapes)
    for (const { name, type } of columns) {
      const types = found.get(name) ?? new Map<string, NamedTables[]>();
      found.set(name, types);
      types.set(type, [...(types.get(type) ?? []), ...of]);
    }
  return found;
}

/** Whether not all who have the table have the column alike. */
function differs(types: ReadonlyMap<string, readonly NamedTables[]>, owners: number): boolean {
  return types.size > 1 || [...types.values()][0]!.length < owners;
}

function tableMatrix(tables: readonly Gathered[], workspaces: readonly NamedTables[]): DataTable {
  const fixed: readonly Column[] = [
    { name: 'Table', type: 'string' },
    { name: 'Workspaces', type: 'int' },
    { name: 'Filled', type: 'int' },
    { name: 'Plans', type: 'string' },
    { name: 'RetentionDays', type: 'string' },
    { name: 'DifferingColumns', type: 'int' },
  ];
  const rows = tables.map(({ name, owners, columns }) => {
    const own = [...owners.values()];
    const filled = own.filter(({ data }) => data === 'filled').length;
    const differing = [...columns.values()].filter((types) => differs(types, owners.size)).length;
    const cells = workspaces.map((workspace) => {
      const table = owners.get(workspace);
      if (!table) return '';
      const { plan, data } = table;
      return plan === undefined || plan === 'Analytics' ? data : `${data} (${plan})`;
    });
    return [name, owners.size, filled, plansOf(own), retentionOf(own), differing, ...cells];
  });
  // What nobody fills is the long tail of what Azure knows.
  const isFilled = (row: readonly Cell[]): number => (row[2] === 0 ? 1 : 0);
  return matrix(
    fixed,
    workspaces,
    rows.sort((a, b) => isFilled(a) - isFilled(b)),
  );
}

function columnMatrix({ columns, owners }: Gathered, workspaces: readonly NamedTables[]): DataTable {
  const fixed: readonly Column[] = [
    { name: 'Column', type: 'string' },
    { name: 'Types', type: 'string' },
    { name: 'Workspaces', type: 'int' },
  ];
  const having = workspaces.filter((workspace) => owners.has(workspace));
  const rows = [...columns].map(([name, types]) => {
    const typeOf = new Map([...types].flatMap(([type, of]) => of.map((workspace) => [workspace, type] as const)));
    return [name, [...types.keys()].sort().join(', '), typeOf.size, ...having.map((one) => typeOf.get(one) ?? '')];
  });
  return matrix(fixed, having, rows);
}

function differences(tables: readonly Gathered[]): DataTable {
  const rows = tables.flatMap(({ name: table, owners, columns }) =>
    [...columns]
      .filter(([, types]) => differs(types, owners.size))
      .flatMap(([column, types]) =>
        [...types]
          .sort(([, a], [, b]) => b.length - a.length)
          .map(([type, of]): Cell[] => [table, column, type, of.length, owners.size, whoOf(of, [...owners.keys()])]),
      ),
  );
  return {
    columns: [
      { name: 'Table', type: 'string' },
      { name: 'Column', type: 'string' },
      { name: 'Type', type: 'string' },
      { name: 'Workspaces', type: 'int' },
      { name: 'Of', type: 'int' },
      { name: 'Who', type: 'string' },
    ],
    rows,
  };
}

/** Those who have it so, or those who do not, whichever are fewer. */
function whoOf(have: readonly NamedTables[], all: readonly NamedTables[]): string {
  const few = have.length * 2 <= all.length ? have : all.filter((one) => !have.includes(one));
  const names = few.map(({ name }) => name).sort();
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return `${few === have ? 'only' : 'not'} ${names.slice(0, NAMED).join(', ')}${more}`;
}

/** A column for each workspace behind the others; one that is called like one of those gives way. */
function matrix(fixed: readonly Column[], workspaces: readonly NamedTables[], rows: Cell[][]): DataTable {
  const taken = new Set(fixed.map(({ name }) => name));
  const own = workspaces.map(({ name }): Column => {
    let free = name;
    for (let n = 1; taken.has(free); n++) free = `${name}${n}`;
    taken.add(free);
    return { name: free, type: 'string' };
  });
  return { columns: [...fixed, ...own], rows };
}

/** `Analytics 40, Basic 1`; the number only where there are several. */
function plansOf(tables: readonly EstateTable[]): string {
  const counts = new Map<string, number>();
  for (const { plan } of tables) if (plan !== undefined) counts.set(plan, (counts.get(plan) ?? 0) + 1);
  const ranked = [...counts].sort((a, b) => b[1] - a[1]);
  return ranked.length > 1 ? ranked.map(([plan, count]) => `${plan} ${count}`).join(', ') : (ranked[0]?.[0] ?? '');
}

/** `30`, or `30 to 90` where they differ. */
function retentionOf(tables: readonly EstateTable[]): string {
  const days = tables.flatMap(({ retentionDays }) => retentionDays ?? []);
  if (days.length === 0) return '';
  const [least, most] = [Math.min(...days), Math.max(...days)];
  return least === most ? String(least) : `${least} to ${most}`;
}

function byName<T extends { readonly name: string }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
