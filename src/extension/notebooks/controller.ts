import { notebooks } from 'vscode';
import type { NotebookCell, NotebookDocument } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import type { App } from '../platform/app.ts';
import { NOTEBOOK_TYPE } from '../session/notebookCells.ts';
import { runCell } from './runCell.ts';

/**
 * What runs the cells of our notebooks: one after the other, in the order they were asked for, each a run of its own.
 * One that fails stops none; what needs its rows is refused by name.
 */
export function registerController(app: App): Disposable {
  const controller = notebooks.createNotebookController('tenantscope.runs', NOTEBOOK_TYPE, 'Tenantscope');
  controller.description = 'Asks every workspace of the scope';
  controller.supportedLanguages = ['kusto'];
  controller.supportsExecutionOrder = true;
  let order = 0;
  controller.executeHandler = async (cells: readonly NotebookCell[], notebook: NotebookDocument): Promise<void> => {
    const executions = cells.map((cell) => ({ cell, execution: controller.createNotebookCellExecution(cell) }));
    for (const { cell, execution } of executions) {
      execution.executionOrder = ++order;
      // A cell that was called off while it waited.
      if (execution.token.isCancellationRequested) {
        execution.start(Date.now());
        execution.end(undefined, Date.now());
      } else await app.guard.quiet('notebook.cell', () => runCell(app, notebook, cell, execution));
    }
  };
  return controller;
}
