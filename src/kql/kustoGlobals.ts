/** What names mean: a schema as the symbols Microsoft's binder looks them up in. */
import { child } from './kusto.ts';
import { kusto, list, netArray } from './kustoApi.ts';
import type { ColumnSymbol, GlobalState, KustoSymbol, SyntaxNode } from './kustoApi.ts';
import { parseLiteral } from './literal.ts';
import type { KqlSchema, SchemaDatabase, BoundTable } from './schema.ts';
import type { Column, KqlType } from '../model/kqlType.ts';

const symbols = kusto.Symbols;

/** What Microsoft's library calls the types of KQL. */
export const NET_TYPE: Readonly<Record<KqlType, string>> = {
  bool: 'Bool',
  int: 'Int',
  long: 'Long',
  real: 'Real',
  decimal: 'Decimal',
  string: 'String',
  datetime: 'DateTime',
  timespan: 'TimeSpan',
  guid: 'Guid',
  dynamic: 'Dynamic',
};
function scalarType(type: KqlType): KustoSymbol {
  return symbols.ScalarTypes[NET_TYPE[type]]!;
}
function columnSymbol(column: Column): ColumnSymbol {
  return new symbols.ColumnSymbol(column.name, scalarType(column.type), null, null, null, null);
}
function tableSymbol(table: BoundTable): KustoSymbol {
  const made = new symbols.TableSymbol.$ctor4(table.name, table.columns.map(columnSymbol));
  return table.open ? made.WithIsOpen(true) : made;
}

/** Where a table symbol came from: lets a plan say which catalog's table a name is. */
interface TableOrigin {
  readonly database: SchemaDatabase;
  readonly table: BoundTable;
}
const origins = new WeakMap<object, TableOrigin>();
/** Whose table a table symbol is; undefined for symbols that were not made of a schema of ours. */
export function originOf(symbol: KustoSymbol | null | undefined): TableOrigin | undefined {
  return symbol ? origins.get(symbol) : undefined;
}

const databases = new WeakMap<SchemaDatabase, KustoSymbol>();
/** The database symbol of a schema, made once per schema object (schemas are immutable). */
function databaseSymbol(database: SchemaDatabase): KustoSymbol {
  let made = databases.get(database);
  if (made) return made;
  const tables = database.tables.map((table) => {
    const symbol = tableSymbol(table);
    origins.set(symbol, { database, table });
    return symbol;
  });
  const functions = (database.functions ?? []).map(
    (f) => new symbols.FunctionSymbol.$ctor16(f.name, parameterList(f.parameters), bodyText(f.body), null),
  );
  made = new symbols.DatabaseSymbol.ctor(database.name, [...tables, ...functions]);
  databases.set(database, made);
  return made;
}
function parameterList(text: string): string {
  const bare = text.trim();
  return bare.startsWith('(') ? bare : `(${bare})`;
}
function bodyText(text: string): string {
  const bare = text.trim();
  return bare.startsWith('{') ? bare : `{ ${bare} }`;
}

/** Functions of Azure Monitor and Sentinel that every workspace has and whose columns depend on its data. */
const OPEN_FUNCTIONS: readonly { readonly name: string; readonly columns: readonly Column[] }[] = [
  {
    name: '_GetWatchlist',
    columns: [
      { name: '_DTItemId', type: 'string' },
      { name: 'LastUpdatedTimeUTC', type: 'datetime' },
      { name: 'SearchKey', type: 'string' },
      { name: 'WatchlistItem', type: 'dynamic' },
    ],
  },
];

/** States as they were before they got their cache, which holds unions as the mended binder has them. */
const uncached = new WeakMap<GlobalState, GlobalState>();
const globalsCache = new WeakMap<
  SchemaDatabase,
  { readonly resolve: KqlSchema['resolve']; readonly globals: GlobalState }
>();
/**
 * What names mean for a query over `schema`: its tables and functions, `workspace()`, `app()`, `resource()`,
 * watchlists. Cached per database object.
 */
export function globalsFor(schema: KqlSchema): GlobalState {
  const cached = globalsCache.get(schema.database);
  if (cached && cached.resolve === schema.resolve) return cached.globals;
  const database = databaseSymbol(schema.database);
  const cluster = new symbols.ClusterSymbol.ctor('workspace', [database]);
  const base = kusto.GlobalState.Default.WithCluster(cluster).WithDatabase(database);
  const own = new Set((schema.database.functions ?? []).map((f) => f.name));
  const extra = [
    ...(['workspace', 'app', 'resource'] as const).map(
      (kind) =>
        new symbols.FunctionSymbol.ctor(
          kind,
          (context) => {
            const name = constantText(list(context.Arguments)[0]);
            const found = name === undefined ? undefined : schema.resolve?.(kind, name);
            return found ? databaseSymbol(found) : new symbols.DatabaseSymbol.$ctor1(name ?? kind, [], true);
          },
          symbols.Tabularity.Unspecified,
          [new symbols.Parameter.$ctor2('name', scalarType('string'))],
        ),
    ),
    ...OPEN_FUNCTIONS.filter((f) => !own.has(f.name)).map(
      (f) =>
        new symbols.FunctionSymbol.ctor(
          f.name,
          () => tableSymbol({ name: f.name, columns: f.columns, open: true }),
          symbols.Tabularity.Tabular,
          [new symbols.Parameter.$ctor2('name', scalarType('string'))],
        ),
    ),
  ];
  const bare = base.WithFunctions(netArray([...list(base.Functions), ...extra], symbols.FunctionSymbol));
  const globals = bare.WithCache();
  uncached.set(globals, bare);
  globalsCache.set(schema.database, { resolve: schema.resolve, globals });
  return globals;
}
/** The state as it was before it got a cache. */
export function withoutCache(globals: GlobalState): GlobalState {
  return uncached.get(globals) ?? globals;
}
function constantText(node: SyntaxNode | undefined): string | undefined {
  const token = node && child(node, 'Token');
  const value = token?.Text === undefined ? undefined : parseLiteral('string', token.Text);
  return typeof value === 'string' ? value : undefined;
}
