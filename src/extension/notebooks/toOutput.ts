import { NotebookCellOutputItem } from 'vscode';
import { counted } from '../../base/counted.ts';
import type { AppErrorData } from '../../base/errors.ts';
import { isUnanswered } from '../../model/run.ts';
import type { Run } from '../../model/run.ts';
import { totalNote } from '../../model/totalNote.ts';
import { RUN_OUTPUT } from '../../protocol/notebook.ts';
import type { NotebookRunView } from '../../protocol/notebook.ts';
import type { Fault } from '../session/fault.ts';

/** A run as a cell shows it. */
export function toCellView(run: Run, fault: Fault | undefined): NotebookRunView {
  const { completeness, error } = run;
  const settled = isUnanswered(run) ? 'failed' : completeness.complete ? 'complete' : 'incomplete';
  return {
    run: run.id,
    state: run.state,
    standing: run.state === 'running' ? 'running' : settled,
    sentence: error ? saidOf(error, fault) : completeness.sentence,
    missing: completeness.missing.map(({ reason, count }) => `${count} × ${reason}`).join('\n'),
    asked: askedOf(run),
    notes: notesOf(run),
    ...faultView(fault),
    columns: run.columns,
    rowCount: run.rowCount,
    ...(run.render ? { render: run.render } : {}),
    ...(run.sorted ? { sorted: true } : {}),
  };
}

/** A cell that was refused before anything was sent. */
export function toRefusedView(error: AppErrorData, fault: Fault | undefined): NotebookRunView {
  return {
    state: 'failed',
    standing: 'failed',
    sentence: saidOf(error, fault),
    missing: '',
    asked: '',
    notes: [],
    ...faultView(fault),
    columns: [],
    rowCount: 0,
  };
}

/** The output's forms: for our renderer, and as words for whoever cannot draw it. */
export function toItems(view: NotebookRunView): NotebookCellOutputItem[] {
  const rows = view.columns.length > 0 ? `; ${counted(view.rowCount, 'row')}` : '';
  const where = view.fault ? `\n${view.fault.where}: ${view.fault.code}` : '';
  return [
    NotebookCellOutputItem.json(view, RUN_OUTPUT),
    NotebookCellOutputItem.text([`${view.sentence}${rows}${where}`, ...view.notes].join('\n'), 'text/plain'),
  ];
}

function askedOf(run: Run): string {
  if (run.of !== undefined) return 'the rows of earlier cells';
  const workspaces = run.targets.filter(({ kind }) => kind === 'workspace');
  const customers = new Set(workspaces.map(({ customer }) => customer)).size;
  return `${counted(workspaces.length, 'workspace')}, ${counted(customers, 'customer')}`;
}

function notesOf(run: Run): string[] {
  const promise = run.plan?.promise;
  const total = totalNote(run);
  return [
    ...(run.of === undefined ? [] : ['Answered here, from the rows of earlier cells; no workspace was asked.']),
    ...(promise?.kind === 'approximate' ? [`Approximate. ${promise.error}`] : []),
    ...(total === undefined ? [] : [`Across. ${total}`]),
    ...(run.perWorkspaceNote && !isUnanswered(run) ? [`Per workspace. ${run.perWorkspaceNote.sentence}`] : []),
  ];
}

/** The message; without the place within the query where the place in the cell stands beside it. */
function saidOf({ message, data }: AppErrorData, fault: Fault | undefined): string {
  const said = data?.['said'];
  return fault && typeof said === 'string' ? said : message;
}

function faultView(fault: Fault | undefined): Pick<NotebookRunView, 'fault'> {
  return fault ? { fault: { where: `Line ${fault.line}, column ${fault.column}`, code: fault.code } } : {};
}
