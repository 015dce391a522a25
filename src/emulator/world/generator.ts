import type { Cell, Column, KqlType } from '../../model/kqlType.ts';
import type { WorkspaceProfile } from './profile.ts';
import { hashWords, Random } from './random.ts';
import { findReferenceColumns } from './tableReference.ts';

/** Milliseconds in a second. */
export const SECOND = 1_000;

/** Milliseconds in a minute. */
export const MINUTE = 60_000;

/** Milliseconds in an hour. */
export const HOUR = 3_600_000;

/** Milliseconds in a day. */
export const DAY = 86_400_000;

/** Something that writes rows into a table at an interval: a computer, a person, a counter. */
export interface Source<T> {
  /** Unlike any other source's of the table in this workspace. */
  readonly key: string;
  readonly it: T;
  /** ms since 1970: no rows before it. */
  readonly since?: number;
  /** ms since 1970: no rows after it. */
  readonly until?: number;
  /** ms between rows, where it differs from the table's. */
  readonly every?: number;
}

/**
 * How a table's rows are made. Time is cut into slots of `every` ms; the row of a source in a slot depends on the seed,
 * the table, the source and the slot alone, so asking again later gives the same rows and the new ones after them.
 */
export interface TableSpec<T> {
  readonly table: string;
  /**
   * The columns `row` fills, in its order, after TimeGenerated: names separated by spaces, types from the table
   * reference unless written as `Name:type`. `_ResourceId` and `_SubscriptionId` may be among them.
   */
  readonly columns: string | ((profile: WorkspaceProfile) => string);
  /** The same in every row; Type and TenantId need not be named. */
  readonly constants?: Readonly<Record<string, Cell>> | ((profile: WorkspaceProfile) => Readonly<Record<string, Cell>>);
  readonly every: number;
  /** ms of history. */
  readonly span: number | ((profile: WorkspaceProfile) => number);
  readonly billable?: boolean;
  readonly sources: (profile: WorkspaceProfile) => readonly Source<T>[];
  /** The cells after TimeGenerated; undefined where nothing happened in this slot. */
  readonly row: (it: T, time: number, random: Random, profile: WorkspaceProfile) => Cell[] | undefined;
  /** Rows at exact slots (hourly totals) rather than somewhere in them. */
  readonly exact?: boolean;
}

/** One table of one workspace, ready to make rows. */
interface RowMaker {
  readonly table: string;
  /** TimeGenerated first, `_BilledSize` last. */
  readonly columns: readonly Column[];
  readonly constants: Readonly<Record<string, Cell>>;
  readonly span: number;
  /**
   * Rows with `from < TimeGenerated <= to` (ms since 1970), about in order of time. `first`: nothing was made before,
   * so a source that is silent by now shows the stretch before its silence.
   */
  rows(from: number, to: number, first: boolean): Iterable<Cell[]>;
}

/** Makes the rows of one table for a workspace. */
export interface TableGenerator {
  readonly table: string;
  /** What its rows fill, where that is the same in every workspace: all but some custom tables. */
  readonly columns?: readonly Column[];
  make(profile: WorkspaceProfile): RowMaker;
}

/** A table's specification as a generator. */
export function defineTable<T>(spec: TableSpec<T>): TableGenerator {
  return {
    table: spec.table,
    ...(typeof spec.columns === 'string' ? { columns: parseColumns(spec.table, spec.columns) } : {}),
    make: (profile) => makeRows(spec, profile),
  };
}

function makeRows<T>(spec: TableSpec<T>, profile: WorkspaceProfile): RowMaker {
  const text = typeof spec.columns === 'string' ? spec.columns : spec.columns(profile);
  const constants = typeof spec.constants === 'function' ? spec.constants(profile) : spec.constants;
  const span = typeof spec.span === 'function' ? spec.span(profile) : spec.span;
  return {
    table: spec.table,
    columns: parseColumns(spec.table, text),
    span: Math.max(HOUR, Math.round(span * profile.history)),
    constants: {
      SourceSystem: 'Azure',
      ...constants,
      TenantId: profile.customerId,
      Type: spec.table,
      _IsBillable: spec.billable === false ? 'False' : 'True',
    },
    rows: (from, to, first) => rowsOf(spec, profile, from, to, first),
  };
}

