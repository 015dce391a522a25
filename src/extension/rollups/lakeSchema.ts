import type { SchemaInput } from '../../kql/language/face.ts';
import { LAKE } from '../../kql/sourceLine.ts';
import type { RollupNames } from '../../protocol/rollups.ts';

/** What queries headed by `// @source lake` can name: of each roll-up its stored rows, and the answer made of them. */
export function lakeSchema(names: readonly RollupNames[]): SchemaInput {
  return {
    schemaId: LAKE,
    // Of no workspace: its columns are all there are.
    result: true,
    functions: [],
    tables: names.flatMap(({ rows, answer, columns, answerColumns }) => [
      { name: answer, columns: answerColumns },
      ...(rows === answer ? [] : [{ name: rows, columns }]),
    ]),
  };
}
