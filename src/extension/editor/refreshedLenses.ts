import type { CodeLens, CodeLensProvider, Event, TextDocument } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/event.ts';

/** Lenses that say what changes elsewhere, too: the scope, the estate, earlier cells. */
export abstract class RefreshedLenses implements CodeLensProvider, Disposable {
  private readonly changed = new Emitter<void>();

  readonly onDidChangeCodeLenses = this.changed.event as Event<void>;

  /** They are to be asked for anew. */
  refresh(): void {
    this.changed.fire();
  }
  dispose(): void {
    this.changed.dispose();
  }

  abstract provideCodeLenses(document: TextDocument): Promise<CodeLens[]>;
}
