import type { HclEntry } from './hcl.ts';
import type { Deployable } from './planParts.ts';
import { parentId } from './symbols.ts';
import { isObject } from './value.ts';
import type { Value, ValueObject } from './value.ts';

/** A resource of the provider azurerm. */
export interface AzurermResource {
  readonly type: string;
  readonly body: readonly HclEntry[];
}

/**
 * The resource as azurerm has it; undefined where azurerm has none, or none that says all of it: what is not known here
 * is never left out in silence.
 */
export function toAzurerm(resource: Deployable): AzurermResource | undefined {
  const write = Object.hasOwn(WRITERS, resource.type.toLowerCase()) ? WRITERS[resource.type.toLowerCase()] : undefined;
  if (!write || resource.group === undefined) return undefined;
  const body = new Reader(resource.body);
  const written = write(resource, body);
  return written && body.isDone ? written : undefined;
}

/** Values by their path; knows what nobody asked for. */
class Reader {
  private readonly left = new Map<string, Value>();

  constructor(body: ValueObject) {
    this.add(body, '');
  }

  get isDone(): boolean {
    return [...this.left.values()].every((value) => isObject(value) && Object.keys(value).length === 0);
  }

  /** The value at `properties.sku.name`, taken out; undefined where there is none. */
  take(path: string): Value | undefined {
    const value = this.left.get(path);
    this.left.delete(path);
    if (value !== undefined) return value;
    const within = [...this.left.keys()].filter((one) => one.startsWith(`${path}.`));
    if (within.length === 0) return undefined;
    // A map whose names are data, such as tags.
    const map = Object.fromEntries(within.map((one) => [one.slice(path.length + 1), this.left.get(one)!]));
    for (const one of within) this.left.delete(one);
    return map;
  }

  private add(value: ValueObject, path: string): void {
    for (const [name, item] of Object.entries(value)) {
      const at = path === '' ? name : `${path}.${name}`;
      if (isObject(item) && Object.keys(item).length > 0 && !/(^|\.)(tags|customProperties)$/.test(at))
        this.add(item, at);
      else this.left.set(at, item);
    }
  }
}

type Writer = (resource: Deployable, body: Reader) => AzurermResource | undefined;

/** An attribute where there is a value. */
function attribute(name: string, value: Value | undefined): readonly HclEntry[] {
  return value === undefined || (isObject(value) && Object.keys(value).length === 0) ? [] : [[name, value]];
}

function named({ name, group }: Deployable): readonly HclEntry[] {
  return [
    ['name', name],
    ['resource_group_name', group!],
  ];
}

const workspace: Writer = (resource, body) => ({
  type: 'azurerm_log_analytics_workspace',
  body: [
    ...named(resource),
    ...attribute('location', body.take('location')),
    ...attribute('sku', body.take('properties.sku.name')),
    ...attribute('reservation_capacity_in_gb_per_day', body.take('properties.sku.capacityReservationLevel')),
    ...attribute('retention_in_days', body.take('properties.retentionInDays')),
    ...attribute('daily_quota_gb', body.take('properties.workspaceCapping.dailyQuotaGb')),
    ...attribute('tags', body.take('tags')),
  ],
});

const savedSearch: Writer = (resource, body) => {
  const tags = body.take('properties.tags');
  const labels = Array.isArray(tags) ? tags : [];
  return {
    type: 'azurerm_log_analytics_saved_search',
    body: [
      ['name', resource.name.slice(resource.name.indexOf('/') + 1)],
      ['log_analytics_workspace_id', parentId(resource)],
      ...attribute('category', body.take('properties.category')),
      ...attribute('display_name', body.take('properties.displayName')),
      ...attribute('query', body.take('properties.query')),
      ...attribute('function_alias', body.take('properties.functionAlias')),
      // Its parameters are a list there, and one text here: azapi has those as they are.
      ...attribute(
        'tags',
        Object.fromEntries(
          (labels as readonly { readonly name: string; readonly value: Value }[]).map(({ name, value }) => [
            name,
            value,
          ]),
        ),
      ),
    ],
  };
};

const roleAssignment: Writer = ({ name, scope, subscription, group }, body) => ({
  type: 'azurerm_role_assignment',
  body: [
    ['name', name],
    ['scope', scope ?? `/subscriptions/${subscription}/resourceGroups/${group!}`],
    ...attribute('role_definition_id', body.take('properties.roleDefinitionId')),
    ...attribute('principal_id', body.take('properties.principalId')),
    ...attribute('principal_type', body.take('properties.principalType')),
    ...attribute('condition', body.take('properties.condition')),
    ...attribute('condition_version', body.take('properties.conditionVersion')),
  ],
});

const lock: Writer = ({ name, scope, subscription, group }, body) => ({
  type: 'azurerm_management_lock',
  body: [
    ['name', name],
    ['scope', scope ?? `/subscriptions/${subscription}/resourceGroups/${group!}`],
    ...attribute('lock_level', body.take('properties.level')),
    ...attribute('notes', body.take('properties.notes')),
  ],
});

const actionGroup: Writer = (resource, body) => {
  const hooks = body.take('properties.webhookReceivers') ?? [];
  const location = body.take('location');
  if (!Array.isArray(hooks) || String(location).toLowerCase() !== 'global') return undefined;
  return {
    type: 'azurerm_monitor_action_group',
    body: [
      ...named(resource),
      ['location', 'global'],
      ...attribute('short_name', body.take('properties.groupShortName')),
      ...attribute('enabled', body.take('properties.enabled')),
      ...attribute('tags', body.take('tags')),
      ...(hooks as readonly ValueObject[]).map(({ name, serviceUri, useCommonAlertSchema }) => ({
        block: 'webhook_receiver',
        body: [
          ...attribute('name', name),
          ...attribute('service_uri', serviceUri),
          ...attribute('use_common_alert_schema', useCommonAlertSchema),
        ],
      })),
    ],
  };
};

const WRITERS: Readonly<Record<string, Writer>> = {
  'microsoft.operationalinsights/workspaces': workspace,
  'microsoft.operationalinsights/workspaces/savedsearches': savedSearch,
  'microsoft.authorization/roleassignments': roleAssignment,
  'microsoft.authorization/locks': lock,
  'microsoft.insights/actiongroups': actionGroup,
};
