import type { Column } from '../../model/kqlType.ts';
import type { RollupTable } from '../../model/rollup.ts';
import type { RollupStatePort } from '../../ports/rollups.ts';
import { DOCUMENTS } from './progress.ts';
import type { RollupProgress, RollupVersion } from './progress.ts';

/** How the output of a roll-up differs from what is stored under its name. */
export interface OutputDiff {
  /** The version that was run last. */
  readonly before: string;
  /** Whether rows go on in its table; another query or window begins another one. */
  readonly isSame: boolean;
  readonly added: readonly Column[];
  readonly dropped: readonly Column[];
  readonly changed: readonly { readonly column: Column; readonly was: Column['type'] }[];
}

/** Compares with the version of the same name that was run last; undefined where there is none. */
export async function outputDiff(state: RollupStatePort, table: RollupTable): Promise<OutputDiff | undefined> {
  let last: { readonly table: RollupTable; readonly ranAt: number } | undefined;
  for (const name of await state.list(DOCUMENTS.versions)) {
    const { value } = await state.load<RollupVersion>(name);
    if (value?.table.name !== table.name) continue;
    const ranAt = await ranLast(state, value.table.id);
    if (!last || ranAt > last.ranAt) last = { table: value.table, ranAt };
  }
  if (!last) return undefined;
  const were = new Map(last.table.columns.map((column) => [column.name, column]));
  const are = new Set(table.columns.map(({ name }) => name));
  return {
    before: last.table.id,
    isSame: last.table.id === table.id,
    added: table.columns.filter(({ name }) => !were.has(name)),
    dropped: last.table.columns.filter(({ name }) => !are.has(name)),
    changed: table.columns.flatMap((column) => {
      const was = were.get(column.name)?.type;
      return was === undefined || was === column.type ? [] : [{ column, was }];
    }),
  };
}

/** The difference to what is stored, a line for each kind of it. */
export function diffTexts({ before, isSame, added, dropped, changed }: OutputDiff): readonly string[] {
  if (isSame) return [`Rows go on in ${before}.`];
  const names = (columns: readonly Column[]): string => columns.map(({ name, type }) => `${name} ${type}`).join(', ');
  return [
    `Another query, window or key than that of ${before}: a table of its own is begun, and the rows of before stay in theirs.`,
    ...(added.length > 0 ? [`added: ${names(added)}`] : []),
    ...(dropped.length > 0 ? [`dropped: ${names(dropped)}`] : []),
    ...changed.map(
      ({ column: { name, type }, was }) => `changed, so never stored in one table: ${name} ${was} -> ${type}`,
    ),
  ];
}

async function ranLast(state: RollupStatePort, id: string): Promise<number> {
  let last = 0;
  for (const name of await state.list(DOCUMENTS.progresses(id)))
    last = Math.max(last, (await state.load<RollupProgress>(name)).value?.ranAt ?? 0);
  return last;
}
