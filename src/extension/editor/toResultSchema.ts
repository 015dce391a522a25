import { counted } from '../../base/counted.ts';
import type { SchemaInput } from '../../kql/language/face.ts';
import { RESULTS } from '../../kql/resultLine.ts';
import type { Run } from '../../model/run.ts';
import { titleOfRun } from '../session/queryTitle.ts';

/** The rows of a run as the one table of the queries that ask them, for the language service. */
export function toResultSchema(schemaId: string, run: Run): SchemaInput {
  const { columns, rowCount, completeness } = run;
  const description = `${counted(rowCount, 'row')} of the result of: ${titleOfRun(run)}. ${completeness.sentence}.`;
  return {
    schemaId,
    result: true,
    tables: [{ name: RESULTS, description, columns: columns.map(({ name, type }) => ({ name, type })) }],
    functions: [],
  };
}
