import { AppError } from '../../base/errors.ts';
import type { RollupTable, SchemaDiff } from '../../model/rollup.ts';

/** How a table that is there would become another. Throws `input.rollupSchema` where a column changes its type. */
export function schemaDiff(there: RollupTable | undefined, wanted: RollupTable): SchemaDiff {
  const types = new Map(there?.columns.map(({ name, type }) => [name, type]));
  const changed = wanted.columns.flatMap((column) => {
    const was = types.get(column.name);
    return was === undefined || was === column.type ? [] : [{ column, was }];
  });
  const [first] = changed;
  if (first)
    throw new AppError(
      'input.rollupSchema',
      `${wanted.name} stores ${first.column.name} as ${first.was}, and would have it as ${first.column.type} now. Give the column another name.`,
    );
  const added = there ? wanted.columns.filter(({ name }) => !types.has(name)) : [];
  return { isNew: there === undefined, added, changed };
}
