import { createHash } from 'node:crypto';
import { rollupId } from '../../../src/core/rollup/versions.ts';
import type { LogicAppSpec } from '../../../src/core/runners/logicApp/logicApp.ts';
import { planRollup } from '../../../src/kql/rollup/planRollup.ts';
import type { SourceSchema } from '../../../src/kql/scopeSchema.ts';
import type { LogAnalyticsCentre } from '../../../src/model/centre.ts';
import type { AccessPathKind, Workspace } from '../../../src/model/estate.ts';
import {
  toAccountId,
  toCustomerKey,
  toSubscriptionId,
  toTenantId,
  toWorkspaceGuid,
  toWorkspaceKey,
} from '../../../src/model/ids.ts';
import { CENTRES, definition } from './definitions.ts';

const CENTRE = CENTRES.centres[0] as LogAnalyticsCentre;
const guid = (name: string): string => {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** A workspace of the centre's tenant, or of another one that is reached by another path. */
export function workspace(name: string, { tenant = CENTRE.tenant, kind = 'home' as AccessPathKind } = {}): Workspace {
  const armId = `/subscriptions/${guid('subscription')}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/${name}`;
  return {
    key: toWorkspaceKey(armId),
    armId,
    guid: toWorkspaceGuid(guid(name)),
    name,
    customer: toCustomerKey('contoso'),
    tenant: toTenantId(tenant),
    subscription: toSubscriptionId(guid('subscription')),
    subscriptionName: 'Production',
    resourceGroup: 'rg',
    region: 'westeurope',
    tags: {},
    sku: 'PerGB2018',
    retentionDays: 30,
    cap: 'none',
    sentinel: false,
    paths: [{ kind, account: toAccountId('me'), issuer: toTenantId(CENTRE.tenant) }],
  };
}

const SCHEMA: SourceSchema = {
  tables: [
    {
      name: 'Event',
      columns: [
        { name: 'TimeGenerated', type: 'datetime' },
        { name: 'Computer', type: 'string' },
        { name: 'EventID', type: 'long' },
      ],
    },
  ],
};

/** A Logic App of `definition()` over one workspace, with other parts where they are given. */
export function logicAppSpec(more: Partial<LogicAppSpec> = {}): LogicAppSpec {
  const made = more.definition ?? definition();
  const plan = planRollup(made.query, [SCHEMA]);
  const id = rollupId(made, (text) => createHash('sha256').update(text).digest('hex'));
  return {
    definition: made,
    plan,
    table: {
      id,
      name: made.name,
      kind: plan.kind,
      columns: plan.part.columns,
      ...(plan.view === undefined ? {} : { view: plan.view }),
      viewColumns: plan.viewColumns,
      windowMinutes: made.windowMinutes,
    },
    targets: [{ workspace: workspace('law'), customer: 'Contoso', tenant: 'Contoso', schema: SCHEMA }],
    centre: CENTRE,
    places: {
      query: { origin: 'https://api.loganalytics.azure.com', audience: 'https://api.loganalytics.io' },
      ingestion: { origin: 'https://central.ingest.monitor.azure.com', audience: 'https://monitor.azure.com' },
      immutableId: 'dcr-00000000000000000000000000000000',
      centre: guid('central'),
    },
    since: Date.UTC(2026, 0, 1),
    ...more,
  };
}
