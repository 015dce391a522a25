import type { LogsAnswer, LogsTable } from '../../../ports/logs.ts';
import type { WorkspaceWay } from '../plannedTarget.ts';

type Rows = Exclude<LogsTable['rows'], { readonly length: number; pages(): unknown }>;

/**
 * The answer of several workspaces as one of each, in the order of `ways`, by the id of its workspace in the column
 * `key`; one without rows has answered with none. Undefined in place of a workspace that keeps tables from the caller,
 * or of which nothing shows that it was read; and instead of all where the answer is not whole, is too large to be in
 * memory, or has a row that is nobody's: they are to be asked one by one. `numbers`: they are parts of one workspace,
 * and the column has these in place of ids.
 */
export function takeApart(
  answer: LogsAnswer,
  key: string,
  ways: readonly Pick<WorkspaceWay, 'guid' | 'armId'>[],
  numbers?: readonly number[],
): readonly (LogsAnswer | undefined)[] | undefined {
  const { tables, partial, deniedTables, deniedIn = [], sources } = answer;
  const [table] = tables;
  if (partial) return undefined;
  const denies = ways.map(({ armId }) => deniedIn.includes(armId.toLowerCase()));
  if (deniedTables && !denies.includes(true)) return undefined;
  const read = new Set(sources);
  const isRead = ({ guid, armId }: Pick<WorkspaceWay, 'guid' | 'armId'>): boolean =>
    numbers !== undefined || read.has(armId.toLowerCase()) || read.has(guid.toLowerCase());
  if (!table)
    return ways.map((way, i) => (denies[i] || !isRead(way) ? undefined : { tables: [], bytes: answer.bytes }));
  const { columns, rows } = table;
  const at = columns.findIndex(({ name }) => name === key);
  if (at < 0 || 'pages' in rows) return undefined;
  const ids = numbers?.map(String) ?? ways.map(({ guid }) => guid.toLowerCase());
  const apart = new Map(ids.map((id) => [id, [] as Rows[number][]]));
  for (const row of rows) {
    const id = row[at];
    const isId = numbers ? typeof id === 'number' || typeof id === 'bigint' : typeof id === 'string';
    const own = isId ? apart.get(String(id).toLowerCase()) : undefined;
    if (!own) return undefined;
    own.push(row.filter((_, i) => i !== at));
  }
  const own = columns.filter((_, i) => i !== at);
  // A body is of all of them; none at all would say that a workspace never had data.
  const bytes = Math.ceil(answer.bytes / ways.length);
  return ways.map((way, i) => {
    const found = apart.get(ids[i]!)!;
    // No rows of a workspace that the service may have left out are no answer of it.
    if (denies[i] || (found.length === 0 && !isRead(way))) return undefined;
    return { tables: [{ name: table.name, columns: own, rows: found }], bytes };
  });
}
