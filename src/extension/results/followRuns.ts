import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import type { Run } from '../../model/run.ts';
import type { ResultsHost } from '../../protocol/results.ts';
import type { Page } from '../platform/page.ts';
import type { LayoutBook } from '../session/layoutBook.ts';
import type { RunBook } from '../session/runBook.ts';
import { toShownView } from './toRunView.ts';

/** Sends a page the snapshots of the shown run, until it is disposed. */
export function followRuns(
  page: Pick<Page<ResultsHost>, 'emit'>,
  { runs, layouts }: { readonly runs: RunBook; readonly layouts: LayoutBook },
): Disposable {
  const store = new DisposableStore();
  const send = (run: Run | undefined): void => {
    page.emit('run', run ? toShownView(run, { runs, layouts }, Date.now()) : null);
  };
  store.add(
    runs.onDidChange((run) => {
      if (run === undefined || run.id === runs.shown?.id) send(runs.shown);
    }),
  );
  store.add(runs.onDidShow(send));
  return store;
}
