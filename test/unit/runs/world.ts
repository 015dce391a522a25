import { AppError, cancelled } from '../../../src/base/errors.ts';
import type { AppErrorData, ErrorCode } from '../../../src/base/errors.ts';
import type { CancelSignal } from '../../../src/base/cancel.ts';
import {
  toAccountId,
  toCustomerKey,
  toSubscriptionId,
  toTenantId,
  toWorkspaceGuid,
  toWorkspaceKey,
} from '../../../src/model/ids.ts';
import type { AccessPath, Estate, Tenant, Workspace, WorkspaceTable } from '../../../src/model/estate.ts';
import type { Cell, Column, DataTable, KqlType } from '../../../src/model/kqlType.ts';
import type { RowCell } from '../../../src/model/rows.ts';
import { targetName } from '../../../src/model/run.ts';
import type { Run } from '../../../src/model/run.ts';
import type { LogsAnswer, LogsPort, LogsQuery } from '../../../src/ports/logs.ts';
import { COMBINED } from '../../../src/ports/rows.ts';
import type {
  CollectedTable,
  CombineOptions,
  ComparedRows,
  ResultTable,
  RowStore,
  RowStoreRun,
} from '../../../src/ports/rows.ts';
import { TableCatalog } from '../../../src/core/schema/tableCatalog.ts';
import { RunService } from '../../../src/core/runs/runService.ts';
import type { RunWorld } from '../../../src/core/runs/runWorld.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { VirtualClock } from './virtualClock.ts';

export const ACCOUNT = toAccountId('sp:app');

/** `count` workspaces ws1, ws2 ... of as many customers, each in a tenant of its own; `patch` changes one of them. */
export function estateOf(
  count: number,
  patch: (workspace: Workspace, index: number) => Workspace = (workspace) => workspace,
  tenants: readonly Tenant[] = [],
): Estate {
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  const path: AccessPath = { kind: 'lighthouse', account: ACCOUNT, issuer: toTenantId('home') };
  return {
    cloud: 'test',
    accounts: [{ id: ACCOUNT, label: 'app' }],
    seenAt: '2024-01-01T00:00:00Z',
    problems: [],
    customers: [
      ...numbers.map((n) => ({
        key: toCustomerKey(`c${n}`),
        name: `Customer ${n}`,
        groups: n === 1 ? ['gold'] : [],
        tags: {},
        tenants: [toTenantId(`t${n}`)],
      })),
      ...tenants.map((tenant) => ({
        key: tenant.customer,
        name: `Customer of ${tenant.name}`,
        groups: [],
        tags: {},
        tenants: [tenant.id],
      })),
    ],
    tenants: [
      ...numbers.map((n): Tenant => ({
        id: toTenantId(`t${n}`),
        name: `Tenant ${n}`,
        customer: toCustomerKey(`c${n}`),
        state: 'entered',
        accounts: [ACCOUNT],
      })),
      ...tenants,
    ],
    workspaces: numbers.map((n, index) =>
      patch(
        {
          key: toWorkspaceKey(`/ws/${n}`),
          armId: `/ws/${n}`,
          guid: toWorkspaceGuid(`guid-${n}`),
          name: `ws${n}`,
          customer: toCustomerKey(`c${n}`),
          tenant: toTenantId(`t${n}`),
          subscription: toSubscriptionId('s'),
          subscriptionName: 's',
          resourceGroup: 'rg',
          region: 'westeurope',
          tags: {},
          sku: 'PerGB2018',
          retentionDays: 30,
          cap: 'none',
          sentinel: false,
          paths: [path],
        },
        index,
      ),
    ),
  };
}

export function answer(
  specs: readonly string[],
  rows: readonly (readonly Cell[])[],
  rest: Partial<LogsAnswer> = {},
): LogsAnswer {
  const columns = specs.map((spec): Column => {
    const [name, type] = spec.split(':');
    return { name: name!, type: (type ?? 'long') as KqlType };
  });
  return { tables: [{ name: 'PrimaryResult', columns, rows }], bytes: 100, ...rest };
}
export function failure(
  code: ErrorCode,
  message = 'It failed.',
  retryable = false,
  data?: Record<string, unknown>,
): AppError {
  return new AppError(code, message, { retryable, ...(data ? { data } : {}) });
}

