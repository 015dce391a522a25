import { OperationalInsightsManagementClient } from '@azure/arm-operationalinsights';
import type { Table, Workspace } from '@azure/arm-operationalinsights';
import type { TokenCredential } from '@azure/core-auth';
import type { ExportRule } from '../../model/assessment/facts.ts';
import type { TablePlan, WorkspaceFunction, WorkspaceTable } from '../../model/estate.ts';
import type { Column } from '../../model/kqlType.ts';
import { armClientOptions, mapErrors } from '../clientOptions.ts';
import type { ClientSettings } from '../clientOptions.ts';
import { toKqlType } from '../logs/kqlTypes.ts';
import { toWorkspaceListing } from './workspaceListing.ts';
import { itemsOf } from './listing.ts';
import type { WorkspaceListing } from '../../ports/directory.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { DeletedWorkspace, WorkspaceBody, WorkspaceNow } from '../../ports/workspaces.ts';

interface Abort {
  readonly abortSignal: AbortSignal;
}

/** A table with its columns, the standard ones first. */
export interface DescribedTable {
  readonly table: WorkspaceTable;
  readonly columns: readonly Column[];
}

/** Workspaces, tables and functions of one subscription: the door of @azure/arm-operationalinsights. */
export class WorkspacesDoor {
  private readonly client: OperationalInsightsManagementClient;
  private readonly owner: string;
  private readonly pollMs: number | undefined;

  /** `owner` is the tenant the subscription belongs to, which Resource Manager does not say of a workspace. */
  constructor(
    credential: TokenCredential,
    subscription: string,
    owner: string,
    settings: ClientSettings & { readonly pollMs?: number },
    issuer: Issuer,
  ) {
    this.client = new OperationalInsightsManagementClient(credential, subscription, armClientOptions(settings));
    this.owner = owner;
    this.pollMs = settings.pollMs;
    mapErrors(this.client.pipeline, issuer);
  }

  /** Of the whole subscription, or of one resource group where a delegation reaches no further. */
  async list(abort: Abort, resourceGroup?: string): Promise<readonly WorkspaceListing[]> {
    const found: WorkspaceListing[] = [];
    for await (const workspace of itemsOf(
      resourceGroup === undefined
        ? this.client.workspaces.list(abort)
        : this.client.workspaces.listByResourceGroup(resourceGroup, abort),
      abort.abortSignal,
    )) {
      const wire = this.toWire(workspace);
      if (wire) found.push(wire);
    }
    return found;
  }

  /** Rejects with 404 where there is none. */
  async get(resourceGroup: string, name: string, abort: Abort): Promise<WorkspaceNow> {
    const workspace = await this.client.workspaces.get(resourceGroup, name, abort);
    const listing = this.toWire(workspace);
    return {
      name: workspace.name ?? name,
      region: listing?.region ?? workspace.location,
      provisioningState: workspace.provisioningState ?? 'Succeeded',
      ...(listing ? { listing } : {}),
    };
  }

  async put(
    resourceGroup: string,
    name: string,
    settings: WorkspaceBody,
    report: (state: string) => void,
    abort: Abort,
  ): Promise<void> {
    const poller = this.client.workspaces.createOrUpdate(
      resourceGroup,
      name,
      {
        location: settings.location,
        tags: { ...settings.tags },
        retentionInDays: settings.retentionDays,
        workspaceCapping: { dailyQuotaGb: settings.dailyCapGb },
        sku: {
          name: settings.sku,
          ...(settings.capacityReservationLevel === undefined
            ? {}
            : { capacityReservationLevel: settings.capacityReservationLevel }),
        },
      },
      { ...abort, ...this.polling() },
    );
    poller.onProgress((state) => {
      report(state.status);
    });
    await poller.pollUntilDone(abort);
  }

  async patch(resourceGroup: string, name: string, settings: Partial<WorkspaceBody>, abort: Abort): Promise<void> {
    await this.client.workspaces.update(
      resourceGroup,
      name,
      {
        ...(settings.tags ? { tags: { ...settings.tags } } : {}),
        ...(settings.retentionDays === undefined ? {} : { retentionInDays: settings.retentionDays }),
        ...(settings.dailyCapGb === undefined ? {} : { workspaceCapping: { dailyQuotaGb: settings.dailyCapGb } }),
        ...(settings.sku === undefined
          ? {}
          : {
              sku: {
                name: settings.sku,
                ...(settings.capacityReservationLevel === undefined
                  ? {}
                  : { capacityReservationLevel: settings.capacityReservationLevel }),
              },
            }),
      },
      abort,
    );
  }

  async delete(
    resourceGroup: string,
    name: string,
    permanent: boolean,
    report: (state: string) => void,
    abort: Abort,
  ): Promise<void> {
    const poller = this.client.workspaces.delete(resourceGroup, name, {
      ...abort,
      ...this.polling(),
      ...(permanent ? { force: true } : {}),
    });
    poller.onProgress((state) => {
      report(state.status);
    });
    await poller.pollUntilDone(abort);
  }

  async deleted(abort: Abort): Promise<readonly DeletedWorkspace[]> {
    const found: DeletedWorkspace[] = [];
    for await (const workspace of itemsOf(this.client.deletedWorkspaces.list(abort), abort.abortSignal)) {
      const resourceGroup = /\/resourcegroups\/([^/]+)/i.exec(workspace.id ?? '')?.[1];
      if (workspace.name && resourceGroup)
        found.push({ name: workspace.name, resourceGroup, region: workspace.location });
    }
    return found;
  }

