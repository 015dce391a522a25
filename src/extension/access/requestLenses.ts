import { CodeLens, EventEmitter, Range, languages } from 'vscode';
import type { CodeLensProvider, TextDocument, Uri } from 'vscode';
import type { DisposableStore } from '../../base/disposable.ts';
import { TO_SEND } from '../../core/access/accessMarkdown.ts';
import type { AdminRequest } from '../../model/access.ts';
import type { CommandId } from '../platform/commandIds.ts';
import { PLAN_SCHEME } from '../platform/virtualDocuments.ts';

const COPY: CommandId = 'tenantscope.access.copyRequest';

/** Above each text that is to be sent, in the source of the document: copy it. */
export class RequestLenses implements CodeLensProvider {
  private readonly told = new Map<string, readonly AdminRequest[]>();
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(store: DisposableStore) {
    store.add(this.changed);
    store.add(languages.registerCodeLensProvider({ scheme: PLAN_SCHEME, pattern: '**/Access.md' }, this));
  }

  /** A document, and the texts of its last chapter in their order. */
  add(uri: Uri, requests: readonly AdminRequest[]): void {
    // The command copies of the latest document only.
    this.told.clear();
    this.told.set(uri.toString(), requests);
    this.changed.fire();
  }

  provideCodeLenses(document: TextDocument): CodeLens[] {
    const requests = this.told.get(document.uri.toString()) ?? [];
    const lines = document.getText().split('\n');
    const begins = lines.indexOf(TO_SEND);
    const headings = lines.flatMap((line, at) => (begins >= 0 && at > begins && line.startsWith('## ') ? [at] : []));
    return requests.flatMap(({ customer }, at) => {
      const line = headings[at];
      if (line === undefined) return [];
      const title = '$(copy) Copy Text for the Administrator';
      return [new CodeLens(new Range(line, 0, line, 0), { title, command: COPY, arguments: [customer] })];
    });
  }
}
