import type { ResultsHost, RunView } from '../../protocol/results.ts';
import { RowCache } from '../grid/rowCache.ts';
import type { Arrangement } from './arrangement.ts';
import type { RowCell, RowFilter, RowSort, RowWindow } from '../../model/rows.ts';

type RowsQuestion = ResultsHost['requests']['rows']['input'];

/**
 * The rows of the shown run as they are arranged: how many there are, windows of them, and what must be asked again
 * when the run goes on or is arranged otherwise.
 */
export class RowsSource {
  /** Rows that pass the filters, as far as is known. */
  total = 0;
  /** Whether `total` is that of the latest question; false until its first answer has come. */
  known = true;
  private readonly fetch: (question: RowsQuestion) => Promise<RowWindow>;
  private readonly cache: RowCache;
  private run: RunView | undefined;
  private arrangement: Arrangement | undefined;
  private shape = '';

  /** `onTotal` is told when the first answer to a question brings its number of rows, or a later one another. */
  constructor(fetch: (question: RowsQuestion) => Promise<RowWindow>, onTotal: () => void) {
    this.fetch = fetch;
    this.cache = new RowCache(async (first, count) => {
      const { shape } = this;
      const window = await this.window(first, count);
      // An answer to a question that was given up says nothing about this one.
      if (shape === this.shape && (!this.known || window.total !== this.total)) {
        this.total = window.total;
        this.known = true;
        onTotal();
      }
      return window;
    });
  }

  /** Looks at another snapshot or arrangement; returns whether the rows must be drawn again. */
  show(run: RunView, arrangement: Arrangement): boolean {
    const { sorts, filters, search } = arrangement;
    // When a run ends its rows get their final order.
    const shape = JSON.stringify([run.run, run.state === 'running', run.columns, sorts, filters, search]);
    const grew = this.run?.run === run.run && run.rowCount !== this.run.rowCount;
    const changed = shape !== this.shape;
    this.run = run;
    this.arrangement = arrangement;
    this.shape = shape;
    // While rows arrive under a sort or filter every window may change; without one only the end does.
    const plain = sorts.length + filters.length === 0 && search === '';
    if (changed) this.cache.clear();
    else if (grew && plain) this.cache.forgetFrom(this.total);
    else if (grew) this.cache.clear();
    if (plain) this.total = run.rowCount;
    if (plain || changed) this.known = plain;
    return changed || grew;
  }

  /** Rows [first, end) as far as they exist, from what was fetched before where that holds. */
  rows(first: number, end: number): Promise<readonly (readonly RowCell[])[]> {
    return this.cache.rows(first, end);
  }

  /** A window of `count` rows from `first` on, asked of the host. */
  window(first: number, count: number): Promise<RowWindow> {
    return this.fetch({ run: this.run!.run, first, count, ...this.question() });
  }

  /** Which rows, in which order: what every question about them says. */
  question(): { sort: RowSort[]; filters: RowFilter[]; search?: string } {
    const { sorts, filters, search } = this.arrangement!;
    return { sort: [...sorts], filters: [...filters], ...(search ? { search } : {}) };
  }
}
