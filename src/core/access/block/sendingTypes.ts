/**
 * Types of resources whose diagnostic settings are looked for (learn.microsoft.com, azure-monitor/reference, resource
 * logs), in lower case. Resource Graph does not list settings: each resource is a question of its own, so that types
 * that a log estate hardly meets are left out.
 */
export const SENDING_TYPES: readonly string[] = [
  'microsoft.apimanagement/service',
  'microsoft.automation/automationaccounts',
  'microsoft.cache/redis',
  'microsoft.cdn/profiles',
  'microsoft.cognitiveservices/accounts',
  'microsoft.containerregistry/registries',
  'microsoft.containerservice/managedclusters',
  'microsoft.databricks/workspaces',
  'microsoft.datafactory/factories',
  'microsoft.dbforpostgresql/flexibleservers',
  'microsoft.documentdb/databaseaccounts',
  'microsoft.eventhub/namespaces',
  'microsoft.keyvault/vaults',
  'microsoft.kusto/clusters',
  'microsoft.logic/workflows',
  'microsoft.machinelearningservices/workspaces',
  'microsoft.network/applicationgateways',
  'microsoft.network/azurefirewalls',
  'microsoft.network/bastionhosts',
  'microsoft.network/expressroutecircuits',
  'microsoft.network/loadbalancers',
  'microsoft.network/networksecuritygroups',
  'microsoft.network/publicipaddresses',
  'microsoft.network/virtualnetworkgateways',
  'microsoft.recoveryservices/vaults',
  'microsoft.servicebus/namespaces',
  'microsoft.sql/servers/databases',
  'microsoft.storage/storageaccounts',
  'microsoft.synapse/workspaces',
  'microsoft.web/sites',
];
