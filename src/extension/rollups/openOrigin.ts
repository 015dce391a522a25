import { Range, Uri, ViewColumn, window, workspace } from 'vscode';
import { AppError } from '../../base/errors.ts';
import type { App } from '../platform/app.ts';
import { openNewQuery } from '../platform/openQuery.ts';
import type { RollupOriginRow } from '../session/rollupRow.ts';
import { isRollupOriginRow } from '../session/rollupRow.ts';
import type { RollupBook } from './rollupBook.ts';

/**
 * Opens where a row of a centre comes from: the definition of its roll-up where a file of the open folders means it,
 * and beside it a query that brings the customer's rows behind it when it is run.
 */
export async function openOrigin(app: App, book: RollupBook, argument: unknown): Promise<void> {
  if (!isRollupOriginRow(argument)) throw new AppError('input.noNode', 'Choose this on a row that a roll-up stored.');
  const row: RollupOriginRow = argument;
  const { files } = await book.look();
  const { rollup, query, scope } = await app.worker.request('rollups.origin', {
    ...row,
    paths: files.map(({ path }) => path),
  });
  const file = files.find(({ id }) => id === row.id) ?? files.find(({ definition }) => definition?.name === rollup);
  if (file)
    await window.showTextDocument(await workspace.openTextDocument(Uri.parse(file.path)), {
      viewColumn: ViewColumn.One,
      preview: true,
      selection: new Range(0, 0, 0, 0),
    });
  const changed = file && file.id !== row.id ? ' Its definition has been changed since.' : '';
  // A row may hold anything: in a comment it stays on its line.
  const about = `What ${rollup} was made of in ${row.workspace}, ingested from ${row.from} to ${row.to}.${changed}`;
  const document = await openNewQuery(`// ${about.replaceAll(/\s+/g, ' ')}\n${query}\n`, scope);
  // By ingestion time: a late row is days old by its own.
  await app.scope.setTimeRange({ kind: 'inQuery' }, document);
}
