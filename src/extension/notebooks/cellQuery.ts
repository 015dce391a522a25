import type { NotebookCell, NotebookDocument } from 'vscode';
import { AppError } from '../../base/errors.ts';
import { offsetBefore } from '../../kql/textEdits.ts';
import type { Edit } from '../../kql/textEdits.ts';
import { codeStart } from '../../kql/scan.ts';
import { prepareQuery } from '../../kql/queryFiles/prepareQuery.ts';
import { toFileQuery } from '../../kql/queryFiles/toFileQuery.ts';
import { effectiveTimeRange } from '../../model/timeRange.ts';
import type { RunRequest } from '../../model/run.ts';
import type { App } from '../platform/app.ts';
import { frontMatterOf } from '../session/notebookCells.ts';

/** What a cell asks: the request, and the place in the cell of a place in the query that is sent. */
export interface CellQuery {
  readonly request: RunRequest;
  readonly placeInCell: (offset: number) => number;
}

/**
 * Reads a cell as a query over the scope and time that count for it, its parameters by their defaults. Throws `input.*`
 * with a sentence where it must not be run: a scope or time that cannot be read never means everything.
 */
export function readCell(app: Pick<App, 'scope'>, notebook: NotebookDocument, { document }: NotebookCell): CellQuery {
  const text = document.getText();
  const query = toFileQuery({
    name: '',
    text,
    place: { start: 0, length: text.length },
    segments: [{ at: 0, file: 0 }],
  });
  const problem = frontMatterOf(notebook)?.said.problem ?? query.refusal;
  if (problem !== undefined) throw new AppError('input.cell', `${problem} Nothing was sent.`);
  const { scope, error } = app.scope.of(document, codeStart(text));
  if (error) throw new AppError('input.scopeLine', `The scope cannot be read: ${error.message} Nothing was sent.`);
  const prepared =
    query.parameters.length > 0 ? prepareQuery(query, new Map()) : { text, edits: [] as readonly Edit[], missing: [] };
  const [missing] = prepared.missing;
  if (missing !== undefined)
    throw new AppError(
      'input.parameter',
      `The parameter ${missing} has no value. Give it a default: "// @param ${missing}:type = value". Nothing was sent.`,
    );
  return {
    request: {
      query: prepared.text,
      scope,
      timeRange: effectiveTimeRange(app.scope.timeRange(document), text),
      answer: app.scope.answer(document),
    },
    placeInCell: (offset) => offsetBefore(prepared.edits, offset),
  };
}
