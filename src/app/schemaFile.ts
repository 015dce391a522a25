import type { WorkspaceSchema } from '../ports/logs.ts';

type Table = WorkspaceSchema['tables'][number];

/** Another one is of another version: it is not read. */
const VERSION = 1;

/** The schemas of one token's workspaces as a file holds them: what many have alike is there once. */
interface Wire {
  readonly version: number;
  readonly columns: readonly Table['columns'][];
  readonly functions: readonly WorkspaceSchema['functions'][];
  /** All but its columns, and where those are. */
  readonly tables: readonly (readonly [table: Omit<Table, 'columns'>, columns: number])[];
  readonly workspaces: Readonly<Record<string, readonly [at: number, functions: number, tables: readonly number[]]>>;
}

/** A schema, and when it was told (milliseconds since 1970). */
export interface KeptSchema {
  readonly at: number;
  readonly schema: WorkspaceSchema;
}

/** Schemas by the names they are kept under, as text. */
export function printSchemas(kept: ReadonlyMap<string, KeptSchema>): string {
  const columns = new Numbers<Table['columns']>();
  const functions = new Numbers<WorkspaceSchema['functions']>();
  const tables = new Numbers<Wire['tables'][number]>();
  const workspaces: Record<string, Wire['workspaces'][string]> = {};
  for (const [name, { at, schema }] of kept)
    workspaces[name] = [
      at,
      functions.of(schema.functions),
      schema.tables.map(({ columns: own, ...table }) => tables.of([table, columns.of(own)])),
    ];
  const wire: Wire = {
    version: VERSION,
    columns: columns.all,
    functions: functions.all,
    tables: tables.all,
    workspaces,
  };
  return JSON.stringify(wire);
}

/** What `printSchemas` wrote; undefined where it is none of ours. */
export function parseSchemas(text: string): Map<string, KeptSchema> | undefined {
  try {
    const wire = JSON.parse(text) as Wire;
    if (wire.version !== VERSION) return undefined;
    const tables = wire.tables.map(([table, columns]): Table => ({ ...table, columns: wire.columns[columns]! }));
    if (tables.some((table) => typeof table.name !== 'string' || !Array.isArray(table.columns))) return undefined;
    return new Map(
      Object.entries(wire.workspaces).map(([name, [at, functions, own]]) => [
        name,
        { at, schema: { functions: wire.functions[functions]!, tables: own.map((table) => tables[table]!) } },
      ]),
    );
  } catch {
    return undefined;
  }
}

/** Values by number, equal ones once. */
class Numbers<T> {
  readonly all: T[] = [];
  private readonly known = new Map<string, number>();
  private readonly objects = new Map<T, number>();

  of(value: T): number {
    const same = this.objects.get(value);
    if (same !== undefined) return same;
    const text = JSON.stringify(value);
    let number = this.known.get(text);
    if (number === undefined) {
      number = this.all.push(value) - 1;
      this.known.set(text, number);
    }
    this.objects.set(value, number);
    return number;
  }
}
