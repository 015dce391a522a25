import { key } from '../armId.ts';
import type { World } from '../state.ts';
import type { Column } from '../../model/kqlType.ts';
import { GENERATORS } from './tables/catalog.ts';
import { findReferenceColumns, referenceTableNames, withStandardColumns } from './tableReference.ts';

let tables: Map<string, { readonly name: string; readonly columns: readonly Column[] }> | undefined;

/**
 * Puts the tables of the reference into the world. Where the sample estate has rows of a table, the columns those fill
 * come first, also the few that the reference leaves out.
 */
export function addStandardTables(world: World): void {
  tables ??= new Map(
    referenceTableNames().map((name) => {
      const known = findReferenceColumns(name)!;
      const filled = GENERATORS.get(name)?.columns;
      return [key(name), { name, columns: filled ? withStandardColumns(merge(filled, known)) : known }];
    }),
  );
  for (const [id, table] of tables) world.standardTables.set(id, table);
}

function merge(first: readonly Column[], second: readonly Column[]): Column[] {
  const names = new Set(first.map(({ name }) => name));
  return [...first, ...second.filter(({ name }) => !names.has(name))];
}