type Script = (request: LogsQuery, attempt: number) => LogsAnswer | AppError | 'hang';

/** Answers after 100 ms of virtual time by `script`; remembers what it was asked. */
export class FakeLogs implements LogsPort {
  readonly asked: LogsQuery[] = [];
  readonly at: number[] = [];
  script: Script;
  private readonly clock: VirtualClock;
  constructor(clock: VirtualClock, script: Script) {
    this.clock = clock;
    this.script = script;
  }

  async query(request: LogsQuery, _signal: CancelSignal): Promise<LogsAnswer> {
    this.asked.push(request);
    this.at.push(this.clock.now());
    const told = this.script(
      request,
      this.asked.filter((entry) => entry.workspaceGuid === request.workspaceGuid).length,
    );
    if (told === 'hang') return new Promise(() => undefined);
    await this.clock.sleep(100);
    if (told instanceof AppError) throw told;
    return told;
  }
  schema(): never {
    throw new Error('not asked');
  }
}

/** Rows in arrays: enough of a store for the tests of runs. */
export class FakeStore implements RowStore {
  readonly rows = new Map<string, Map<string, { columns: readonly Column[]; rows: readonly (readonly Cell[])[] }>>();
  readonly arranged = new Map<string, readonly string[]>();
  private readonly opened = new Map<string, RowStoreRun>();
  private readonly stampsOf = new Map<string, Map<string, number>>();
  private stamps = 0;
  /** What was compared. */
  readonly compared: { readonly key: readonly string[]; readonly targets: readonly string[] }[] = [];
  /** Whether columns tell the rows of a run apart. */
  unique: (columns: readonly string[]) => boolean = () => true;
  /** What the rows of a run take. */
  bytesOf: (run: string) => number = () => 0;
  broken: AppError | undefined;
  /** What a combination makes of the rows that were collected. */
  combined: (
    text: string,
    tables: Readonly<Record<string, readonly (readonly Cell[])[]>>,
    options: CombineOptions,
  ) => DataTable = () => {
    throw new Error('not asked');
  };
  async open(run: string) {
    const targets =
      this.rows.get(run) ?? new Map<string, { columns: readonly Column[]; rows: readonly (readonly Cell[])[] }>();
    this.rows.set(run, targets);
    const stamps = this.stampsOf.get(run) ?? new Map<string, number>();
    this.stampsOf.set(run, stamps);
    const refuse = (): never => {
      throw new Error('not asked');
    };
    const opened: RowStoreRun = {
      append: async (target, _who, columns, rows, _stored, place) => {
        if (this.broken) throw this.broken;
        if ('pages' in rows) throw new Error('not asked');
        const before = place === 'after' ? (targets.get(target)?.rows ?? []) : [];
        targets.delete(COMBINED);
        targets.set(target, { columns, rows: [...before, ...rows] });
        stamps.set(target, ++this.stamps);
      },
      appendAll: async (columns, answers) => {
        if (this.broken) throw this.broken;
        targets.delete(COMBINED);
        for (const { target, rows } of answers) {
          targets.set(target, { columns, rows });
          stamps.set(target, ++this.stamps);
        }
      },
      columns: () => {
        const all = [...targets.values()].flatMap((entry) => entry.columns);
        const same = (a: Column, b: Column): boolean => a.name === b.name && a.type === b.type;
        return all
          .filter((column, i) => all.findIndex((other) => same(column, other)) === i)
          .map((column) => ({ ...column, presentIn: all.filter((other) => same(column, other)).length }));
      },
      hold: async (columns, rows) => {
        targets.clear();
        targets.set(COMBINED, { columns, rows });
        stamps.set(COMBINED, ++this.stamps);
      },
      stamps: () => Object.fromEntries([...targets.keys()].map((key) => [key, stamps.get(key)!])),
      keepWhole: async (wanted) => {
        for (const key of targets.keys()) if (wanted[key] !== stamps.get(key)) targets.delete(key);
        return [...targets.keys()];
      },
      bytes: async () => this.bytesOf(run),
      rowCount: () => [...targets.values()].reduce((sum, entry) => sum + entry.rows.length, 0),
      arrange: async (order: readonly string[]) => {
        this.arranged.set(run, order);
      },
      discard: async () => {
        this.rows.delete(run);
      },
      combine: async (text: string, tables: readonly (CollectedTable | ResultTable)[], options: CombineOptions) => {
        const rowsOf = (table: CollectedTable | ResultTable): readonly (readonly Cell[])[] => {
          const [name] = [...this.opened].find(([, opened]) => opened === table.rows)!;
          const wanted = 'targets' in table ? table.targets : undefined;
          return [...this.rows.get(name)!].flatMap(([key, entry]) =>
            wanted === undefined || wanted.includes(key) ? entry.rows : [],
          );
        };
        if (options.signal?.aborted) throw cancelled();
        const made = this.combined(
          text,
          Object.fromEntries(tables.map((table) => [table.name, rowsOf(table)])),
          options,
        );
        targets.clear();
        targets.set(COMBINED, made);
        stamps.set(COMBINED, ++this.stamps);
        return {};
      },
      compare: async (before, after, options) => {
        if (options.signal?.aborted) throw cancelled();
        const keysOf = ({ rows }: ComparedRows): readonly string[] => {
          const [name] = [...this.opened].find(([, opened]) => opened === rows)!;
          return [...this.rows.get(name)!.keys()];
        };
        this.compared.push({ key: options.key, targets: before.targets ?? [...keysOf(before), ...keysOf(after)] });
        targets.clear();
        targets.set(COMBINED, { columns: [{ name: '_Change', type: 'string' }], rows: [['added'], ['changed']] });
        stamps.set(COMBINED, ++this.stamps);
        return { added: 1, gone: 0, changed: 1, same: 3, byTarget: { '/ws/1': 2 } };
      },
      hasUnique: async (columns) => this.unique(columns),
      window: async ({ first, count, columns }) => {
        const names = columns ?? opened.columns().map(({ name }) => name);
        const all = [...targets.values()].flatMap((entry) =>
          entry.rows.map((row) =>
            names.map((name) => row[entry.columns.findIndex((own) => own.name === name)] ?? null),
          ),
        );
        return {
          first,
          total: all.length,
          columns: names,
          rows: all.slice(first, first + count) as readonly RowCell[][],
        };
      },
      statistics: refuse,
      groups: refuse,
      find: refuse,
      table: refuse,
      chart: refuse,
      export: refuse,
    };
    this.opened.set(run, opened);
    return opened;
  }
}