function parseColumns(table: string, text: string): Column[] {
  const known = new Map((findReferenceColumns(table) ?? []).map(({ name, type }) => [name, type]));
  const own = text.split(' ').map((word): Column => {
    const [name, type] = word.split(':') as [string, KqlType | undefined];
    return { name, type: type ?? known.get(name) ?? 'string' };
  });
  return [{ name: 'TimeGenerated', type: 'datetime' }, ...own, { name: '_BilledSize', type: 'real' }];
}

function* rowsOf<T>(
  spec: TableSpec<T>,
  profile: WorkspaceProfile,
  from: number,
  to: number,
  first: boolean,
): Generator<Cell[]> {
  const random = new Random(0);
  const end = Math.min(to, profile.stopped ?? to, profile.silentTables[spec.table] ?? to);
  const sources = spec.sources(profile).map((source) => {
    const every = Math.max(SECOND, Math.round((source.every ?? spec.every) / (spec.exact ? 1 : profile.scale)));
    const hash = hashWords(profile.seed, spec.table, source.key);
    const until = Math.min(end, source.until ?? to);
    return {
      ...source,
      every,
      hash,
      phase: spec.exact ? 0 : hash % every,
      from: source.since !== undefined ? Math.max(from, source.since) : first ? from - (to - until) : from,
      to: until,
    };
  });
  // Slot by slot over all sources: rows come about in order of time, as they do in a workspace.
  const step = sources.reduce((most, source) => Math.max(most, source.every), HOUR);
  const earliest = sources.reduce((least, source) => Math.min(least, source.from), from);
  for (let window = Math.floor(earliest / step) * step; window < to; window += step) {
    for (const source of sources) {
      const low = Math.max(window, source.from);
      const high = Math.min(window + step, source.to);
      if (low >= high) continue;
      let slot = Math.floor((low - source.phase) / source.every);
      for (let time = slot * source.every + source.phase; time <= high; time += source.every, slot++) {
        if (time <= low) continue;
        if (spec.billable !== false && !spec.exact && isCapped(profile, time)) continue;
        random.seed(source.hash, slot);
        const cells = spec.row(source.it, time, random, profile);
        if (cells === undefined) continue;
        let size = 60;
        for (const cell of cells) size += typeof cell === 'string' ? cell.length : 8;
        yield [spec.exact ? isoTime(time) : preciseTime(time, random), ...cells, size];
      }
    }
  }
}

/** Hours for which a workspace whose cap is hit daily collects nothing billable. */
export const CAPPED_HOURS = 8;

/** Whether rows of that time (ms since 1970) were lost to the daily cap. */
export function isCapped(profile: WorkspaceProfile, time: number): boolean {
  return profile.capHour !== undefined && (Math.floor(time / HOUR) - profile.capHour + 24) % 24 < CAPPED_HOURS;
}

/** ISO text, to the millisecond. */
function isoTime(time: number): string {
  return new Date(time).toISOString();
}

/** ISO text with the four more digits that Azure's clocks have. */
function preciseTime(time: number, random: Random): string {
  return `${new Date(time).toISOString().slice(0, 23)}${String(random.int(0, 9999)).padStart(4, '0')}Z`;
}

/** Sources from a list, each with its key. */
export function each<T>(
  items: readonly T[],
  key: (item: T) => string,
  until?: (item: T) => number | undefined,
): Source<T>[] {
  return items.map((it) => {
    const end = until?.(it);
    return { key: key(it), it, ...(end === undefined ? {} : { until: end }) };
  });
}

/** Every item with each of the others. */
export function pairs<A, B>(first: readonly A[], second: readonly B[]): (readonly [A, B])[] {
  return first.flatMap((a) => second.map((b) => [a, b] as const));
}
