import { counted } from '../../base/counted.ts';
import type { SchemaInput } from '../../kql/language/face.ts';
import type { Run } from '../../model/run.ts';

/** An earlier cell that was answered, under the name it has in its notebook. */
export interface AnsweredCell {
  readonly name: string;
  readonly run: Run;
}

/** The rows of earlier cells as all the tables of a cell that asks them, for the language service. */
export function toCellsSchema(schemaId: string, runs: readonly AnsweredCell[]): SchemaInput {
  return { schemaId, result: true, tables: runs.map((one) => tableOf(one, false)), functions: [] };
}

/** The schema of a scope, and the names of earlier cells beside its tables, to be chosen. */
export function withEarlierCells(scope: SchemaInput, runs: readonly AnsweredCell[]): SchemaInput {
  const tables = runs.map((one) => tableOf(one, true));
  const names = new Set(tables.map(({ name }) => name));
  return { ...scope, tables: [...scope.tables.filter(({ name }) => !names.has(name)), ...tables] };
}

/** `plain`: without the columns that the product adds to every table of a scope. */
function tableOf({ name, run }: AnsweredCell, plain: boolean): SchemaInput['tables'][number] {
  const columns = run.columns.filter(({ attribution }) => !plain || !attribution);
  return {
    name,
    description: `${counted(run.rowCount, 'row')} of an earlier cell. ${run.completeness.sentence}.`,
    columns: columns.map((column) => ({ name: column.name, type: column.type })),
  };
}
