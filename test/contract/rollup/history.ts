import type { AppError } from '../../../src/base/errors.ts';
import type { Clock } from '../../../src/base/clock.ts';
import type { Estate, WorkspaceTable } from '../../../src/model/estate.ts';
import type { Cell, Column } from '../../../src/model/kqlType.ts';
import { parseDatetime } from '../../../src/model/values/datetime.ts';
import { epochMs } from '../../../src/model/values/ticks.ts';
import type { LogsAnswer, LogsQuery } from '../../../src/ports/logs.ts';
import type { SourceSchema } from '../../../src/kql/scopeSchema.ts';
import { SeededRandom } from '../../harness/seededRandom.ts';
import { estateOf } from '../../unit/runs/world.ts';

/** Where histories begin. */
export const BEGIN = Date.UTC(2026, 0, 31, 20);
const MINUTE = 60_000;
/** What the sample service cuts an answer at. */
const MOST_ROWS = 12;

/** A row of a customer's table, and when it came and could be seen (epoch milliseconds). */
export interface LogRow {
  readonly at: number;
  readonly computer: string;
  readonly n: number;
  readonly ingested: number;
  readonly seen: number;
}

/** The table `Event` of every workspace. */
export const EVENT: readonly Column[] = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Computer', type: 'string' },
  { name: 'N', type: 'long' },
];

/** A portion and a summary over it, as their files say them. */
export const PORTION = 'Event | where N >= 0';
export const SUMMARY = 'Event | summarize Rows = count(), Total = sum(N) by Hour = bin(TimeGenerated, 1h), Computer';

/**
 * What happened at some customers, by a seed: rows that came in bursts, twice the same, and hours late, and what they
 * are asked answers as the service does: what was ingested in the window and can be seen by now, cut at a limit, with
 * the time of the service.
 */
export class History {
  readonly random: SeededRandom;
  readonly estate: Estate;
  readonly rows = new Map<string, readonly LogRow[]>();
  /** When everything has happened. */
  readonly end: number;
  /** The true time. */
  now = BEGIN;
  /** The column `N` as a workspace has it now, where that is not a long. */
  readonly changed = new Map<string, Column['type']>();

  /** The table as Resource Manager lists it. */
  listed: WorkspaceTable = {
    name: 'Event',
    plan: 'Analytics',
    retentionDays: 30,
    totalRetentionDays: 30,
    kind: 'Microsoft',
    classic: false,
  };
  /** Why nobody tells which tables there are. */
  untold: AppError | undefined;
  /** Whether every question gets no rows, as where rights are missing. */
  silent = false;

  private readonly lateSeen: boolean;

  /** `lateSeen`: whether rows come to be seen when nobody waits for them any more. */
  constructor(seed: number, lateSeen = false) {
    this.lateSeen = lateSeen;
    this.random = new SeededRandom(seed);
    const { random } = this;
    this.estate = estateOf(random.int(1, 3));
    this.end = BEGIN + random.int(4, 8) * 60 * MINUTE;
    for (const { guid } of this.estate.workspaces) {
      const rows: LogRow[] = [];
      for (let ingested = BEGIN; ingested < this.end; ingested += random.int(1, 25) * MINUTE) {
        const many = random.chance(0.1) ? random.int(15, 40) : random.int(1, 4);
        const together = random.chance(0.5);
        for (let i = 0; i < many; i++) {
          const came = ingested + random.int(0, together ? 0 : random.chance(0.3) ? 500 : 90_000);
          const late = random.chance(0.2) ? random.int(1, 300) * MINUTE : random.int(0, 2) * MINUTE;
          const row: LogRow = {
            at: Math.floor((came - late) / 1_000) * 1_000,
            computer: random.pick(['web', 'db', 'Web']),
            n: random.int(0, 3),
            ingested: came,
            // Most within the lateness; some hours after their window was read.
            seen: came + (this.lateSeen && random.chance(0.04) ? random.int(10, 240) : random.int(0, 9)) * MINUTE,
          };
          rows.push(row);
          if (random.chance(0.15)) rows.push({ ...row, seen: row.seen + 1 });
        }
      }
      this.rows.set(guid, rows);
    }
  }

