import type { Uri } from 'vscode';
import type { DisposableStore } from '../../base/disposable.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { AccountId, TenantId } from '../../model/ids.ts';
import type { ActiveQuery } from '../session/activeQuery.ts';
import type { AssessmentBook } from '../session/assessmentBook.ts';
import type { EstateModel } from '../session/estateModel.ts';
import type { LayoutBook } from '../session/layoutBook.ts';
import type { QueriesInside } from '../session/queriesInside.ts';
import type { QueryBlocks } from '../session/queryBlocks.ts';
import type { CellRuns } from '../session/notebookCells.ts';
import type { RunBook } from '../session/runBook.ts';
import type { CurrentScope } from '../session/currentScope.ts';
import type { LanguageService } from '../../kql/language/face.ts';
import type { Worker } from './dataWorker.ts';
import type { Guard } from './guard.ts';
import type { OutputLog } from './log.ts';
import type { Notifier } from './notify.ts';
import type { VirtualDocuments } from './virtualDocuments.ts';

/** What every feature is given. Features know this and their own folder, and nothing of one another. */
export interface App {
  /** Disposed with the extension. */
  readonly store: DisposableStore;
  readonly extensionUri: Uri;
  /** A folder of ours that every window sees. */
  readonly globalStorageUri: Uri;
  readonly log: OutputLog;
  readonly notify: Notifier;
  readonly guard: Guard;
  readonly worker: Worker;
  /** The language service, started by the first call that needs it. */
  language(): Promise<LanguageService>;
  readonly blocks: QueryBlocks;
  /** Queries inside documents of other languages. */
  readonly inside: QueriesInside;
  readonly estate: EstateModel;
  readonly scope: CurrentScope;
  readonly active: ActiveQuery;
  readonly runs: RunBook;
  /** What the cells of notebooks were answered with. */
  readonly cells: CellRuns;
  /** How the columns of queries' answers are arranged. */
  readonly layouts: LayoutBook;
  readonly assessments: AssessmentBook;
  readonly documents: VirtualDocuments;
  cloud(): Promise<Cloud>;
  /**
   * Signs in because the person asked to: anybody, or one account for one tenant. Explains itself where another method
   * of sign-in is set.
   */
  signIn(target?: { readonly account?: AccountId; readonly tenant: TenantId }): Promise<void>;
}
