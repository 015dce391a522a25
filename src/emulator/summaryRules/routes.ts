import { key } from '../armId.ts';
import { readInstant } from '../clock.ts';
import type { ArmCall, ArmGate } from '../arm/gate.ts';
import { toSummary } from '../arm/dataFlows.ts';
import { WORKSPACE_TYPE, workspaceOf } from '../arm/workspaceBody.ts';
import { readInput } from '../arm/workspaces.ts';
import type { SummaryRule } from '../flows.ts';
import { functionsOf } from '../logs/tableColumns.ts';
import { newTable } from '../populate.ts';
import { SUMMARY_COLUMNS } from '../populateFlows.ts';
import { armError } from '../router.ts';
import type { Answer } from '../router.ts';
import type { Workspace } from '../state.ts';
import { checkRule } from './ruleInput.ts';
import type { SummaryRuleInput } from './ruleInput.ts';
import { firstBin, storedName, SummaryRuleService } from './service.ts';

const TYPE = `${WORKSPACE_TYPE}/summaryLogs`;
const ONE =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/{workspace}/summaryLogs/{rule}';
const MOST_ACTIVE = 30;

/** Making, stopping and removing summary rules (operationalinsights 2025-07-01), and what runs them. */
export function registerSummaryRules(gate: ArmGate): void {
  const { world, deps } = gate;
  const service = new SummaryRuleService(world, deps);
  deps.onClose(() => service.close());
  const write = { type: TYPE, action: `${TYPE}/write` };
  const ruleOf = ({ ctx }: ArmCall): { readonly workspace: Workspace; readonly rule: SummaryRule } => {
    const workspace = workspaceOf(world, ctx);
    const name = ctx.params['rule']!;
    const rule = workspace.summaryRules?.get(key(name));
    if (!rule) throw armError(404, 'ResourceNotFound', `The rule '${name}' was not found in '${workspace.name}'.`);
    return { workspace, rule };
  };
  const post = (verb: string, answer: (call: ArmCall) => Answer | Promise<Answer>): void => {
    gate.add('POST', `${ONE}/${verb}`, { type: TYPE, action: `${TYPE}/${verb}/action` }, answer);
  };

  gate.add('PUT', ONE, write, async ({ ctx }) => {
    const workspace = workspaceOf(world, ctx);
    const name = ctx.params['rule']!;
    const now = world.clock.now();
    const rules = (workspace.summaryRules ??= new Map());
    const known = rules.get(key(name));
    const input = readInput<SummaryRuleInput>(ctx.json(), ctx.body);
    const ruleDefinition = checkRule(
      input,
      functionsOf(workspace)
        .map((one) => one.name)
        .filter((one) => !one.startsWith('_')),
      now,
      known?.ruleDefinition.binStartTime,
    );
    const others = [...rules.values()].filter((rule) => rule.isActive && rule !== known);
    if (others.length >= MOST_ACTIVE)
      throw armError(400, 'TooManyRules', `The workspace has ${MOST_ACTIVE} active summary rules already.`);
    await makeTable(workspace, ruleDefinition.query, ruleDefinition.destinationTable);
    const { displayName, description } = input.properties ?? {};
    const next = known?.progress?.next ?? firstBin(now, ruleDefinition.binSize, ruleDefinition.binStartTime);
    const rule: SummaryRule = {
      name: known?.name ?? name,
      ...(displayName === undefined ? {} : { displayName }),
      ...(description === undefined ? {} : { description }),
      isActive: known?.isActive ?? true,
      ...(known?.statusCode ? { statusCode: known.statusCode } : {}),
      ruleDefinition,
      progress: { failed: [], inARow: 0, ...known?.progress, next, changed: world.clock.iso() },
    };
    rules.set(key(name), rule);
    world.touch();
    return { status: known ? 200 : 201, body: toSummary(workspace, rule) };
  });
  gate.add('DELETE', ONE, { type: TYPE, action: `${TYPE}/delete` }, ({ ctx }) => {
    const had = workspaceOf(world, ctx).summaryRules?.delete(key(ctx.params['rule']!));
    world.touch();
    return { status: had ? 200 : 204 };
  });
  post('stop', (call) => {
    const { rule } = ruleOf(call);
    rule.isActive = false;
    rule.statusCode = 'UserAction';
    world.touch();
    return { status: 200 };
  });
  // What was missed stays missed: it goes on with the bin that ends at the next whole hour.
  post('start', (call) => {
    const { rule } = ruleOf(call);
    rule.isActive = true;
    delete rule.statusCode;
    if (rule.progress) {
      const next = firstBin(world.clock.now(), rule.ruleDefinition.binSize, undefined);
      rule.progress = { ...rule.progress, next: Math.max(rule.progress.next, next), inARow: 0 };
      delete rule.progress.tried;
    }
    world.touch();
    return { status: 202 };
  });
  post('retrybin', async (call) => {
    const { workspace, rule } = ruleOf(call);
    const { properties } = readInput<{ readonly properties?: { readonly retryBinStartTime?: string } }>(
      call.ctx.json(),
      call.ctx.body,
    );
    const bin = readInstant(properties?.retryBinStartTime ?? '');
    if (bin === undefined || !(await service.retry(workspace, rule, bin)))
      throw armError(
        400,
        'InvalidParameter',
        `No bin of '${rule.name}' that begins at '${properties?.retryBinStartTime}' has failed.`,
      );
    return { status: 202 };
  });

  /** The table of results has the columns of the query's answer, and keeps those it had. */
  async function makeTable(workspace: Workspace, query: string, name: string): Promise<void> {
    const never = '1970-01-01T00:00:00Z';
    let columns: readonly { readonly name: string; readonly type: string }[];
    try {
      ({ columns } = await service.ask(workspace, query, never, never));
    } catch (error) {
      throw armError(400, 'InvalidParameter', `The query of the rule is not valid: ${(error as Error).message}`, {
        target: 'properties.ruleDefinition.query',
      });
    }
    const table = workspace.tables.get(key(name)) ?? newTable({ name, columns: SUMMARY_COLUMNS });
    const has = new Set((table.columns ?? []).map((column) => column.name));
    const more = columns
      .map((column) => ({ name: storedName(column.name), type: column.type as string }))
      .filter((column) => !has.has(column.name));
    table.columns = [...(table.columns ?? []), ...more];
    workspace.tables.set(key(name), table);
  }
}
