/** Rows of one name, in all tables that have some. */
export interface RowsTogether<T> {
  readonly what: string;
  readonly rows: number;
  readonly gb: number;
  readonly tables: number;
  readonly all: readonly T[];
}

/** Rows of one name in all tables, most rows first. */
export function rowsTogether<T extends { readonly table: string; readonly rows: number; readonly gb: number }>(
  all: readonly T[],
  nameOf: (one: T) => string,
): readonly RowsTogether<T>[] {
  const found = new Map<string, T[]>();
  for (const one of all) found.set(nameOf(one), [...(found.get(nameOf(one)) ?? []), one]);
  return [...found]
    .map(([what, same]) => ({
      what,
      rows: same.reduce((sum, { rows }) => sum + rows, 0),
      gb: same.reduce((sum, { gb }) => sum + gb, 0),
      tables: new Set(same.map(({ table }) => table)).size,
      all: same,
    }))
    .sort((a, b) => b.rows - a.rows || a.what.localeCompare(b.what));
}
