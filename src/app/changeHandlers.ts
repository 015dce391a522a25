import { BaselineClient } from '../azure/arm/baseline/baselineClient.ts';
import { TagsClient } from '../azure/arm/baseline/tagsClient.ts';
import { CentreClient } from '../azure/arm/centre/centreClient.ts';
import { LogicAppsClient } from '../azure/arm/logicApps.ts';
import { LeavingClient } from '../azure/arm/onboard/leavingClient.ts';
import { OnboardClient } from '../azure/arm/onboard/onboardClient.ts';
import { ProvisionClient } from '../azure/arm/provisionClient.ts';
import { SavedQueriesClient } from '../azure/arm/savedQueries.ts';
import { SummaryRulesClient } from '../azure/arm/summaryRules.ts';
import type { AzureClients } from '../azure/clients.ts';
import { agentRuleHandler } from '../core/baseline/handlers/agentRuleHandler.ts';
import { collectionAssociationHandler } from '../core/baseline/handlers/collectionAssociationHandler.ts';
import { diagnosticSettingHandler } from '../core/baseline/handlers/diagnosticSettingHandler.ts';
import { featuresHandler } from '../core/baseline/handlers/featuresHandler.ts';
import { lockHandler } from '../core/baseline/handlers/lockHandler.ts';
import { tableHandler } from '../core/baseline/handlers/tableHandler.ts';
import { tagsHandler } from '../core/baseline/handlers/tagsHandler.ts';
import { collectionRuleHandler } from '../core/centre/collectionRuleHandler.ts';
import { customTableHandler } from '../core/centre/customTableHandler.ts';
import { roleAssignmentHandler } from '../core/centre/roleAssignmentHandler.ts';
import { AlertsClient } from '../azure/arm/alerts/alertsClient.ts';
import { actionGroupHandler } from '../core/alerts/actionGroupHandler.ts';
import { scheduledQueryRuleHandler } from '../core/alerts/ruleHandler.ts';
import type { ChangeHandler } from '../core/changes/changeHandler.ts';
import { settingBackHandler } from '../core/access/block/settingBackHandler.ts';
import { delegationHandler } from '../core/onboard/delegationHandler.ts';
import { removalHandler } from '../core/onboard/removalHandler.ts';
import { sendingEndHandler } from '../core/onboard/sendingEndHandler.ts';
import { resourceGroupHandler } from '../core/provision/resourceGroupHandler.ts';
import { resourceProviderHandler } from '../core/provision/resourceProviderHandler.ts';
import { savedQueryHandler } from '../core/queryPacks/savedQueryHandler.ts';
import { logicAppHandler } from '../core/runners/logicApp/logicAppHandler.ts';
import { summaryRuleHandler } from '../core/runners/summaryRule/summaryRuleHandler.ts';
import { SYSTEM_CLOCK } from '../engine/runtime/systemClock.ts';
import { workspaceHandler } from '../core/provision/workspaceHandler.ts';

/** Every kind of resource that a plan can change, each with the adapter that speaks to its service: a row a kind. */
export function changeHandlers(clients: AzureClients): readonly ChangeHandler[] {
  const port = new ProvisionClient(clients);
  const centre = new CentreClient(clients);
  const alerts = new AlertsClient(clients);
  const baseline = new BaselineClient(clients);
  const onboard = new OnboardClient(clients);
  const leaving = new LeavingClient(clients);
  return [
    resourceProviderHandler(port),
    resourceGroupHandler(port),
    workspaceHandler(port),
    customTableHandler(centre),
    collectionRuleHandler(centre),
    roleAssignmentHandler(centre),
    savedQueryHandler(new SavedQueriesClient(clients)),
    logicAppHandler(new LogicAppsClient(clients)),
    summaryRuleHandler(new SummaryRulesClient(clients)),
    actionGroupHandler(alerts),
    scheduledQueryRuleHandler(alerts),
    tableHandler(baseline, () => SYSTEM_CLOCK.now()),
    featuresHandler(baseline),
    diagnosticSettingHandler(baseline),
    agentRuleHandler(baseline),
    collectionAssociationHandler(baseline),
    lockHandler(baseline),
    tagsHandler(new TagsClient(clients)),
    delegationHandler(onboard),
    removalHandler(onboard),
    sendingEndHandler(leaving),
    settingBackHandler(leaving),
  ];
}
