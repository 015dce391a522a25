import { armError, type Deps, type Router } from '../router.ts';
import type { World } from '../state.ts';
import { registerCollectionRules } from '../ingestion/collectionRules.ts';
import { registerDeleteData } from '../ingestion/deleteData.ts';
import { registerLogicApps } from '../logicApps/routes.ts';
import { registerSummaryRules } from '../summaryRules/routes.ts';
import { registerAlerts } from './alerts/register.ts';
import type { AlertingEnds } from './alerts/register.ts';
import type { RuleEvaluation } from './alerts/evaluate.ts';
import { registerActivityLog } from './activityLog.ts';
import { registerAuthorization } from './authorization.ts';
import { registerEligibleRoles } from './eligibleRoles.ts';
import { registerCollectionAssociations } from './collectionAssociations.ts';
import { registerDataFlows } from './dataFlows.ts';
import { registerDeployments } from './deployments.ts';
import { registerDiagnosticSettings } from './diagnosticSettings.ts';
import { registerEntraDiagnostics } from './entraDiagnostics.ts';
import { ArmGate } from './gate.ts';
import { registerLighthouse } from './lighthouse.ts';
import { LongOperations } from './longOperations.ts';
import { registerLocks } from './locks.ts';
import { registerMetadata } from './metadata.ts';
import { registerQueryPacks } from './queryPacks.ts';
import { registerPolicies } from './policies.ts';
import { registerProviders } from './providers.ts';
import { registerRoleAssignmentWrites } from './roleAssignmentWrites.ts';
import { registerResourceGroups } from './resourceGroups.ts';
import { registerSavedSearches } from './savedSearches.ts';
import { registerSolutions } from './solutions.ts';
import { registerSubscriptions } from './subscriptions.ts';
import { registerTags } from './tags.ts';
import { registerTables } from './tables.ts';
import { registerNotEmulated, registerWorkspaceParts } from './workspaceParts.ts';
import { registerWorkspaces } from './workspaces.ts';

/** Azure Resource Manager. Gives what evaluates its alert rules. */
export function registerArm(router: Router, world: World, deps: Deps, alerting: AlertingEnds): RuleEvaluation {
  const operations = new LongOperations(world, deps.operations);
  deps.onClose(() => {
    operations.close();
  });
  const gate = new ArmGate(router, world, deps, operations);
  registerMetadata(router);
  registerSubscriptions(gate);
  registerResourceGroups(gate);
  registerWorkspaces(gate);
  registerWorkspaceParts(gate);
  registerDataFlows(gate);
  registerSummaryRules(gate);
  registerSavedSearches(gate);
  registerQueryPacks(gate);
  registerLogicApps(gate);
  registerTables(gate);
  registerSolutions(gate);
  registerDeployments(gate);
  registerLighthouse(gate);
  registerPolicies(gate);
  registerAuthorization(gate);
  registerEligibleRoles(gate);
  registerRoleAssignmentWrites(gate);
  registerCollectionRules(gate);
  registerDeleteData(gate);
  registerCollectionAssociations(gate);
  registerDiagnosticSettings(gate);
  registerEntraDiagnostics(gate);
  registerActivityLog(gate);
  registerLocks(gate);
  registerTags(gate);
  const evaluation = registerAlerts(gate, alerting);
  registerNotEmulated(gate);
  registerProviders(gate);
  for (const method of ['GET', 'PUT', 'PATCH', 'POST', 'DELETE']) {
    gate.add(
      method,
      '/subscriptions/{subscriptionId}/{*rest}',
      { type: 'Microsoft.Resources/unknown', readOnly: true, fallback: true },
      ({ ctx }) => {
        const namespace = /\/providers\/([^/]+)/i.exec(ctx.path)?.[1];
        throw namespace
          ? armError(
              404,
              'InvalidResourceNamespace',
              `The resource namespace '${namespace}' is invalid, or the emulator does not serve '${ctx.path}'.`,
            )
          : armError(404, 'NotFound', `The emulator serves nothing at '${ctx.path}'.`);
      },
    );
  }
  return evaluation;
}
