import { window } from 'vscode';
import { AppError } from '../../base/errors.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { counted } from '../../base/counted.ts';
import type { TimeWindow } from '../../model/rollup.ts';
import { parseTimeRange } from '../../model/timeRangeText.ts';
import type { RollupOutcomes, RollupText } from '../../protocol/rollups.ts';
import type { App } from '../platform/app.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import { withCancellableProgress } from '../platform/progress.ts';
import type { Report } from '../platform/progress.ts';
import { withApproval } from './approveCentres.ts';
import type { RollupBook } from './rollupBook.ts';

/** A roll-up as a run takes it: its name and its file. */
export interface RunnableRollup {
  readonly name: string;
  readonly file: RollupText;
}

/**
 * Stores every window that is over, `backfill` again; tells of it once, and shows who lacks what where somebody does.
 */
export async function runRollup(
  app: App,
  book: RollupBook,
  { name, file }: RunnableRollup,
  backfill?: TimeWindow,
): Promise<void> {
  const run = await withApproval(app, () =>
    book.during(name, () =>
      withRun(app, `Running ${name}`, name, (signal) =>
        app.worker.request('rollups.run', { ...file, ...(backfill ? { backfill } : {}) }, { signal }),
      ),
    ),
  );
  if (run.document === undefined) {
    app.notify.info(run.sentence);
    return;
  }
  app.notify.warn(run.sentence);
  await app.documents.showMarkdown(`${name} - run.md`, run.document);
}

/** Reads the last window of each workspace, stores nothing, and shows what came; resolves to that. */
export async function dryRunRollup(
  app: App,
  book: RollupBook,
  { name, file }: RunnableRollup,
): Promise<RollupOutcomes> {
  const { run, document } = await book.during(name, () =>
    withRun(app, `Dry run of ${name}`, name, (signal) => app.worker.request('rollups.dryRun', file, { signal })),
  );
  await app.documents.showMarkdown(`${name} - dry run.md`, document);
  return run;
}

/** Asks for a range of time; undefined where the person thought again. */
export async function askBackfill(name: string): Promise<TimeWindow | undefined> {
  const text = await window.showInputBox({
    title: plainLabel(`Backfill ${name}`),
    prompt: 'Windows of this range are read and stored again: two times (UTC), or how far back, such as 7d',
    placeHolder: '2026-01-01/2026-02-01',
    ignoreFocusOut: true,
    validateInput: (typed) => {
      const range = readBackfill(typed, Date.now());
      return typeof range === 'string' ? range : undefined;
    },
  });
  if (text === undefined) return undefined;
  const range = readBackfill(text, Date.now());
  if (typeof range === 'string') throw new AppError('input.timeRange', range);
  return range;
}

/** A range of ingestion time as it is typed, or what is wrong with it. `now` in epoch milliseconds. */
export function readBackfill(text: string, now: number): TimeWindow | string {
  const range = parseTimeRange(text.trim());
  if (range === 'reversed') return 'The second time is not after the first.';
  if (range === 'unreadable' || range.kind === 'inQuery')
    return 'Write two times, 2026-01-01/2026-02-01, or how far back: 12h, 7d.';
  if (range.kind === 'last') return { from: now - range.minutes * 60_000, to: now };
  return { from: Date.parse(range.from), to: Date.parse(range.to) };
}

function withRun<T>(app: App, title: string, name: string, work: (signal: CancelSignal) => Promise<T>): Promise<T> {
  return withCancellableProgress(title, async (report: Report, signal) => {
    const listening = app.worker.on('rollups.progress', ({ rollup, done, total }) => {
      if (rollup === name) report(`${done} of ${counted(total, 'workspace')}`, total > 0 ? done / total : 0);
    });
    try {
      return await work(signal);
    } finally {
      listening.dispose();
    }
  });
}
