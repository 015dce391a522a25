import { AppError } from '../../../base/errors.ts';
import type { BaselineTable } from '../../../model/baseline.ts';
import type { TablePlan } from '../../../model/estate.ts';
import type { Difference } from '../../../model/plan.ts';
import type { BaselinePort, TableState } from '../../../ports/baseline.ts';
import type { ChangeHandler, Effect } from '../../changes/changeHandler.ts';

/** Plan and retention that a table is to have; what is absent is left alone. */
export interface WantedTable extends BaselineTable {
  readonly name: string;
  /** The workspace, for people. */
  readonly workspace: string;
  /** The retention that the workspace is to have by then; what it has where absent. */
  readonly workspaceDays?: number;
}

const API_VERSION = '2025-07-01';
/** The plan of a table may be changed once in so long (learn.microsoft.com, logs/logs-table-plans). */
const PLAN_EVERY_MS = 7 * 86_400_000;
/** Days that tables of the plans Basic and Auxiliary can be queried; nobody can choose others. */
export const FIXED_DAYS = 30;

/** Plan and retention of tables. Tables are neither made nor taken away. `now` gives the time in milliseconds. */
export function tableHandler(
  port: Pick<BaselinePort, 'table' | 'changeTable'>,
  now: () => number,
): ChangeHandler<WantedTable, TableState> {
  return {
    resource: 'table',
    noun: 'table',
    read: ({ target }, { issuer, signal }) => port.table(issuer, target, signal),
    diff: ({ wanted }, there): Effect => {
      const { name, workspace } = wanted;
      if (!there)
        throw new AppError(
          'input.noTable',
          `There is no table ${name} in workspace ${workspace}: who sends rows to it has to come first.`,
        );
      const differences = differencesOf(there, wanted);
      if (differences.length === 0)
        return {
          action: 'none',
          title: `Table ${name} is as wanted`,
          detail: `In workspace ${workspace}`,
          differences,
        };
      const refusal = refusalOf(there, wanted, now());
      if (refusal !== undefined) throw new AppError('input.table', `Table ${name} of ${workspace}: ${refusal}`);
      return {
        action: 'update',
        title: `Change table ${name} of ${workspace}`,
        detail: `In workspace ${workspace}`,
        differences,
        warnings: warningsOf(there, wanted),
        basis: basisOf(there),
      };
    },
    apply: ({ target, wanted: { plan, retentionDays, totalRetentionDays } }, _action, { issuer, signal }) =>
      port.changeTable(
        issuer,
        target,
        {
          ...(plan === undefined ? {} : { plan }),
          ...(retentionDays === undefined ? {} : { retentionDays }),
          ...(totalRetentionDays === undefined ? {} : { totalRetentionDays }),
        },
        signal,
      ),
    verify: ({ wanted }, there) => {
      if (!there || there.provisioningState !== 'Succeeded')
        return { state: 'pending', what: there?.provisioningState ?? `table ${wanted.name} is not shown` };
      const [different] = differencesOf(there, wanted);
      return different
        ? {
            state: 'different',
            message: `Table ${wanted.name} keeps another ${different.name.toLowerCase()} than was sent.`,
          }
        : { state: 'verified' };
    },
    describe: (_intent, there) => there && `table ${there.name}, plan ${there.plan}`,
    commands: ({ target, wanted }) => [commandOf(target, wanted)],
    templateResources: ({ target, wanted }) => [
      {
        type: 'Microsoft.OperationalInsights/workspaces/tables',
        apiVersion: API_VERSION,
        name: `${placeOf(target).workspace}/${wanted.name}`,
        properties: tableProperties(wanted),
      },
    ],
  };
}

/** `properties` of a template; -1 is the service's word for the workspace's retention. */
function tableProperties({ plan, retentionDays, totalRetentionDays }: BaselineTable): object {
  const days = (value: number | 'workspace'): number => (value === 'workspace' ? -1 : value);
  return {
    ...(plan === undefined ? {} : { plan }),
    ...(retentionDays === undefined ? {} : { retentionInDays: days(retentionDays) }),
    ...(totalRetentionDays === undefined ? {} : { totalRetentionInDays: days(totalRetentionDays) }),
  };
}

/** What a table has of its own: what it has of its workspace may change with it, in the same plan. */
function basisOf({ plan, planChangedAt, ...there }: TableState): string {
  return JSON.stringify([
    plan,
    planChangedAt,
    there.followsWorkspace || there.retentionDays,
    there.totalFollows || there.totalRetentionDays,
  ]);
}

