import type { Workspace, WorkspaceFunction, WorkspaceTable } from '../../model/estate.ts';
import type { WorkspaceKey } from '../../model/ids.ts';
import type { Worker } from '../platform/dataWorker.ts';

const LAST_DATA_LIFE_MS = 5 * 60_000;

/** What is asked of one workspace when somebody looks at it: tables, functions, the time of its newest row. */
export class WorkspaceDetails {
  private readonly lastData = new Map<
    WorkspaceKey,
    { readonly at: number; readonly value: Promise<string | null | undefined> }
  >();
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
   * The workspace with `lastData`, where it can be had; remembered for five minutes. Never fails: a tooltip without it
   * is still one.
   */
  async withLastData(workspace: Workspace): Promise<Workspace> {
    if (workspace.lastData !== undefined || !this.wantsLastData()) return workspace;
    const known = this.lastData.get(workspace.key);
    const value = known && Date.now() - known.at < LAST_DATA_LIFE_MS ? known.value : this.ask(workspace.key);
    const lastData = await value;
    return lastData === undefined ? workspace : { ...workspace, lastData };
  }

  private ask(key: WorkspaceKey): Promise<string | null | undefined> {
    const value = this.worker
      .request('estate.lastData', { workspaces: [key] })
      .then((answers) => answers.find((answer) => answer.workspace === key)?.lastData)
      .catch(() => {
        this.lastData.delete(key);
        return undefined;
      });
    this.lastData.set(key, { at: Date.now(), value });
    return value;
  }
}
