import type { KustoSymbol } from '../kustoEditor.ts';
import { editorGlobals, EditorCode, functionSymbol, tableSymbol, withParameters } from '../kustoEditor.ts';
import type { EditorColumn, GlobalState } from '../kustoEditor.ts';
import { readFrontComment } from '../queryFiles/frontComment.ts';
import { columnSymbolsOf } from './symbols.ts';
import type { ScopeColumn, ScopeFunction, ScopeTable } from '../scopeSchema.ts';
import type { SchemaInput } from './face.ts';
import { Recent } from './recent.ts';

/** What the product adds to every table of an answer; queries may use them as if every table had them. */
export const ATTRIBUTION = [
  { name: '_Customer', type: 'string', note: 'The customer the row came from. Added by Tenantscope to every row.' },
  { name: '_Tenant', type: 'string', note: 'The Entra tenant the row came from. Added by Tenantscope to every row.' },
  { name: '_Workspace', type: 'string', note: 'The workspace the row came from. Added by Tenantscope to every row.' },
] as const;

/**
 * A column as the queries of one workspace know it: types that workspaces disagree on are gathered under the one name.
 */
export interface EditingColumn {
  readonly name: string;
  readonly types: readonly { readonly type: ScopeColumn['type']; readonly have?: number; readonly unitedAs?: string }[];
  readonly have?: number;
  readonly description?: string;
  /** The product's own, not the table's. */ readonly added?: true;
}
interface TableEntry {
  readonly table: ScopeTable;
  readonly columns: ReadonlyMap<string, EditingColumn>;
  readonly symbol: KustoSymbol;
}
/** The table and column a column symbol stands for. */
export interface ColumnOrigin {
  readonly table: ScopeTable;
  readonly column: EditingColumn;
}

/**
 * The schema of one scope as the binder and the sentences need it. Symbols of tables that do not change are kept over
 * updates.
 */
export class ScopeModel {
  workspaces: number | undefined;
  partial = false;
  /** The tables are those of a result that is asked here, with all their columns. */
  ofResult = false;
  /** The tables are those of Resource Graph. */
  ofGraph = false;
  private readonly tables = new Map<string, TableEntry>();
  private readonly functions = new Map<string, { readonly fn: ScopeFunction; readonly symbol: KustoSymbol }>();
  private readonly origins = new WeakMap<object, ColumnOrigin>();
  private globals: GlobalState | undefined;
  private readonly codes = new Recent<string, EditorCode>(40);
  private readonly facts = new Recent<string, unknown>(6000);

  update(input: SchemaInput): void {
    this.ofResult = input.result ?? false;
    this.ofGraph = input.resourceGraph ?? false;
    this.dropAbsent(input);
    for (const table of input.tables) {
      const known = this.tables.get(table.name);
      this.tables.set(
        table.name,
        known && sameColumns(known.table.columns, table.columns) ? { ...known, table } : this.toEntry(table),
      );
      if (known) this.retarget(table);
    }
    for (const fn of input.functions) {
      const known = this.functions.get(fn.name);
      const same = known && known.fn.body === fn.body && known.fn.parameters === fn.parameters;
      this.functions.set(fn.name, { fn, symbol: same ? known.symbol : functionSymbol(fn) });
    }
    this.workspaces = input.workspaces;
    this.partial = input.partial ?? false;
    this.globals = undefined;
    this.codes.clear();
    this.facts.clear();
  }

  get names(): { tables: Iterable<string>; functions: Iterable<string> } {
    return { tables: this.tables.keys(), functions: this.functions.keys() };
  }
  table(name: string): ScopeTable | undefined {
    return this.tables.get(name)?.table;
  }
  column(table: string, name: string): EditingColumn | undefined {
    return this.tables.get(table)?.columns.get(name);
  }
  columnsOf(table: string): Iterable<EditingColumn> {
    return this.tables.get(table)?.columns.values() ?? [];
  }
  fn(name: string): ScopeFunction | undefined {
    return this.functions.get(name)?.fn;
  }

  /** Microsoft's view of this schema, built once per change. */
  get state(): GlobalState {
    this.globals ??= editorGlobals([
      ...[...this.tables.values()].map((entry) => entry.symbol),
      ...[...this.functions.values()].map((entry) => entry.symbol),
    ]);
    return this.globals;
  }