  /** `onPage` hears of every answer that it takes. */
  async tables(
    resourceGroup: string,
    name: string,
    abort: Abort,
    onPage?: () => void,
  ): Promise<readonly DescribedTable[]> {
    const found: DescribedTable[] = [];
    const guarded = new Set<string>();
    // The SDK drops `protectionLevel`, which decides whether no rows mean that there are none.
    const onResponse = ({ bodyAsText }: { readonly bodyAsText?: string | null }): void => {
      onPage?.();
      for (const table of protectedTables(bodyAsText)) guarded.add(table);
    };
    for await (const table of itemsOf(
      this.client.tables.listByWorkspace(resourceGroup, name, { ...abort, onResponse }),
      abort.abortSignal,
    ))
      if (table.name) found.push(toTable(table, table.name, guarded.has(table.name)));
    return found.sort((a, b) => a.table.name.localeCompare(b.table.name));
  }

  /** Saved searches with an alias are the functions of a workspace; the rest are queries somebody kept. */
  async functions(resourceGroup: string, name: string, abort: Abort): Promise<readonly WorkspaceFunction[]> {
    const { value = [] } = await this.client.savedSearches.listByWorkspace(resourceGroup, name, abort);
    return value
      .flatMap((search): WorkspaceFunction[] =>
        search.functionAlias
          ? [
              {
                name: search.functionAlias,
                parameters: search.functionParameters ?? '',
                body: search.query,
                ...(search.category ? { category: search.category } : {}),
              },
            ]
          : [],
      )
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Data export rules. `onPage` hears of every answer that it takes. */
  async exports(resourceGroup: string, name: string, abort: Abort, onPage: () => void): Promise<readonly ExportRule[]> {
    const found: ExportRule[] = [];
    const onResponse = onPage;
    for await (const rule of itemsOf(
      this.client.dataExports.listByWorkspace(resourceGroup, name, { ...abort, onResponse }),
      abort.abortSignal,
    ))
      found.push({
        name: rule.name ?? '',
        tables: rule.tableNames ?? [],
        destination: (rule.destination?.resourceId ?? '').toLowerCase(),
        // Left out it is on: that is the service's default (azure-monitor-docs, logs/logs-data-export.md).
        enabled: rule.enable ?? true,
      });
    return found.sort((a, b) => a.name.localeCompare(b.name));
  }

  private polling(): { updateIntervalInMs?: number } {
    return this.pollMs === undefined ? {} : { updateIntervalInMs: this.pollMs };
  }

  private toWire(workspace: Workspace): WorkspaceListing | undefined {
    return toWorkspaceListing({
      id: workspace.id,
      name: workspace.name,
      guid: workspace.customerId,
      tenant: this.owner,
      region: workspace.location,
      tags: workspace.tags,
      sku: workspace.sku?.name,
      retention: workspace.retentionInDays,
      cap: workspace.workspaceCapping?.dailyQuotaGb,
      ingestion: workspace.workspaceCapping?.dataIngestionStatus,
      authorization: (workspace.features as Record<string, unknown> | undefined)?.['dataAuthorizationMode'],
      ...(workspace.features?.associations
        ? {
            sentinel: workspace.features.associations.some((association) =>
              /securityinsights|sentinel/i.test(association),
            ),
          }
        : {}),
    });
  }
}

/** Names of the tables of a list that are protected; none where the text is no list. */
function protectedTables(body: string | null | undefined): readonly string[] {
  if (!body?.includes('"protectionLevel"')) return [];
  const { value = [] } = JSON.parse(body) as {
    readonly value?: readonly { readonly name?: string; readonly properties?: { readonly protectionLevel?: string } }[];
  };
  return value.flatMap(({ name, properties }) =>
    name !== undefined && properties?.protectionLevel === 'Protected' ? [name] : [],
  );
}

/** What a summary rule adds to every row of its destination (azure-monitor-docs, logs/summary-rules.md). */
const SUMMARY_COLUMNS = ['_RuleName', '_BinStartTime', '_BinSize'];

function toTable(table: Table, name: string, isProtected: boolean): DescribedTable {
  const kinds: readonly WorkspaceTable['kind'][] = ['Microsoft', 'CustomLog', 'RestoredLogs', 'SearchResults'];
  const plans: readonly TablePlan[] = ['Analytics', 'Basic', 'Auxiliary'];
  const columns = [...(table.schema?.standardColumns ?? []), ...(table.schema?.columns ?? [])];
  return {
    table: {
      name,
      plan: plans.find((plan) => plan === table.plan) ?? 'Analytics',
      kind: kinds.find((kind) => kind === table.schema?.tableType) ?? 'Microsoft',
      retentionDays: table.retentionInDays ?? 0,
      totalRetentionDays: table.totalRetentionInDays ?? table.retentionInDays ?? 0,
      classic: table.schema?.tableSubType === 'Classic',
      ...(isProtected ? { protected: true } : {}),
      ...(SUMMARY_COLUMNS.every((wanted) => columns.some((column) => column.name === wanted)) ? { summary: true } : {}),
    },
    columns: columns.flatMap((column) =>
      column.name ? [{ name: column.name, type: toKqlType(column.type ?? 'string') }] : [],
    ),
  };
}
