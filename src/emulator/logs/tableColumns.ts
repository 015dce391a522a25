import { key } from '../armId.ts';
import type { TableColumn, Workspace, WorkspaceTable, World } from '../state.ts';
import { STANDARD_COLUMNS } from '../world/tableReference.ts';
import type { Column, KqlType } from '../../model/kqlType.ts';

const TYPES: Readonly<Record<string, KqlType>> = {
  bool: 'bool',
  boolean: 'bool',
  int: 'int',
  long: 'long',
  real: 'real',
  double: 'real',
  decimal: 'decimal',
  string: 'string',
  datetime: 'datetime',
  timespan: 'timespan',
  guid: 'guid',
  dynamic: 'dynamic',
};

const standard = new WeakMap<readonly TableColumn[], readonly Column[]>();
const leading = STANDARD_COLUMNS.slice(0, 2);
const trailing = STANDARD_COLUMNS.slice(2);

function toColumns(columns: readonly TableColumn[]): readonly Column[] {
  return columns.map(({ name, type }) => ({ name, type: TYPES[type.toLowerCase()] ?? 'string' }));
}

/**
 * The columns of a table in a workspace, standard ones included. The same array for all workspaces that have a
 * Microsoft table unchanged.
 */
export function columnsOf(world: World, table: WorkspaceTable): readonly Column[] {
  const known = world.standardTables.get(key(table.name))?.columns;
  if (known && !table.columns?.length) return interned(known);
  const own = toColumns(table.columns ?? []);
  const base = known ? interned(known) : leading;
  const names = new Set(base.map(({ name }) => name));
  const custom = own.filter(({ name }) => !names.has(name));
  for (const { name } of custom) names.add(name);
  return [...base, ...custom, ...trailing.filter(({ name }) => !names.has(name))];
}

function interned(columns: readonly TableColumn[]): readonly Column[] {
  let made = standard.get(columns);
  if (!made) standard.set(columns, (made = toColumns(columns)));
  return made;
}

/** Names in a query's text that may be tables or functions. Far too many, never too few. */
export function namesIn(text: string): Set<string> {
  return new Set(text.match(/[A-Za-z_][A-Za-z0-9_]*/g));
}

/** True where the text may mean tables it does not name: wildcards, search, find. */
export function mayNameAll(text: string): boolean {
  return /\b(search|find)\b/.test(text) || /\bunion\b[^|;]*\*/.test(text) || /\bmacro-expand\b/.test(text);
}

/** A function of a workspace as queries see it. */
export interface Functions {
  readonly name: string;
  readonly parameters: string;
  readonly body: string;
}

/** The functions of a workspace: saved searches with an alias, and those every workspace has. */
export function functionsOf(workspace: Workspace): Functions[] {
  const saved = [...workspace.savedSearches.values()].flatMap(({ properties }) =>
    properties.functionAlias
      ? [{ name: properties.functionAlias, parameters: properties.functionParameters ?? '', body: properties.query }]
      : [],
  );
  const built = workspace.tables.has('operation') ? [LOG_OPERATION] : [];
  return [...saved, ...built];
}

/** Azure Monitor's own view of the Operation table. */
const LOG_OPERATION: Functions = {
  name: '_LogOperation',
  parameters: '',
  body: 'Operation | project TimeGenerated, Category = OperationCategory, Operation = OperationKey, Level = OperationStatus, Detail, Computer, CorrelationId, TenantId, _ResourceId, _SubscriptionId, Type, SourceSystem',
};
