import type { Baseline, BaselineAlert, BaselineTable } from '../../model/baseline.ts';
import { FIXED_DAYS } from './handlers/tableHandler.ts';
import { COMMITMENT_LEVELS } from '../provision/rules.ts';

/** Values that cannot hold together, and where the one is that should give way. */
export interface Contradiction {
  /** Names from the layer on: `["tables", "Syslog", "retentionDays"]`. */
  readonly setting: readonly string[];
  readonly message: string;
}

const MOST_DAYS = 730;
/** Total retention beyond two years goes by the year (Azure Monitor, data-retention-configure.md). */
const YEARS: readonly number[] = [1095, 1460, 1826, 2191, 2556, 2922, 3288, 3653, 4018, 4383];

/** What in a customer's baseline contradicts itself, or is what Azure refuses. Pure. */
export function contradictions(baseline: Baseline): readonly Contradiction[] {
  const { workspace = {}, tables = {}, alerts = {}, actionGroups = {}, collectionRules = {} } = baseline;
  const { sku, commitmentGb } = workspace;
  const found: Contradiction[] = [];
  if (sku === 'PerGB2018' && commitmentGb !== undefined)
    found.push(
      at(['workspace', 'commitmentGb'], 'A commitment needs the tier "CapacityReservation", not "PerGB2018".'),
    );
  if (sku === 'CapacityReservation' && commitmentGb === undefined)
    found.push(at(['workspace', 'sku'], '"CapacityReservation" needs "commitmentGb": how many GB a day are paid for.'));
  if (commitmentGb !== undefined && !COMMITMENT_LEVELS.includes(commitmentGb))
    found.push(at(['workspace', 'commitmentGb'], `A commitment is one of ${COMMITMENT_LEVELS.join(', ')} GB a day.`));
  for (const [name, table] of Object.entries(tables))
    found.push(...ofTable(table, workspace.retentionDays).map((one) => at(['tables', name, one.field], one.message)));
  for (const [name, alert] of Object.entries(alerts))
    found.push(...ofAlert(alert, actionGroups).map((one) => at(['alerts', name, one.field], one.message)));
  for (const [name, { windowsEvents, syslog, performance }] of Object.entries(collectionRules))
    if (!windowsEvents && !syslog && !performance)
      found.push(at(['collectionRules', name], `The rule "${name}" collects nothing.`));
  return found;
}

interface InField {
  readonly field: string;
  readonly message: string;
}

function ofTable(table: BaselineTable, workspaceDays: number | undefined): readonly InField[] {
  const { plan, retentionDays, totalRetentionDays: total } = table;
  const own = typeof retentionDays === 'number' ? retentionDays : undefined;
  const days = own ?? (retentionDays === 'workspace' ? workspaceDays : undefined);
  const fixed = plan === 'Basic' || plan === 'Auxiliary';
  return [
    ...(fixed && own !== undefined && own !== FIXED_DAYS
      ? [
          {
            field: 'retentionDays',
            message: `Tables of the plan ${plan} can be queried for ${FIXED_DAYS} days, not ${own}; "totalRetentionDays" keeps rows longer.`,
          },
        ]
      : []),
    ...(typeof total === 'number' && total > MOST_DAYS && !YEARS.includes(total)
      ? [
          {
            field: 'totalRetentionDays',
            message: `Beyond ${MOST_DAYS} days the total retention goes by the year: ${YEARS.join(', ')}.`,
          },
        ]
      : []),
    ...(typeof total === 'number' && !fixed && days !== undefined && total < days
      ? [
          {
            field: 'totalRetentionDays',
            message: `Rows cannot be kept for ${total} days in all and queried for ${days}.`,
          },
        ]
      : []),
    ...(fixed && typeof total === 'number' && total < FIXED_DAYS
      ? [
          {
            field: 'totalRetentionDays',
            message: `Tables of the plan ${plan} are kept for ${FIXED_DAYS} days at least, not ${total}.`,
          },
        ]
      : []),
  ];
}

function ofAlert(alert: BaselineAlert, groups: NonNullable<Baseline['actionGroups']>): readonly InField[] {
  const { failing = 1, periods = 1, measure = 'count', column, actionGroups = [] } = alert;
  const known = new Set(Object.keys(groups).map((name) => name.toLowerCase()));
  // A workspace may have other groups; where the baseline has some, too, a name may be mistyped.
  const strange = known.size === 0 ? [] : actionGroups.filter((name) => !known.has(name.toLowerCase()));
  return [
    ...(failing > periods
      ? [{ field: 'failing', message: `It cannot be met in ${failing} of ${periods} windows: raise "periods".` }]
      : []),
    ...(measure !== 'count' && column === undefined
      ? [{ field: 'measure', message: `"${measure}" needs "column": of what.` }]
      : []),
    ...(measure === 'count' && column !== undefined
      ? [{ field: 'column', message: 'Rows are counted without a column: choose another "measure", or leave it out.' }]
      : []),
    ...strange.map((name) => ({
      field: 'actionGroups',
      message: `"${name}" is no action group of this baseline: it has to be in the workspace's resource group.`,
    })),
  ];
}

function at(setting: readonly string[], message: string): Contradiction {
  return { setting, message };
}
