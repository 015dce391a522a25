import { groupScope, key, workspaceScope } from '../armId.ts';
import type { DataExport, SummaryRule } from '../flows.ts';
import { armError } from '../router.ts';
import type { Workspace } from '../state.ts';
import type { ArmCall, ArmGate } from './gate.ts';
import { WORKSPACE_TYPE, workspaceOf } from './workspaceBody.ts';

const AT =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/{workspace}';

/** What leaves a workspace by itself, to read: data export rules (`dataExports`) and summary rules (`summaryLogs`). */
export function registerDataFlows(gate: ArmGate): void {
  lists(gate, 'dataExports', ({ dataExports }) => dataExports, toExport);
  lists(gate, 'summaryLogs', ({ summaryRules }) => summaryRules, toSummary);
}

/** The list and the single reads of one kind of rule. Neither list is paged. */
function lists<Rule>(
  gate: ArmGate,
  kind: 'dataExports' | 'summaryLogs',
  rulesOf: (workspace: Workspace) => ReadonlyMap<string, Rule> | undefined,
  toBody: (workspace: Workspace, rule: Rule) => object,
): void {
  const type = `${WORKSPACE_TYPE}/${kind}`;
  const read = { type, action: `${type}/read` };
  const workspaceAt = ({ ctx }: ArmCall): Workspace => workspaceOf(gate.world, ctx);
  gate.add('GET', `${AT}/${kind}`, read, (call) => {
    const workspace = workspaceAt(call);
    return {
      status: 200,
      body: { value: [...(rulesOf(workspace)?.values() ?? [])].map((rule) => toBody(workspace, rule)) },
    };
  });
  gate.add('GET', `${AT}/${kind}/{rule}`, read, (call) => {
    const workspace = workspaceAt(call);
    const name = call.ctx.params['rule']!;
    const rule = rulesOf(workspace)?.get(key(name));
    if (!rule) throw armError(404, 'ResourceNotFound', `The rule '${name}' was not found in '${workspace.name}'.`);
    return { status: 200, body: toBody(workspace, rule) };
  });
}

/**
 * An export rule as the service writes it: of type `export`, in an id of lower case
 * (operationalinsights 2025-07-01, examples/DataExportListByWorkspace.json).
 */
function toExport(workspace: Workspace, rule: DataExport): object {
  const { resourceId, type, eventHubName } = rule.destination;
  const group = groupScope(workspace.subscriptionId, workspace.resourceGroup).replace(
    'resourceGroups',
    'resourcegroups',
  );
  return {
    properties: {
      dataExportId: rule.dataExportId,
      destination: { resourceId, type, ...(eventHubName === undefined ? {} : { metaData: { eventHubName } }) },
      tableNames: rule.tableNames,
      enable: rule.enable,
      createdDate: rule.createdDate,
      lastModifiedDate: rule.lastModifiedDate,
    },
    id: `${group}/providers/microsoft.operationalinsights/workspaces/${workspace.name}/export/${rule.name}`,
    name: rule.name,
    type: 'Microsoft.OperationalInsights/workspaces/export',
  };
}

/** A summary rule as the service writes it (2025-07-01, examples/SummaryLogsList.json). */
export function toSummary(workspace: Workspace, rule: SummaryRule): object {
  const { displayName, description, isActive, statusCode, ruleDefinition } = rule;
  return {
    properties: {
      ruleType: 'User',
      ...(displayName === undefined ? {} : { displayName }),
      ...(description === undefined ? {} : { description }),
      ruleDefinition,
      provisioningState: 'Succeeded',
      isActive,
      ...(statusCode === undefined ? {} : { statusCode }),
    },
    id: `${workspaceScope(workspace)}/summaryLogs/${rule.name}`,
    name: rule.name,
  };
}
