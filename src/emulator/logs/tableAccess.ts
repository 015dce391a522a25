import { mayDo, rowReadings } from '../access.ts';
import { key, workspaceScope } from '../armId.ts';
import type { Fault } from '../faults.ts';
import type { Workspace, WorkspaceTable } from '../state.ts';
import type { Caller } from './gate.ts';
import { readRowCondition } from './rowConditions.ts';
import type { RowCondition } from './rowConditions.ts';

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
    return this.readings(workspace, table).length > 0 ? 'rows' : 'noRows';
  }

  /**
   * The conditions on rows that the caller reads of a table that it sees; none where it reads all of them. Roles add
   * up: one that reads everything makes the others' conditions void.
   */
  conditions(workspace: Workspace, table: WorkspaceTable): readonly RowCondition[] {
    const readings = this.readings(workspace, table);
    return readings.includes('') ? [] : readings.map(readRowCondition);
  }

  private readings(workspace: Workspace, { name, protectionLevel }: WorkspaceTable): readonly string[] {
    const { grants } = this.caller;
    const scope = workspaceScope(workspace);
    const only = workspace.properties.features.dataAuthorizationMode === 'DataActionsOnly';
    const isProtected = protectionLevel === 'Protected';
    // Reading the rows of a table is an action of the control plane, too; Data Reader has not got it.
    const action = `Microsoft.OperationalInsights/workspaces/query/${name}/read`;
    if (!only && !isProtected && mayDo(grants, action, scope)) return [''];
    return rowReadings(grants, scope, isProtected);
  }

  /**
   * `denyTables` of a workspace for `include-permissions`: what roles on single tables keep from the caller. Protected
   * tables and workspaces that only data actions open are not among them: those give no rows and say nothing.
   */
  denyTables(workspace: Workspace): string[] {
    return [...workspace.tables.values()].flatMap(({ name }) => (this.denied.has(key(name)) ? [name] : []));
  }
}
