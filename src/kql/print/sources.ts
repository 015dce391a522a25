import type { Column } from '../../model/kqlType.ts';
import type { Expr } from '../plan.ts';
import { literalText } from './literals.ts';
import { nameText } from './names.ts';
import { listed, piped, unprintable } from './printer.ts';
import type { Of, Pipe, Printer } from './printer.ts';

/** KQL of a table: a tabular expression with exactly the columns of the node. */
export type TableText = (rel: Of<'table'>) => string;

/** A table by its name; with a project where it is not all of its columns that are wanted. */
export function tablePipe(rel: Of<'table'>, text: TableText | undefined): Pipe {
  if (text) return { source: text(rel), operators: [] };
  const { table, database, columns } = rel;
  if (!database.tables.some((known) => known.name === table.name))
    throw unprintable(`The file or table '${table.name}', which the workspace does not have,`, rel.place);
  const own = columns.length === table.columns.length && columns.every((c, i) => c.name === table.columns[i]!.name);
  const source = { source: nameText(table.name), operators: [] };
  if (own) return source;
  return piped(
    source,
    columns.length === 0
      ? 'project-away *'
      : listed(
          'project',
          columns.map((c) => nameText(c.name)),
        ),
  );
}

/** `datatable`: each value in the type of its column. */
export function valuesPipe(rel: Of<'values'>, printer: Printer): Pipe {
  if (rel.columns.length === 0) throw unprintable('A row without columns', rel.place);
  const head = `datatable(${schemaText(rel.columns)})`;
  const rows = rel.rows.map((row) => row.map((value, i) => cellText(value, rel.columns[i]!, printer)).join(', '));
  const line = `${head}[${rows.join(', ')}]`;
  if (line.length <= 100) return { source: line, operators: [] };
  return { source: `${head}\n[\n${rows.map((row) => `    ${row}`).join(',\n')}\n]`, operators: [] };
}
/** A value of a datatable, where a plain number is one of its column's type. */
function cellText(value: Expr, column: Column, printer: Printer): string {
  const plain = value.kind === 'convert' && value.value.kind === 'literal' ? value.value : value;
  if (plain.kind !== 'literal') return printer.scalar(value, []);
  return plain.type === 'int' && plain.value !== null ? String(plain.value) : literalText(plain.type, plain.value);
}

/** `range x from a to b step c`. */
export function rangePipe(rel: Of<'range'>, printer: Printer): Pipe {
  const [from, to, step] = [rel.from, rel.to, rel.step].map((bound) => printer.scalar(bound, []));
  return { source: `range ${nameText(rel.columns[0]!.name)} from ${from} to ${to} step ${step}`, operators: [] };
}

/** Columns with their types, as `datatable` and plugins declare them. */
export function schemaText(columns: readonly Column[]): string {
  return columns.map((c) => `${nameText(c.name)}:${c.type}`).join(', ');
}
