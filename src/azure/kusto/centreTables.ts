import { kqlName } from '../../model/kqlNames.ts';
import type { Column } from '../../model/kqlType.ts';
import { ROLLUP_COLUMNS } from '../../model/rollup.ts';
import type { RollupTable } from '../../model/rollup.ts';
import { answerQuery, rowsOnceQuery } from '../../ports/appendQuestions.ts';
import { RECORD_COLUMNS, WRITE_COLUMNS } from '../../ports/appendTarget.ts';

/** The folder that tables and functions of ours lie in: what lies elsewhere is somebody else's. */
export const FOLDER = 'tenantscope';
/** The one mapping of each table. */
export const MAPPING = 'tenantscope';

/** A table of the centre as it is to be. */
export interface WantedTable {
  readonly name: string;
  readonly columns: readonly Column[];
  /** What its documentation says: the id of the roll-up. */
  readonly about: string;
}

/** A function of the centre as it is to be; the body without its braces. */
export interface WantedFunction {
  readonly name: string;
  readonly body: string;
  readonly about: string;
}

/**
 * Names in the centre of what belongs to a version of a roll-up (its id): the tables of rows and of windows, and the
 * function that gives its rows once.
 */
export function namesOf(id: string): { readonly rows: string; readonly windows: string; readonly once: string } {
  const once = id.replaceAll(/[^A-Za-z0-9_]/g, '_');
  return { rows: `${once}_Rows`, windows: `${once}_Windows`, once };
}

/** Both tables of a version. */
export function wantedTables({ id, columns }: RollupTable): readonly [rows: WantedTable, windows: WantedTable] {
  const { rows, windows } = namesOf(id);
  return [
    { name: rows, columns: [...WRITE_COLUMNS, ...ROLLUP_COLUMNS, ...columns], about: id },
    { name: windows, columns: RECORD_COLUMNS, about: `windows of ${id}` },
  ];
}

/** Rows once under the version's name, and the answer under the roll-up's: of several versions, the one made last. */
export function wantedFunctions(table: RollupTable): readonly WantedFunction[] {
  const { rows, windows, once } = namesOf(table.id);
  return [
    { name: once, body: rowsOnceQuery(kqlName(rows), kqlName(windows), table), about: `${table.id}, each row once` },
    { name: table.name, body: answerQuery(kqlName(once), table), about: `the answer of ${table.id}` },
  ];
}

/** Makes a table, or adds columns at its end. */
export function createTable({ name, columns, about }: WantedTable): string {
  const list = columns.map((column) => `${kqlName(column.name)}:${column.type}`).join(', ');
  return `.create-merge table ${kqlName(name)} (${list}) with (folder=${text(FOLDER)}, docstring=${text(about)})`;
}

/** The mapping by which rows as JSON become its rows: by name, whatever the order of its columns. */
export function mappingOf({ columns }: WantedTable): readonly { column: string; Properties: { Path: string } }[] {
  return columns.map(({ name }) => ({
    column: name,
    Properties: { Path: `$['${name.replaceAll(/[\\']/g, String.raw`\$&`)}']` },
  }));
}

/** Makes the mapping of a table. */
export function createMapping(table: WantedTable): string {
  const mapping = JSON.stringify(mappingOf(table));
  return `.create-or-alter table ${kqlName(table.name)} ingestion json mapping ${text(MAPPING)} ${text(mapping)}`;
}

/** Makes a function, or puts another body into it. */
export function createFunction({ name, body, about }: WantedFunction): string {
  return `.create-or-alter function with (folder=${text(FOLDER)}, docstring=${text(about)}) ${kqlName(name)}() {\n${body}\n}`;
}

/**
 * What has rows accepted soon: streams are switched on by table; what is queued is gathered for half a minute instead
 * of five.
 */
export function ingestionPolicy({ name }: WantedTable, ingestion: 'queued' | 'streaming'): readonly [string, object] {
  const [policy, value] =
    ingestion === 'streaming'
      ? ['streamingingestion', { IsEnabled: true }]
      : ['ingestionbatching', { MaximumBatchingTimeSpan: '00:00:30' }];
  return [`table ${kqlName(name)} policy ${policy as string}`, value as object];
}

/** A text as commands take it. */
export function text(value: string): string {
  return JSON.stringify(value);
}
