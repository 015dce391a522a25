import { visibleLines, visibleText } from '../base/visibleText.ts';
import { counted } from '../base/counted.ts';
import { targetName } from '../model/run.ts';
import type { Run, Target } from '../model/run.ts';
import type { RowSort } from '../model/rows.ts';
import { totalNote } from '../model/totalNote.ts';
import type { RowStoreRun } from '../ports/rows.ts';
import type { ReportedAnswer } from '../report/notebook/notebookReport.ts';

const NUMBERS: readonly string[] = ['int', 'long', 'real', 'decimal'];
/** Characters of one cell; a log line of a megabyte is for an export. */
const MOST_CHARACTERS = 2_000;
/** Targets that are named of those that lack for one reason. */
const NAMED = 10;

/** An ended run as a report has it, with its first `limit` rows in this order. Rejects with `engine.*`. */
export async function notebookAnswer(
  run: Run,
  rows: RowStoreRun,
  limit: number,
  sort: readonly RowSort[],
): Promise<ReportedAnswer> {
  const window = await rows.window({ first: 0, count: limit, sort });
  const types = new Map(run.columns.map(({ name, type }) => [name, type]));
  const text = (cell: string | number | boolean | null): string => {
    const all = cell === null ? '' : String(cell);
    return visibleLines(all.length > MOST_CHARACTERS ? `${all.slice(0, MOST_CHARACTERS)} …` : all);
  };
  return {
    standing: run.completeness.complete && !run.error ? 'complete' : run.rowCount > 0 ? 'incomplete' : 'failed',
    sentence: `${visibleText(run.error?.message ?? run.completeness.sentence)}.`.replace(/\.\.$/, '.'),
    notes: notesOf(run).map(visibleText),
    columns: window.columns.map((name) => ({
      name: visibleText(name),
      isNumber: NUMBERS.includes(types.get(name) ?? ''),
    })),
    rows: window.rows.map((row) => row.map(text)),
    rowCount: run.rowCount,
    took: `${counted(run.rowCount, 'row')} in ${((Date.parse(run.finishedAt ?? run.startedAt) - Date.parse(run.startedAt)) / 1000).toFixed(1)} s`,
  };
}

/** An answer that there is none, with the reason in a sentence. */
export function noAnswer(reason: string): ReportedAnswer {
  return { standing: 'failed', sentence: visibleText(reason), notes: [], columns: [], rows: [], rowCount: 0, took: '' };
}

/** How an answer is to be read, and who is missing and why: one line for each kind of reason. */
function notesOf(run: Run): string[] {
  const promise = run.plan?.promise;
  const total = totalNote(run);
  const chart = run.render?.visualization;
  const kinds = new Map<string, Target[]>();
  for (const target of run.targets)
    if (target.error && target.state !== 'cancelled')
      kinds.set(target.error.code, [...(kinds.get(target.error.code) ?? []), target]);
  return [
    ...(run.perWorkspaceNote ? [`Per workspace: ${run.perWorkspaceNote.sentence}`] : []),
    ...(total === undefined ? [] : [`Across: ${total}`]),
    ...(promise?.kind === 'approximate' ? [`Approximate: ${promise.error}`] : []),
    ...(chart !== undefined && chart !== 'table'
      ? [`The query asks for a ${chart}, which VS Code draws; here are its rows.`]
      : []),
    ...[...kinds.values()].map((targets) => {
      const names = targets.slice(0, NAMED).map((target) => `${target.customerName}/${targetName(target)}`);
      const more = targets.length > NAMED ? ` and ${targets.length - NAMED} more` : '';
      return `${names.join(', ')}${more}: ${targets[0]!.error!.message}`;
    }),
  ];
}
