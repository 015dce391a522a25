import { mayReadRows } from '../access.ts';
import { key, workspaceScope } from '../armId.ts';
import type { Fault } from '../faults.ts';
import type { Workspace, WorkspaceTable } from '../state.ts';
import type { Caller } from './gate.ts';

/**
 * What a caller sees of a table: its rows, the table without a row, or not even its name. None of it is an error of
 * access: the service answers 200, or does not resolve the name.
 */
export type TableSight = 'rows' | 'noRows' | 'nothing';

/** Which tables one caller may read: by roles, by protection, and by the roles on single tables of a fault. */
export class TableAccess {
  private readonly caller: Caller;
  private readonly denied = new Map<string, TableSight>();

  constructor(caller: Caller, faults: readonly Fault[]) {
    this.caller = caller;
    for (const fault of faults)
      if (fault.kind === 'denyTables')
        for (const name of fault.tables) this.denied.set(key(name), fault.as === 'unresolved' ? 'nothing' : 'noRows');
  }

  /** What the caller sees of this table of this workspace. */
  sight(workspace: Workspace, table: WorkspaceTable): TableSight {
    const denied = this.denied.get(key(table.name));
    if (denied) return denied;
    const only = workspace.properties.features.dataAuthorizationMode === 'DataActionsOnly';
    if (!only && table.protectionLevel !== 'Protected') return 'rows';
    return mayReadRows(this.caller.grants, workspaceScope(workspace), table.protectionLevel === 'Protected')
      ? 'rows'
      : 'noRows';
  }

  /**
   * `denyTables` of a workspace for `include-permissions`: what roles on single tables keep from the caller. Protected
   * tables and workspaces that only data actions open are not among them: those give no rows and say nothing.
   */
  denyTables(workspace: Workspace): string[] {
    return [...workspace.tables.values()].flatMap(({ name }) => (this.denied.has(key(name)) ? [name] : []));
  }
}