  /** The bound query, kept while the schema stays and the text is in use. */
  code(text: string): EditorCode {
    return this.codes.take(text, () => {
      const declared = /@(?:param|function)\b/i.test(text) ? readFrontComment(text).parameters : [];
      return new EditorCode(text, declared.length > 0 ? withParameters(this.state, declared) : this.state);
    });
  }

  /** A small answer about a text, kept under `kind` while the schema stays. */
  fact<T extends object>(kind: string, text: string, make: () => T): T {
    return this.facts.take(`${kind}\n${text}`, make) as T;
  }

  /** Whether `fact` would answer at once. */
  hasFact(kind: string, text: string): boolean {
    return this.facts.get(`${kind}\n${text}`) !== undefined;
  }

  /** Where the columns behind a symbol come from; joins and unions make new symbols out of several. */
  originsOf(symbol: KustoSymbol | null | undefined, depth = 0): ColumnOrigin[] {
    if (!symbol || depth > 6) return [];
    const own = this.origins.get(symbol);
    return own ? [own] : columnSymbolsOf(symbol).flatMap((original) => this.originsOf(original, depth + 1));
  }

  /** The columns that are added to every table. */
  private added(): readonly (typeof ATTRIBUTION)[number][] {
    return this.ofResult ? [] : this.ofGraph ? ATTRIBUTION.slice(0, 2) : ATTRIBUTION;
  }

  private toEntry(table: ScopeTable): TableEntry {
    const columns = editingColumns(table, this.added());
    const symbol = tableSymbol(table.name, [...columns.values()].map(toEditorColumn));
    for (const column of columnSymbolsOf(symbol)) {
      const found = columns.get(column.Name);
      if (found) this.origins.set(column, { table, column: found });
    }
    return { table, columns, symbol };
  }

  /** Presence may change while columns do not: what is said about the kept symbols follows. */
  private retarget(table: ScopeTable): void {
    const entry = this.tables.get(table.name)!;
    const columns = editingColumns(table, this.added());
    this.tables.set(table.name, { ...entry, columns });
    for (const symbol of columnSymbolsOf(entry.symbol)) {
      const column = columns.get(symbol.Name);
      if (column) this.origins.set(symbol, { table, column });
    }
  }

  private dropAbsent(input: SchemaInput): void {
    const tables = new Set(input.tables.map((table) => table.name)),
      functions = new Set(input.functions.map((fn) => fn.name));
    for (const name of this.tables.keys()) if (!tables.has(name)) this.tables.delete(name);
    for (const name of this.functions.keys()) if (!functions.has(name)) this.functions.delete(name);
  }
}

function editingColumns(table: ScopeTable, added: readonly (typeof ATTRIBUTION)[number][]): Map<string, EditingColumn> {
  const columns = new Map<string, EditingColumn>();
  for (const { name, type, splitFrom, have, description } of table.columns) {
    const known = columns.get(splitFrom ?? name);
    const types = [
      ...(known?.types ?? []),
      { type, ...(have === undefined ? {} : { have }), ...(splitFrom === undefined ? {} : { unitedAs: name }) },
    ];
    const total = types.some((entry) => entry.have === undefined)
      ? undefined
      : types.reduce((sum, entry) => sum + (entry.have ?? 0), 0);
    columns.set(splitFrom ?? name, {
      name: splitFrom ?? name,
      types,
      ...(total === undefined || total === table.have ? {} : { have: total }),
      ...(description === undefined ? {} : { description }),
    });
  }
  for (const { name, type, note } of added)
    if (!columns.has(name)) columns.set(name, { name, types: [{ type }], description: note, added: true });
  return columns;
}
function toEditorColumn(column: EditingColumn): EditorColumn {
  return { name: column.name, type: column.types.length === 1 ? column.types[0]!.type : 'unknown' };
}

function sameColumns(a: readonly ScopeColumn[], b: readonly ScopeColumn[]): boolean {
  return (
    a === b ||
    (a.length === b.length &&
      a.every((column, i) => {
        const other = b[i]!;
        return column.name === other.name && column.type === other.type && column.splitFrom === other.splitFrom;
      }))
  );
}
