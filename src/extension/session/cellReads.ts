import type { TextDocument } from 'vscode';
import { isSaidIn } from '../../kql/notebook/cellName.ts';
import type { QueryReads } from '../../kql/language/face.ts';
import type { EarlierResult } from '../../model/run.ts';
import type { App } from '../platform/app.ts';

/** A cell that asks the rows of earlier ones: what it reads, whose names are among its tables, and all it may name. */
export interface CellReads {
  readonly names: readonly string[];
  readonly reads: QueryReads;
  readonly earlier: readonly EarlierResult[];
}

/** Which earlier cells of its notebook a query reads as tables; undefined of one that is a matter for workspaces. */
export async function findCellReads(
  app: Pick<App, 'cells' | 'runs' | 'language'>,
  document: TextDocument,
  text: string,
): Promise<CellReads | undefined> {
  const earlier = app.cells.earlier(document, (id) => app.runs.find(id));
  // Most cells say none of the names, and need no parser.
  if (!earlier.some(({ name }) => isSaidIn(text, name))) return undefined;
  const reads = await (await app.language()).reads({ text });
  const names = reads.tables.filter((table) => earlier.some(({ name }) => name === table));
  return names.length === 0 ? undefined : { names, reads, earlier };
}
