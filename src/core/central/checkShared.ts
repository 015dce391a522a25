import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { AppError } from '../../base/errors.ts';
import type { AppErrorData } from '../../base/errors.ts';
import { ownersOf } from '../../kql/across/ownRows.ts';
import type { SourceSchema, SourceTable } from '../../kql/scopeSchema.ts';
import type { CentralCheck, NobodysRows, SentRows } from '../../model/centralCheck.ts';
import type { Estate, Workspace } from '../../model/estate.ts';
import type { AttributionRule } from '../../model/sharedWorkspace.ts';
import { NOT_ATTRIBUTED } from '../../model/sharedWorkspace.ts';
import type { LogsAnswer, LogsPort } from '../../ports/logs.ts';
import { rowsOf } from '../assess/facts/answerRows.ts';
import type { CustomersFile } from '../customers/customersFile.ts';
import { EstateIndex } from '../estate/estateIndex.ts';
import { issuerOf } from '../estate/path.ts';
import { askWorkspaces } from '../fanOut/askWorkspaces.ts';
import type { QuotaScheduler } from '../fanOut/quotaScheduler.ts';
import type { SchemaService } from '../schema/schemaService.ts';
import type { TableCatalog } from '../schema/tableCatalog.ts';
import { remedyFor } from './remedy.ts';
import { sendersQuery } from './sendersQuery.ts';
import { withSharedRows } from './sharedRows.ts';

/** What looking into a shared workspace takes. */
export interface CentralWorld {
  readonly estate: { load(options?: { readonly signal?: CancelSignal }): Promise<Estate> };
  readonly customers: { load(): Promise<CustomersFile> };
  readonly logs: Pick<LogsPort, 'query'>;
  readonly schemas: Pick<SchemaService, 'ofWorkspaces'>;
  readonly catalog: Pick<TableCatalog, 'tablesOf'>;
  readonly quota: QuotaScheduler;
}

/** What the workspace writes about itself. */
const ITS_OWN = new Set(['Usage', 'Operation', '_LogOperation', 'LAQueryLogs', 'LASummaryLogs']);

/**
 * Who sends to a workspace that several customers share, in one query over all its tables. `timespan` as the query API
 * has it. Rejects with `input.customersFile` where the file is wrong about it, as the query does, and when cancelled.
 */
export async function checkShared(
  workspace: Workspace,
  timespan: string,
  world: CentralWorld,
  signal: CancelSignal = NEVER,
): Promise<CentralCheck> {
  const estate = await world.estate.load({ signal });
  const { rules, declared } = await rulesOf(workspace, estate, world);
  const { tables, leftOut } = await readable(workspace, world, signal);
  const about = { workspace: workspace.key, workspaceName: workspace.name, declared, leftOut };
  if (tables.length === 0) return { ...about, sent: [], nobodys: [], totals: { rows: 0, nobodys: 0 }, problems: [] };
  const query = sendersQuery(rules, tables);
  const outcomes = await askWorkspaces({
    workspaces: [workspace.key],
    estate,
    quota: world.quota,
    name: 'central',
    signal,
    ask: ({ guid, armId }, issuer, attempt) =>
      world.logs.query({ issuer, workspaceGuid: guid, armId, query, timespan }, attempt.signal),
  });
  const outcome = outcomes.get(workspace.key)!;
  if (!outcome.ok) throw AppError.fromData(outcome.error);
  const index = EstateIndex.of(estate);
  const owners = ownersOf(rules);
  const sent = new Map<string, SentRows>();
  const nobodys: NobodysRows[] = [];
  const totals = { rows: 0, nobodys: 0 };
  for (const row of rowsOf(outcome.value)) {
    const [table, rows, gb, owner] = [row.text('Table'), row.number('Rows'), row.sum('GB'), row.number('Owner')];
    totals.rows += rows;
    const customer = owners[owner - 1] ?? NOT_ATTRIBUTED;
    if (customer === NOT_ATTRIBUTED) {
      totals.nobodys += rows;
      const source = { table, computer: row.text('Computer'), resource: row.text('Resource') };
      nobodys.push({ ...source, rows, gb, remedy: remedyFor(source, rules, estate) });
      continue;
    }
    const before = sent.get(`${customer}\n${table}`);
    sent.set(`${customer}\n${table}`, {
      table,
      customer,
      customerName: index.customerName(customer),
      rows: (before?.rows ?? 0) + rows,
      gb: (before?.gb ?? 0) + gb,
      disputed: (before?.disputed ?? 0) + (row.number('Rival') > 0 ? rows : 0),
    });
  }
  return { ...about, sent: [...sent.values()].sort(byCustomer), nobodys, totals, problems: lacks(outcome.value) };
}

/** Whose the rows of the workspace are: as the file has it, else as the estate alone knows. */
export async function rulesOf(
  workspace: Workspace,
  estate: Estate,
  { customers }: Pick<CentralWorld, 'customers'>,
): Promise<{ readonly rules: readonly AttributionRule[]; readonly declared: boolean }> {
  const { shared } = EstateIndex.of(estate).workspaces.get(workspace.key) ?? workspace;
  if (shared?.problem !== undefined)
    throw new AppError(
      'input.customersFile',
      `Whose the rows of ${workspace.name} are cannot be told: ${shared.problem} Nothing was asked.`,
    );
  if (shared) return { rules: shared.rules, declared: true };
  const file = { ...(await customers.load()), shared: [{ workspace: workspace.armId, rules: [], line: 0 }] };
  const [made] = withSharedRows(estate, file, true).workspaces.filter(({ key }) => key === workspace.key);
  return { rules: made?.shared?.rules ?? [], declared: false };
}

/** The tables that one query reads whole, and those it does not. */
async function readable(
  workspace: Workspace,
  { schemas, catalog }: CentralWorld,
  signal: CancelSignal,
): Promise<{ readonly tables: readonly SourceTable[]; readonly leftOut: CentralCheck['leftOut'] }> {
  const told = (await schemas.ofWorkspaces([workspace.key], { signal })).get(workspace.key)!;
  if (!told.ok) throw AppError.fromData(told.error);
  const listed = await catalog.tablesOf(issuerOf(workspace), workspace.armId);
  const schema: SourceSchema = told.value;
  const filled = schema.tables.filter(({ name, hasData }) => hasData !== false && !ITS_OWN.has(name));
  const whyNot = (name: string): string | undefined => {
    const facts = listed.get(name);
    if (facts?.protected) return 'protected: it gives standard roles no rows';
    return facts && facts.plan !== 'Analytics' ? `in the plan ${facts.plan}: each search is charged` : undefined;
  };
  return {
    tables: filled.filter(({ name }) => whyNot(name) === undefined),
    leftOut: filled.flatMap(({ name }) => {
      const why = whyNot(name);
      return why === undefined ? [] : [{ table: name, why }];
    }),
  };
}

function lacks({ partial, deniedTables }: LogsAnswer): readonly AppErrorData[] {
  return [
    ...(partial ? [partial] : []),
    ...(deniedTables
      ? [
          {
            code: 'access.tableDenied' as const,
            message: `Rows of ${deniedTables.join(', ')} are kept from you: who sends there is not known.`,
            retryable: false,
          },
        ]
      : []),
  ];
}

function byCustomer(a: SentRows, b: SentRows): number {
  return a.customerName.localeCompare(b.customerName) || b.rows - a.rows || a.table.localeCompare(b.table);
}
