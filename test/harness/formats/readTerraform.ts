import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { parse } from '@cdktf/hcl2json';
import { idOf } from './written.ts';
import type { WrittenResource } from './written.ts';

// The parser is a Go program of many megabytes: to optimize it takes minutes, and a process does not end before that.
setFlagsFromString('--liftoff-only');

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
type Block = Record<string, Json>;

/** The resources of a Terraform file, read by HCL's own parser and said as an ARM template says them. */
export async function readTerraform(text: string, subscription: string): Promise<readonly WrittenResource[]> {
  const file = (await parse('main.tf', text)) as { readonly resource: Record<string, Record<string, Block[]>> };
  const read = Object.entries(file.resource).flatMap(([type, named]) =>
    Object.entries(named).flatMap(([symbol, [block]]) => {
      const back = BACK[type];
      assert.ok(back, `${type} is a resource that is known here`);
      const { depends_on: after = [], ...rest } = block!;
      const said = textOf(rest) as Block;
      return back(said, subscription).map((one) => ({
        address: `\${${type}.${symbol}}`,
        after: after as string[],
        one,
      }));
    }),
  );
  return read.map(({ after, one }) => ({
    ...one,
    needs: after.map((address) => {
      const found = read.find((other) => other.address === address);
      assert.ok(found, `${address} is in the file`);
      return found.one.id;
    }),
  }));
}

type Back = (said: Block, subscription: string) => readonly WrittenResource[];

const inGroup = (type: string, { name, resource_group_name: group }: Block, subscription: string): string =>
  idOf(`/subscriptions/${subscription}/resourceGroups/${String(group)}`, type, String(name));

/**
 * What a provider sends for its resource, as hashicorp/terraform-provider-azurerm and Azure/terraform-provider-azapi
 * have it (internal/services, `...CreateUpdate` of each).
 */
const BACK: Readonly<Record<string, Back>> = {
  azapi_resource: ({ type, parent_id, name, location, tags, identity, body }) => {
    const [kind, apiVersion] = String(type).split('@') as [string, string];
    const parent = String(parent_id);
    const isChild = kind.split('/').length > 2;
    return [
      {
        id: isChild
          ? `${parent}/${kind.slice(kind.lastIndexOf('/') + 1)}/${String(name)}`
          : idOf(parent, kind, String(name)),
        apiVersion,
        body: without({
          location,
          tags,
          identity: Array.isArray(identity) ? identity[0] : undefined,
          ...(body as object),
        }),
      },
    ];
  },
  azurerm_resource_group: ({ name, location }, subscription) => [
    { id: `/subscriptions/${subscription}/resourceGroups/${String(name)}`, body: { location } },
  ],
  azurerm_resource_provider_registration: ({ name }, subscription) => [
    { id: `/subscriptions/${subscription}/providers/${String(name)}/register`, method: 'POST', body: {} },
  ],
  azapi_update_resource: ({ type, resource_id: id, body }) => [
    { id: String(id), apiVersion: String(type).split('@')[1]!, method: 'MERGE', body: body as object },
  ],
  azurerm_management_lock: ({ name, scope, lock_level: level, notes }) => [
    {
      id: idOf(String(scope), 'Microsoft.Authorization/locks', String(name)),
      body: { properties: without({ level, notes }) },
    },
  ],
  azurerm_log_analytics_workspace: (said, subscription) => [
    {
      id: inGroup('Microsoft.OperationalInsights/workspaces', said, subscription),
      body: without({
        location: said['location'],
        tags: said['tags'],
        properties: {
          sku: without({
            name: said['sku'],
            capacityReservationLevel: said['reservation_capacity_in_gb_per_day'],
          }),
          // Arguments that are not said have these values.
          publicNetworkAccessForIngestion: 'Enabled',
          publicNetworkAccessForQuery: 'Enabled',
          features: { enableLogAccessUsingOnlyResourcePermissions: true, disableLocalAuth: false },
          retentionInDays: said['retention_in_days'],
          workspaceCapping: { dailyQuotaGb: said['daily_quota_gb'] },
        },
      }),
    },
  ],
  azurerm_log_analytics_saved_search: ({ name, log_analytics_workspace_id: workspace, tags, ...said }) => [
    {
      id: `${String(workspace)}/savedSearches/${String(name)}`,
      body: {
        properties: without({
          category: said['category'],
          displayName: said['display_name'],
          query: said['query'],
          functionAlias: said['function_alias'] ?? '',
          tags: Object.entries((tags ?? {}) as object).map(([key, value]) => ({ name: key, value: value as Json })),
        }),
      },
    },
  ],
  azurerm_role_assignment: ({ name, scope, ...said }) => [
    {
      id: idOf(String(scope), 'Microsoft.Authorization/roleAssignments', String(name)),
      body: {
        properties: without({
          roleDefinitionId: said['role_definition_id'],
          principalId: said['principal_id'],
          principalType: said['principal_type'],
        }),
      },
    },
  ],
  azurerm_monitor_action_group: (said, subscription) => [
    {
      id: inGroup('Microsoft.Insights/actionGroups', said, subscription),
      body: {
        location: 'Global',
        properties: {
          groupShortName: said['short_name'],
          enabled: said['enabled'],
          webhookReceivers: ((said['webhook_receiver'] ?? []) as Block[]).map((one) => ({
            name: one['name'],
            serviceUri: one['service_uri'],
            useCommonAlertSchema: one['use_common_alert_schema'],
          })),
        },
      },
    },
  ],
};

function without(body: object): object {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

/** The parser gives back a text with its templates as the language writes them; a variable is the only one there is. */
function textOf(value: Json): Json {
  if (typeof value === 'string') {
    const [, secret] = /^\$\{var\.(\w+)\}$/.exec(value) ?? [];
    if (secret !== undefined) return { secret };
    const plain = value.replaceAll('$${', '${').replaceAll('%%{', '%{');
    assert.equal(
      (value.match(/[$%]\{/g) ?? []).length,
      (value.match(/\$\$\{|%%\{/g) ?? []).length,
      `no template: ${value}`,
    );
    return plain;
  }
  if (Array.isArray(value)) return value.map(textOf);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [textOf(name), textOf(item)]));
  return value;
}
