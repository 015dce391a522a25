import type { LogsAnswer, LogsTable } from '../../../ports/logs.ts';
import type { Way } from '../planRun.ts';

type Rows = Exclude<LogsTable['rows'], { readonly length: number; pages(): unknown }>;

/**
 * The answer of several workspaces as one of each, in the order of `ways`, by the id of its workspace in the column
 * `key`; one without rows has answered with none. Undefined in place of a workspace that keeps tables from the caller,
 * and instead of all where the answer is not whole, is too large to be in memory, or has a row that is nobody's: they
 * are to be asked one by one.
 */
export function takeApart(
  answer: LogsAnswer,
  key: string,
  ways: readonly Pick<Way, 'guid' | 'armId'>[],
): readonly (LogsAnswer | undefined)[] | undefined {
  const { tables, partial, deniedTables, deniedIn = [] } = answer;
  const [table] = tables;
  if (partial) return undefined;
  const denies = ways.map(({ armId }) => deniedIn.includes(armId.toLowerCase()));
  if (deniedTables && !denies.includes(true)) return undefined;
  if (!table) return ways.map((_, i) => (denies[i] ? undefined : { tables: [], bytes: answer.bytes }));
  const { columns, rows } = table;
  const at = columns.findIndex(({ name }) => name === key);
  if (at < 0 || 'pages' in rows) return undefined;
  const apart = new Map(ways.map(({ guid }) => [guid.toLowerCase(), [] as Rows[number][]]));
  for (const row of rows) {
    const id = row[at];
    const own = typeof id === 'string' ? apart.get(id.toLowerCase()) : undefined;
    if (!own) return undefined;
    own.push(row.filter((_, i) => i !== at));
  }
  const own = columns.filter((_, i) => i !== at);
  // A body is of all of them; none at all would say that a workspace never had data.
  const bytes = Math.ceil(answer.bytes / ways.length);
  return ways.map(({ guid }, i) =>
    denies[i]
      ? undefined
      : { tables: [{ name: table.name, columns: own, rows: apart.get(guid.toLowerCase())! }], bytes },
  );
}
