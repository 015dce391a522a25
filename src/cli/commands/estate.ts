import { counted } from '../../base/counted.ts';
import { escapeUnseen } from '../../base/visibleText.ts';
import { choosePath, pathLabel } from '../../core/estate/path.ts';
import { EstateIndex } from '../../core/estate/estateIndex.ts';
import { coverageOf, resolveScope } from '../../core/estate/scope.ts';
import type { Customer, Estate, Tenant, Workspace } from '../../model/estate.ts';
import type { TenantId } from '../../model/ids.ts';
import type { Scope } from '../../model/scope.ts';
import { choiceOf, textOf } from '../command.ts';
import type { Command, Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS } from '../connection.ts';
import { EXIT, EXIT_CODES_HELP } from '../exitCodes.ts';
import { printTable } from '../output/printTable.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { readScope } from '../scopeOption.ts';
import { estateScreen, estateTable, whose } from './estateTable.ts';
import type { EstateLine } from './estateTable.ts';

/** `tenantscope estate`: prints what can be seen, as a table, CSV or JSON. */
export const ESTATE: Command = {
  name: 'estate',
  summary: 'every customer, tenant and workspace you can see',
  options: {
    ...CONNECTION_OPTIONS,
    scope: { type: 'string' },
    format: { type: 'string' },
    json: { type: 'boolean' },
    reachable: { type: 'boolean' },
    progress: { type: 'boolean' },
  },
  positionals: [],
  help: `Usage: tenantscope estate [options]

Lists every customer, tenant and workspace that can be seen, and every tenant that could not be entered, with the reason.

  --scope SCOPE          only these, e.g. "group:gold except customer:contoso"
  --format FORMAT        table (default), json or csv
  --json                 the same as --format json
  --reachable            exit with 0 though some tenants could not be entered
  --progress             tell the progress where standard error is no screen
${CONNECTION_HELP}

${EXIT_CODES_HELP}`,
  async run({ values, terminal }) {
    // What can be wrong with options is found before anybody is asked.
    readScope(values, undefined);
    const format = values['json'] === true ? 'json' : choiceOf(values, 'format', ['table', 'json', 'csv'], 'table');
    const azure = await openAzure(values, terminal);
    try {
      azure.estate.onDidChange((partial) => {
        const text = `${counted(partial.tenants.length, 'tenant')}, ${counted(partial.workspaces.length, 'workspace')}`;
        if (terminal.errorIsScreen) terminal.status(text);
        else if (values['progress']) terminal.say(text);
      });
      const estate = await azure.estate.load({ signal: terminal.signal });
      terminal.status('');
      return await printEstate(estate, values, format, terminal);
    } finally {
      azure.dispose();
    }
  },
};