function differencesOf(there: TableState, wanted: WantedTable): readonly Difference[] {
  const { plan, retentionDays, totalRetentionDays, workspaceDays } = wanted;
  const days = there.followsWorkspace ? (workspaceDays ?? there.retentionDays) : there.retentionDays;
  // Without a total of its own a table is kept for as long as it can be queried.
  const total = there.totalFollows
    ? typeof retentionDays === 'number'
      ? retentionDays
      : days
    : there.totalRetentionDays;
  return [
    ...(plan === undefined || plan === there.plan ? [] : [{ name: 'Plan', before: there.plan, after: plan }]),
    ...retentionDifference('Retention', days, there.followsWorkspace, retentionDays),
    ...retentionDifference('Total retention', total, there.totalFollows, totalRetentionDays),
  ];
}

function retentionDifference(
  name: string,
  days: number,
  follows: boolean,
  wanted: number | 'workspace' | undefined,
): readonly Difference[] {
  if (wanted === undefined || (wanted === 'workspace' ? follows : days === wanted)) return [];
  return [{ name, before: follows ? 'as the workspace' : `${days} days`, after: wantedText(wanted) }];
}

function wantedText(days: number | 'workspace'): string {
  return days === 'workspace' ? 'as the workspace' : `${days} days`;
}

/** What the service would refuse; undefined where it would not. */
function refusalOf(there: TableState, wanted: WantedTable, now: number): string | undefined {
  const plan = wanted.plan ?? there.plan;
  const { retentionDays = there.retentionDays, totalRetentionDays } = wanted;
  if (plan !== there.plan) {
    if (plan === 'Auxiliary' || there.plan === 'Auxiliary')
      return `its plan is ${there.plan} and cannot become ${plan}: a table is Auxiliary from the beginning, or never.`;
    if (there.classic) return `it was made by the old agents, and only tables of data collection rules can be ${plan}.`;
    const free = there.planChangedAt === undefined ? 0 : Date.parse(there.planChangedAt) + PLAN_EVERY_MS;
    if (free > now)
      return `its plan was changed less than a week ago, and can be changed again from ${new Date(free).toISOString().slice(0, 16).replace('T', ' ')} UTC on.`;
  }
  if (plan !== 'Analytics' && wanted.retentionDays !== undefined && wanted.retentionDays !== FIXED_DAYS)
    return `tables of the plan ${plan} can be queried for ${FIXED_DAYS} days; use the total retention to keep rows longer.`;
  if (typeof totalRetentionDays === 'number' && typeof retentionDays === 'number' && retentionDays > totalRetentionDays)
    return `it cannot be kept for ${totalRetentionDays} days in all and queried for ${retentionDays}.`;
  return undefined;
}

const FORBIDS: Readonly<Record<TablePlan, string>> = {
  Analytics: 'its ingestion costs the full price',
  Basic: 'alert rules over it stop working, but for simple ones; queries cost by what they scan and read one table',
  Auxiliary: 'no alerts, and slow queries that cost by what they scan',
};

function warningsOf(there: TableState, { name, workspace, plan, ...wanted }: WantedTable): readonly string[] {
  const { retentionDays, totalRetentionDays } = wanted;
  const total = typeof totalRetentionDays === 'number' ? totalRetentionDays : undefined;
  const own = typeof retentionDays === 'number' ? retentionDays : undefined;
  return [
    ...(plan === undefined || plan === there.plan
      ? []
      : [`${name} of ${workspace} as ${plan}: ${FORBIDS[plan]}. It stays so for a week at least.`]),
    ...(total === undefined
      ? own !== undefined && own < there.totalRetentionDays
        ? [own]
        : []
      : total < there.totalRetentionDays
        ? [total]
        : []
    ).map(
      (days) =>
        `Rows of ${name} in ${workspace} older than ${days} days will be removed; the service waits 30 days before it does.`,
    ),
  ];
}

function placeOf(target: string): { readonly group: string; readonly workspace: string } {
  const [, group = '', workspace = ''] = /\/resourceGroups\/([^/]+)\/.*\/workspaces\/([^/]+)\//i.exec(target) ?? [];
  return { group, workspace };
}

function commandOf(target: string, wanted: WantedTable): readonly string[] {
  const { group, workspace } = placeOf(target);
  const days = (value: number | 'workspace'): string => String(value === 'workspace' ? -1 : value);
  const { name, plan, retentionDays, totalRetentionDays } = wanted;
  return [
    ...['monitor', 'log-analytics', 'workspace', 'table', 'update', '--resource-group', group],
    ...['--workspace-name', workspace, '--name', name],
    ...(plan === undefined ? [] : ['--plan', plan]),
    ...(retentionDays === undefined ? [] : ['--retention-time', days(retentionDays)]),
    ...(totalRetentionDays === undefined ? [] : ['--total-retention-time', days(totalRetentionDays)]),
  ];
}
