import { key, workspaceScope } from '../armId.ts';
import { armError } from '../router.ts';
import type { ArmGate } from '../arm/gate.ts';
import { resourceNotFound, WORKSPACE_TYPE, workspaceOf } from '../arm/workspaceBody.ts';
import { locationPath, readInput } from '../arm/workspaces.ts';
import { quoteId, quoteText } from '../../engine/translate/relation.ts';
import type { Column } from '../../model/kqlType.ts';

const TYPE = `${WORKSPACE_TYPE}/tables`;
const AT =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/{workspace}/tables/{table}/deleteData';
const HOUR_MS = 3_600_000;
const MOST_AN_HOUR = 10;

interface Filter {
  readonly column?: string;
  readonly operator?: string;
  readonly value?: unknown;
}

/**
 * `POST tables/T/deleteData` (azure-monitor-docs, logs/delete-log-data.md): rows that every filter fits, of a table in
 * the plan Analytics, ten requests an hour. Of what the sample estate makes nothing is deleted: it has no end.
 */
export function registerDeleteData(gate: ArmGate): void {
  const { world, operations, deps } = gate;
  const asked = new Map<string, number[]>();
  gate.add('POST', AT, { type: TYPE, action: `${TYPE}/deleteData/action` }, async ({ ctx, apiVersion }) => {
    const workspace = workspaceOf(world, ctx);
    const table = workspace.tables.get(key(ctx.params['table']!));
    if (!table) throw resourceNotFound(`${TYPE}/${workspace.name}/${ctx.params['table']!}`, workspace.resourceGroup);
    if (table.plan !== 'Analytics')
      throw armError(400, 'InvalidParameter', `The plan of table '${table.name}' is not Analytics.`);
    const { filters } = readInput<{ readonly filters?: readonly Filter[] }>(ctx.json(), ctx.body);
    if (!Array.isArray(filters) || filters.length === 0)
      throw armError(400, 'InvalidParameter', "The request names no 'filters'.");
    const conditions = (filters as readonly Filter[]).map(conditionOf);
    const now = world.clock.now();
    const hour = (asked.get(workspaceScope(workspace)) ?? []).filter((at) => at > now - HOUR_MS);
    if (hour.length >= MOST_AN_HOUR)
      throw armError(429, 'TooManyRequests', 'At most 10 delete data requests are taken in an hour.', {
        headers: { 'retry-after': String(Math.ceil((hour[0]! + HOUR_MS - now) / 1_000)) },
      });
    asked.set(workspaceScope(workspace), [...hour, now]);
    const { customerId } = workspace.properties;
    let removing: Promise<void> | undefined;
    const operation = operations.start(`${workspaceScope(workspace)}/tables/${table.name}`, ctx.faults, (failure) => {
      if (failure) return;
      const where = (columns: readonly Column[]): string => conditions.map((made) => made(columns)).join(' AND ');
      removing = deps.ingested.remove(customerId, table.name, where, now);
    });
    // An operation that takes no time is over when it is answered.
    await removing;
    return {
      status: 202,
      headers: operations.asyncHeaders(ctx, operation, locationPath(workspace, 'operationStatuses'), apiVersion),
    };
  });
}

const COMPARED: Readonly<Record<string, string>> = { '==': '=', '>': '>', '>=': '>=', '<': '<', '<=': '<=' };

/** A filter, of texts and times as this product asks, as SQL for the columns that are there; else false. */
function conditionOf({ column, operator, value }: Filter): (columns: readonly Column[]) => string {
  if (typeof column !== 'string' || typeof value !== 'string' || COMPARED[operator ?? ''] === undefined)
    throw armError(
      400,
      'InvalidParameter',
      `The emulator filters by texts and times with ${Object.keys(COMPARED).join(', ')}, not with ${JSON.stringify({ column, operator })}.`,
    );
  return (columns) => {
    const type = columns.find(({ name }) => name === column)?.type;
    if (type === 'string') return `${quoteId(column)} ${COMPARED[operator!]} ${quoteText(value)}`;
    if (type !== 'datetime') return 'false';
    // Times are ticks: those of the text are counted by DuckDB in microseconds.
    return `${quoteId(column)} ${COMPARED[operator!]} (epoch_us(TIMESTAMP ${quoteText(value)}) * 10 + 621355968000000000)`;
  };
}
