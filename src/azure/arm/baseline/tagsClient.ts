import type { CancelSignal } from '../../../base/cancel.ts';
import { toAppError } from '../../../base/errors.ts';
import type { Asked, ByTenant } from '../../../ports/assess.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import type { TaggedScope, Tags, TagsPort } from '../../../ports/tags.ts';
import { callAzure, READ_DEADLINE_MS } from '../../calls.ts';
import type { AzureClients } from '../../clients.ts';
import { subjectOf, subjectOfTenant } from '../../errors/subject.ts';
import { TenantRows } from '../assess/tenantRows.ts';
import { toList, toObject, toText } from '../assess/wire.ts';
import type { Wire } from '../assess/wire.ts';

/** Microsoft.Resources (azure-rest-api-specs, resources 2021-04-01, Tags_UpdateAtScope). */
const VERSION = '2021-04-01';

/** A row for each subscription, so that many groups are one page. */
const CONTAINERS = `resourcecontainers
| where type in~ ('microsoft.resources/subscriptions', 'microsoft.resources/subscriptions/resourcegroups')
| summarize found = make_list(bag_pack('id', id, 'tags', tags)), total = count() by tenantId, subscriptionId
| extend id = strcat('/subscriptions/', subscriptionId)
| order by id asc`;

/** Tags through Resource Manager and Resource Graph. */
export class TagsClient implements TagsPort {
  private readonly clients: AzureClients;

  constructor(clients: AzureClients) {
    this.clients = clients;
  }

  async tags(issuer: Issuer, scope: string, signal?: CancelSignal): Promise<Tags | undefined> {
    try {
      return await callAzure(
        { subject: subjectOf(scope, issuer.tenant), signal, deadlineMs: READ_DEADLINE_MS },
        async (abort) => {
          const answer = await (await this.clients.anyResource(issuer)).get(pathOf(scope), VERSION, abort);
          return toTags(toObject(toObject(answer)['properties'])['tags']);
        },
      );
    } catch (thrown) {
      if (toAppError(thrown).code === 'access.notFound') return undefined;
      throw thrown;
    }
  }

  changeTags(issuer: Issuer, scope: string, tags: Tags, signal?: CancelSignal): Promise<void> {
    const body = { operation: 'Merge', properties: { tags } };
    return callAzure(
      { subject: subjectOf(scope, issuer.tenant), signal, deadlineMs: READ_DEADLINE_MS },
      async (abort) => (await this.clients.anyResource(issuer)).send('PATCH', pathOf(scope), VERSION, body, abort),
    );
  }

  containers(issuer: Issuer, signal?: CancelSignal): Promise<Asked<ByTenant<TaggedScope>>> {
    const subject = subjectOfTenant(issuer.tenant);
    return callAzure({ subject, signal, deadlineMs: READ_DEADLINE_MS }, async (abort) => {
      const { rows, pages } = await (await this.clients.graph(issuer)).rows(CONTAINERS, abort);
      return { ...toContainers(rows.map(toObject)), calls: pages };
    });
  }
}

function pathOf(scope: string): string {
  return `${scope}/providers/Microsoft.Resources/tags/default`;
}

/** By the tenant that owns them. */
function toContainers(rows: readonly Wire[]): ReturnType<TenantRows<TaggedScope>['result']> {
  const found = new TenantRows<TaggedScope>();
  for (const row of rows) {
    const { tenant } = found.placeOf(row);
    const scopes = toList(row['found']).map(toObject);
    if (scopes.length !== row['total']) found.spoil(tenant, 'the tags');
    for (const one of scopes) found.add(tenant, { armId: toText(one['id']).toLowerCase(), tags: toTags(one['tags']) });
  }
  return found.result();
}

function toTags(wire: unknown): Tags {
  return Object.fromEntries(Object.entries(toObject(wire)).map(([name, value]) => [name, toText(value)]));
}
