import type { CancelSignal } from '../../../src/base/cancel.ts';
import { AppError } from '../../../src/base/errors.ts';
import type { AssessWorld } from '../../../src/core/assess/assessWorld.ts';
import { QuotaScheduler } from '../../../src/core/fanOut/quotaScheduler.ts';
import type { WorkspaceConfiguration } from '../../../src/model/assessment/facts.ts';
import type { AccessPathKind, Customer, Estate, Tenant, Workspace, WorkspaceTable } from '../../../src/model/estate.ts';
import {
  toAccountId,
  toCustomerKey,
  toSubscriptionId,
  toTenantId,
  toWorkspaceGuid,
  toWorkspaceKey,
} from '../../../src/model/ids.ts';
import type {
  Asked,
  AssessPort,
  GraphAnswers,
  SubscriptionAnswers,
  WorkspaceAnswers,
} from '../../../src/ports/assess.ts';
import type { Issuer } from '../../../src/ports/issuer.ts';
import type { LogsAnswer, LogsQuery } from '../../../src/ports/logs.ts';
import { answer, listedTable } from '../runs/world.ts';
import { VirtualClock } from '../runs/virtualClock.ts';

export const ME = toAccountId('test:me');

/** A workspace to make: `NAME@CUSTOMER`, in the tenant `t-CUSTOMER`. */
export interface Made {
  readonly name: string;
  readonly customer: string;
  readonly subscription?: string;
  readonly path?: AccessPathKind;
  readonly more?: Partial<Workspace>;
}

