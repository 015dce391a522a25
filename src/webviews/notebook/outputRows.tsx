import type { RowSort } from '../../model/rows.ts';
import { toClipboard } from '../grid/copyFormats.ts';
import type { Grid } from '../grid/grid.ts';
import type { GridEvents } from '../grid/gridData.ts';
import { GridView } from '../grid/gridView.ts';
import { RowCache } from '../grid/rowCache.ts';
import { useLatest } from '../shell/latest.ts';
import { useLayoutEffect, useMemo, useRef, useState } from '../shell/view.ts';
import type { OutputPartProps } from './outputPart.ts';

/** The grid below a cell is as tall as its rows, up to this many; more scroll. */
const MOST_ROWS = 14;
const ROW_PIXELS = 22;
/** Cells copied at once at most; the Results page exports more. */
const COPIED_CELLS = 100_000;

/**
 * The rows of a run in the grid of the Results page: windows of them, in the order a header chooses. Filters, columns
 * and export are the Results page's, which Enter on a cell opens.
 */
export function OutputRows(props: OutputPartProps) {
  const { run } = props;
  const [sorts, setSorts] = useState<readonly RowSort[]>([]);
  const latest = useLatest({ ...props, sorts });
  const grid = useRef<Grid>();
  const { events, cache } = useMemo(() => makeEvents(latest, setSorts), []);
  // While rows arrive every window may change.
  const shape = JSON.stringify([run.run, run.rowCount, run.state, run.columns, sorts]);
  useLayoutEffect(() => {
    cache.clear();
    const { columns, rowCount } = run;
    const loose = columns.findIndex(({ attribution }) => !attribution);
    grid.current?.show({
      columns,
      positions: columns.map((_, index) => index),
      frozen: Math.max(0, loose),
      rowCount,
      sorts,
      marked: '',
    });
  }, [shape]);
  const height = (Math.min(Math.max(run.rowCount, 1), MOST_ROWS) + 1) * ROW_PIXELS + 16;
  return (
    // All rows in sight: the wheel is the notebook's.
    <div class={`grid-frame${run.rowCount <= MOST_ROWS ? ' whole' : ''}`} style={{ height: `${height}px` }}>
      <GridView grid={grid} events={events} hidden={false} />
    </div>
  );
}

function makeEvents(
  latest: { readonly current: OutputPartProps & { readonly sorts: readonly RowSort[] } },
  setSorts: (sorts: readonly RowSort[]) => void,
): { readonly events: GridEvents; readonly cache: RowCache } {
  const cache = new RowCache((first, count) => {
    const { channel, run, sorts } = latest.current;
    return channel.request('rows', { run: run.run!, first, count, sort: [...sorts] });
  });
  const open = (): void => {
    const { channel, run, ask } = latest.current;
    void ask(channel.request('open', { run: run.run! }));
  };
  const nothing = (): void => undefined;
  return {
    cache,
    events: {
      rows: (first, end) => cache.rows(first, end),
      sort: ({ name }) => {
        const [now] = latest.current.sorts;
        if (now?.column !== name) setSorts([{ column: name, descending: false }]);
        else setSorts(now.descending ? [] : [{ column: name, descending: true }]);
      },
      open,
      copy: ({ left, right, top, bottom }, withHeaders) => {
        const { channel, run, ask } = latest.current;
        const columns = run.columns.slice(left, right + 1);
        const count = Math.min(bottom - top + 1, Math.floor(COPIED_CELLS / columns.length));
        const work = async (): Promise<void> => {
          const rows = await cache.rows(top, top + count);
          const cells = rows.map((row) => columns.map((_, index) => row[left + index] ?? null));
          const text = toClipboard(withHeaders ? 'textWithHeaders' : 'text', columns, cells);
          await channel.request('copy', { text });
        };
        void ask(work());
      },
      menu: nothing,
      cellMenu: nothing,
      filter: nothing,
      arrange: nothing,
    },
  };
}