/** A table as Resource Manager lists it. */
export function listedTable(name: string, more: Partial<WorkspaceTable> = {}): WorkspaceTable {
  return {
    name,
    plan: 'Analytics',
    retentionDays: 30,
    totalRetentionDays: 30,
    kind: 'Microsoft',
    classic: false,
    ...more,
  };
}

/** `list`: the tables that Resource Manager lists of a workspace by its ARM id; none unless told. */
export function runWorld(
  script: Script,
  estate: Estate,
  more: Partial<RunWorld> = {},
  list: (armId: string) => readonly WorkspaceTable[] | AppError = () => [],
) {
  const listed: string[] = [];
  const clock = new VirtualClock();
  const logs = new FakeLogs(clock, script);
  const store = new FakeStore();
  let ids = 0;
  const service = new RunService({
    logs,
    catalog: new TableCatalog(
      {
        tables: async (_issuer, armId) => {
          listed.push(armId);
          const told = list(armId);
          if (told instanceof AppError) throw told;
          return told;
        },
      },
      clock,
    ),
    store,
    clock,
    random: () => 1,
    newId: () => `run-${++ids}`,
    estate: async () => estate,
    readQuery: () => ({ errors: [] }),
    ...more,
  });
  const snapshots: Run[] = [];
  service.changed((run) => {
    snapshots.push(run);
  });
  /** Starts a run of `Heartbeat` over everything and plays it to its end. */
  const play = async (query = 'Heartbeat', scope = EVERYTHING): Promise<Run> => {
    const { id } = await service.start({ query, scope, timeRange: { kind: 'last', minutes: 60 } });
    return clock.run(service.ended(id));
  };
  return { clock, logs, listed, store, service, snapshots, play };
}

export function targetStates(run: Run): string[] {
  return run.targets.map((target) => `${targetName(target)} ${target.state}`);
}
export function errorOf(error: unknown): Partial<AppErrorData> {
  const { code, message } = error as AppErrorData;
  return { code, message };
}
