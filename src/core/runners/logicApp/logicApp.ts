import { AppError } from '../../../base/errors.ts';
import { standingQuery } from '../../../kql/rollup/planRollup.ts';
import type { RollupPlan } from '../../../kql/rollup/planRollup.ts';
import type { SourceSchema } from '../../../kql/scopeSchema.ts';
import type { LogAnalyticsCentre } from '../../../model/centre.ts';
import type { Workspace } from '../../../model/estate.ts';
import type { RollupDefinition, RollupTable } from '../../../model/rollup.ts';
import type { WorkflowProperties } from '../../../ports/logicApps.ts';
import { toTemplate } from '../../changes/export.ts';
import { asTemplateTexts } from '../../changes/asTemplateTexts.ts';
import { arrivedText, missingText } from './centreTexts.ts';
import { workflowDefinition } from './definition.ts';
import type { LogicAppPlaces, LogicAppTexts } from './definition.ts';
import { checkFit, checkText } from './fit.ts';
import { limitsOf } from './limits.ts';
import { targetLets, windowText } from './windowText.ts';

/** A workspace that is asked, as people know it, and its tables. */
export interface LogicAppTarget {
  readonly workspace: Workspace;
  readonly customer: string;
  readonly tenant: string;
  readonly schema: SourceSchema;
}

/** A roll-up, whom it asks, and where its centre is. */
export interface LogicAppSpec {
  readonly definition: RollupDefinition;
  readonly table: RollupTable;
  readonly plan: RollupPlan;
  readonly targets: readonly LogicAppTarget[];
  readonly centre: LogAnalyticsCentre;
  readonly places: LogicAppPlaces;
  /** Where the roll-up begins, epoch milliseconds. */
  readonly since: number;
}

/**
 * The workflow of a roll-up. Throws `input.runner` with every reason where it cannot be run by a Logic App, and
 * `query.schemaChanged` where a workspace has a column of another type.
 */
export function workflowOf(spec: LogicAppSpec): WorkflowProperties {
  const { definition, table, plan, targets, centre, places, since } = spec;
  checkFit({ definition, plan, centre, workspaces: targets.map(({ workspace }) => workspace) });
  const texts: string[] = [];
  const asked: Record<string, { lets: string; text: number }> = {};
  for (const { workspace, customer, tenant, schema } of targets) {
    const query = standingQuery(plan, schema);
    if (query === undefined) continue;
    const text = windowText({
      table,
      query,
      key: definition.key ?? [],
      latenessMinutes: definition.latenessMinutes,
      maxRows: definition.limits.rows,
    });
    if (!texts.includes(text)) texts.push(text);
    const lets = targetLets({
      guid: workspace.guid,
      customerKey: workspace.customer,
      customer,
      tenant,
      workspace: workspace.name,
    });
    checkText(definition.name, `${lets}${text}`);
    asked[workspace.guid] = { lets, text: texts.indexOf(text) };
  }
  const workspaces = Object.keys(asked);
  if (workspaces.length === 0)
    throw new AppError(
      'input.runner',
      `No Logic App can be made. ${definition.name}: no workspace of its scope has a table that it reads.`,
    );
  const values: LogicAppTexts = {
    missing: missingText(table, definition, since, workspaces),
    arrived: arrivedText(table),
    texts,
    targets: asked,
  };
  return {
    state: 'Enabled',
    definition: workflowDefinition(definition, table, places),
    parameters: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }])),
  };
}

/** What the workflow of a roll-up is called unless somebody says otherwise. */
export function workflowName({ name }: RollupDefinition): string {
  return `tenantscope-rollup-${name}`;
}

/**
 * An ARM template of the workflow with an identity of its own, whose object ID is its output `principalId`: the roles
 * it needs are given to that. Throws as `workflowOf` does.
 */
export function logicAppTemplate(spec: LogicAppSpec): string {
  const { definition, centre } = spec;
  const workflow = {
    type: 'Microsoft.Logic/workflows',
    apiVersion: '2019-05-01',
    name: "[parameters('name')]",
    location: "[parameters('location')]",
    identity: { type: 'SystemAssigned' },
    properties: asTemplateTexts(workflowOf(spec)),
  };
  return toTemplate(
    [workflow],
    {
      metadata: {
        description: `The roll-up ${definition.name} by a Logic App, made by "tenantscope rollup runner logic-app". Its identity (output principalId) needs Log Analytics Reader on the workspaces it asks and on that of ${centre.name}, and Monitoring Metrics Publisher on the data collection rule of the roll-up; rights take up to half an hour.`,
        limits: limitsOf(definition),
      },
      parameters: {
        name: { type: 'string', defaultValue: workflowName(definition) },
        location: { type: 'string', defaultValue: '[resourceGroup().location]' },
      },
    },
    {
      principalId: {
        type: 'string',
        value:
          "[reference(resourceId('Microsoft.Logic/workflows', parameters('name')), '2019-05-01', 'Full').identity.principalId]",
      },
    },
  );
}