async function printEstate(
  estate: Estate,
  values: Values,
  format: 'table' | 'json' | 'csv',
  terminal: Terminal,
): Promise<number> {
  const scope = readScope(values, undefined, estate);
  const { workspaces, gaps } =
    textOf(values, 'scope') === undefined ? { workspaces: estate.workspaces, gaps: [] } : resolveScope(scope, estate);
  const bare = bareOnes(scope, estate);
  const inScope = new Set(workspaces);
  const closed = estate.tenants.filter(
    (tenant) =>
      tenant.state !== 'entered' &&
      (textOf(values, 'scope') === undefined || gaps.some((gap) => gap.tenant === tenant.id)),
  );
  if (format === 'json')
    await terminal.write(
      `${escapeUnseen(JSON.stringify({ ...estate, workspaces: estate.workspaces.filter((workspace) => inScope.has(workspace)) }, undefined, 2))}\n`,
    );
  else {
    const lines: readonly EstateLine[] = [
      ...workspaces.map((workspace) => workspaceLine(workspace, estate)),
      ...closed.map((tenant) => tenantLine(tenant, estate, 'not entered')),
      ...bare.tenants.map((tenant) => tenantLine(tenant, estate, 'no workspace')),
      ...bare.customers.map(({ name }) => ({ ...NO_WORKSPACE, customer: name, tenant: '', note: 'no tenant' })),
    ].sort(byName);
    const onScreen = format === 'table' && terminal.width !== undefined;
    const { columns, rows } = onScreen ? estateScreen(lines) : estateTable(lines);
    await printTable(terminal, format, columns, rows);
    if (onScreen)
      for (const line of lines)
        if (line.reason !== undefined) await terminal.write(`${safeText(`${whose(line)}: ${line.reason}`)}\n`);
  }
  // A tenant that one account cannot enter and another way reaches is no gap.
  const entered = new Set(estate.tenants.filter((tenant) => tenant.state === 'entered').map((tenant) => tenant.id));
  const problems = estate.problems.filter((problem) => !problem.tenant || !entered.has(problem.tenant));
  for (const problem of problems) terminal.say(safeText(`${problem.where}: ${problem.error.message}`));
  const having = new Set(workspaces.map((workspace) => workspace.customer));
  const others = new Set([
    ...bare.tenants.map(({ customer }) => customer).filter((customer) => !having.has(customer)),
    ...bare.customers.map(({ key }) => key),
  ]);
  terminal.say(
    [
      counted(workspaces.length, 'workspace'),
      counted(having.size, 'customer'),
      ...(closed.length > 0 ? [`${counted(closed.length, 'tenant')} not entered`] : []),
      ...(others.size > 0 ? [`${counted(others.size, 'customer')} without a workspace`] : []),
    ].join(', '),
  );
  return (closed.length > 0 || problems.length > 0) && values['reachable'] !== true ? EXIT.partial : EXIT.complete;
}

const NO_WORKSPACE = { workspace: '', access: '', region: '', retentionDays: null, dailyCapGb: null, sentinel: null };

function workspaceLine(workspace: Workspace, estate: Estate): EstateLine {
  const index = EstateIndex.of(estate);
  const cap =
    workspace.cap === 'hit' || workspace.cap === 'suspended' || workspace.cap === 'approaching'
      ? `daily cap ${workspace.cap}`
      : '';
  return {
    customer: index.customerName(workspace.customer),
    tenant: index.tenantName(workspace.tenant),
    workspace: workspace.name,
    access: pathLabel(workspace),
    region: workspace.region,
    retentionDays: workspace.retentionDays,
    dailyCapGb: workspace.dailyCapGb ?? null,
    sentinel: workspace.sentinel,
    note: choosePath(workspace) ? cap : 'no access',
  };
}

/**
 * What a scope speaks of though no workspace of it can be seen: tenants that were entered, customers without tenants.
 */
function bareOnes(
  scope: Scope,
  estate: Estate,
): { readonly tenants: readonly Tenant[]; readonly customers: readonly Customer[] } {
  const covers = coverageOf(scope, estate);
  const filled = new Set(estate.workspaces.map(({ tenant }) => tenant));
  const inTenants = new Set(estate.tenants.map(({ customer }) => customer));
  return {
    tenants: estate.tenants.filter(
      ({ id, customer, state }) => state === 'entered' && !filled.has(id) && covers(id, customer),
    ),
    customers: estate.customers.filter(
      ({ key, tenants }) => !inTenants.has(key) && covers(tenants[0] ?? ('' as TenantId), key),
    ),
  };
}

function tenantLine(tenant: Tenant, estate: Estate, note: string): EstateLine {
  const customer = EstateIndex.of(estate).customerName(tenant.customer);
  const reason = tenant.error?.message;
  return { ...NO_WORKSPACE, customer, tenant: tenant.name, note, ...(reason === undefined ? {} : { reason }) };
}

function byName(a: EstateLine, b: EstateLine): number {
  const [left, right] = [a, b].map(({ customer, tenant, workspace }) => [customer, tenant, workspace].join('\u0000'));
  return left! < right! ? -1 : left! > right! ? 1 : 0;
}
