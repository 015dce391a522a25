import { AppError } from '../../base/errors.ts';
import type { CentrePort, StreamColumn, TableNow } from '../../ports/centre.ts';
import type { ChangeHandler, Effect } from '../changes/changeHandler.ts';

/** A custom table that is to have these columns, whatever others it has. */
export interface CustomTableWanted {
  readonly name: string;
  /** The workspace, for people. */
  readonly workspace: string;
  /** `TimeGenerated` is among them. */
  readonly columns: readonly StreamColumn[];
}

type TablePort = Pick<CentrePort, 'table' | 'createTable' | 'changeTable'>;

/** Tables that data collection rules write into. Columns are added, and none is taken away or changed. */
export function customTableHandler(port: TablePort): ChangeHandler<CustomTableWanted, TableNow> {
  return {
    resource: 'customTable',
    noun: 'table',
    read: ({ target }, { issuer, signal }) => port.table(issuer, target, signal),
    diff: ({ wanted }, now): Effect => {
      const { name, workspace } = wanted;
      if (!now)
        return {
          action: 'create',
          title: `Create table ${name}`,
          detail: `In workspace ${workspace}, ${wanted.columns.length} columns, plan Analytics`,
          differences: [],
        };
      checkUsable(now);
      const missing = missingColumns(now, wanted);
      if (missing.length === 0)
        return {
          action: 'none',
          title: `Table ${name} is there already`,
          detail: `In workspace ${workspace}; it stays as it is`,
          differences: [],
        };
      return {
        action: 'update',
        title: `Add ${missing.length === 1 ? 'a column' : `${missing.length} columns`} to table ${name}`,
        detail: `In workspace ${workspace}; the columns that are there stay`,
        differences: missing.map((column) => ({ name: `Column ${column.name}`, after: column.type })),
        basis: JSON.stringify(now.columns),
      };
    },
    apply: async ({ target, wanted }, action, { issuer, signal }) => {
      if (action === 'create') return port.createTable(issuer, target, wanted.columns, signal);
      const now = await port.table(issuer, target, signal);
      const there = now?.columns ?? [];
      const known = new Set(there.map(({ name }) => name.toLowerCase()));
      // Those that are there are sent again: what a change leaves out is taken away.
      const added = wanted.columns.filter(({ name }) => !known.has(name.toLowerCase()));
      return port.changeTable(issuer, target, [...there, ...added], signal);
    },
    verify: ({ wanted }, now) => {
      if (!now) return { state: 'pending', what: `table ${wanted.name} is not shown yet` };
      const [missing] = missingColumns(now, wanted);
      // A table that is being changed shows its old columns for a while.
      if (now.provisioningState !== 'Succeeded') return { state: 'pending', what: now.provisioningState };
      return missing
        ? { state: 'different', message: `Table ${wanted.name} came out without the column ${missing.name}.` }
        : { state: 'verified' };
    },
    describe: (_intent, now) => now && `table ${now.name}`,
    commands: ({ target, wanted }, action) => {
      const [, group = '', workspace = ''] = /\/resourceGroups\/([^/]+)\/.*\/workspaces\/([^/]+)\//i.exec(target) ?? [];
      return [
        [
          ...['monitor', 'log-analytics', 'workspace', 'table', action === 'create' ? 'create' : 'update'],
          ...['--resource-group', group, '--workspace-name', workspace, '--name', wanted.name],
          ...(action === 'create' ? ['--plan', 'Analytics'] : []),
          ...['--columns', ...wanted.columns.map(({ name, type }) => `${name}=${type}`)],
        ],
      ];
    },
    templateResources: ({ target, wanted }) => [
      {
        type: 'Microsoft.OperationalInsights/workspaces/tables',
        apiVersion: '2025-07-01',
        name: `${/\/workspaces\/([^/]+)\//i.exec(target)?.[1] ?? ''}/${wanted.name}`,
        properties: { plan: 'Analytics', schema: { name: wanted.name, columns: wanted.columns } },
      },
    ],
  };
}

function checkUsable(now: TableNow): void {
  if (now.subType.toLowerCase() === 'classic')
    throw new AppError(
      'input.centreTable',
      `The table ${now.name} is a classic one, which rules do not write into. Migrate or delete it, then plan again.`,
    );
  if (now.plan !== 'Analytics')
    throw new AppError(
      'input.centreTable',
      `The table ${now.name} has the plan ${now.plan}, of which no function reads. Set it to Analytics, then plan again.`,
    );
}

/** Throws `input.rollupSchema` for a column of another type. */
function missingColumns(now: TableNow, wanted: CustomTableWanted): readonly StreamColumn[] {
  const there = new Map(now.columns.map(({ name, type }) => [name.toLowerCase(), type.toLowerCase()]));
  return wanted.columns.filter(({ name, type }) => {
    const was = there.get(name.toLowerCase());
    if (was !== undefined && was !== type.toLowerCase())
      throw new AppError(
        'input.rollupSchema',
        `The column ${name} of table ${now.name} is ${was}, and would have to be ${type}.`,
      );
    // Resource Manager lists this one among those of every table.
    return was === undefined && name !== 'TimeGenerated';
  });
}