/** An estate of these workspaces; `provider` is the customer whose tenant the account is at home in. */
export function makeEstate(
  made: readonly Made[],
  provider: string,
  others: readonly string[] = [],
  change: (customer: Customer) => Customer = (customer) => customer,
): Estate {
  const home = toTenantId(`t-${provider}`);
  const keys = [...new Set([provider, ...made.map(({ customer }) => customer), ...others])];
  return {
    cloud: 'test',
    accounts: [{ id: ME, label: 'me', homeTenant: home }],
    seenAt: '2026-01-01T00:00:00Z',
    problems: [],
    customers: keys.map((key) =>
      change({
        key: toCustomerKey(key),
        name: `Customer ${key}`,
        groups: [],
        tags: {},
        tenants: [toTenantId(`t-${key}`)],
      }),
    ),
    tenants: keys.map((key): Tenant => ({
      id: toTenantId(`t-${key}`),
      name: `Tenant ${key}`,
      defaultDomain: `${key}.example`,
      customer: toCustomerKey(key),
      state: 'entered',
      accounts: key === provider ? [ME] : [],
    })),
    workspaces: made.map(({ name, customer, subscription = `sub-${customer}`, path, more = {} }): Workspace => {
      const armId = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/${name}`;
      const kind = path ?? (customer === provider ? 'home' : 'lighthouse');
      const issuer = kind === 'guest' ? toTenantId(`t-${customer}`) : home;
      return {
        key: toWorkspaceKey(armId),
        armId,
        guid: toWorkspaceGuid(`guid-${name}`),
        name,
        customer: toCustomerKey(customer),
        tenant: toTenantId(`t-${customer}`),
        subscription: toSubscriptionId(subscription),
        subscriptionName: subscription,
        resourceGroup: 'rg',
        region: 'westeurope',
        tags: {},
        sku: 'PerGB2018',
        retentionDays: 30,
        cap: 'none',
        sentinel: false,
        paths: [{ kind, account: ME, issuer }],
        ...more,
      };
    }),
  };
}

export const CONFIGURATION: WorkspaceConfiguration = {
  sku: 'PerGB2018',
  retentionDays: 30,
  cap: 'none',
  localAuth: true,
  resourcePermissions: false,
  dataActionsOnly: false,
  sentinel: false,
  publicIngestion: true,
  publicQuery: true,
};

/** Which fact a query is for, by the table it begins with. */
export function factOfQuery(query: string): 'usage' | 'agents' | 'operations' | 'audit' | 'attribution' | 'sources' {
  if (query.startsWith('Usage')) return 'usage';
  if (query.startsWith('Heartbeat')) return 'agents';
  if (query.startsWith('_LogOperation')) return 'operations';
  if (query.startsWith('LAQueryLogs')) return 'audit';
  return query.includes('HasResource') ? 'attribution' : 'sources';
}

export const USAGE = ['Table:string', 'Day:datetime', 'Billable:bool', 'GB:real', 'Last:datetime'];
export const AGENTS = [
  'Computer:string',
  'ResourceId:string',
  'Subscription:string',
  'OS:string',
  'First:datetime',
  'Last:datetime',
  'Legacy:bool',
];
export const OPERATIONS = ['Day:datetime', 'CapReached:long', 'RateLimited:long'];
export const AUDIT = ['Tenant:string', 'People:long', 'Queries:long', 'Across:long'];
export const ATTRIBUTION = [
  'Table:string',
  'Subscription:string',
  'HasResource:bool',
  'Domain:string',
  'Rows:long',
  'GB:real',
];
export const SOURCES = ['Source:string', 'Table:string', 'Rows:long', 'GB:real'];

/** A day of usage of these tables. */
export function usageOf(...tables: readonly string[]): LogsAnswer {
  return answer(
    USAGE,
    tables.map((table) => [table, '2026-01-01T00:00:00Z', true, 1.5, '2026-01-01T23:00:00.0000000Z']),
  );
}

const NOTHING: Readonly<Record<ReturnType<typeof factOfQuery>, LogsAnswer>> = {
  usage: usageOf('Perf', 'Heartbeat'),
  agents: answer(AGENTS, []),
  operations: answer(OPERATIONS, []),
  audit: answer(AUDIT, []),
  attribution: answer(ATTRIBUTION, []),
  sources: answer(SOURCES, []),
};

/** What a fake is told to do with a question; undefined for what it does by itself. */
export type Told<V> = V | AppError | 'hang' | undefined;

/** What a test changes of the world. */
export interface Changes {
  readonly logs?: (fact: ReturnType<typeof factOfQuery>, request: LogsQuery) => Told<LogsAnswer>;
  readonly arm?: (name: string, id: string) => Told<unknown>;
  readonly graph?: (name: keyof GraphAnswers, issuer: Issuer) => Told<unknown>;
  /** Tenants whose part of Resource Graph's answers is not whole. */
  readonly notWhole?: readonly string[];
  readonly listed?: readonly { readonly id: string; readonly tenant: string }[];
}

/** Ports that answer after 100 ms of virtual time and remember what they were asked. */
export class FakeWorld implements AssessWorld {
  readonly clock = new VirtualClock();
  readonly scheduler = new QuotaScheduler(this.clock);
  readonly queries: {
    readonly fact: ReturnType<typeof factOfQuery>;
    readonly request: LogsQuery;
    readonly at: number;
  }[] = [];
  readonly calls: {
    readonly kind: 'workspace' | 'subscription' | 'graph';
    readonly name: string;
    readonly id: string;
    readonly at: number;
  }[] = [];
  readonly random = (): number => 1;
  private readonly estate: Estate;
  private readonly changes: Changes;
  readonly assess: AssessPort;

  constructor(estate: Estate, changes: Changes = {}) {
    this.estate = estate;
    this.changes = changes;
    const source = (path: string) => ({ kind: 'arm', path, apiVersion: '1' }) as const;
    this.assess = {
      graph: async (name, issuer) => {
        this.calls.push({ kind: 'graph', name, id: issuer.tenant, at: this.clock.now() });
        const asked = (await this.give(this.changes.graph?.(name, issuer), () => this.graphOf(name))) as Asked<never>;
        const error = { code: 'service.unavailable', message: 'Cut off.', retryable: true } as const;
        const unknown = new Map(this.changes.notWhole?.map((tenant) => [toTenantId(tenant), error]));
        return { ...asked, unknown };
      },
      subscription: async (name, _issuer, id) => {
        this.calls.push({ kind: 'subscription', name, id, at: this.clock.now() });
        return this.give(this.changes.arm?.(name, id), () => [] as SubscriptionAnswers[typeof name]) as Promise<
          Asked<never>
        >;
      },
      workspace: async (name, _issuer, armId) => {
        this.calls.push({ kind: 'workspace', name, id: armId, at: this.clock.now() });
        return this.give(this.changes.arm?.(name, armId), () => listOf(name)) as Promise<Asked<never>>;
      },
      sourceOfGraph: (name) => ({ kind: 'graph', query: name }),
      sourceOfSubscription: (name, id) => source(`${id}/${name}`),
      sourceOfWorkspace: (name, id) => source(`${id}/${name}`),
    };
  }

  readonly logs = {
    query: async (request: LogsQuery, signal: CancelSignal): Promise<LogsAnswer> => {
      const fact = factOfQuery(request.query);
      this.queries.push({ fact, request, at: this.clock.now() });
      const told = this.changes.logs?.(fact, request);
      if (told === 'hang')
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reject(new AppError('cancelled.byUser', 'Aborted.'));
          });
        });
      await this.clock.sleep(100);
      if (told instanceof AppError) throw told;
      return told ?? NOTHING[fact];
    },
  };

  readonly directory = {
    subscriptions: async () => {
      await this.clock.sleep(100);
      return (this.changes.listed ?? []).map(({ id, tenant }) => ({
        id: toSubscriptionId(id),
        name: id,
        tenant: toTenantId(tenant),
        state: 'Enabled',
      }));
    },
  };

  /** How many queries a workspace was sent, the most of any. */
  get mostQueries(): number {
    const counts = new Map<string, number>();
    for (const { request } of this.queries) counts.set(request.armId, (counts.get(request.armId) ?? 0) + 1);
    return Math.max(0, ...counts.values());
  }

  private async give(told: Told<unknown>, otherwise: () => unknown): Promise<Asked<unknown>> {
    if (told === 'hang') return new Promise(() => undefined);
    await this.clock.sleep(100);
    if (told instanceof AppError) throw told;
    return { value: told ?? otherwise(), calls: 1 };
  }

  private graphOf(name: keyof GraphAnswers): GraphAnswers[keyof GraphAnswers] {
    if (name === 'configurations') return new Map(this.estate.workspaces.map(({ key }) => [key, CONFIGURATION]));
    return new Map();
  }
}

function listOf(name: keyof WorkspaceAnswers): unknown {
  const tables: readonly WorkspaceTable[] = ['Perf', 'Heartbeat', 'Usage', 'Operation', 'LAQueryLogs'].map((table) =>
    listedTable(table),
  );
  return name === 'tables' ? tables : [];
}
