import { counted } from '../../../base/counted.ts';
import type { TenantId } from '../../../model/ids.ts';
import { centreNames, ruleId } from '../../../model/logAnalyticsCentre.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import { METRICS_PUBLISHER } from '../../centre/roleAssignmentHandler.ts';
import type { CentreWriter, RoleAssignmentWanted } from '../../centre/roleAssignmentHandler.ts';
import type { Intent } from '../../changes/changeHandler.ts';
import type { Draft } from '../../changes/makePlan.ts';
import { limitsOf } from './limits.ts';
import { workflowName, workflowOf } from './logicApp.ts';
import type { LogicAppSpec } from './logicApp.ts';
import type { WantedLogicApp } from './logicAppHandler.ts';

/** What lets an identity read the rows of a workspace. */
const LOG_ANALYTICS_READER = {
  id: '73c42c96-874c-492b-b04d-ab87d138a893',
  name: 'Log Analytics Reader',
  ofData: false,
} as const;

/** Who makes the Logic App, in the resource group of the centre. */
export interface LogicAppPlace {
  readonly issuer: Issuer;
  /** The tenant of the centre's subscription. */
  readonly owner: TenantId;
  readonly region: string;
  /** A new GUID. */
  readonly newId: () => string;
}

/** The draft of the Logic App itself. Throws as `workflowOf` does. */
export function draftLogicApp(spec: LogicAppSpec, { issuer, owner, region }: LogicAppPlace): Draft {
  const { definition, centre, targets } = spec;
  const name = workflowName(definition);
  const intent: Intent<WantedLogicApp> = {
    id: 'logicApp',
    resource: 'logicApp',
    target: logicAppId(spec),
    wanted: {
      name,
      region,
      told: `roll-up ${definition.name} of ${counted(targets.length, 'workspace')} into ${centre.name}, every ${definition.everyMinutes} minutes`,
      properties: workflowOf(spec),
      limits: limitsOf(definition),
    },
  };
  return { title: `Run roll-up ${definition.name} by Logic App ${name}`, issuer, owner, intents: [intent] };
}

/** The ARM id of a roll-up's Logic App: it lies beside the workspace of its centre. */
export function logicAppId({ centre, definition }: Pick<LogicAppSpec, 'centre' | 'definition'>): string {
  const group = centre.workspace.replace(/\/providers\/.*$/i, '');
  return `${group}/providers/Microsoft.Logic/workflows/${workflowName(definition)}`;
}

/**
 * The draft of the roles that a Logic App's identity needs in the centre's tenant. Workspaces of other tenants are for
 * their delegations to name it; the warnings say which.
 */
export function draftLogicAppRoles(spec: LogicAppSpec, principalId: string, place: LogicAppPlace): Draft {
  const { definition, centre, table, targets } = spec;
  const { issuer, owner, newId } = place;
  const writer: CentreWriter = { principalId, name: workflowName(definition), principalType: 'ServicePrincipal' };
  const own = targets.filter(({ workspace }) => workspace.tenant === owner);
  const others = targets.filter(({ workspace }) => workspace.tenant !== owner);
  const { rule } = centreNames(table.id);
  const readable = new Map([
    [centre.workspace.toLowerCase(), { scope: centre.workspace, name: centre.name }],
    ...own.map(
      ({ workspace }) => [workspace.armId.toLowerCase(), { scope: workspace.armId, name: workspace.name }] as const,
    ),
  ]);
  const roles: readonly (readonly [scope: string, name: string, role: RoleAssignmentWanted['role']])[] = [
    [ruleId(centre.workspace, rule), `rule ${rule}`, METRICS_PUBLISHER],
    ...[...readable.values()].map(({ scope, name }) => [scope, `workspace ${name}`, LOG_ANALYTICS_READER] as const),
  ];
  return {
    title: `Give Logic App ${workflowName(definition)} its roles`,
    issuer,
    owner,
    intents: roles.map(([scope, scopeName, role], at): Intent<RoleAssignmentWanted> => ({
      id: `role${at + 1}`,
      resource: 'roleAssignment',
      target: `${scope}/providers/Microsoft.Authorization/roleAssignments/${newId()}`,
      wanted: { scope, scopeName, role, writer, owner, issuer: issuer.tenant },
    })),
    warnings:
      others.length === 0
        ? []
        : [
            `${others
              .slice(0, 10)
              .map(({ workspace }) => workspace.name)
              .join(
                ', ',
              )}${others.length > 10 ? ` and ${others.length - 10} more` : ''}: in other tenants. Their delegations by Azure Lighthouse have to name the identity ${principalId} as Log Analytics Reader.`,
          ],
  };
}
