import { CodeLens } from 'vscode';
import type { Command, TextDocument } from 'vscode';
import { readFrontComment } from '../../kql/queryFiles/frontComment.ts';
import { findDeclaration } from '../../kql/queryFiles/parameters.ts';
import { asksLake, asksResourceGraph } from '../../kql/sourceLine.ts';
import type { App } from '../platform/app.ts';
import type { CommandId } from '../platform/commandIds.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import { readSetting } from '../platform/settings.ts';
import { findCellReads } from '../session/cellReads.ts';
import type { CellReads } from '../session/cellReads.ts';
import { findResultSource } from '../session/resultSource.ts';
import { notebookOf } from '../session/notebookCells.ts';
import { isQueryDocument } from '../session/activeQuery.ts';
import { toRange } from './convert.ts';
import { RefreshedLenses } from './refreshedLenses.ts';
import { scopeText } from './scopeText.ts';

/** Whether a run begins with a question: the query has parameters. */
function asksForValues(text: string): boolean {
  return readFrontComment(text).parameters.length > 0 || (findDeclaration(text)?.parameters.length ?? 0) > 0;
}

/** Run · Run per workspace · Scope · Explain above each query. */
export class QueryLenses extends RefreshedLenses {
  private readonly app: App;

  constructor(app: App) {
    super();
    this.app = app;
  }

  async provideCodeLenses(document: TextDocument): Promise<CodeLens[]> {
    if (!readSetting('query.codeLens') || !isQueryDocument(document)) return [];
    const blocks = (await this.app.guard.quiet('editor.codeLens', () => this.app.blocks.of(document))) ?? [];
    const lenses = blocks
      .filter((block) => block.kind === 'query')
      .map(async (block) => {
        const range = toRange(document, { start: block.start, end: block.start });
        const place = { uri: document.uri.toString(), offset: block.codeStart };
        const lens = (title: string, command: CommandId, tooltip: string): CodeLens =>
          new CodeLens(range, { title, command, tooltip, arguments: [place] } satisfies Command);
        const result = findResultSource(document.getText(), this.app.runs);
        if (result) return [lens('$(play) Run', 'tenantscope.query.run', 'Ask the result this document names (F5)')];
        if (asksLake(block.text))
          return [
            lens(
              '$(play) Run',
              'tenantscope.query.run',
              'Ask what roll-ups have stored here (F5); nobody is sent anything',
            ),
            lens(
              scopeText(this.app, this.app.scope.of(document, block.codeStart)),
              'tenantscope.scope.pick',
              'Choose whose stored rows count',
            ),
          ];
        const explain = lens('Explain', 'tenantscope.query.explain', 'Who would be asked, how, and what would differ');
        const isCell = notebookOf(document) !== undefined;
        const ofCells = isCell ? await this.cellReads(document, block.text) : undefined;
        if (ofCells) {
          const title = `Over the rows of ${plainLabel(ofCells.names.join(', '))}`;
          // Words alone: there is no scope to be chosen.
          return [new CodeLens(range, { title, command: '', tooltip: 'Answered here; nobody is asked' }), explain];
        }
        const graph = asksResourceGraph(block.text);
        const where = graph
          ? 'Ask Resource Graph about the subscriptions of the scope (F5)'
          : 'Run this query over the scope (F5)';
        // A cell has its own button beside it.
        const run = asksForValues(block.text) ? '$(play) Run...' : '$(play) Run';
        return [
          ...(isCell ? [] : [lens(run, 'tenantscope.query.run', where)]),
          ...(!isCell && this.app.scope.answer(document) === 'across'
            ? [
                lens(
                  graph ? 'Run per tenant' : 'Run per workspace',
                  'tenantscope.query.runPerWorkspace',
                  `Each ${graph ? 'tenant' : 'workspace'}'s own answer, one under the other`,
                ),
              ]
            : []),
          lens(
            scopeText(this.app, this.app.scope.of(document, block.codeStart), graph),
            'tenantscope.scope.pick',
            this.app.scope.of(document, block.codeStart).origin === 'ownLine'
              ? 'Choose the scope of this query'
              : isCell
                ? 'Choose the scope of this notebook'
                : 'Choose the scope of this document',
          ),
          explain,
        ];
      });
    return (await Promise.all(lenses)).flat();
  }

  private cellReads(document: TextDocument, text: string): Promise<CellReads | undefined> {
    return this.app.guard.quiet('editor.codeLens', () => findCellReads(this.app, document, text));
  }
}
