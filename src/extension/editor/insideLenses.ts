import { CodeLens } from 'vscode';
import type { Command, TextDocument } from 'vscode';
import { offsetInFile } from '../../kql/queryFiles/places.ts';
import type { FileQuery } from '../../kql/queryFiles/queryFile.ts';
import { asksResourceGraph } from '../../kql/sourceLine.ts';
import type { App } from '../platform/app.ts';
import type { CommandId } from '../platform/commandIds.ts';
import { plainMessage } from '../platform/plainMessage.ts';
import { readSetting } from '../platform/settings.ts';
import { toRange } from './convert.ts';
import { RefreshedLenses } from './refreshedLenses.ts';
import { scopeText } from './scopeText.ts';

/** Run · Scope · Explain above each query inside a document of another language. Nothing in it runs by itself. */
export class InsideLenses extends RefreshedLenses {
  private readonly app: App;

  constructor(app: App) {
    super();
    this.app = app;
  }

  async provideCodeLenses(document: TextDocument): Promise<CodeLens[]> {
    if (!readSetting('query.codeLens')) return [];
    const queries = await this.app.guard.quiet('editor.insideLens', () => this.app.inside.of(document));
    return (queries ?? []).flatMap((query) => this.lensesOf(document, query));
  }

  private lensesOf(document: TextDocument, query: FileQuery): CodeLens[] {
    const start = offsetInFile(query.segments, 0);
    const range = toRange(document, { start, end: start });
    const place = { uri: document.uri.toString(), offset: query.place.start };
    const lens = (title: string, command: CommandId, tooltip: string): CodeLens =>
      new CodeLens(range, { title, command, tooltip, arguments: [place] } satisfies Command);
    if (query.refusal)
      return [
        lens('$(info) Cannot be run here', 'tenantscope.query.run', plainMessage(`${query.name}: ${query.refusal}`)),
      ];
    const graph = asksResourceGraph(query.text);
    const asks = query.parameters.map(({ name }) => name).join(', ');
    return [
      lens(
        `$(play) Run${query.parameters.length > 0 ? '...' : ''}`,
        'tenantscope.query.run',
        plainMessage(`Run "${query.name}" over the scope${asks ? `; asks for ${asks}` : ''}`),
      ),
      lens(
        scopeText(this.app, this.app.scope.ofInside(document, query.scope), graph),
        'tenantscope.scope.pick',
        query.scope ? 'Choose the scope of this query' : 'Choose the scope of the queries of this document',
      ),
      lens('Explain', 'tenantscope.query.explain', 'Who would be asked, how, and what would differ'),
    ];
  }
}
