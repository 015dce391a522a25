import { AppError } from '../../base/errors.ts';
import { positionOf } from '../../kql/queryFiles/places.ts';
import type { EarlierResult, NamedResult } from '../../model/run.ts';
import type { RunFacts } from './runFacts.ts';

/**
 * The earlier results that a query reads as tables; undefined where it reads none, and is a matter for workspaces. Of
 * two of one name the later one counts. Throws, before anything is sent: `query.mixedTables` with the place of a table
 * that is no result, where others are, and `input.notRun` for a result that nobody has asked for yet.
 */
export function resultTables(
  query: string,
  { tables = [], unnamedTables, names = [] }: Pick<RunFacts, 'tables' | 'unnamedTables' | 'names'>,
  results: readonly EarlierResult[],
): readonly NamedResult[] | undefined {
  const byName = new Map(results.map((result) => [result.name, result]));
  const [first] = tables.filter((table) => byName.has(table));
  if (first === undefined) return undefined;
  const placeOf = (name: string): Readonly<Record<'start' | 'length' | 'line' | 'column', number>> => {
    const start = names.find(({ text }) => text === name)?.start ?? Math.max(0, query.indexOf(name));
    return { start, length: name.length, ...positionOf(query, start) };
  };
  const other = tables.find((table) => !byName.has(table));
  if (other !== undefined || unnamedTables)
    throw new AppError(
      'query.mixedTables',
      `${other === undefined ? 'The query reads every table of the workspaces' : `"${other}" is a table of the workspaces`}, and "${first}" the rows of an earlier cell: one query asks one or the other. Give the workspaces a cell with a name of its own, and ask both here. Nothing was sent.`,
      other === undefined ? {} : { data: placeOf(other) },
    );
  // A name that stands where a value may (`in (signIns)`) may be meant as a table, too.
  const said = new Set([...tables, ...names.map(({ text }) => text)]);
  return [...byName.values()]
    .filter(({ name }) => said.has(name))
    .flatMap(({ name, run }) => {
      if (run !== undefined) return [{ name, run }];
      if (!tables.includes(name)) return [];
      throw new AppError(
        'input.notRun',
        `"${name}" is an earlier cell that has no rows yet. Run it first. Nothing was sent.`,
        {
          data: placeOf(name),
        },
      );
    });
}
