import { counted } from '../../base/counted.ts';
import type { SchemaInput } from '../../kql/language/face.ts';
import type { Run } from '../../model/run.ts';
import { titleOfRun } from '../session/queryTitle.ts';
import type { NamedRun } from '../session/runBook.ts';

/** The rows of runs as the only tables of the queries that ask them, for the language service. */
export function toResultSchema(schemaId: string, results: readonly NamedRun[]): SchemaInput {
  const tables = results.map(({ name, run }) => ({
    name,
    description: describe(run),
    columns: run.columns.map((column) => ({ name: column.name, type: column.type })),
  }));
  return { schemaId, result: true, tables, functions: [] };
}

function describe(run: Run): string {
  return `${counted(run.rowCount, 'row')} of the result of: ${titleOfRun(run)}. ${run.completeness.sentence}.`;
}
