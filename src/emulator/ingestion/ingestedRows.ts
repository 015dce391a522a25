import { key } from '../armId.ts';
import type { EmulatedClock } from '../clock.ts';
import type { EngineTable, LocalEngine } from '../../engine/face.ts';
import { quoteId } from '../../engine/translate/relation.ts';
import type { Cell, Column } from '../../model/kqlType.ts';

/** When a row can be seen, in ms since 1970. */
const SEEN = '#seen';

interface Part {
  readonly shape: string;
  readonly stored: Promise<EngineTable>;
  /** When the first of its rows can be seen. */
  seen: number;
}

/**
 * Rows that came through the Logs Ingestion API, by workspace and table, in memory for as long as the emulator runs. A
 * table whose columns change has a part for each shape it had.
 */
export class IngestedRows {
  private readonly clock: EmulatedClock;
  private readonly engine: () => Promise<LocalEngine>;
  private readonly parts = new Map<string, Part[]>();
  private readonly delayMs: number;
  private made = 0;

  /** `delayMs`: how long after it was accepted a row can be seen. */
  constructor(clock: EmulatedClock, engine: () => Promise<LocalEngine>, delayMs: number) {
    this.clock = clock;
    this.engine = engine;
    this.delayMs = delayMs;
  }

  /** Accepts rows of a workspace's table (by customer id), `at` (ms since 1970) unless now. */
  async add(
    customerId: string,
    table: string,
    columns: readonly Column[],
    rows: readonly Cell[][],
    at = this.clock.now(),
  ): Promise<void> {
    const id = idOf(customerId, table);
    const shape = columns.map(({ name, type }) => `${name}:${type}`).join(' ');
    const parts = this.parts.get(id) ?? [];
    this.parts.set(id, parts);
    const seen = at + this.delayMs;
    let part = parts.find((one) => one.shape === shape);
    if (!part) {
      const stored = this.engine().then((engine) =>
        engine.createTable('ingested', `${table} ${++this.made}`, [...columns, { name: SEEN, type: 'long' }]),
      );
      parts.push((part = { shape, stored, seen }));
    }
    part.seen = Math.min(part.seen, seen);
    await (
      await this.engine()
    ).append(
      await part.stored,
      rows.map((row) => [...row, seen]),
    );
  }

  /** Whether anything of the workspace, or of one of its tables, can be seen. */
  has(customerId: string, table?: string): boolean {
    const now = this.clock.now();
    const prefix = idOf(customerId, table ?? '');
    return [...this.parts].some(
      ([id, parts]) =>
        (table === undefined ? id.startsWith(prefix) : id === prefix) && parts.some(({ seen }) => seen <= now),
    );
  }

  /** What can be seen of a table by now, a part for each shape. */
  async open(customerId: string, table: string): Promise<readonly EngineTable[]> {
    const now = this.clock.now();
    const parts = (this.parts.get(idOf(customerId, table)) ?? []).filter(({ seen }) => seen <= now);
    return Promise.all(
      parts.map(async ({ stored }) => {
        const { name, columns, source } = await stored;
        return {
          name,
          columns: columns.filter((column) => column.name !== SEEN),
          source: `(SELECT * FROM ${source} WHERE ${quoteId(SEEN)} <= ${now})`,
        };
      }),
    );
  }

  /** Removes what was accepted so far and fits an SQL condition, which is made for the columns that a part has. */
  async remove(
    customerId: string,
    table: string,
    condition: (columns: readonly Column[]) => string,
    before: number,
  ): Promise<void> {
    for (const { stored } of this.parts.get(idOf(customerId, table)) ?? []) {
      const { columns, source } = await stored;
      await (
        await this.engine()
      ).sql(`DELETE FROM ${source} WHERE ${quoteId(SEEN)} <= ${before + this.delayMs} AND (${condition(columns)})`);
    }
  }
}

function idOf(customerId: string, table: string): string {
  return `${key(customerId)} ${key(table)}`;
}