  schemaOf(guid: string): SourceSchema {
    const type = this.changed.get(guid);
    const columns = EVENT.map((column) => (column.name === 'N' && type ? { ...column, type } : column));
    return { tables: [{ name: 'Event', columns }] };
  }

  answer({ query, workspaceGuid }: LogsQuery): LogsAnswer {
    const bounds = /ingestion_time\(\) >= datetime\(([^)]*)\) and ingestion_time\(\) < datetime\(([^)]*)\)/.exec(query);
    if (!bounds) return { tables: [{ name: 'PrimaryResult', columns: [], rows: this.silent ? [] : [[]] }], bytes: 1 };
    const [from, to] = bounds.slice(1).map((text) => epochMs(parseDatetime(text)!)) as [number, number];
    const [, width] = /by _Window = bin\(ingestion_time\(\), (\d+)m\)/.exec(query) ?? [];
    const rows = this.rows
      .get(workspaceGuid)!
      .filter(({ ingested, seen }) => !this.silent && ingested >= from && ingested < to && seen <= this.now);
    if (width !== undefined) return shown(rows, Number(width) * MINUTE);
    const [of = 1, at = 0] = (/\)\), (\d+)\) == (\d+)/.exec(query)?.slice(1) ?? []).map(Number);
    const asked = rows.filter((row) => hashOf(row) % of === at);
    const summary = query.includes('summarize');
    const cells = summary ? groups(asked) : asked.map(cellsOf);
    const names: readonly Column[] = summary ? GROUP : EVENT;
    const columns = [...names, { name: '_ReadAt', type: 'datetime' } as const];
    const told: Cell[] = [...names.map(({ type }) => (type === 'string' ? '' : null)), iso(this.now)];
    const whole = [...cells.map((row) => [...row, null]), told];
    const cut = whole.length > MOST_ROWS;
    return {
      tables: [{ name: 'PrimaryResult', columns, rows: cut ? whole.slice(0, MOST_ROWS) : whole }],
      bytes: 1,
      ...(cut ? { partial: { code: 'query.truncated', message: 'Cut.', retryable: false } as const } : {}),
    };
  }
}

const GROUP: readonly Column[] = [
  { name: 'Hour', type: 'datetime' },
  { name: 'Computer', type: 'string' },
  { name: 'Rows', type: 'long' },
  { name: 'Total', type: 'long' },
];

/** Of equal rows the same. */
function hashOf(row: LogRow): number {
  return [...JSON.stringify(cellsOf(row))].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 65_521, 7);
}

/** Rows and checksum of each window that has some. */
function shown(rows: readonly LogRow[], width: number): LogsAnswer {
  const windows = new Map<number, [string, number, number]>();
  for (const row of rows) {
    const from = Math.floor(row.ingested / width) * width;
    const sum = windows.get(from) ?? [iso(from), 0, 0];
    sum[1]++;
    sum[2] += hashOf(row);
    windows.set(from, sum);
  }
  const columns: readonly Column[] = [
    { name: '_Window', type: 'datetime' },
    { name: '_Rows', type: 'long' },
    { name: '_Sum', type: 'long' },
  ];
  return { tables: [{ name: 'PrimaryResult', columns, rows: [...windows.values()] }], bytes: 1 };
}

/** A row as the table has it. */
export function cellsOf({ at, computer, n }: LogRow): Cell[] {
  return [iso(at), computer, n];
}

/** Rows grouped as the summary groups them. */
export function groups(rows: readonly LogRow[]): Cell[][] {
  const found = new Map<string, [string, string, number, number]>();
  for (const { at, computer, n } of rows) {
    const hour = iso(Math.floor(at / 3_600_000) * 3_600_000);
    const group = found.get(`${hour} ${computer}`) ?? [hour, computer, 0, 0];
    group[2]++;
    group[3] += n;
    found.set(`${hour} ${computer}`, group);
  }
  return [...found.values()];
}

/** As the service writes times. */
export function iso(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '0000Z');
}

/** A clock of a runner, off by `skew`; waiting takes no time but that of the history. */
export class RunnerClock implements Clock {
  private readonly history: History;
  private readonly skew: number;

  constructor(history: History, skew: number) {
    this.history = history;
    this.skew = skew;
  }
  now(): number {
    return this.history.now + this.skew;
  }
  async sleep(ms: number): Promise<void> {
    this.history.now += ms;
    await Promise.resolve();
  }
}
