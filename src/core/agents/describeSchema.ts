import type { AgentAnswer } from '../../model/agentTool.ts';
import type { AppErrorData } from '../../base/errors.ts';
import type { ScopeTable } from '../../kql/scopeSchema.ts';
import type { WorkspaceKey } from '../../model/ids.ts';
import { EstateIndex } from '../estate/estateIndex.ts';
import type { AgentCall, AgentWorld } from './agentWorld.ts';
import { fullName, groupedReasons } from './groupedReasons.ts';
import { audienceOf, narrowScope } from './narrowScope.ts';
import type { NarrowedScope } from './narrowScope.ts';
import type { AgentInput } from './readInput.ts';
import { LONGEST, shortened } from './writeAnswer.ts';

/** Columns told of one table. */
const MOST_COLUMNS = 300;

/** Which tables and columns there are, in how many workspaces of the scope, and where their types differ. */
export async function describeSchema(
  { estate, schemas }: AgentWorld,
  { scope, tables: wanted, filter }: AgentInput,
  { scope: given, signal, allow }: AgentCall,
): Promise<AgentAnswer> {
  const narrowed = narrowScope(given, scope, await estate.load({ signal }));
  await allow?.({ tool: 'describeSchema', ...audienceOf(narrowed) });
  const keys = narrowed.workspaces.map(({ key }) => key);
  const { merged, completeness, problems } = await schemas.forScope(keys, signal);
  const part = filter.trim().toLowerCase();
  const named = wanted && new Set(wanted);
  const tables = merged.tables
    .filter(({ name }) => (named?.has(name) ?? true) && (part === '' || name.toLowerCase().includes(part)))
    // Hundreds are known to a workspace and empty: those that hold rows are told before the list is cut.
    .sort((a, b) => Number(a.filled === 0) - Number(b.filled === 0));
  const found = new Set(tables.map(({ name }) => name));
  const unknown = (wanted ?? []).filter((name) => !found.has(name));
  return {
    facts: {
      completeness: completeness.sentence,
      complete: completeness.complete && narrowed.gaps.length === 0,
      workspaces: merged.workspaces,
      ...missingOf(problems, narrowed),
      ...(unknown.length > 0 ? { noSuchTables: unknown.map((name) => shortened(name, LONGEST.name)) } : {}),
    },
    list: {
      name: 'tables',
      items: tables.map((table) => toItem(table, merged.workspaces, named !== undefined)),
      total: tables.length,
      more: 'Narrow them with "filter", or name the tables you need in "tables".',
    },
  };
}

function missingOf(
  problems: readonly { readonly workspace: WorkspaceKey; readonly error: AppErrorData }[],
  { estate, gaps }: NarrowedScope,
): Readonly<Record<string, unknown>> {
  const { workspaces } = EstateIndex.of(estate);
  const missing = groupedReasons([
    ...problems.flatMap(({ workspace: key, error }) => {
      const workspace = workspaces.get(key);
      return workspace ? [{ who: fullName(workspace, estate), why: error.message }] : [];
    }),
    ...gaps.map(({ tenantName, error }) => ({
      who: `all of ${tenantName}`,
      why: error?.message ?? 'It could not be entered.',
    })),
  ]);
  return missing.length > 0 ? { missing } : {};
}

function toItem(table: ScopeTable, of: number, withColumns: boolean): Readonly<Record<string, unknown>> {
  const { name, have = of, filled, plans = [], notes = [], who, description, columns } = table;
  const basic = plans.filter(({ plan }) => plan !== 'Analytics');
  return {
    name: shortened(name, LONGEST.name),
    inWorkspaces: `${have} of ${of}`,
    ...(filled === undefined ? {} : { withRows: filled }),
    ...(basic.length > 0 ? { plans } : {}),
    ...(who ? { [who.they === 'have' ? 'onlyIn' : 'notIn']: who.names } : {}),
    ...(description === undefined ? {} : { description: shortened(description, LONGEST.name) }),
    ...(notes.length > 0 ? { typesDiffer: notes } : {}),
    ...(withColumns
      ? {
          ...(columns.length > MOST_COLUMNS ? { columnsInAll: columns.length } : {}),
          columns: columns.slice(0, MOST_COLUMNS).map(({ name: own, type, have: having = have, splitFrom }) => ({
            name: shortened(own, LONGEST.name),
            type,
            ...(having === have ? {} : { inWorkspaces: `${having} of ${of}` }),
            ...(splitFrom === undefined ? {} : { namedThere: splitFrom }),
          })),
        }
      : { columns: columns.length }),
  };
}
