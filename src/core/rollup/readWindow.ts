import { AppError } from '../../base/errors.ts';
import type { Cell, Column } from '../../model/kqlType.ts';
import type { TimeWindow, WindowPart } from '../../model/rollup.ts';
import { parseDatetime } from '../../model/values/datetime.ts';
import { epochMs } from '../../model/values/ticks.ts';
import type { LogsAnswer, LogsTable } from '../../ports/logs.ts';

/** The narrowest window that is cut in two; below it rows are told apart by what they say. */
const NARROWEST_MS = 1_000;
/** Slices of the rows of a second that are asked at most: more of them are equal, or do not fit by themselves. */
const MOST_SLICES = 1_024;

/** How a window is read. */
export interface WindowReading {
  readonly window: TimeWindow;
  /** Asks for a part of the window, with retries. */
  readonly ask: (part: WindowPart) => Promise<LogsAnswer>;
  /** What is to come, without the last column `_ReadAt`. */
  readonly columns: readonly Column[];
  /** By the workspace's own clock (epoch milliseconds), the window is not read before. */
  readonly notBefore: number;
  readonly maxRows: number;
}

/**
 * The rows of a window, page by page: all of them, or it throws. An answer that the service cut is asked for again in
 * halves. Throws `query.windowTooLarge` where that does not help, `query.tooManyRows` past the limit,
 * `service.windowOpen` where the workspace's clock has not come so far, `query.schemaChanged` for other columns.
 */
export async function* readWindow(reading: WindowReading): AsyncGenerator<readonly (readonly Cell[])[]> {
  let rows = 0;
  for await (const page of readPart(reading, reading.window)) {
    rows += page.length;
    if (rows > reading.maxRows) {
      const most = reading.maxRows.toLocaleString('en-US');
      throw new AppError(
        'query.tooManyRows',
        `A window has more than ${most} rows, the limit of the roll-up. Raise "@limit", or make its windows shorter.`,
      );
    }
    yield page;
  }
}

async function* readPart(reading: WindowReading, part: WindowPart): AsyncGenerator<readonly (readonly Cell[])[]> {
  const answer = await reading.ask(part);
  if (answer.partial?.code === 'query.truncated') {
    for (const half of halvesOf(part)) yield* readPart(reading, half);
    return;
  }
  if (answer.partial) throw AppError.fromData(answer.partial);
  if (answer.deniedTables && answer.deniedTables.length > 0)
    throw new AppError(
      'access.tableDenied',
      `The workspace keeps rows of ${answer.deniedTables.slice(0, 3).join(', ')} from this account. Ask for the right to read them.`,
    );
  const [table] = answer.tables;
  if (!table) throw windowOpen('The workspace has never had data, so it does not tell its time.');
  checkColumns(table, reading.columns);
  const readAt = table.columns.length - 1;
  let told: number | undefined;
  for (const page of pagesOf(table)) {
    const own = page.filter((row) => {
      const at = row[readAt];
      if (typeof at !== 'string' || at === '') return true;
      const ticks = parseDatetime(at);
      if (ticks !== undefined) told = epochMs(ticks);
      return false;
    });
    yield own;
  }
  // Not ours: a clock that has jumped ahead would call a window read of which half has not happened.
  if (told === undefined) throw windowOpen('The workspace did not tell its time.');
  if (told < reading.notBefore) throw windowOpen('By its own clock the window is not over.');
}

/** Two halves of a part, by time as long as there is some, else by the rows' own words. */
function halvesOf({ from, to, slice = { of: 1, at: 0 } }: WindowPart): readonly [WindowPart, WindowPart] {
  if (to - from > NARROWEST_MS) {
    const middle = Math.floor((from + to) / 2);
    return [
      { from, to: middle },
      { from: middle, to },
    ];
  }
  const of = slice.of * 2;
  if (of > MOST_SLICES)
    throw new AppError(
      'query.windowTooLarge',
      'More was ingested within a second than answers hold. Project fewer columns, or summarize.',
    );
  return [
    { from, to, slice: { of, at: slice.at } },
    { from, to, slice: { of, at: slice.at + slice.of } },
  ];
}

function windowOpen(why: string): AppError {
  return new AppError('service.windowOpen', `${why} It is read with a later run.`);
}

function pagesOf({ rows }: LogsTable): Iterable<readonly (readonly Cell[])[]> {
  return 'pages' in rows ? rows.pages() : [rows];
}

function checkColumns({ columns }: LogsTable, expected: readonly Column[]): void {
  const same =
    columns.length === expected.length + 1 &&
    expected.every(({ name, type }, i) => columns[i]!.name === name && columns[i]!.type === type);
  if (same) return;
  const other = expected.find(({ name, type }, i) => columns[i]?.name !== name || columns[i].type !== type);
  throw new AppError(
    'query.schemaChanged',
    `The answer has other columns than the roll-up stores${other ? `, beginning with ${other.name}` : ''}. Its schema has changed there.`,
  );
}
