import { AppError, toAppError } from '../../base/errors.ts';
import type { Outcome } from '../../base/outcome.ts';
import type { Workspace, WorkspaceFunction, WorkspaceTable } from '../../model/estate.ts';
import type { WorkspaceKey } from '../../model/ids.ts';
import type { Worker } from '../platform/dataWorker.ts';

/** ISO time of the newest billing record, null where there was none in 31 days. */
export type LastData = Outcome<string | null>;

const LAST_DATA_LIFE_MS = 5 * 60_000;

/** What is asked of one workspace when somebody looks at it: tables, functions, the time of its newest row. */
export class WorkspaceDetails {
  private readonly lastData = new Map<WorkspaceKey, { readonly at: number; readonly value: Promise<LastData> }>();
  private readonly worker: Worker;
  private readonly wantsLastData: () => boolean;

  constructor(worker: Worker, wantsLastData: () => boolean) {
    this.worker = worker;
    this.wantsLastData = wantsLastData;
  }

  tables(workspace: Workspace): Promise<readonly WorkspaceTable[]> {
    return this.worker.request('estate.tables', { workspace: workspace.key });
  }
  functions(workspace: Workspace): Promise<readonly WorkspaceFunction[]> {
    return this.worker.request('estate.functions', { workspace: workspace.key });
  }

  /**
   * When the workspace last received data, or why that is not known; undefined where the person does not want it asked.
   * Remembered for five minutes, a failure not at all. Never rejects.
   */
  async lastDataOf(workspace: Workspace): Promise<LastData | undefined> {
    if (!this.wantsLastData()) return undefined;
    const known = this.lastData.get(workspace.key);
    return known && Date.now() - known.at < LAST_DATA_LIFE_MS ? known.value : this.ask(workspace.key);
  }

  private ask(key: WorkspaceKey): Promise<LastData> {
    const value = this.fetch(key);
    this.lastData.set(key, { at: Date.now(), value });
    void value.then((lastData) => {
      if (!lastData.ok) this.lastData.delete(key);
    });
    return value;
  }

  private async fetch(key: WorkspaceKey): Promise<LastData> {
    try {
      const answers = await this.worker.request('estate.lastData', { workspaces: [key] });
      const found = answers.find((answer) => answer.workspace === key);
      if (!found) throw new AppError('bug.noOutcome', 'The data worker said nothing of this workspace.');
      return found.lastData;
    } catch (thrown) {
      return { ok: false, error: toAppError(thrown).toData() };
    }
  }
}
